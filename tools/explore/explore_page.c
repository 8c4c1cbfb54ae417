// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: a matrix of points and faults, drawn by the page itself from the
 * records, which stand in it once. It needs nothing but itself.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore_page.h"
#include "file.h"
#include "found.h"
#include "session.h"
#include "told.h"

extern const char explore_html[];

asm(".section .rodata\n"
	".global explore_html\n"
	"explore_html: .incbin \"explore/page/explore.html\"\n"
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

static void put_data(const struct session *session, FILE *out)
{
	struct json_object *head = told_head(session);

	json_object_object_add(head, "base",
			       json_object_new_uint64(session->longest));
	fputs("{\"head\":", out);
	put_json(head, out);
	fputs(",\"records\":", out);
	put_json(session->records, out);
	fputc('}', out);
	json_object_put(head);
}

/**
 * explore_page() - write the page
 * @session: the session, which is over
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int explore_page(const struct session *session)
{
	static const char mark[] = "{{data}}";
	const char *at = strstr(explore_html, mark);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int status;

	if (!out)
		return fail("the page: %m");
	fwrite(explore_html, 1, at - explore_html, out);
	put_data(session, out);
	fputs(at + strlen(mark), out);
	fclose(out);
	status = file_save(session->setting.opt->page, text);
	free(text);
	return status;
}
