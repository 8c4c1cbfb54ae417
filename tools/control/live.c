// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "refuse.h"
#include "live.h"

static const char again[] = "(seen late; once more)\n";

static void measure(struct live *live)
{
	struct winsize size;

	if (ioctl(fileno(live->out), TIOCGWINSZ, &size))
		return;
	live->rows = size.ws_row ? size.ws_row : live->rows;
	live->columns = size.ws_col ? size.ws_col : live->columns;
}

/**
 * live_open() - begin
 * @live: where the text goes
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
	if (live->terminal)
		measure(live);
}

/* Lines stay lines: what does not fit a narrow terminal is cut off. */
static void erase_below(struct live *live)
{
	if (!live->terminal)
		return;
	fputs("\033[?7l\r", live->out);
	if (live->below)
		fprintf(live->out, "\033[%dA", live->below);
	fputs("\033[J", live->out);
	live->below = 0;
}

static void print_lines(struct live *live, const char *text)
{
	while (*text && live->below + 2 < live->rows) {
		size_t length = strcspn(text, "\n");

		fprintf(live->out, "%.*s\n", (int)length, text);
		text += length;
		text += *text == '\n';
		live->below++;
	}
}

static void print_below(struct live *live, const char *text,
			const char *status)
{
	const char *dim = live->term.colour ? "\033[2m" : "";
	const char *plain = live->term.colour ? "\033[0m" : "";

	if (!live->terminal)
		return;
	print_lines(live, text);
	fprintf(live->out, "%s%.*s%s\033[?7h", dim, live->columns - 1, status,
		plain);
}

static void print_settled(struct live *live, const char *text, size_t settled)
{
	bool same = !live->length ||
		    (settled >= live->length &&
		     !memcmp(text, live->printed, live->length));

	if (!same) {
		fputs(again, live->out);
		live->length = 0;
	}
	fwrite(text + live->length, 1, settled - live->length, live->out);
	live->printed = realloc(live->printed, settled + 1);
	if (!live->printed)
		abort();
	memcpy(live->printed, text, settled);
	live->length = settled;
}

/**
 * live_update() - print the text after it has grown
 * @live: where it goes
 * @text: all of it
 * @settled: how much of it will not change; less than before is not expected,
 *	and then all is printed once more
 * @status: a line to stand below it on a terminal
 *
 * Return: DONE, or REFUSED after an error message when nothing can be printed.
 */
int live_update(struct live *live, const char *text, size_t settled,
		const char *status)
{
	erase_below(live);
	if (settled)
		print_settled(live, text, settled);
	print_below(live, text + settled, status);
	if (fflush(live->out) || ferror(live->out))
		return fail("standard output: %m");
	return DONE;
}

/**
 * live_resize() - draw everything again on a terminal of another size
 * @live: where the text goes
 */
void live_resize(struct live *live)
{
	if (!live->terminal)
		return;
	measure(live);
	fputs("\033[H\033[2J", live->out);
	live->below = 0;
	live->length = 0;
}

/**
 * live_next() - another text begins
 * @live: where it goes
 */
void live_next(struct live *live)
{
	erase_below(live);
	if (live->length)
		fputc('\n', live->out);
	live->length = 0;
}

/**
 * live_say() - print a line that stays, between two texts
 * @live: where it goes
 * @line: the line
 */
void live_say(struct live *live, const char *line)
{
	erase_below(live);
	fprintf(live->out, "%s\n", line);
}

/**
 * live_close() - leave what is settled, and a terminal as it was
 * @live: where the text went
 */
void live_close(struct live *live)
{
	erase_below(live);
	if (live->terminal)
		fputs("\033[?7h", live->out);
	fflush(live->out);
	free(live->printed);
	live->printed = NULL;
}
