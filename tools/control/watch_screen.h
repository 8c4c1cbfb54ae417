/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `finject watch` shows: the closes under way, and the ladder of one.
 */
#ifndef FINJECT_WATCH_SCREEN_H
#define FINJECT_WATCH_SCREEN_H

#include <stdio.h>

#include "term.h"
#include "watched.h"

enum watch_key {
	KEY_NONE,
	KEY_UP,
	KEY_DOWN,
	KEY_FOLLOW,
	KEY_HELP,
	KEY_QUIT,
};

/**
 * struct watch_screen - the picture
 * @set: the closes
 * @rows: height
 * @columns: width
 * @term: what may be printed
 * @chosen: the close whose ladder is shown, or NULL
 * @follows: that is the newest one, whichever that is
 * @since: when it was chosen, ns
 * @help: the keys are explained
 */
struct watch_screen {
	struct watched_set *set;
	int rows;
	int columns;
	struct term term;
	const struct watched *chosen;
	bool follows;
	u64 since;
	bool help;
};

enum watch_key watch_key(const char **text, const char *end);
void watch_screen_obey(struct watch_screen *screen, enum watch_key key,
		       u64 now);
void watch_screen_choose(struct watch_screen *screen, u64 now);
void watch_screen_draw(const struct watch_screen *screen, u64 now, FILE *out);

void watch_ladder(const struct watched_set *set, const struct watched *one,
		  const struct term *term, int columns, u64 now, FILE *out);
void watch_counts(const struct watched_set *set, int columns, FILE *out);
void watch_title(const struct watched_set *set, const struct watched *one,
		 u64 now, char *text, size_t size);
void watch_why(const struct watched *one, char *text, size_t size);

#endif /* FINJECT_WATCH_SCREEN_H */
