/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An adverse close as a text: where it is, what both ends do, the rules, and
 * what is to be seen. Nothing here runs it.
 */
#ifndef FINJECT_SCENARIO_H
#define FINJECT_SCENARIO_H

#include <stdbool.h>
#include <stdio.h>

#include "kernels.h"
#include "types.h"

enum {
	SCENARIO_NAME = 48,
	SCENARIO_WORDS = 32,
	SCENARIO_SLOTS = 4,	/* connections in one scenario */
	SCENARIO_HOSTS = 3,	/* A, B and the router */
	SCENARIO_RULES = 32,
};

/* Places; the first two are ends. */
enum host {
	HOST_A,
	HOST_B,
	HOST_ROUTER,
	HOST_NONE,
};

enum scenario_bed {
	BED_PAIR,
	BED_LOOPBACK,
	BED_ROUTER,
	BED_NAT,
	BED_REDIRECT,
	BED_VRF,
	BED_PROXY,
	BEDS,
};

struct scenario_line;
struct experiment;

/**
 * struct scenario_verb - what a line may say
 * @name: the word that chooses it
 * @hosts: bitmask of enum host that it may be said of
 * @min: least number of words behind it
 * @max: greatest number
 * @words: those words, for messages
 * @check: test the words when they are read, or NULL. Return: NULL, or a
 *	sentence that says what is wrong
 * @run: do it. Return: enum experiment_result
 */
struct scenario_verb {
	const char *name;
	unsigned int hosts;
	unsigned int min;
	unsigned int max;
	const char *words;
	const char *(*check)(const struct scenario_line *line);
	int (*run)(struct experiment *run, const struct scenario_line *line);
};

/**
 * struct scenario_line - one line that is run
 * @number: in its file, from 1
 * @kernels: those that it is for
 * @expects: it is asked at the end
 * @host: of which host it speaks
 * @slot: of which of its connections, from 0
 * @verb: what it says
 * @word: words behind the verb, in @split
 * @count: their number
 * @rest: the same as one text
 * @split: memory of the words
 */
struct scenario_line {
	unsigned int number;
	struct kernels kernels;
	bool expects;
	enum host host;
	unsigned int slot;
	const struct scenario_verb *verb;
	char *word[SCENARIO_WORDS];
	unsigned int count;
	char *rest;
	char *split;
};

/**
 * struct scenario - one scenario
 * @name: name of its file without `.scenario`
 * @title: what it shows
 * @asked: who needed it, lines
 * @rfc: sections
 * @notes: remarks on kernels, lines
 * @bed: where it is
 * @protocol: of its sockets, 0 for TCP
 * @families: bitmask: 1 IPv4, 2 IPv6
 * @line: what is run, in order
 * @lines: their number
 * @room: number of those that fit
 */
struct scenario {
	char name[SCENARIO_NAME];
	char *title;
	char *asked;
	char *rfc;
	char *notes;
	enum scenario_bed bed;
	int protocol;
	unsigned int families;
	struct scenario_line *line;
	size_t lines;
	size_t room;
};

extern const char * const scenario_beds[BEDS];

int scenario_read(struct scenario *scenario, const char *name,
		  const char *text);
void scenario_free(struct scenario *scenario);

#endif /* FINJECT_SCENARIO_H */
