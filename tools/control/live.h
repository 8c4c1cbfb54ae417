/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A terminal that shows one picture after the other, and is given back as it
 * was; or an output that only grows.
 */
#ifndef FINJECT_LIVE_H
#define FINJECT_LIVE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <termios.h>

#include "term.h"

/**
 * struct live - where the pictures go
 * @out: the output
 * @term: what may be printed
 * @terminal: pictures can be drawn over
 * @taken: the terminal shows pictures now
 * @rows: height of the terminal
 * @columns: its width
 * @keys: a terminal that keys come from, or -1
 * @before: how that terminal was
 * @signals: tells of the signals that are obeyed, or -1
 * @mask: the signals that were blocked before
 */
struct live {
	FILE *out;
	struct term term;
	bool terminal;
	bool taken;
	int rows;
	int columns;
	int keys;
	struct termios before;
	int signals;
	sigset_t mask;
};

void live_open(struct live *live, FILE *out, bool ascii);
void live_take(struct live *live);
void live_give_back(struct live *live);
void live_measure(struct live *live);
int live_draw(struct live *live, const char *picture);
size_t live_read(struct live *live, char *text, size_t size);
void live_listen(struct live *live);
int live_obey(struct live *live, bool *changed);
void live_close(struct live *live);

#endif /* FINJECT_LIVE_H */
