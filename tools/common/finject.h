/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_H
#define FINJECT_H

#include <stdbool.h>

#include "refuse.h"

enum {
	PEERS = 8,
	TEXTS = 64,
	OWN_FAULTS = 32,
};

/**
 * struct options - what stood before the words of a verb
 * @netns: name or process id of the network namespace to speak of, or NULL
 *	for the caller's own
 * @peer: name or process id of the other end's network namespace, or NULL
 * @peers: (run) all that were given
 * @peer_count: their number
 * @pcap: (events) print pcapng
 * @pcap_file: (demo) file for the segments, as pcapng, or NULL
 * @log: file for what was observed, or with run a directory, or NULL
 * @rules: file of rules, `-` for standard input, or NULL
 * @texts: (report) files with the text of rules
 * @text_count: their number
 * @command: what to run, ended by NULL, or NULL
 * @svg: number of the one close to draw, or NULL
 * @flow: (rules-from) number of the flow of the one close, or NULL
 * @end: 'A' or 'B', the end of the demonstration that gets the rule
 * @between: two network namespaces for the demonstration, comma between them,
 *	or NULL
 * @address: the address that B has there, or NULL
 * @loopback: demonstrate over lo
 * @json: print JSON
 * @prometheus: print the text format of Prometheus
 * @everywhere: speak of all network namespaces
 * @force: allow a rule for every connection of the initial namespace
 * @ascii: draw without characters beyond ASCII
 * @strict: (check, run) each close must be ok, and one must be there
 * @must_fire: (run) each rule must fire
 * @notes: (scenario) print remarks on kernels
 * @expect: (run) `ok`, what the judge must say, or NULL
 * @junit: (run, scenario, explore) file for the results as JUnit XML, or NULL
 * @artifacts: (run, scenario, explore) directory for all that a CI job keeps,
 *	or NULL
 * @sample: (matrix) number of single faults, or NULL
 * @pairs: (matrix) number of pairs or `all`, or NULL
 * @seed: (matrix) seed of the choice, or NULL
 * @page: (matrix, explore) file for the page, or NULL
 * @timeout: (run, explore) how long the command may take, or NULL
 * @faults: (explore) faults of the user's own, as words of a rule
 * @fault_count: their number
 * @only: (explore) which points and faults, or NULL
 * @patience: (explore) a time longer than the command waits, or NULL
 * @jobs: (explore) how many runs at once, or NULL
 * @resume: (explore) file of results, to go on with, or NULL
 * @bed: (explore) `router` or `nat`, the network of each run, or NULL
 * @random: (explore) seed and time of a random walk, or NULL
 * @compare: (explore) compare two files of results
 * @isolate: (explore) each run in a network namespace of its own
 * @same_output: (explore) what the command prints must stay the same
 * @who_waits: (explore) the end in TIME_WAIT must stay the same
 * @two: (explore) also two faults at once
 * @tap: (matrix, explore) print TAP
 * @delay: (top) seconds between two looks, or NULL
 * @count: (top) number of looks, or NULL
 */
struct options {
	const char *netns;
	const char *peer;
	const char *peers[PEERS];
	unsigned int peer_count;
	const char *log;
	const char *pcap_file;
	const char *rules;
	const char *texts[TEXTS];
	unsigned int text_count;
	char **command;
	const char *svg;
	const char *flow;
	const char *between;
	const char *address;
	const char *expect;
	const char *junit;
	const char *artifacts;
	const char *timeout;
	const char *sample;
	const char *pairs;
	const char *seed;
	const char *page;
	const char *faults[OWN_FAULTS];
	unsigned int fault_count;
	const char *only;
	const char *patience;
	const char *jobs;
	const char *resume;
	const char *bed;
	const char *random;
	const char *delay;
	const char *count;
	char end;
	bool loopback;
	bool json;
	bool pcap;
	bool prometheus;
	bool everywhere;
	bool force;
	bool ascii;
	bool strict;
	bool must_fire;
	bool notes;
	bool compare;
	bool isolate;
	bool same_output;
	bool who_waits;
	bool two;
	bool tap;
};

typedef int verb_fn(const struct options *opt, int argc, char **argv);

verb_fn verb_add;
verb_fn verb_check;
verb_fn verb_del;
verb_fn verb_demo;
verb_fn verb_doctor;
verb_fn verb_drop;
verb_fn verb_events;
verb_fn verb_explain;
verb_fn verb_explore;
verb_fn verb_flows;
verb_fn verb_flush;
verb_fn verb_held;
verb_fn verb_list;
verb_fn verb_matrix;
verb_fn verb_namespaces;
verb_fn verb_release;
verb_fn verb_report;
verb_fn verb_restore;
verb_fn verb_rules_from;
verb_fn verb_run;
verb_fn verb_save;
verb_fn verb_scenario;
verb_fn verb_stats;
verb_fn verb_top;
verb_fn verb_users;
verb_fn verb_watch;
verb_fn verb_why;
verb_fn verb_words;

#endif /* FINJECT_H */
