// SPDX-License-Identifier: GPL-2.0-only
/*
 * A growing text, in a pipe and on a terminal; and the choice of closes to
 * draw.
 */
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "live.h"
#include "watched.h"

static int cases, failures;

static void check(bool holds, const char *what)
{
	cases++;
	if (holds)
		return;
	failures++;
	printf("live: wrong: %s\n", what);
}

static void test_pipe(void)
{
	struct live live;
	char *text;
	size_t size;
	FILE *out = tmpfile();
	static const char wanted[] = "a\nb\nc\n\nx\ny\n(seen late; once more)\nx\nz\n";

	live_open(&live, out, true);
	check(!live.terminal && !live.term.colour, "a file is no terminal");
	live_update(&live, "", 0, "status");
	live_update(&live, "a\nb\n", 2, "status");
	live_update(&live, "a\nb\nc\n", 4, "status");
	live_update(&live, "a\nb\nc\n", 4, "status");
	live_update(&live, "a\nb\nc\n", 6, "status");
	live_resize(&live);
	live_next(&live);
	live_update(&live, "x\ny\n", 4, "status");
	live_update(&live, "x\nz\n", 4, "status");
	live_close(&live);
	size = ftell(out);
	text = calloc(1, size + 1);
	rewind(out);
	check(fread(text, 1, size, out) == size && !strcmp(text, wanted),
	      "each line once, and all again when one has changed");
	free(text);
	fclose(out);
}

/* Data written to a pty arrives in pieces, from a kernel thread. */
static bool says(int fd, const char *wanted)
{
	char heard[4096] = "";
	size_t length = 0;
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (!strstr(heard, wanted) && poll(&wait, 1, 5000) > 0) {
		ssize_t got = read(fd, heard + length,
				   sizeof(heard) - 1 - length);

		if (got <= 0)
			break;
		length += got;
		heard[length] = '\0';
	}
	return strstr(heard, wanted);
}

static void test_terminal(void)
{
	struct winsize size = { .ws_row = 5, .ws_col = 10 };
	int master, slave;
	struct live live;
	FILE *out;

	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	if (openpty(&master, &slave, NULL, NULL, &size)) {
		check(false, "no terminal to be had");
		return;
	}
	out = fdopen(slave, "w");
	live_open(&live, out, true);
	check(live.terminal && live.rows == 5 && live.columns == 10, "size");
	live_update(&live, "a\nb\nc\nd\ne\n", 2, "0123456789abcdef");
	check(says(master, "a\r\nb\r\nc\r\nd\r\n012345678\033[?7h"),
	      "what is not settled fits the terminal");
	live_update(&live, "a\nb\nc\nd\ne\n", 10, "s");
	check(says(master, "\033[3A\033[Jb\r\nc\r\nd\r\ne\r\ns"),
	      "and is drawn over");
	size.ws_col = 20;
	ioctl(master, TIOCSWINSZ, &size);
	live_resize(&live);
	live_update(&live, "a\nb\n", 4, "0123456789abcdef");
	check(says(master, "\033[H\033[2J\033[?7l\r\033[Ja\r\nb\r\n0123456789abcdef"),
	      "another size: all again");
	live_close(&live);
	check(live.columns == 20, "the new size");
	fclose(out);
	close(master);
}

static struct watched *see(struct watched_set *set, u64 flow, u64 t, int view,
			   const char *src, const char *dst)
{
	struct event event = { .kind = EVENT_SEGMENT, .t = t, .flow = flow };

	snprintf(event.src, sizeof(event.src), "%s", src);
	snprintf(event.dst, sizeof(event.dst), "%s", dst);
	return watched_add(set, view, &event, NULL);
}

static void test_watched(void)
{
	static struct watched_set set;
	struct watched *one, *two;

	one = see(&set, 1, 10, 0, "a", "b");
	check(see(&set, 1, 11, 0, "b", "a") == one, "both directions");
	check(see(&set, 9, 12, 1, "a", "b") == one, "both namespaces");
	two = see(&set, 2, 20, 0, "a", "b");
	check(two != one, "another incarnation");
	check(see(&set, 10, 21, 1, "b", "a") == two, "of it in the other");
	check(see(&set, 9, 22, 1, "b", "a") == one, "and the first is known");
	check(watched_next(&set, 0) == one, "the first is drawn first");
	check(watched_next(&set, 2) == two, "or the one that was asked for");
	one->shown = true;
	check(watched_next(&set, 0) == two, "then the next");
	for (int i = 0; i < WATCHED - 1; i++)
		see(&set, 100 + i, 100 + i, 0, "c", "d");
	check(two->first == 20 && !set.missed, "what was drawn makes room");
	see(&set, 999, 999, 0, "c", "d");
	check(set.missed == 1, "what was not is counted");
	watched_free(&set);
}

static void test_over(void)
{
	static struct watched_set set;
	struct event event = { .kind = EVENT_SOCKET, .t = 5, .flow = 1,
			       .src = "a", .dst = "b", .to = "TIME_WAIT" };
	struct watched *one = watched_add(&set, 0, &event, NULL);

	check(!watched_is_over(one), "a time-wait socket is left");
	strcpy(event.to, "CLOSE");
	watched_add(&set, 0, &event, NULL);
	check(watched_is_over(one), "gone");
	watched_free(&set);
}

int main(void)
{
	test_pipe();
	test_terminal();
	test_watched();
	test_over();
	printf("live: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
