// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pictures on a terminal, which is given back as it was; none in a pipe.
 */
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cases.h"
#include "live.h"

static void test_pipe(void)
{
	struct live live;
	FILE *out = tmpfile();

	live_open(&live, out, true);
	check(!live.terminal && !live.term.colour, "a file is no terminal");
	live_take(&live);
	live_draw(&live, "a\n");
	live_give_back(&live);
	check(!ftell(out), "no picture in a file");
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

/* Standard input is the same terminal, as it is for a user. */
static void test_terminal(void)
{
	struct winsize size = { .ws_row = 3, .ws_col = 10 };
	struct termios before, during, after;
	int master, slave;
	struct live live;
	FILE *out;

	setenv("TERM", "xterm", 1);
	setenv("NO_COLOR", "1", 1);
	if (openpty(&master, &slave, NULL, NULL, &size)) {
		check(false, "no terminal to be had");
		return;
	}
	dup2(slave, STDIN_FILENO);
	tcgetattr(slave, &before);
	out = fdopen(slave, "w");
	live_open(&live, out, true);
	check(live.terminal && !live.term.colour, "a terminal, no colour");
	check(live.rows == 3 && live.columns == 10, "its size");
	live_take(&live);
	check(says(master, "\033[?1049h\033[?25l\033[?7l"), "it is taken");
	tcgetattr(slave, &during);
	check(live.keys == STDIN_FILENO && !(during.c_lflag & (ICANON | ECHO)),
	      "keys come at once");
	live_draw(&live, "a\nb\nc\nd\n");
	check(says(master, "\033[H\033[2Ka\r\r\n\033[2Kb\r\r\n\033[2Kc\033[0m\033[J"),
	      "a picture never scrolls");
	size.ws_col = 20;
	ioctl(master, TIOCSWINSZ, &size);
	live_measure(&live);
	check(live.columns == 20, "the new size");
	live_give_back(&live);
	check(says(master, "\033[?7h\033[?25h\033[?1049l"), "it is given back");
	tcgetattr(slave, &after);
	check(after.c_lflag == before.c_lflag && live.keys < 0,
	      "its modes as well");
	fclose(out);
	close(master);
}

int main(void)
{
	test_pipe();
	test_terminal();
	return cases_end();
}
