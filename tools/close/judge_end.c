// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "vocabulary.h"
#include "judge_end.h"

/**
 * judge_state() - look up a state by its name
 * @name: as the kernel or RFC 9293 writes it
 *
 * Return: the state, STATE_UNKNOWN for any other word.
 */
enum judge_state judge_state(const char *name)
{
#define STATE(number, word) { STATE_##word, #word },
	static const struct {
		enum judge_state state;
		const char *name;
	} states[] = {
		FINJECT_STATE_LIST(STATE, STATE)
		{ STATE_CLOSED, "CLOSED" },
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		if (!strcmp(name, states[i].name))
			return states[i].state;
	return STATE_UNKNOWN;
}
