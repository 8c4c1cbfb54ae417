// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "refuse.h"
#include "template.h"

extern const char frame_html[], frame_css[], frame_js[], explore_html[],
		  explore_js[], compare_html[], compare_js[];

asm(".section .rodata\n"
	".global frame_html, frame_css, frame_js\n"
	".global explore_html, explore_js, compare_html, compare_js\n"
	"frame_html: .incbin \"explore/page/frame.html\"\n"
	".byte 0\n"
	"frame_css: .incbin \"explore/page/frame.css\"\n"
	".byte 0\n"
	"frame_js: .incbin \"explore/page/frame.js\"\n"
	".byte 0\n"
	"explore_html: .incbin \"explore/page/explore.html\"\n"
	".byte 0\n"
	"explore_js: .incbin \"explore/page/explore.js\"\n"
	".byte 0\n"
	"compare_html: .incbin \"explore/page/compare.html\"\n"
	".byte 0\n"
	"compare_js: .incbin \"explore/page/compare.js\"\n"
	".byte 0\n"
	".previous\n");

const struct template explore_template = {
	"finject explore", explore_html, explore_js,
};

const struct template compare_template = {
	"finject explore --compare", compare_html, compare_js,
};

/* Nothing in it ends the element that it stands in. */
static void put_json(struct json_object *object, FILE *out)
{
	const char *text = json_object_to_json_string_ext(object,
		JSON_C_TO_STRING_PLAIN);

	for (; *text; text++)
		if (*text == '<')
			fputs("\\u003c", out);
		else
			fputc(*text, out);
}

/* Put what stands in frame.html as this {{mark}}. */
static void put_part(const char *mark, size_t length,
		     const struct template *page, struct json_object *data,
		     FILE *out)
{
	const struct {
		const char *name, *text;
	} parts[] = {
		{ "{{title}}", page->title },
		{ "{{head}}", page->head },
		{ "{{script}}", page->script },
		{ "{{css}}", frame_css },
		{ "{{js}}", frame_js },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (!strncmp(mark, parts[i].name, length))
			fputs(parts[i].text, out);
	if (!strncmp(mark, "{{data}}", length))
		put_json(data, out);
}

/**
 * template_save() - write a page
 * @page: what is its own
 * @data: what it shows
 * @name: the file
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int template_save(const struct template *page, struct json_object *data,
		  const char *name)
{
	const char *html = frame_html, *mark;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	if (!out)
		return fail("the page: %m");
	while ((mark = strstr(html, "{{"))) {
		fwrite(html, 1, mark - html, out);
		html = strstr(mark, "}}") + 2;
		put_part(mark, html - mark, page, data, out);
	}
	fputs(html, out);
	fclose(out);
	status = file_save(name, text);
	free(text);
	return status;
}
