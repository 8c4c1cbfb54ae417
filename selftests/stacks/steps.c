// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "steps.h"

static double steps_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Read up to @limit bytes, or to the end of file, and print how it ended. */
static void steps_receive(const struct steps_stack *stack, long limit)
{
	double start = steps_now();
	long sum = 0, got = 0;

	while (sum < limit) {
		got = stack->receive();
		if (got <= 0)
			break;
		sum += got;
	}
	printf("%ld bytes, then %s, in %.3f s\n", sum,
	       got > 0 ? "enough" : got ? "an error" : "the end of file",
	       steps_now() - start);
	fflush(stdout);
}

static int steps_one(const struct steps_stack *stack, const char *step)
{
	const char *value = strchr(step, '=');
	long number = value ? strtol(value + 1, NULL, 10) : 0;

	if (!strncmp(step, "send=", 5))
		stack->send(number);
	else if (!strncmp(step, "read=", 5))
		steps_receive(stack, number);
	else if (!strncmp(step, "wait=", 5))
		usleep(number * 1000);
	else if (!strcmp(step, "eof"))
		steps_receive(stack, 1L << 40);
	else if (!strcmp(step, "shut"))
		stack->shut();
	else if (!strcmp(step, "close"))
		stack->close();
	else if (!strcmp(step, "abort"))
		stack->abort();
	else
		return -1;
	return 0;
}

/**
 * steps_run() - do what the words of a command line say
 * @stack: the calls of the stack under test
 * @step: words, NULL after the last: "listen" ADDRESS:PORT, or "connect" LOCAL
 *	REMOTE (LOCAL is "-" for any), then the steps. send=BYTES, read=BYTES
 *	(at most), eof (read all), shut, close, abort, wait=MILLISECONDS
 *
 * Return: the exit status; 2 for a word that is none of these.
 */
int steps_run(const struct steps_stack *stack, char **step)
{
	if (step[0] && step[1] && !strcmp(step[0], "listen")) {
		stack->open(step[1], NULL);
		step += 2;
	} else if (step[0] && step[1] && step[2] &&
		   !strcmp(step[0], "connect")) {
		stack->open(step[1], step[2]);
		step += 3;
	} else {
		fputs("listen ADDRESS:PORT or connect LOCAL REMOTE, then steps\n",
		      stderr);
		return 2;
	}
	for (; *step; step++) {
		if (!steps_one(stack, *step))
			continue;
		fprintf(stderr, "no step '%s'\n", *step);
		return 2;
	}
	return 0;
}
