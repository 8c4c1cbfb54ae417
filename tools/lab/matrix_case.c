// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "matrix_case.h"
#include "refuse.h"

const struct matrix_word matrix_words[MATRIX_KEYS] = {
	[KEY_FAMILY] = { "family", { "v4", "v6" } },
	[KEY_FIRST] = { "first", { "A", "B", "both" } },
	[KEY_HOW] = { "how", { "shutdown", "close", "unread", "linger0" } },
	[KEY_CLASS] = { "class", { "fin1", "ack1", "fin2", "ack2", "rst", "data" } },
	[KEY_NTH] = { "nth", { "1", "2", "all" } },
	[KEY_ACTION] = { "action", { "drop", "delay", "delay-long", "copy",
				     "copy-late", "hold", "reset" } },
};

const char * const matrix_results[MATRIX_RESULTS] = {
	[MATRIX_OK] = "ok",
	[MATRIX_NOT_BOTH] = "not-met",
	[MATRIX_UNDECIDED] = "undecided",
	[MATRIX_DEPARTS] = "departs",
	[MATRIX_PROGRAM] = "program",
	[MATRIX_COUNTERS] = "counters",
	[MATRIX_LEFT] = "left",
	[MATRIX_BROKEN] = "broken",
};

/* As the rule language has them. */
static const char * const actions[ACTIONS] = {
	[ACTION_DROP] = "drop",
	[ACTION_DELAY] = "delay=700ms",		/* more than the first RTO */
	[ACTION_DELAY_LONG] = "delay=65s",	/* more than TIME_WAIT */
	[ACTION_COPY] = "duplicate=1",
	[ACTION_COPY_LATE] = "duplicate=1 gap=65s",
	[ACTION_HOLD] = "hold=matrix max=600s",
	[ACTION_RESET] = "reset=both",
};

static int value_find(const struct matrix_word *word, const char *text,
		      size_t size)
{
	for (int i = 0; word->values[i]; i++)
		if (strlen(word->values[i]) == size &&
		    !strncmp(word->values[i], text, size))
			return i;
	return -1;
}

static bool values_read(unsigned int *values, const struct matrix_word *word,
			const char *text)
{
	*values = 0;
	while (true) {
		size_t size = strcspn(text, ",");
		int value = value_find(word, text, size);

		if (value < 0) {
			fail("`%.*s' is no %s of the matrix", (int)size, text,
			     word->key);
			return false;
		}
		*values |= 1U << value;
		if (!text[size])
			return true;
		text += size + 1;
	}
}

/**
 * matrix_only_all() - want all cases
 * @only: set
 */
void matrix_only_all(struct matrix_only *only)
{
	for (int key = 0; key < MATRIX_KEYS; key++)
		only->values[key] = ~0U;
	for (int i = 0; i < 2; i++)
		only->fault[i] = NO_FAULT;
}

static unsigned int fault_find(const char *word)
{
	char name[32];

	for (unsigned int fault = 0; fault < FAULTS; fault++) {
		matrix_fault_name(fault, name, sizeof(name));
		if (!strcmp(name, word))
			return fault;
	}
	return NO_FAULT;
}

/* The rule of the lower number is asked first. */
static void fault_pair(struct matrix_only *only, unsigned int a, unsigned int b)
{
	only->fault[0] = a < b ? a : b;
	only->fault[1] = a < b ? b : a;
}

static bool fault_read(struct matrix_only *only, const char *word)
{
	unsigned int fault = fault_find(word), other = only->fault[0];
	bool third = only->fault[1] != NO_FAULT;

	if (fault == NO_FAULT)
		fail("`%s' is no fault of the matrix; one is fin1.1.drop", word);
	else if (third)
		fail("`%s' is a third fault; a case has two at most", word);
	else if (fault == other)
		fail("`%s' is here twice", word);
	else if (other == NO_FAULT)
		only->fault[0] = fault;
	else
		fault_pair(only, other, fault);
	return fault != NO_FAULT && !third && fault != other;
}

/**
 * matrix_only_read() - read a word that chooses cases
 * @only: changed
 * @word: KEY=VALUE[,VALUE...], or a fault: fin1.1.drop
 *
 * Return: false after a sentence when it is no such word.
 */
bool matrix_only_read(struct matrix_only *only, const char *word)
{
	size_t size = strcspn(word, "=");

	if (!word[size])
		return fault_read(only, word);
	for (int key = 0; key < MATRIX_KEYS; key++)
		if (strlen(matrix_words[key].key) == size &&
		    !strncmp(matrix_words[key].key, word, size))
			return values_read(&only->values[key],
					   &matrix_words[key], word + size + 1);
	fail("`%s' chooses nothing; a word is family= first= how= class= nth= or action=",
	     word);
	return false;
}

/**
 * matrix_only_close() - check whether a close is wanted
 * @only: which are
 * @close: the close
 */
bool matrix_only_close(const struct matrix_only *only, unsigned int close)
{
	return only->values[KEY_FAMILY] & 1U << matrix_family(close) &&
	       only->values[KEY_FIRST] & 1U << matrix_first(close) &&
	       only->values[KEY_HOW] & 1U << matrix_how(close);
}

/**
 * matrix_only_fault() - check whether a fault is wanted
 * @only: which are
 * @fault: the fault
 */
bool matrix_only_fault(const struct matrix_only *only, unsigned int fault)
{
	return only->values[KEY_CLASS] & 1U << fault_class(fault) &&
	       only->values[KEY_NTH] & 1U << fault_nth(fault) &&
	       only->values[KEY_ACTION] & 1U << fault_action(fault);
}

/**
 * matrix_fault_name() - print a fault
 * @fault: the fault
 * @out: receives `fin1.1.drop`
 * @size: of @out
 */
void matrix_fault_name(unsigned int fault, char *out, size_t size)
{
	snprintf(out, size, "%s.%s.%s",
		 matrix_words[KEY_CLASS].values[fault_class(fault)],
		 matrix_words[KEY_NTH].values[fault_nth(fault)],
		 matrix_words[KEY_ACTION].values[fault_action(fault)]);
}

/**
 * matrix_close_name() - print a close
 * @close: the close
 * @out: receives `v4 A close`
 * @size: of @out
 */
void matrix_close_name(unsigned int close, char *out, size_t size)
{
	snprintf(out, size, "%s %s %s",
		 matrix_words[KEY_FAMILY].values[matrix_family(close)],
		 matrix_words[KEY_FIRST].values[matrix_first(close)],
		 matrix_words[KEY_HOW].values[matrix_how(close)]);
}

/**
 * matrix_case_name() - print what a case is
 * @one: the case
 * @out: receives `v4 A close fin1.1.drop ack2.1.drop`
 * @size: of @out
 */
void matrix_case_name(const struct matrix_case *one, char *out, size_t size)
{
	char fault[2][32] = { "", "" };

	for (int i = 0; i < 2; i++)
		if (one->fault[i] != NO_FAULT)
			matrix_fault_name(one->fault[i], fault[i],
					  sizeof(fault[i]));
	matrix_close_name(one->close, out, size);
	for (int i = 0; i < 2; i++)
		if (*fault[i])
			snprintf(out + strlen(out), size - strlen(out), " %s",
				 fault[i]);
}

/**
 * matrix_fault_rule() - print the rule that makes a fault
 * @fault: the fault
 * @id: the rule's
 * @port: of the connection
 * @out: receives the command, with a newline
 * @size: of @out
 */
void matrix_fault_rule(unsigned int fault, unsigned int id, unsigned int port,
		       char *out, size_t size)
{
	enum matrix_nth nth = fault_nth(fault);

	snprintf(out, size, "add id=%u seg=%s%s%s port=%u %s\n", id,
		 matrix_words[KEY_CLASS].values[fault_class(fault)],
		 nth == NTH_ALL ? "" : " nth=",
		 nth == NTH_ALL ? "" : matrix_words[KEY_NTH].values[nth],
		 port, actions[fault_action(fault)]);
}
