// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "refuse.h"
#include "template.h"

extern const char explore_css[], explore_js[];

asm(".section .rodata\n"
	".global explore_html, compare_html, explore_css, explore_js\n"
	"explore_html: .incbin \"explore/page/explore.html\"\n"
	".byte 0\n"
	"compare_html: .incbin \"explore/page/compare.html\"\n"
	".byte 0\n"
	"explore_css: .incbin \"explore/page/explore.css\"\n"
	".byte 0\n"
	"explore_js: .incbin \"explore/page/explore.js\"\n"
	".byte 0\n"
	".previous\n");

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

static const char *put_part(const char *mark, struct json_object *data,
			    FILE *out)
{
	if (!strncmp(mark, "{{css}}", 7))
		fputs(explore_css, out);
	else if (!strncmp(mark, "{{js}}", 6))
		fputs(explore_js, out);
	else
		put_json(data, out);
	return strstr(mark, "}}") + 2;
}

/**
 * template_save() - write a page
 * @html: the page with marks {{css}}, {{js}} and {{data}}
 * @data: what is put at the last
 * @name: the file
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int template_save(const char *html, struct json_object *data, const char *name)
{
	const char *mark;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	if (!out)
		return fail("the page: %m");
	while ((mark = strstr(html, "{{"))) {
		fwrite(html, 1, mark - html, out);
		html = put_part(mark, data, out);
	}
	fputs(html, out);
	fclose(out);
	status = file_save(name, text);
	free(text);
	return status;
}
