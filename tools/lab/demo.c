// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "demo_cases.h"
#include "finject.h"
#include "ladder_text.h"
#include "pcapng.h"
#include "record.h"
#include "text.h"

static enum ladder_end last_end(const struct trial *trial)
{
	return trial->together ? END_A : END_B;
}

static const char *name_of(const struct trial *trial, enum ladder_end end)
{
	if (trial->together)
		return "A and B";
	return end == END_A ? "A" : "B";
}

/* Print the rules as the kernel keeps them. */
static void print_rules(struct trial *trial)
{
	for (int end = END_A; end <= (int)last_end(trial); end++) {
		char *rules = trial_read(trial, end, "rules");
		char *rest = rules, *line;
		unsigned int others = 0, id;

		while ((line = record_line(&rest))) {
			if (sscanf(line, "add id=%u", &id) != 1)
				continue;
			if (trial_is_own_rule(trial, end, id))
				printf("  at %s: %s\n", name_of(trial, end),
				       line + 4);
			else
				others++;
		}
		if (others)
			printf("  at %s: others' rules, %u\n",
			       name_of(trial, end), others);
		free(rules);
	}
}

/* Return: how often all of the rules fired; @silent: a rule that did not. */
static u64 fired(struct trial *trial, u64 *silent)
{
	u64 count = 0;

	*silent = 0;

	for (int end = END_A; end <= (int)last_end(trial); end++) {
		char *stats = trial_read(trial, end, "stats");
		char *rest = stats, *line;
		struct record record;

		while ((line = record_line(&rest))) {
			u64 id, times;

			if (!record_parse(&record, line) ||
			    strcmp(record.word, "rule"))
				continue;
			id = record_number(&record, "id");
			times = record_number(&record, "fired");
			if (!trial_is_own_rule(trial, end, id))
				continue;
			count += times;
			*silent = times || *silent ? *silent : id;
		}
		free(stats);
	}
	return count;
}

static void tell(const struct demo_case *demo, struct result *result)
{
	if (demo->rule)
		printf("  the rule%s fired %llu time%s\n",
		       strchr(demo->rule, '\n') ? "s" : "", result->fired,
		       result->fired == 1 ? "" : "s");
	for (int end = END_A; end <= (int)last_end(result->trial); end++)
		printf("  %s: RetransSegs %ld, TCPSpuriousRtxHostQueues %ld\n",
		       name_of(result->trial, end),
		       result->count[end].retransmitted,
		       result->count[end].spurious);
	if (result->trial->gave_up)
		puts(result->trial->eofs ?
		     "  not all of it was gone after five minutes" :
		     "  B never learned that A closed");
}

/* The close was drawn, and the fault that was asked for is not in it. */
static int status_of(const struct demo_case *demo, const struct result *result)
{
	if (demo->judge || !demo->rule || !result->silent)
		return DONE;
	fail("rule %llu never fired", result->silent);
	return NOT_FIRED;
}

static int show(const struct demo_case *demo, struct trial *trial,
		const struct term *term)
{
	struct result result = {
		.trial = trial,
		.term = *term,
		.count = trial->counted,
	};

	result.fired = fired(trial, &result.silent);
	printf("%s\n", demo->title);
	print_rules(trial);
	putchar('\n');
	if (!ladder_build(&result.ladder, &trial->log))
		return fail("nothing was observed");
	ladder_text(&result.ladder, term, stdout);
	putchar('\n');
	if (demo->judge)
		demo->judge(&result);
	else
		tell(demo, &result);
	putchar('\n');
	fflush(stdout);
	ladder_free(&result.ladder);
	return result.failed ? REFUSED : status_of(demo, &result);
}

/**
 * struct files - files that are written besides the drawings
 * @log: the log, or NULL
 * @packets: the segments as pcapng, or NULL
 * @pcapng: what @packets is written by
 */
struct files {
	FILE *log;
	FILE *packets;
	struct pcapng pcapng;
};

static int file_open(FILE **file, const char *name)
{
	if (!name)
		return DONE;
	*file = fopen(name, "we");
	return *file ? DONE : fail("%s: %m", name);
}

static void files_close(struct files *files)
{
	if (files->log)
		fclose(files->log);
	if (files->packets) {
		pcapng_end(&files->pcapng);
		fclose(files->packets);
	}
}

static int files_open(struct files *files, const struct options *opt)
{
	int status = file_open(&files->log, opt->log);

	if (!status)
		status = file_open(&files->packets, opt->pcap_file);
	if (!status && files->packets)
		pcapng_begin(&files->pcapng, files->packets);
	return status;
}

static int packets_save(struct files *files, const struct trial *trial)
{
	const struct log *log = &trial->log;

	for (size_t i = 0; i < log->count; i++)
		pcapng_add(&files->pcapng, log, i);
	pcapng_flush(&files->pcapng);
	return fflush(files->packets) ? fail("writing pcapng: %m") : DONE;
}

static int files_save(struct files *files, const struct trial *trial)
{
	if (files->log) {
		log_print(&trial->log, files->log);
		if (fflush(files->log))
			return fail("writing the log: %m");
	}
	return files->packets ? packets_save(files, trial) : DONE;
}

/* In a namespace that others use be as careful as `add`. */
static int rules_add(struct trial *trial, const struct demo_case *demo,
		     bool force)
{
	char *commands, *before;
	int status;

	if (!demo->rule)
		return DONE;
	if (trial->borrowed) {
		before = trial_read(trial, demo->end, "rules");
		if (!before)
			return REFUSED;
		commands = text_commands(demo->rule, "");
		status = text_refuse_everything(commands, force);
		if (!status)
			status = text_refuse_taken(commands, before, force);
		free(commands);
		free(before);
		if (status)
			return status;
	}
	return trial_rule(trial, demo->end, demo->rule);
}

static int run(const struct demo_case *demo, const struct trial_site *site,
	       bool force, const struct term *term, struct files *files)
{
	struct trial trial;
	int status = trial_open_at(&trial, site);

	if (!status)
		status = rules_add(&trial, demo, force);
	if (!status)
		status = trial_run(&trial);
	if (!status)
		status = files_save(files, &trial);
	if (!status)
		status = show(demo, &trial, term);
	trial_close(&trial);
	return status;
}

static int run_all(const struct term *term, struct files *files)
{
	const struct trial_site site = { 0 };
	size_t count = DEMO_CASES, wrong = 0;

	for (size_t i = 0; i < count; i++) {
		printf("%zu. ", i + 1);
		wrong += run(&demo_cases[i], &site, false, term,
			     files) != DONE;
	}
	if (wrong)
		return fail("%zu of %zu closes did not show what they should",
			    wrong, count);
	printf("%zu closes, each as it should be\n", count);
	return DONE;
}

static const char *title_of(const char *rules)
{
	if (!rules)
		return "a close under no rule";
	return strchr(rules, '\n') ? "a close under these rules" :
		"a close under this rule";
}

static int run_own(const struct options *opt, const struct trial_site *site,
		   char *rules, const struct term *term, struct files *files)
{
	struct demo_case own = {
		.title = title_of(rules),
		.end = opt->end == 'B' ? END_B : END_A,
		.rule = rules,
	};
	int status = run(&own, site, opt->force, term, files);

	free(rules);
	return status;
}

/* Read the options that say where the close is; split @between. */
static int site_read(const struct options *opt, char *between,
		     struct trial_site *site)
{
	char *comma = between ? strchr(between, ',') : NULL;

	site->address = opt->address;
	site->loopback = opt->loopback;
	if (between && opt->loopback) {
		fail("a close is between two namespaces or over loopback, not both");
		return USAGE;
	}
	if (opt->address && !between) {
		fail("--address is that of B in --between A,B");
		return USAGE;
	}
	if (!between)
		return DONE;
	if (!comma || comma == between || !comma[1]) {
		fail("--between wants two network namespaces, A,B");
		return USAGE;
	}
	*comma = '\0';
	site->netns[END_A] = between;
	site->netns[END_B] = comma + 1;
	return DONE;
}

static int demo(const struct options *opt, const struct trial_site *site,
		int argc, char **argv)
{
	struct term term = term_of(stdout, opt->ascii);
	struct files files = { 0 };
	int status;

	/* once, and not for each close */
	if (ctl_open(NULL))
		return REFUSED;
	status = files_open(&files, opt);
	if (!status && (argc || site->loopback || site->netns[END_A]))
		status = run_own(opt, site, argc ? text_rules(argc, argv) :
				 NULL, &term, &files);
	else if (!status)
		status = run_all(&term, &files);
	files_close(&files);
	return status;
}

/**
 * verb_demo() - close real connections and draw the observed events
 * @opt: options
 * @argc: number of words
 * @argv: rules, see text_rules(); without any, the built-in cases, unless
 *	options say where the close is to be
 *
 * Return: exit status; REFUSED also if a built-in case did not show what it
 * should, NOT_FIRED if another rule never fired.
 */
int verb_demo(const struct options *opt, int argc, char **argv)
{
	char *between = opt->between ? strdup(opt->between) : NULL;
	struct trial_site site = { 0 };
	int status = site_read(opt, between, &site);

	if (!status)
		status = demo(opt, &site, argc, argv);
	free(between);
	return status;
}
