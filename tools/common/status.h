/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exit statuses of the tool, all of them. finject(8) and tool.rst list the
 * same; tests/status.sh compares them.
 */
#ifndef FINJECT_STATUS_H
#define FINJECT_STATUS_H

/**
 * enum status - exit status of the tool
 * @DONE: it was done
 * @REFUSED: it was refused or failed, or what was checked is not as it should
 *	be: a close departs, a check of doctor is NOT OK
 * @USAGE: wrong usage, or a log that cannot be read
 * @NOT_KEPT: (run) what happened could not be written down
 * @NOT_FIRED: (run, demo) a rule never fired
 * @NOT_EXPECTED: (run) a close is not what was expected, or there was none
 * @TIMED_OUT: (run) the command took too long and was ended
 * @NOT_RUN: (run) the command was not run
 * @NOT_EXECUTABLE: (run) the command could not be executed
 * @NOT_FOUND: (run) the command was not found
 * @SIGNALLED: and the number of the signal that ended it: 130 after Ctrl-C
 *
 * From @TIMED_OUT on they are those of timeout(1), env(1) and the shell.
 */
enum status {
	DONE = 0,
	REFUSED = 1,
	USAGE = 2,
	NOT_KEPT = 121,
	NOT_FIRED = 122,
	NOT_EXPECTED = 123,
	TIMED_OUT = 124,
	NOT_RUN = 125,
	NOT_EXECUTABLE = 126,
	NOT_FOUND = 127,
	SIGNALLED = 128,
};

#endif /* FINJECT_STATUS_H */
