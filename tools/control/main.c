// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "finject.h"

enum { ANY = 1000 };

struct verb {
	const char *name;
	verb_fn *run;
	const char *options;
	int least;
	int most;
	const char *words;
	const char *does;
	const char *more;
};

static const struct verb verbs[] = {
	{ "add", verb_add, "nf", 1, ANY, "RULE... | -",
	  "add a rule, or many",
	  "The words are one rule; quoted rules are one each. With `-' each\n"
	  "line of standard input is a rule. Of many all are added or none.\n"
	  "\n"
	  "  finject add seg=fin1 nth=1 dport=8080 drop\n"
	  "  finject add seg=ack2 port=443 delay=250ms jitter=50ms\n" },
	{ "del", verb_del, "n", 1, ANY, "ID...",
	  "remove rules; what they hold goes on", NULL },
	{ "flush", verb_flush, "n", 0, 0, "",
	  "remove all rules; what they hold goes on", NULL },
	{ "list", verb_list, "nj", 0, 0, "",
	  "the rules, in the order they are asked", NULL },
	{ "save", verb_save, "n", 0, 1, "[FILE]",
	  "write the rules to a file or standard output", NULL },
	{ "restore", verb_restore, "nf", 1, 1, "FILE | -",
	  "replace all rules by a saved file, in one step",
	  "If one line is refused, the rules stay as they were.\n" },
	{ "stats", verb_stats, "njP", 0, 0, "",
	  "what was seen and what was done, also by rule",
	  "For node_exporter's textfile collector:\n"
	  "\n"
	  "  finject stats --prometheus >DIR/finject.prom.new &&\n"
	  "  mv DIR/finject.prom.new DIR/finject.prom\n" },
	{ "flows", verb_flows, "nj", 0, 0, "",
	  "the closes under way", NULL },
	{ "held", verb_held, "nj", 0, 0, "",
	  "the segments that wait", NULL },
	{ "release", verb_release, "n", 1, 1, "all | tag=TAG | id=ID",
	  "let waiting segments go on", NULL },
	{ "drop", verb_drop, "n", 1, 1, "all | tag=TAG | id=ID",
	  "lose waiting segments", NULL },
	{ "events", verb_events, "nj", 0, 3, "[FILTER...]",
	  "what happens, as it happens, one line a record",
	  "A filter is port=N or N-M, addr=ADDRESS[/BITS], flow=N. All that are\n"
	  "given must fit; a port or an address may be that of either end. Ends\n"
	  "with Ctrl-C. The records are described in finject(8).\n"
	  "\n"
	  "  finject events port=8080 addr=192.0.2.0/24\n" },
	{ "watch", verb_watch, "nap", 0, 3, "[FILTER...]",
	  "draw closes as they happen, one at a time",
	  "A close is followed until nothing of it is left, or until it rests\n"
	  "for a second and another one began. Filters are those of `events'.\n"
	  "With -p the other end's namespace is watched as well: only then can\n"
	  "be told what left and never came. q or Ctrl-C ends.\n"
	  "\n"
	  "  finject -n client watch -p server port=8080\n" },
	{ "run", verb_run, "nfr-", 0, ANY, "[RULE...] -- CMD...",
	  "run a command under rules that end with it",
	  "The words are one rule; quoted rules are one each. They end when the\n"
	  "command or finject ends, however that happens, and what they hold\n"
	  "goes on. With -n the command runs in that namespace too. The exit\n"
	  "status is the command's; 125: it was not run.\n"
	  "\n"
	  "  finject run seg=fin2 dport=8080 drop times=2 -- ./test\n"
	  "  finject -n server run 'seg=fin1 nth=1 drop' 'seg=ack2 delay=1s' \\\n"
	  "    -- make check\n" },
	{ "namespaces", verb_namespaces, "j", 0, 0, "",
	  "where rules or waiting segments are", NULL },
	{ "doctor", verb_doctor, "nj", 0, 0, "",
	  "is this machine ready, and if not why",
	  "One line a check: ok, note, or NOT OK. Exits 0 when nothing is NOT OK.\n" },
	{ "check", verb_check, "aj", 0, 1, "[FILE | -]",
	  "hold the closes of a log against RFC 9293",
	  "The log is what `finject events' printed or `finject demo -o' wrote,\n"
	  "in one namespace or, one after the other, in two. Each close is `ok',\n"
	  "`departs' (where, from what, and its ladder) or `undecided' (why).\n"
	  "Exit status: 0 none departs, 1 some do, 2 the log cannot be read.\n"
	  "\n"
	  "  finject demo -o close.log seg=fin1 nth=1 drop\n"
	  "  finject check close.log\n" },
	{ "report", verb_report, "s", 0, 1, "[FILE | -]",
	  "make a page of the closes of a log, with a drawing of each",
	  "One self-contained HTML page on standard output, for any browser,\n"
	  "without a network. The log is as for `check'.\n"
	  "\n"
	  "  finject report close.log > close.html\n"
	  "  finject report --svg 1 close.log > close.svg\n" },
	{ "demo", verb_demo, "aeofbAl", 0, ANY, "[RULE...]",
	  "close a real connection and draw what happened",
	  "Without a rule: five closes, each held against what it shows. With\n"
	  "a rule, or quoted rules: one close under them, set at end A, the\n"
	  "active closer, or with -e B at the passive one. Both ends are real\n"
	  "sockets in two network namespaces that are gone afterwards; with\n"
	  "--loopback in one such; with --between in two that are there and can\n"
	  "reach each other, where only these rules come and go. Each close is\n"
	  "followed until nothing of it remains, TIME_WAIT's minute included.\n"
	  "\n"
	  "  finject demo\n"
	  "  finject demo -e B seg=fin2 nth=1-3 drop\n"
	  "  finject demo --between client,server seg=fin1 nth=1 dport=8080 drop\n"
	  "  finject demo --loopback 'seg=fin1 delay=1s' 'seg=ack2 nth=1 drop'\n" },
};

static const struct option long_options[] = {
	{ "netns",   required_argument, NULL, 'n' },
	{ "json",    no_argument,       NULL, 'j' },
	{ "force",   no_argument,       NULL, 'f' },
	{ "ascii",   no_argument,       NULL, 'a' },
	{ "log",     required_argument, NULL, 'o' },
	{ "end",     required_argument, NULL, 'e' },
	{ "peer",    required_argument, NULL, 'p' },
	{ "rules",   required_argument, NULL, 'r' },
	{ "prometheus", no_argument,    NULL, 'P' },
	{ "svg",     required_argument, NULL, 's' },
	{ "between", required_argument, NULL, 'b' },
	{ "address", required_argument, NULL, 'A' },
	{ "loopback", no_argument,      NULL, 'l' },
	{ "help",    no_argument,       NULL, 'h' },
	{ "version", no_argument,       NULL, 'V' },
	{ }
};

static const struct {
	char letter;
	const char *text;
} option_help[] = {
	{ 'n', "-n, --netns NAME|PID  speak of that network namespace" },
	{ 'j', "-j, --json            print JSON" },
	{ 'f', "-f, --force           also a rule for every connection here" },
	{ 'a', "-a, --ascii           draw with ASCII only" },
	{ 'o', "-o, --log FILE        also write what was observed to a file" },
	{ 'e', "-e, --end A|B         the end that gets the rules" },
	{ 'p', "-p, --peer NAME|PID   the other end's network namespace" },
	{ 'r', "-r, --rules FILE      rules from a file, `-': standard input" },
	{ 's', "-s, --svg N           only the drawing of the Nth close" },
	{ 'b', "    --between A,B     in two namespaces that are there, NAME or PID" },
	{ 'A', "    --address ADDR    B's address there; else its first global one" },
	{ 'l', "    --loopback        in one namespace, over lo" },
	{ 'P', "    --prometheus      print Prometheus' text format" },
};

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static void print_help(FILE *out)
{
	fputs("usage: finject VERB [OPTION...] [WORD...]\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		fprintf(out, "  %-10s %-21s  %s\n", verbs[i].name,
			verbs[i].words, verbs[i].does);
	fputs("\n"
	      "  -n, --netns NAME|PID   speak of that network namespace\n"
	      "  -j, --json             print JSON\n"
	      "  -h, --help             this text; after a verb, more of it\n"
	      "  -V, --version          the version\n", out);
}

static void verb_help(const struct verb *verb, FILE *out)
{
	fprintf(out, "usage: finject %s [OPTION...]%s%s\n\n%s\n", verb->name,
		*verb->words ? " " : "", verb->words, verb->does);
	if (verb->more)
		fprintf(out, "\n%s", verb->more);
	if (*verb->options)
		fputc('\n', out);
	for (size_t i = 0; i < ARRAY_SIZE(option_help); i++)
		if (strchr(verb->options, option_help[i].letter))
			fprintf(out, "  %s\n", option_help[i].text);
}

static int mistake(const struct verb *verb)
{
	fprintf(stderr, "finject: try `finject %s%s-h'\n",
		verb ? verb->name : "", verb ? " " : "");
	return USAGE;
}

/*
 * Reads options up to the verb (@verb NULL) or those of the verb. Returns -1
 * to go on, or the exit status.
 */
static int options_read(struct options *opt, const struct verb *verb, int argc,
			char **argv)
{
	int letter;

	while ((letter = getopt_long(argc, argv, verb ? "n:jfae:o:p:r:s:hV" : "+n:jhV",
				     long_options, NULL)) != -1) {
		if (verb && !strchr("hV?", letter) &&
		    !strchr(verb->options, letter)) {
			fail("`%s' has no option -%c", verb->name, letter);
			return mistake(verb);
		}
		switch (letter) {
		case 'n':
			opt->netns = optarg;
			break;
		case 'j':
			opt->json = true;
			break;
		case 'f':
			opt->force = true;
			break;
		case 'a':
			opt->ascii = true;
			break;
		case 'o':
			opt->log = optarg;
			break;
		case 'p':
			opt->peer = optarg;
			break;
		case 's':
			opt->svg = optarg;
			break;
		case 'P':
			opt->prometheus = true;
			break;
		case 'b':
			opt->between = optarg;
			break;
		case 'A':
			opt->address = optarg;
			break;
		case 'l':
			opt->loopback = true;
			break;
		case 'r':
			opt->rules = optarg;
			break;
		case 'e':
			opt->end = strlen(optarg) == 1 ? *optarg & ~0x20 : 0;
			if (opt->end != 'A' && opt->end != 'B') {
				fail("an end is A or B, not `%s'", optarg);
				return mistake(verb);
			}
			break;
		case 'h':
			if (verb)
				verb_help(verb, stdout);
			else
				print_help(stdout);
			return DONE;
		case 'V':
			puts("finject " FINJECT_VERSION);
			return DONE;
		default:
			return mistake(verb);
		}
	}
	return -1;
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
	if (opt->command)
		return -1;
	for (int i = 1; i < *argc; i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return -1;
	fail("`%s' wants a command behind `--'", verb->name);
	return mistake(verb);
}

int main(int argc, char **argv)
{
	struct options opt = { .end = 'A' };
	const struct verb *verb;
	int status;

	status = options_read(&opt, NULL, argc, argv);
	if (status >= 0)
		return status;
	if (optind == argc) {
		print_help(stderr);
		return USAGE;
	}
	verb = verb_find(argv[optind]);
	if (!verb) {
		fail("there is no verb `%s'", argv[optind]);
		return mistake(NULL);
	}
	if ((opt.netns && !strchr(verb->options, 'n')) ||
	    (opt.json && !strchr(verb->options, 'j'))) {
		fail("`%s' has no option -%c", verb->name,
		     opt.json && !strchr(verb->options, 'j') ? 'j' : 'n');
		return mistake(verb);
	}

	argc -= optind;
	argv += optind;
	optind = 0;
	status = strchr(verb->options, '-') ?
		command_read(&opt, verb, &argc, argv) : -1;
	if (status >= 0)
		return status;
	status = options_read(&opt, verb, argc, argv);
	if (status >= 0)
		return status;
	argc -= optind;
	argv += optind;
	if (argc < verb->least || argc > verb->most) {
		fprintf(stderr, "usage: finject %s [OPTION...]%s%s\n",
			verb->name, *verb->words ? " " : "", verb->words);
		return mistake(verb);
	}

	status = verb->run(&opt, argc, argv);
	if (fflush(stdout) && status == DONE)
		return fail("standard output: %m");
	return status;
}
