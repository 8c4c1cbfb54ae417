// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "found.h"
#include "json_record.h"
#include "kept.h"
#include "told.h"

/* A line that was not written to its end is none. */
static struct json_object *line_read(char *line, size_t *length)
{
	char *end = strchr(line, '\n');
	struct json_object *record;

	if (!end)
		return NULL;
	*end = '\0';
	record = json_tokener_parse(line);
	*end = '\n';
	*length += end + 1 - line;
	return record;
}

/**
 * kept_read() - read a file of results
 * @name: its name
 * @head: set to its first record, for the caller to put
 * @length: set to the length of its whole lines, bytes
 *
 * Return: the other records, by their rules, for the caller to put; NULL after
 * a sentence.
 */
struct json_object *kept_read(const char *name, struct json_object **head,
			      size_t *length)
{
	char *text = file_text(name);
	struct json_object *known, *record;

	*head = NULL;
	*length = 0;
	if (!text)
		return NULL;
	*head = line_read(text, length);
	if (*head && !json_object_object_get(*head, "explore")) {
		json_object_put(*head);
		*head = NULL;
	}
	if (!*head) {
		fail("%s: this is no file of results of `finject explore'", name);
		free(text);
		return NULL;
	}
	known = json_object_new_object();
	while ((record = line_read(text + *length, length)))
		json_object_object_add(known, run_text(record, "rules"), record);
	free(text);
	return known;
}

static int same_check(struct json_object *head, const struct session *session,
		      const char *name)
{
	struct json_object *ours = told_head(session);
	int status = DONE;

	if (strcmp(run_text(head, "command"), run_text(ours, "command")) ||
	    strcmp(run_text(head, "match"), run_text(ours, "match")))
		status = fail("%s: its results are of another command: %s", name,
			      run_text(head, "command"));
	json_object_put(ours);
	return status;
}

static int go_on(struct kept *kept, const struct session *session,
		 const char *name)
{
	struct json_object *head;
	size_t length;
	int status;

	kept->known = kept_read(name, &head, &length);
	if (!kept->known)
		return REFUSED;
	status = same_check(head, session, name);
	json_object_put(head);
	if (!status && truncate(name, length))
		status = fail_with(name, errno);
	return status;
}

/**
 * kept_open() - begin a file of results, or go on with one
 * @kept: filled in
 * @session: the session
 * @name: the file's name
 *
 * Return: DONE, or NOT_RUN after a sentence.
 */
int kept_open(struct kept *kept, const struct session *session,
	      const char *name)
{
	bool there = !access(name, F_OK);

	if (there && go_on(kept, session, name))
		return NOT_RUN;
	kept->out = fopen(name, "ae");
	if (!kept->out) {
		fail_with(name, errno);
		return NOT_RUN;
	}
	if (!there)
		json_print_line(told_head(session), kept->out);
	return fflush(kept->out) ? NOT_RUN : DONE;
}

/**
 * kept_find() - find a record that was there
 * @kept: the file
 * @rules: the rules of the record
 *
 * Return: it, or NULL.
 */
struct json_object *kept_find(const struct kept *kept, const char *rules)
{
	return kept->known ? json_object_object_get(kept->known, rules) : NULL;
}

/**
 * kept_add() - add a record to the file, if there is one
 * @kept: the file
 * @record: the record; it stays the caller's
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int kept_add(struct kept *kept, struct json_object *record)
{
	if (!kept->out)
		return DONE;
	if (json_print_line(json_object_get(record), kept->out))
		return REFUSED;
	return fflush(kept->out) ? fail("the file of results: %m") : DONE;
}

/**
 * kept_close() - close the file
 * @kept: it
 */
void kept_close(struct kept *kept)
{
	if (kept->out)
		fclose(kept->out);
	json_object_put(kept->known);
}
