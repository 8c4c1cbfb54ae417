// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "judge_end.h"

static const char * const state_names[STATES] = {
	[STATE_UNKNOWN] = "UNKNOWN",
	[STATE_CLOSED] = "CLOSED",
	[STATE_LISTEN] = "LISTEN",
	[STATE_SYN_SENT] = "SYN_SENT",
	[STATE_SYN_RECV] = "SYN_RECV",
	[STATE_ESTABLISHED] = "ESTABLISHED",
	[STATE_FIN_WAIT1] = "FIN_WAIT1",
	[STATE_FIN_WAIT2] = "FIN_WAIT2",
	[STATE_CLOSING] = "CLOSING",
	[STATE_TIME_WAIT] = "TIME_WAIT",
	[STATE_CLOSE_WAIT] = "CLOSE_WAIT",
	[STATE_LAST_ACK] = "LAST_ACK",
};

/**
 * judge_state() - a state by its name
 * @name: as the kernel or RFC 9293 writes it
 *
 * Return: the state, STATE_UNKNOWN for any other word.
 */
enum judge_state judge_state(const char *name)
{
	if (!strcmp(name, "CLOSE"))
		return STATE_CLOSED;
	if (!strcmp(name, "NEW_SYN_RECV"))
		return STATE_SYN_RECV;
	for (int i = STATE_CLOSED; i < STATES; i++)
		if (!strcmp(name, state_names[i]))
			return i;
	return STATE_UNKNOWN;
}

/**
 * judge_state_name() - the name of a state
 * @state: the state
 *
 * Return: as RFC 9293 has it, with underscores.
 */
const char *judge_state_name(enum judge_state state)
{
	return state_names[state];
}
