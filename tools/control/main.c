// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "verbs.h"

enum { GO_ON = -1, OPTIONS = 40 };

static int mistake(const struct verb *verb)
{
	fprintf(stderr, "finject: try `finject %s%s-h'\n",
		verb ? verb->name : "", verb ? " " : "");
	return USAGE;
}

static int no_option(const struct verb *verb, const char *option)
{
	if (verb)
		fail("`%s' has no option %s", verb->name, option);
	else
		fail("there is no option %s before a verb", option);
	return mistake(verb);
}

/* As getopt_long() wants them: the options that @verb has. */
static void options_of(const struct verb *verb, char *letters,
		       struct option *names)
{
	/* the words of a verb may stand before its options */
	letters += sprintf(letters, "%s:", verb ? "" : "+");
	for (const struct option_row *row = option_rows; row->letter; row++) {
		if (!verb_has(verb, row))
			continue;
		if (row->is_short)
			letters += sprintf(letters, "%c%s", row->letter,
					   row->argument ? ":" : "");
		*names++ = (struct option){
			row->name,
			row->argument ? required_argument : no_argument,
			NULL, row->letter
		};
	}
}

static const struct option_row *row_find(int letter)
{
	const struct option_row *row = option_rows;

	while (row->letter && row->letter != letter)
		row++;
	return row;
}

static int option_end(struct options *opt, const struct verb *verb)
{
	opt->end = *optarg & ~0x20;
	if (!optarg[1] && (opt->end == 'A' || opt->end == 'B'))
		return GO_ON;
	fail("an end is A or B, not `%s'", optarg);
	return mistake(verb);
}

static int option_text(struct options *opt, const struct verb *verb)
{
	if (opt->text_count < TEXTS) {
		opt->texts[opt->text_count++] = optarg;
		return GO_ON;
	}
	fail("there are at most %d --rules", TEXTS);
	return mistake(verb);
}

static int option_fault(struct options *opt, const struct verb *verb)
{
	if (opt->fault_count < OWN_FAULTS) {
		opt->faults[opt->fault_count++] = optarg;
		return GO_ON;
	}
	fail("there are at most %d --fault", OWN_FAULTS);
	return mistake(verb);
}

static int option_peer(struct options *opt, const struct verb *verb)
{
	opt->peer = optarg;
	if (opt->peer_count < PEERS) {
		opt->peers[opt->peer_count++] = optarg;
		return GO_ON;
	}
	fail("there are at most %d --peer", PEERS);
	return mistake(verb);
}

static int option_keep(struct options *opt, const struct verb *verb,
		       const struct option_row *row)
{
	void *member = (char *)opt + row->offset;

	switch (row->letter) {
	case 'h':
		verb_help(verb, stdout);
		return DONE;
	case 'V':
		puts("finject " FINJECT_VERSION);
		return DONE;
	case 'e':
		return option_end(opt, verb);
	case 'T':
		return option_text(opt, verb);
	case 'p':
		return option_peer(opt, verb);
	case 'X':
		return option_fault(opt, verb);
	}
	if (row->argument)
		*(const char **)member = optarg;
	else
		*(bool *)member = true;
	return GO_ON;
}

/* An option that is none, or has an argument too many or too few. */
static int option_refuse(const struct verb *verb, int letter, char **argv)
{
	const struct option_row *row = row_find(optopt);
	const char *given = argv[optind - 1];
	const char name[] = { '-', optopt, '\0' };

	if (letter == ':') {
		fail("--%s wants an argument: %s", row->name, row->argument);
		return mistake(verb);
	}
	if (optopt && !strncmp(given, "--", 2)) {
		fail("--%s has no argument", row->name);
		return mistake(verb);
	}
	return no_option(verb, optopt ? name : given);
}

/* Reads the options of @verb, or with NULL those before the verb. */
static int options_read(struct options *opt, const struct verb *verb, int argc,
			char **argv)
{
	struct option names[OPTIONS] = { };
	char letters[2 * OPTIONS];
	int letter, status = GO_ON;

	options_of(verb, letters, names);
	opterr = 0;
	while (status == GO_ON &&
	       (letter = getopt_long(argc, argv, letters, names, NULL)) != -1)
		status = letter == '?' || letter == ':' ?
			option_refuse(verb, letter, argv) :
			option_keep(opt, verb, row_find(letter));
	return status;
}

/* Cuts off what stands behind `--`. */
static int command_read(struct options *opt, const struct verb *verb,
			int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++)
		if (!strcmp(argv[i], "--")) {
			opt->command = i + 1 < *argc ? &argv[i + 1] : NULL;
			*argc = i;
			break;
		}
	if (opt->command || strchr(verb->options, '~'))
		return GO_ON;
	for (int i = 1; i < *argc; i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return GO_ON;
	fail("`%s' wants a command behind `--'", verb->name);
	return mistake(verb);
}

static int verb_run_with(const struct verb *verb, struct options *opt, int argc,
			 char **argv)
{
	int status = strpbrk(verb->options, "-~") ?
		command_read(opt, verb, &argc, argv) : GO_ON;

	optind = 0;
	if (status == GO_ON)
		status = options_read(opt, verb, argc, argv);
	if (status != GO_ON)
		return status;
	argc -= optind;
	argv += optind;
	if (argc < verb->least || argc > verb->most) {
		fprintf(stderr, "usage: finject %s [OPTION...]%s%s\n",
			verb->name, *verb->words ? " " : "", verb->words);
		return mistake(verb);
	}
	status = verb->run(opt, argc, argv);
	if (fflush(stdout) && status == DONE)
		return fail("standard output: %m");
	return status;
}

int main(int argc, char **argv)
{
	struct options opt = { .end = 'A' };
	const struct verb *verb;
	int status;

	status = options_read(&opt, NULL, argc, argv);
	if (status != GO_ON)
		return status;
	if (optind == argc) {
		verb_help(NULL, stderr);
		return USAGE;
	}
	verb = verb_find(argv[optind]);
	if (!verb) {
		help_no_verb(argv[optind]);
		return mistake(NULL);
	}
	if (opt.netns && !strchr(verb->options, 'n'))
		return no_option(verb, "-n");
	if (opt.json && !strchr(verb->options, 'j'))
		return no_option(verb, "-j");
	return verb_run_with(verb, &opt, argc - optind, argv + optind);
}
