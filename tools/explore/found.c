// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "found.h"

const char * const found_words[FOUND_KINDS] = {
	"exit", "signal", "timeout", "output", "sockets", "who-waits", "judge",
	"kernel"
};

static struct json_object *member(struct json_object *run, const char *key)
{
	return json_object_object_get(run, key);
}

static const char *text_at(struct json_object *list, size_t i)
{
	return json_object_get_string(json_object_array_get_idx(list, i));
}

static int number(struct json_object *run, const char *key)
{
	return json_object_get_int(member(run, key));
}

/**
 * run_took() - find out how long the command of a run took
 * @run: its result
 *
 * Return: the time, ns.
 */
u64 run_took(struct json_object *run)
{
	return json_object_get_uint64(member(run, "took"));
}

/**
 * run_text() - get a text of a result
 * @run: the result
 * @key: its name
 *
 * Return: the text, "" when there is none.
 */
const char *run_text(struct json_object *run, const char *key)
{
	const char *text = json_object_get_string(member(run, key));

	return text ? text : "";
}

/**
 * run_is_reached() - find out whether each rule of a run fired
 * @run: its result
 *
 * Return: true when they did.
 */
bool run_is_reached(struct json_object *run)
{
	struct json_object *fired = member(run, "fired");

	for (size_t i = 0; i < json_object_array_length(fired); i++)
		if (!json_object_get_uint64(json_object_array_get_idx(fired, i)))
			return false;
	return true;
}

/* A socket as it was left: what is before its addresses. */
static size_t state_length(const char *socket)
{
	size_t length = strcspn(socket, " ");

	if (!strncmp(socket + length, " orphan", 7))
		length += 7;
	return length;
}

static bool has_state(struct json_object *run, const char *socket)
{
	struct json_object *left = member(run, "left");
	size_t length = state_length(socket);

	for (size_t i = 0; i < json_object_array_length(left); i++) {
		const char *other = text_at(left, i);

		if (state_length(other) == length &&
		    !strncmp(other, socket, length))
			return true;
	}
	return false;
}

/*
 * Return: a socket in a state in which the base left none, or NULL; one in
 * CLOSE_WAIT rather than another, for it is why the other end cannot close.
 */
static const char *left_new(struct json_object *base, struct json_object *run)
{
	struct json_object *left = member(run, "left");
	const char *found = NULL;

	for (size_t i = 0; i < json_object_array_length(left); i++) {
		const char *socket = text_at(left, i);

		if (has_state(base, socket))
			continue;
		if (!found || !strncmp(socket, "CLOSE_WAIT", 10))
			found = socket;
	}
	return found;
}

/* Of two ports the server's is the lower one. */
static bool is_server(struct json_object *run, int port)
{
	struct json_object *segments = member(run, "segments");

	for (size_t i = 0; i < json_object_array_length(segments); i++) {
		struct json_object *one = json_object_array_get_idx(segments, i);
		int a = number(one, "sport"), b = number(one, "dport");

		if (port == (a < b ? a : b))
			return true;
	}
	return false;
}

static bool server_waits(struct json_object *run)
{
	struct json_object *ports = member(run, "waiting");

	for (size_t i = 0; i < json_object_array_length(ports); i++)
		if (is_server(run, atoi(text_at(ports, i))))
			return true;
	return false;
}

static bool has_word(struct json_object *run, const char *key, const char *word)
{
	return !strcmp(run_text(run, key), word);
}

static unsigned int end_by(struct json_object *base, struct json_object *run)
{
	int status = number(run, "exit");

	/* it is killed when it takes too long */
	if (number(run, "timed_out"))
		return number(base, "timed_out") ? 0 : FOUND_TIMEOUT;
	if (status == number(base, "exit"))
		return 0;
	return status > SIGNALLED ? FOUND_SIGNAL : FOUND_EXIT;
}

/* Of its processes, too, which a shell would only have told on the terminal. */
static unsigned int crash_in(struct json_object *base, struct json_object *run)
{
	return number(run, "crash") && !number(base, "crash") ? FOUND_SIGNAL : 0;
}

/**
 * found_by() - compare a run with one without a fault
 * @opt: the options
 * @base: the result of the one without
 * @run: the result of the run
 *
 * Return: what differs, FOUND_*.
 */
unsigned int found_by(const struct options *opt, struct json_object *base,
		      struct json_object *run)
{
	unsigned int found = end_by(base, run) | crash_in(base, run);

	if (opt->same_output && strcmp(run_text(run, "digest"),
				       run_text(base, "digest")))
		found |= FOUND_OUTPUT;
	if (left_new(base, run))
		found |= FOUND_LEFT;
	if (opt->who_waits && server_waits(run) != server_waits(base))
		found |= FOUND_WAITS;
	if (has_word(run, "judge", "departs") &&
	    !has_word(base, "judge", "departs"))
		found |= FOUND_JUDGE;
	if (*run_text(run, "kernel") && !*run_text(base, "kernel"))
		found |= FOUND_KERNEL;
	return found;
}

static void say_kind(unsigned int kind, struct json_object *base,
		     struct json_object *run, FILE *out)
{
	int status = number(run, "exit");

	if (kind == FOUND_EXIT)
		fprintf(out, "exit status %d instead of %d", status,
			number(base, "exit"));
	else if (kind == FOUND_SIGNAL && status > SIGNALLED)
		fprintf(out, "ended by signal %d", status - SIGNALLED);
	else if (kind == FOUND_SIGNAL)
		fprintf(out, "a process of it was ended by signal %d",
			number(run, "crash"));
	else if (kind == FOUND_TIMEOUT)
		fprintf(out, "did not end within %.3f s (without: %.3f s)",
			run_took(run) / 1e9, run_took(base) / 1e9);
	else if (kind == FOUND_OUTPUT)
		fprintf(out, "printed something else, %d bytes instead of %d",
			number(run, "bytes"), number(base, "bytes"));
	else if (kind == FOUND_LEFT)
		fprintf(out, "left a socket: %s", left_new(base, run));
	else if (kind == FOUND_WAITS)
		fputs("the other end waits in TIME_WAIT", out);
	else if (kind == FOUND_JUDGE)
		fputs("a close departs from RFC 9293", out);
	else if (kind == FOUND_KERNEL)
		fprintf(out, "the kernel said: %s", run_text(run, "kernel"));
}

/**
 * found_say() - say what was found, in a sentence
 * @found: it
 * @base: the result of a run without a fault
 * @run: the result of the run
 * @out: where to
 */
void found_say(unsigned int found, struct json_object *base,
	       struct json_object *run, FILE *out)
{
	const char *comma = "";

	for (unsigned int i = 0; i < FOUND_KINDS; i++) {
		if (!(found & 1U << i))
			continue;
		fputs(comma, out);
		say_kind(1U << i, base, run, out);
		comma = "; ";
	}
}
