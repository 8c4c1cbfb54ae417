// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "artifacts.h"
#include "folder.h"
#include "found.h"
#include "keepsake.h"
#include "log.h"
#include "told.h"

#define PAGE	"explore.html"
#define RESULTS	"explore.json"

/* Of an earlier exploration. */
static void found_remove(const char *folder)
{
	static const char * const suffix[] = { "log", "pcapng", "html" };
	unsigned int removed = 1;
	char *path;

	for (unsigned int i = 1; removed; i++) {
		removed = 0;
		for (int j = 0; j < 3; j++) {
			if (asprintf(&path, "%s/found-%u.%s", folder, i,
				     suffix[j]) < 0)
				abort();
			removed += !unlink(path);
			free(path);
		}
	}
}

static int file_name(const char **option, char **own, const char *folder,
		     const char *name)
{
	if (*option)
		return DONE;
	*own = folder_path(folder, name);
	*option = *own;
	return unlink(*own) && errno != ENOENT ? fail_with(*own, errno) : DONE;
}

/**
 * keepsake_open() - make the directory, without what an earlier exploration left
 * @keepsake: filled in; without --artifacts with a copy of the options alone
 * @opt: the options
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int keepsake_open(struct keepsake *keepsake, const struct options *opt)
{
	const char *folder = opt->artifacts;

	keepsake->opt = *opt;
	if (!folder)
		return DONE;
	if (artifacts_make(folder))
		return REFUSED;
	found_remove(folder);
	if (file_name(&keepsake->opt.page, &keepsake->page, folder, PAGE))
		return REFUSED;
	return file_name(&keepsake->opt.resume, &keepsake->resume, folder,
			 RESULTS);
}

static void log_read(struct log *log, const char *text)
{
	char *copy = strdup(text), *at = copy, *line;

	if (!copy)
		abort();
	while ((line = strsep(&at, "\n")))
		if (*line)
			log_line(log, line);
	log_sort(log);
	free(copy);
}

/**
 * keepsake_add() - write the log of a run, if something was found
 * @keepsake: the directory
 * @record: what is told of it; it gets the name of the log
 * @run: the result of the run, with its log, unless it was too long
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int keepsake_add(struct keepsake *keepsake, struct json_object *record,
		 struct json_object *run)
{
	struct json_object *text = json_object_object_get(run, "log");
	struct log log = { 0 };
	char name[32];
	int status;

	if (!keepsake->opt.artifacts || told_outcome(record) != TOLD_FOUND ||
	    !text)
		return DONE;
	snprintf(name, sizeof(name), "found-%u", ++keepsake->found);
	log_read(&log, json_object_get_string(text));
	json_object_object_add(record, "artifact", json_object_new_string(name));
	status = artifacts_log(keepsake->opt.artifacts, name, &log);
	log_free(&log);
	return status;
}

/**
 * keepsake_close() - free what it has
 * @keepsake: the directory
 */
void keepsake_close(struct keepsake *keepsake)
{
	free(keepsake->page);
	free(keepsake->resume);
}
