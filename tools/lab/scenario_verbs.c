// SPDX-License-Identifier: GPL-2.0-only
/*
 * All that a line of a scenario can say.
 */
#include "expect.h"
#include "scenario_verbs.h"
#include "step.h"

enum {
	ENDS = 1 << HOST_A | 1 << HOST_B,
	ANY = ENDS | 1 << HOST_ROUTER,
	NOBODY = 1 << HOST_NONE,
};

const struct scenario_verb scenario_steps[] = {
	{ "needs", NOBODY, 2, 2, "sysctl NAME, command NAME or kernel RANGE",
	  step_check_needs, step_needs },
	{ "sysctl", ANY, 1, 3, "NAME=VALUE", step_check_sysctl, step_sysctl },
	{ "sh", ANY, 1, SCENARIO_WORDS, "a command", NULL, step_sh },
	{ "rule", ANY, 1, SCENARIO_WORDS, "a rule", NULL, step_rule },
	{ "flush", ANY, 0, 0, "", NULL, step_flush },
	{ "release", ANY, 1, 1, "all or tag=TAG", NULL, step_release },
	{ "listen", ENDS, 1, 3, "PORT [reuseaddr=0] [error=ERRNO], or none",
	  step_check_listen, step_listen },
	{ "connect", ENDS, 0, 4, "[port=N] [to=N] [at=R] [in=RANGE] [error=ERRNO]",
	  step_check_connect, step_connect },
	{ "churn", ENDS, 1, 5, "NUMBER [to=N] [first=END] [reset=1] [error=ERRNO]",
	  step_check_churn, step_churn },
	{ "begin", ENDS, 0, 3, "[port=N] [to=N] [fastopen=BYTES]",
	  step_check_begin, step_begin },
	{ "accept", ENDS, 0, 0, "", NULL, step_accept },
	{ "send", ENDS, 1, 2, "BYTES [error=ERRNO]", step_check_send,
	  step_send },
	{ "fill", ENDS, 0, 0, "", NULL, step_fill },
	{ "read", ENDS, 1, 2, "BYTES, eof or an ERRNO, then [in=RANGE]",
	  step_check_read, step_read },
	{ "shutdown", ENDS, 0, 0, "", NULL, step_shutdown },
	{ "close", ENDS, 0, 1, "[in=RANGE]", step_check_close, step_close },
	{ "set", ENDS, 1, 1, "OPTION=VALUE", step_check_set, step_set },
	{ "wait", ENDS, 1, 2, "STATE [in=RANGE]", step_check_wait, step_wait },
	{ "is", ENDS, 1, 2, "STATE [timer=RANGE]", step_check_is, step_is },
	{ "rest", NOBODY, 1, 1, "TIME", step_check_rest, step_rest },
	{ }
};

const struct scenario_verb scenario_expectations[] = {
	{ "path", ENDS, 1, SCENARIO_WORDS, "states", expect_check_path,
	  expect_path },
	{ "time", ENDS, 2, 2, "STATE RANGE", expect_check_time, expect_time },
	{ "counter", ANY, 2, 2, "NAME RANGE", expect_check_counter,
	  expect_counter },
	{ "sent", ENDS, 2, 2, "CLASS RANGE", expect_check_sent, expect_sent },
	{ "sockets", ENDS, 2, 2, "STATE RANGE", expect_check_sockets,
	  expect_sockets },
	{ "fired", ANY, 1, 1, "RANGE", expect_check_fired, expect_fired },
	{ "judge", NOBODY, 1, 2, "ok, departs or undecided [RULE]",
	  expect_check_judge, expect_judge },
	{ }
};
