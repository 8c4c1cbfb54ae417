// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "refuse.h"
#include "live.h"

/* The other screen, no cursor, lines that are cut off rather than wrapped. */
static const char take[] = "\033[?1049h\033[?25l\033[?7l\033[H\033[2J";
static const char give_back[] = "\033[?7h\033[?25h\033[?1049l";

/**
 * live_measure() - find out how large the terminal is
 * @live: where the pictures go
 */
void live_measure(struct live *live)
{
	struct winsize size;

	if (!live->terminal || ioctl(fileno(live->out), TIOCGWINSZ, &size))
		return;
	live->rows = size.ws_row ? size.ws_row : live->rows;
	live->columns = size.ws_col ? size.ws_col : live->columns;
}

/**
 * live_open() - find out what the output can do
 * @live: where the pictures go
 * @out: the output
 * @ascii: the user wants nothing beyond ASCII
 */
void live_open(struct live *live, FILE *out, bool ascii)
{
	const char *kind = getenv("TERM");

	memset(live, 0, sizeof(*live));
	live->out = out;
	live->term = term_of(out, ascii);
	live->terminal = isatty(fileno(out)) && kind && strcmp(kind, "dumb");
	live->rows = 24;
	live->columns = 80;
	live->keys = -1;
	live->signals = -1;
	live_measure(live);
}

static bool is_background(int terminal)
{
	pid_t front = tcgetpgrp(terminal);

	return front >= 0 && front != getpgrp();
}

/* Keys come one by one and are not shown. */
static void take_keys(struct live *live)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || is_background(STDIN_FILENO) ||
	    tcgetattr(STDIN_FILENO, &live->before))
		return;
	raw = live->before;
	raw.c_lflag &= ~(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	live->keys = STDIN_FILENO;
}

/**
 * live_take() - take the terminal, unless this runs in the background
 * @live: where the pictures go
 */
void live_take(struct live *live)
{
	if (!live->terminal || live->taken || is_background(fileno(live->out)))
		return;
	live_measure(live);
	take_keys(live);
	fputs(take, live->out);
	fflush(live->out);
	live->taken = true;
}

/**
 * live_give_back() - leave the terminal as it was
 * @live: where the pictures went
 */
void live_give_back(struct live *live)
{
	if (!live->taken)
		return;
	fputs(give_back, live->out);
	fflush(live->out);
	if (live->keys >= 0)
		tcsetattr(live->keys, TCSADRAIN, &live->before);
	live->keys = -1;
	live->taken = false;
}

/**
 * live_draw() - draw a picture over the one before
 * @live: where it goes
 * @picture: its lines; those below the terminal are left out
 *
 * Return: DONE, or REFUSED after an error message when nothing can be printed.
 */
int live_draw(struct live *live, const char *picture)
{
	if (!live->taken)
		return DONE;
	fputs("\033[H", live->out);
	for (int row = 0; *picture && row < live->rows; row++) {
		size_t length = strcspn(picture, "\n");

		fprintf(live->out, "%s\033[2K%.*s", row ? "\r\n" : "",
			(int)length, picture);
		picture += length;
		picture += *picture == '\n';
	}
	fputs("\033[0m\033[J", live->out);
	if (fflush(live->out) || ferror(live->out))
		return fail("standard output: %m");
	return DONE;
}

/**
 * live_listen() - have signals wait for live_obey(), until live_close()
 * @live: where the pictures go
 */
void live_listen(struct live *live)
{
	static const int numbers[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT,
	};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaddset(&set, numbers[i]);
	sigprocmask(SIG_BLOCK, &set, &live->mask);
	signal(SIGTTOU, SIG_IGN);
	live->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/**
 * live_read() - read what was typed
 * @live: where the pictures go; no more keys come from a terminal that is gone
 * @text: set to it
 * @size: size of @text
 *
 * Return: bytes read.
 */
size_t live_read(struct live *live, char *text, size_t size)
{
	ssize_t got = read(live->keys, text, size);

	if (got <= 0)
		live->keys = -1;
	return got > 0 ? got : 0;
}

/* While it is stopped the terminal is the shell's. */
static void stop(struct live *live)
{
	live_give_back(live);
	raise(SIGSTOP);
	live_take(live);
}

/**
 * live_obey() - do what the signals ask for
 * @live: where the pictures go
 * @changed: set when the picture has to be drawn again
 *
 * Ctrl-C ends it as it ends other programs.
 *
 * Return: DONE, or SIGNALLED and the number of the signal that ends it.
 */
int live_obey(struct live *live, bool *changed)
{
	struct signalfd_siginfo info;

	while (read(live->signals, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGTSTP:
			stop(live);
			break;
		case SIGCONT:
			live_give_back(live);
			live_take(live);
			break;
		case SIGWINCH:
			live_measure(live);
			break;
		default:
			return SIGNALLED + info.ssi_signo;
		}
		*changed = true;
	}
	return DONE;
}

/**
 * live_close() - give back the terminal and the signals
 * @live: where the pictures went
 */
void live_close(struct live *live)
{
	live_give_back(live);
	if (live->signals < 0)
		return;
	sigprocmask(SIG_SETMASK, &live->mask, NULL);
	close(live->signals);
	live->signals = -1;
}
