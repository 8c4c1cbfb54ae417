// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line: its verbs, its options, and the help that both make.
 */
#include <string.h>

#include "rule_words.h"
#include "verbs.h"

enum { ANY = 1000 };

const struct verb verbs[] = {
	{ "add", verb_add, "nf", 1, ANY, "RULE... | -",
	  "add a rule, or many",
	  "The words are one rule; quoted rules are one each. With `-' each\n"
	  "line of standard input is a rule. Of many all are added or none.\n"
	  "\n"
	  "  finject add seg=fin1 nth=1 dport=8080 drop\n"
	  "  finject add seg=ack2 port=443 delay=250ms jitter=50ms\n" },
	{ "del", verb_del, "n", 1, ANY, "ID...",
	  "remove rules and release what they hold", NULL },
	{ "flush", verb_flush, "nE", 0, 0, "",
	  "remove all rules and release what they hold",
	  "With --everywhere those of each network namespace that `namespaces'\n"
	  "lists, with a line for each that says how many.\n" },
	{ "list", verb_list, "nj", 0, 0, "",
	  "print the rules in the order they are asked, and who added them",
	  NULL },
	{ "save", verb_save, "n", 0, 1, "[FILE]",
	  "write the rules to a file or standard output", NULL },
	{ "restore", verb_restore, "nf", 1, 1, "FILE | -",
	  "replace all rules by a saved file, in one step",
	  "If one line is refused, the rules stay as they were.\n" },
	{ "stats", verb_stats, "njP", 0, 0, "",
	  "print the counters: totals, limits, by rule",
	  "For node_exporter's textfile collector:\n"
	  "\n"
	  "  finject stats --prometheus >DIR/finject.prom.new &&\n"
	  "  mv DIR/finject.prom.new DIR/finject.prom\n" },
	{ "why", verb_why, "nj", 0, 1, "[ID]",
	  "tell why a rule never fired",
	  "For each rule, or that one: how many of the segments that came to a\n"
	  "word met it, in the order in which the words are asked. Counted since\n"
	  "the rule was added, or since `zero' was written to the file stats.\n"
	  "\n"
	  "  finject why 3\n" },
	{ "flows", verb_flows, "nj", 0, 0, "",
	  "print the closes under way", NULL },
	{ "held", verb_held, "nj", 0, 0, "",
	  "print the parked segments", NULL },
	{ "release", verb_release, "n", 1, 1, "all | tag=TAG | id=ID",
	  "release parked segments", NULL },
	{ "drop", verb_drop, "n", 1, 1, "all | tag=TAG | id=ID",
	  "drop parked segments", NULL },
	{ "events", verb_events, "njk", 0, 3, "[FILTER...]",
	  "print records as they come, one a line",
	  "A filter is port=N or N-M, addr=ADDRESS[/BITS], flow=N. All that are\n"
	  "given must fit; a port or an address may be that of either end. Ends\n"
	  "with Ctrl-C. The records are described in finject(8). With --pcap each\n"
	  "segment is a packet, for Wireshark, its record a comment of it.\n"
	  "\n"
	  "  finject events port=8080 addr=192.0.2.0/24\n"
	  "  finject events --pcap | wireshark -k -i -\n" },
	{ "watch", verb_watch, "nap", 0, 3, "[FILTER...]",
	  "show all closes under way, and draw one",
	  "On a terminal: a line for each close, and the ladder of the chosen one;\n"
	  "j, k or arrows choose, f or Enter follows the newest, ? lists the keys.\n"
	  "Elsewhere the ladder of each close is printed once, when it is over.\n"
	  "q or Ctrl-C ends. Filters are those of `events'. With -p the other\n"
	  "end's namespace is watched as well: only then can be told what left\n"
	  "and never came.\n"
	  "\n"
	  "  finject -n client watch -p server port=8080\n" },
	{ "run", verb_run, "nfprLWmxSut-", 0, ANY, "[RULE... | @NAME] -- CMD...",
	  "run a command under rules that end with it",
	  "The words are one rule; quoted rules are one each. They end when the\n"
	  "command or finject ends, however that happens, and release what they\n"
	  "hold. @NAME stands for the rules of a scenario, and words behind it are\n"
	  "added to each. With -n the command runs in that namespace too.\n"
	  "--log keeps events, counters, verdicts and a page in DIR; -p, also\n"
	  "several times, names the namespaces of the other ends, to be recorded\n"
	  "too. --artifacts is --log with the results as JUnit XML and as TAP.\n"
	  "--log, --artifacts, --must-fire, --expect and --junit follow the\n"
	  "closes for a while after the command ended, but not through TIME_WAIT,\n"
	  "and the rules stay that long.\n"
	  "The exit status is the command's unless that is 0 and: 122 a rule did\n"
	  "not fire, 123 a close is not as expected, 121 the log is incomplete.\n"
	  "124: --timeout ended it; 125: it was not run.\n"
	  "\n"
	  "  finject run seg=fin2 dport=8080 drop times=2 -- ./test\n"
	  "  finject run @last-ack-lost-once port=8080 -- ./test\n"
	  "  finject -n server run 'seg=fin1 nth=1 drop' 'seg=ack2 delay=1s' \\\n"
	  "    -- make check\n"
	  "  finject run --log out --must-fire --expect ok --timeout 30s \\\n"
	  "    seg=fin1 nth=1 dport=8080 drop -- ./test\n" },
	{ "explore", verb_explore, "nfjiBJtqXyGzOwRHuWYc~", 0, ANY,
	  "[MATCH...] -- CMD...",
	  "find the faults of the close that a command does not survive",
	  "Runs CMD without a fault to learn which segments its closes consist of,\n"
	  "then once for each of them and each fault: drop, drop-all, delay-rto,\n"
	  "delay-patience, duplicate, duplicate-late, hold, reset-sender,\n"
	  "reset-receiver, reset-both, simultaneous. It is told when the exit\n"
	  "status differs, CMD does not end, a socket stays half closed, a close\n"
	  "departs from RFC 9293, or the kernel warns; and the line to repeat it.\n"
	  "MATCH are words that each rule gets besides. CMD begins all that takes\n"
	  "part; all its processes end with it, and with finject.\n"
	  "With --bed CMD is the client of a router, on which the rules are, and\n"
	  "begins its server by `ip netns exec server', at 198.51.100.2.\n"
	  "--fault adds a fault, words of a rule, in which %n is the ordinal of the\n"
	  "segment. --only has terms seg=, nth=, flow=, port=, fault=, with lists.\n"
	  "With --resume results are kept in FILE, and those in it are not tried\n"
	  "again. --compare takes two such files instead of a command, and shows\n"
	  "what is new in the second, what is gone, and what takes another time;\n"
	  "with --page also as a page.\n"
	  "--artifacts keeps JUnit XML, TAP, the page, the results, and what was\n"
	  "found as log, pcapng and page each, in DIR.\n"
	  "Exit status: 0 nothing was found, 1 something was; with --compare, in\n"
	  "the second that was not in the first.\n"
	  "\n"
	  "  finject explore --isolate -- ./test\n"
	  "  finject explore --isolate --jobs 4 --page page.html -- ./test\n"
	  "  finject explore dport=8080 --only 'seg=fin1,fin2 fault=drop' -- ./test\n"
	  "  finject explore --compare --page page.html old.json new.json\n" },
	{ "namespaces", verb_namespaces, "j", 0, 0, "",
	  "print the namespaces with rules, parked segments or readers",
	  "Each with its name of ip-netns(8), a process in it, and what keeps it\n"
	  "while no process is in it. Its number is good for -n.\n" },
	{ "top", verb_top, "jdM", 0, ANY, "[HOST...]",
	  "show what happens in all namespaces, here or on other hosts",
	  "A line for each namespace that `namespaces' lists, the busiest first:\n"
	  "rules, closes under way, parked segments, readers; how many segments\n"
	  "were seen, dropped, parked, reset and copied a second since the last\n"
	  "look; and, as a note, counters of refusals, segments left alone, and\n"
	  "full tables. On a terminal it is one picture, and q or Ctrl-C ends;\n"
	  "elsewhere a table for each look, with -j a line for each look and host.\n"
	  "Each HOST is asked by `ssh HOST finject top', with the keys and the\n"
	  "configuration of ssh, which asks for no password; FINJECT_SSH names\n"
	  "another program. `localhost' is this host, without ssh.\n"
	  "Exit status: 1 when a host ended, or could not be reached.\n"
	  "\n"
	  "  finject top\n"
	  "  finject top --count 1\n"
	  "  finject top -d 5 localhost root@client root@server\n" },
	{ "users", verb_users, "j", 0, 0, "",
	  "print who keeps the module from being unloaded",
	  "Those are the processes that have a file of the module open. Rules\n"
	  "and parked segments do not keep it: they end with it.\n" },
	{ "doctor", verb_doctor, "nj", 0, 0, "",
	  "check that this machine is ready, or say why not",
	  "One line a check: ok, note, or NOT OK. Exits 0 when nothing is NOT OK.\n" },
	{ "check", verb_check, "ajS", 0, ANY, "[FILE... | -]",
	  "hold the closes of a log against RFC 9293",
	  "The log is what `finject events' printed, with -j or without, or\n"
	  "`finject demo -o' wrote, or a capture, pcap or pcapng, as tcpdump\n"
	  "writes it. Give the log of each namespace as a file of\n"
	  "its own: a connection that several of them saw, ends and routers, also\n"
	  "behind NAT, is one close. Each close is `ok', `departs' (where, from\n"
	  "what, and its ladder) or `undecided' (why).\n"
	  "Exit status: 0 none departs, 1 some do, 2 the log cannot be read. With\n"
	  "--strict also 1 when one is undecided or there is none.\n"
	  "\n"
	  "  finject demo -o close.log seg=fin1 nth=1 drop\n"
	  "  finject check close.log\n"
	  "  finject check close.pcap\n"
	  "  finject check client.log router.log server.log\n" },
	{ "report", verb_report, "sT", 0, ANY, "[FILE... | -]",
	  "make a page of the closes of a log, with a drawing of each",
	  "One self-contained HTML page on standard output, for any browser,\n"
	  "without a network. The log is as for `check'. It names rules by their\n"
	  "ids; with what `list' printed, in a file, the page has their text too.\n"
	  "--rules can be given for the namespace of each address.\n"
	  "\n"
	  "  finject report close.log > close.html\n"
	  "  finject report --rules 192.0.2.1=a.rules close.log > close.html\n"
	  "  finject report --svg 1 close.log > close.svg\n" },
	{ "rules-from", verb_rules_from, "jF", 0, ANY, "[FILE... | -]",
	  "print the rules that make a close of a log again",
	  "The log is as for `check'. Each segment that was lost, late, doubled or\n"
	  "reset gets a rule, by what the log says or later segments show, with\n"
	  "the reason as a comment. They are good for either end's namespace, or\n"
	  "for a router between. Of a log with several closes --flow chooses one.\n"
	  "\n"
	  "  finject rules-from server.log >close.rules\n"
	  "  finject run -r close.rules -- ./test\n" },
	{ "demo", verb_demo, "aeofbAlK", 0, ANY, "[RULE...]",
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
	{ "scenario", verb_scenario, "ajuWN", 1, ANY,
	  "list | show NAME | run NAME... | run all",
	  "run adverse closes by name, and check what is seen",
	  "A scenario names the place, what both ends do, the rules, and what is\n"
	  "to be seen in the kernel: states, counters, segments, times, and the\n"
	  "judge's word. It runs in network namespaces of its own, which end with\n"
	  "it. The results are TAP; one NAME alone is also drawn. NAME with a\n"
	  "slash in it is a file. --artifacts keeps JUnit XML, TAP, and of each\n"
	  "run the log as text, as pcapng and as a page in DIR. Exit status: 0 all are ok or skipped, 1 not.\n"
	  "\n"
	  "  finject scenario run last-ack-lost-once\n"
	  "  finject scenario run ./mine.scenario\n" },
	{ "matrix", verb_matrix, "ajoCUDHY", 0, 8, "[KEY=VALUE[,VALUE...]...] [FAULT [FAULT]]",
	  "close connections under each fault, and hold all to what they must be",
	  "Each way to close (first= A, B or both; how= shutdown, close, unread,\n"
	  "linger0), of each family= (v4, v6), under each fault: class= fin1, ack1,\n"
	  "fin2, ack2, rst, data; nth= 1, 2, all; action= drop, delay, delay-long,\n"
	  "copy, copy-late, hold, reset. Words choose some of these, or one case by\n"
	  "its faults. Each case is\n"
	  "judged as by `check', by what the programs read, by the counters, and by\n"
	  "what is left behind. They run many at once in namespaces of their own.\n"
	  "Exit status: 0 all are as they must be or undecided, 1 not.\n"
	  "\n"
	  "  finject matrix how=close class=fin1,fin2 action=drop\n"
	  "  finject matrix --pairs all --page matrix.html\n"
	  "  finject matrix family=v4 first=A how=close fin1.1.drop ack2.1.copy-late\n" },
	{ "help", verb_explain, "", 0, 1, "[VERB | WORD]",
	  "explain a verb, or a word of a rule",
	  "\n"
	  "  finject help probability\n" },
	/* for the completion, and in no help */
	{ "words", verb_words, "", 1, 1, "KIND", NULL, NULL },
	{ }
};

#define AT(member) .offset = offsetof(struct options, member)

const struct option_row option_rows[] = {
	{ 'n', true, "netns", "NAME|PID|INUM", "speak of that network namespace", AT(netns) },
	{ 'j', true, "json", NULL, "print JSON", AT(json) },
	{ 'P', false, "prometheus", NULL, "print Prometheus' text format", AT(prometheus) },
	{ 'E', false, "everywhere", NULL, "in all network namespaces", AT(everywhere) },
	{ 'f', true, "force", NULL, "also a rule for every connection here", AT(force) },
	{ 'a', true, "ascii", NULL, "draw with ASCII only", AT(ascii) },
	{ 'S', false, "strict", NULL, "fail also if a close is undecided", AT(strict) },
	{ 'p', true, "peer", "NAME|PID|INUM", "the other end's network namespace", AT(peer) },
	{ 'r', true, "rules", "FILE", "rules from a file, `-': standard input", AT(rules) },
	{ 'T', false, "rules", "[ADDR=]FILE", "show these rules as text", AT(texts) },
	{ 's', true, "svg", "N", "only the drawing of the N-th close", AT(svg) },
	{ 'F', false, "flow", "N", "the close of that flow", AT(flow) },
	{ 'o', true, "log", "FILE", "also write what was observed to a file", AT(log) },
	{ 'L', false, "log", "DIR", "keep all of the run in a directory", AT(log) },
	{ 'k', false, "pcap", NULL, "print pcapng, for Wireshark", AT(pcap) },
	{ 'K', false, "pcap", "FILE", "also write the segments as pcapng", AT(pcap_file) },
	{ 'm', false, "must-fire", NULL, "fail if a rule did not fire", AT(must_fire) },
	{ 'x', false, "expect", "ok", "fail if a close departs, or there is none", AT(expect) },
	{ 'N', false, "kernel-notes", NULL, "also how kernels differ", AT(notes) },
	{ 'u', false, "junit", "FILE", "also write the results as JUnit XML", AT(junit) },
	{ 'W', false, "artifacts", "DIR",
	  "keep results, logs and pages in a directory", AT(artifacts) },
	{ 't', false, "timeout", "T", "end the command after T: 30s, 5min", AT(timeout) },
	{ 'C', false, "sample", "N", "only N single faults, chosen by chance", AT(sample) },
	{ 'U', false, "pairs", "N|all", "also two faults at once: N by chance, or all", AT(pairs) },
	{ 'D', false, "seed", "N", "the seed of chance, otherwise 1", AT(seed) },
	{ 'H', false, "page", "FILE", "also write a page, HTML", AT(page) },
	{ 'Y', false, "tap", NULL, "print TAP", AT(tap) },
	{ 'e', true, "end", "A|B", "the end that gets the rules", AT(end) },
	{ 'b', false, "between", "A,B",
	  "in two namespaces that are there, NAME or PID", AT(between) },
	{ 'A', false, "address", "ADDR",
	  "B's address there; else its first global one", AT(address) },
	{ 'l', false, "loopback", NULL, "in one namespace, over lo", AT(loopback) },
	{ 'i', false, "isolate", NULL, "each run in a network namespace of its own", AT(isolate) },
	{ 'B', false, "bed", "router|nat", "with a router between client and server", AT(bed) },
	{ 'J', false, "jobs", "N", "so many runs at once", AT(jobs) },
	{ 'q', false, "patience", "T", "longer than the command waits: 5s", AT(patience) },
	{ 'X', false, "fault", "WORDS", "try this fault besides", AT(faults) },
	{ 'y', false, "only", "TERMS", "only these segments and faults", AT(only) },
	{ 'G', false, "pairs", NULL, "also two faults at once", AT(two) },
	{ 'z', false, "random", "SEED,T", "then several at random, for T", AT(random) },
	{ 'O', false, "same-output", NULL, "what it prints must not change", AT(same_output) },
	{ 'w', false, "who-waits", NULL, "nor the end that is in TIME_WAIT", AT(who_waits) },
	{ 'R', false, "resume", "FILE", "keep results there, and go on with them", AT(resume) },
	{ 'd', true, "delay", "SECONDS", "between two looks, otherwise 1", AT(delay) },
	{ 'M', false, "count", "N", "end after N looks", AT(count) },
	{ 'c', false, "compare", NULL, "show in what two such files differ", AT(compare) },
	{ 'h', true, "help", NULL, "this text; after a verb, more of it", 0 },
	{ 'V', true, "version", NULL, "the version", 0 },
	{ }
};

/**
 * verb_find() - look up a verb by its name
 * @name: the name
 *
 * Return: the verb, or NULL when there is none.
 */
const struct verb *verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!strcmp(verb->name, name))
			return verb;
	return NULL;
}

/**
 * verb_has() - check that an option may be given
 * @verb: behind this verb, or NULL: before any
 * @row: the option
 *
 * Return: true when it may.
 */
bool verb_has(const struct verb *verb, const struct option_row *row)
{
	return strchr("hV", row->letter) ||
	       strchr(verb ? verb->options : "nj", row->letter);
}

static void option_help(const struct verb *verb, FILE *out)
{
	char name[32];

	for (const struct option_row *row = option_rows; row->letter; row++) {
		if (!verb_has(verb, row))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", row->name,
			 row->argument ? " " : "",
			 row->argument ? row->argument : "");
		fprintf(out, "  %c%c%c --%-20s %s\n",
			row->is_short ? '-' : ' ',
			row->is_short ? row->letter : ' ',
			row->is_short ? ',' : ' ', name, row->help);
	}
}

/**
 * verb_help() - print how a verb is used
 * @verb: the verb, or NULL for all of them
 * @out: where to
 */
void verb_help(const struct verb *verb, FILE *out)
{
	if (verb) {
		fprintf(out, "usage: finject %s [OPTION...]%s%s\n\n", verb->name,
			*verb->words ? " " : "", verb->words);
		if (verb->does)
			fprintf(out, "%s\n%s%s\n", verb->does,
				verb->more ? "\n" : "",
				verb->more ? verb->more : "");
		if (verb->run == verb_add)
			rule_words_list(out);
	} else {
		fputs("usage: finject VERB [OPTION...] [WORD...]\n\n", out);
		for (verb = verbs; verb->name; verb++)
			if (verb->does)
				fprintf(out, "  %-10s %-21s  %s\n", verb->name,
					verb->words, verb->does);
		verb = NULL;
		fputc('\n', out);
	}
	option_help(verb, out);
}
