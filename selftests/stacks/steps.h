/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One end of a TCP connection, driven by a list of steps. The steps are the same
 * for every stack; a stack supplies the calls.
 */
#ifndef STACKS_STEPS_H
#define STACKS_STEPS_H

#include <stddef.h>

/**
 * struct steps_stack - the calls of one TCP stack
 * @open: connect or listen and accept; ends the program if that fails
 * @send: send this number of bytes
 * @receive: wait for data; the number of bytes, 0 at the end of file, negative
 *	when the connection was reset or timed out
 * @shut: close the sending direction only
 * @close: close both directions
 * @abort: close with a RST (RFC 9293, 3.10.5)
 *
 * There is one connection a program, so no call takes a handle.
 */
struct steps_stack {
	void (*open)(const char *local, const char *remote);
	void (*send)(size_t bytes);
	long (*receive)(void);
	void (*shut)(void);
	void (*close)(void);
	void (*abort)(void);
};

int steps_run(const struct steps_stack *stack, char **step);

#endif /* STACKS_STEPS_H */
