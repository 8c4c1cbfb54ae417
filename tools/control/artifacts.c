// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "artifacts.h"
#include "closes.h"
#include "folder.h"
#include "pcapng.h"
#include "refuse.h"
#include "report_page.h"
#include "rule_texts.h"

typedef void write_fn(struct log *log, FILE *out);

static void write_text(struct log *log, FILE *out)
{
	log_print(log, out);
}

static void write_packets(struct log *log, FILE *out)
{
	struct pcapng pcapng;

	pcapng_begin(&pcapng, out);
	for (size_t i = 0; i < log->count; i++)
		pcapng_add(&pcapng, log, i);
	pcapng_end(&pcapng);
}

static void write_page(struct log *log, FILE *out)
{
	struct rule_texts none = { 0 };
	struct closes closes;

	closes_split(&closes, log);
	report_page(&closes, log, &none, out);
	closes_free(&closes);
}

static int file_make(const char *folder, const char *name, const char *suffix,
		     write_fn *write, struct log *log)
{
	char *file;
	FILE *out;
	int status = DONE;

	if (asprintf(&file, "%s.%s", name, suffix) < 0)
		abort();
	out = folder_append(folder, file);
	if (out) {
		write(log, out);
		if (ferror(out) | fclose(out))
			status = fail("%s/%s: %m", folder, file);
	} else {
		status = REFUSED;
	}
	free(file);
	return status;
}

/**
 * artifacts_make() - make the directory, or use one that is there
 * @folder: its name
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int artifacts_make(const char *folder)
{
	static const char * const names[] = { ARTIFACTS_JUNIT, ARTIFACTS_TAP, NULL };

	return folder_make(folder, names);
}

/**
 * artifacts_log() - write a log as NAME.log, NAME.pcapng and NAME.html
 * @folder: the directory
 * @name: NAME
 * @log: the log, sorted
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int artifacts_log(const char *folder, const char *name, struct log *log)
{
	int status = file_make(folder, name, "log", write_text, log);

	if (!status)
		status = file_make(folder, name, "pcapng", write_packets, log);
	if (!status)
		status = file_make(folder, name, "html", write_page, log);
	return status;
}
