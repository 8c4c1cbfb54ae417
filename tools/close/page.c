// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of a report that are no C.
 */
#include "page.h"

asm(".section .rodata\n"
	".global page_html, page_css, page_js, ladder_css\n"
	"page_html: .incbin \"close/page/page.html\"\n"
	".byte 0\n"
	"page_css: .incbin \"close/page/page.css\"\n"
	".byte 0\n"
	"page_js: .incbin \"close/page/page.js\"\n"
	".byte 0\n"
	"ladder_css: .incbin \"close/page/ladder.css\"\n"
	".byte 0\n"
	".previous\n");
