// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "filter.h"
#include "finject.h"
#include "json_record.h"
#include "log.h"
#include "pcapng.h"
#include "record.h"

enum { ROOM = 64 * 1024, LINE = 1024 };

/* That records were lost concerns every reader. */
static bool is_wanted(const struct filter *filter, const struct record *record)
{
	const char *src, *dst;

	if (filter_is_open(filter))
		return true;
	src = record_get(record, "src");
	dst = record_get(record, "dst");
	if (!src || !dst)
		return true;
	return filter_fits(filter, record_number(record, "flow"), src, dst);
}

/**
 * struct output - how records are printed
 * @filter: those that are
 * @json: as JSON
 * @pcapng: as packets, or NULL
 */
struct output {
	struct filter filter;
	bool json;
	struct pcapng *pcapng;
};

static void print_packet(struct pcapng *pcapng, char *line)
{
	struct log log = { 0 };

	if (log_line(&log, line))
		pcapng_add(pcapng, &log, 0);
	log_free(&log);
}

static int print_line(const struct output *output, char *line)
{
	char copy[LINE], *words = line;
	struct record record;

	if (!output->json) {
		snprintf(copy, sizeof(copy), "%s", line);
		words = copy;
	}
	if (!record_parse(&record, words) ||
	    !is_wanted(&output->filter, &record))
		return DONE;
	if (output->json)
		return json_record_print(&record, stdout);
	if (output->pcapng)
		print_packet(output->pcapng, line);
	else
		puts(line);
	return DONE;
}

/* What the module wrote is what is printed. */
static bool is_copy(const struct output *output)
{
	return !output->json && !output->pcapng &&
	       filter_is_open(&output->filter);
}

/* The end is by a signal, so nothing is kept for later. */
static int print(const struct output *output, char *text)
{
	int status = DONE;
	char *line;

	if (is_copy(output))
		fputs(text, stdout);
	else
		while (!status && (line = record_line(&text)))
			status = print_line(output, line);
	if (output->pcapng)
		pcapng_flush(output->pcapng);
	if (fflush(stdout) || ferror(stdout))
		return fail("standard output: %m");
	return status;
}

/* Return: DONE, or another status after a sentence. */
static int output_open(struct output *output, const struct options *opt,
		       int argc, char **argv, struct pcapng *pcapng)
{
	if (filter_parse(&output->filter, argc, argv))
		return REFUSED;
	output->json = opt->json;
	if (!opt->pcap)
		return DONE;
	if (opt->json) {
		fail("events are printed as JSON or as pcapng, not as both");
		return USAGE;
	}
	if (isatty(STDOUT_FILENO))
		return fail("pcapng is for a file or a pipe, not for a terminal");
	pcapng_begin(pcapng, stdout);
	output->pcapng = pcapng;
	return fflush(stdout) ? fail("standard output: %m") : DONE;
}

/**
 * verb_events() - print records as they come, until interrupted
 * @opt: options
 * @argc: number of words
 * @argv: filters, see filter_parse()
 *
 * Return: exit status.
 */
int verb_events(const struct options *opt, int argc, char **argv)
{
	static char text[ROOM + 1];
	struct output output = { 0 };
	struct pcapng pcapng;
	int status, fd;
	ssize_t got;

	status = output_open(&output, opt, argc, argv, &pcapng);
	if (status)
		return status;
	if (ctl_open(opt->netns))
		return REFUSED;
	fd = ctl_file("events", O_RDONLY);
	if (fd < 0)
		return REFUSED;
	while (status == DONE) {
		got = read(fd, text, ROOM);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			status = fail("events: %m");
		if (got <= 0)
			break;
		text[got] = '\0';
		status = print(&output, text);
	}
	if (output.pcapng)
		pcapng_end(&pcapng);
	close(fd);
	return status;
}
