// SPDX-License-Identifier: GPL-2.0-only
/*
 * The picture of `finject watch`, for 1 to 20,000 closes in windows of many
 * sizes: it fits, it lists or counts each close, and its ladder is the one that
 * all verbs draw. With COLUMNS ROWS CLOSES [CHOSEN] as arguments, print the
 * picture.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "ladder.h"
#include "ladder_slim.h"
#include "ladder_text.h"
#include "record.h"
#include "watch_screen.h"
#include "watched.h"

static const u64 ms = 1000000;
static const u64 start = 1000000000000ULL;
static struct watched_set set;

#define FIN1 "flags=FA seq=10 ack=20 len=0 gen=1"
#define ACK1 "flags=A seq=20 ack=11 len=0 gen=1"
#define FIN2 "flags=FA seq=20 ack=11 len=0 gen=1"
#define PASS " rule=- verdict=pass"

/* What happens in a close; without a class, to a socket. */
static const struct {
	unsigned int ms;
	bool back;
	const char *hook;
	const char *seg;
	const char *rest;
} script[] = {
	{ 0, 0, "", "", "from=ESTABLISHED to=FIN_WAIT1" },
	{ 0, 0, "post", "fin1 nth=1", FIN1 " rule=1 verdict=drop" },
	{ 205, 0, "post", "fin1 nth=2", FIN1 PASS },
	{ 205, 0, "pre", "fin1 nth=1", FIN1 PASS },
	{ 205, 1, "", "", "from=ESTABLISHED to=CLOSE_WAIT" },
	{ 205, 1, "post", "ack1 nth=1", ACK1 PASS },
	{ 205, 1, "pre", "ack1 nth=1", ACK1 PASS },
	{ 205, 0, "", "", "from=FIN_WAIT1 to=FIN_WAIT2" },
	{ 500, 1, "", "", "from=CLOSE_WAIT to=LAST_ACK" },
	{ 500, 1, "post", "fin2,ack1 nth=1,2", FIN2 " rule=7 verdict=hold" },
};

enum { SCRIPT = sizeof(script) / sizeof(*script) };

static void say(const char *line)
{
	struct log log = { 0 };
	char copy[512];

	snprintf(copy, sizeof(copy), "%s", line);
	if (!log_line(&log, copy) ||
	    (!watched_take(&set, 0, log.event, line) &&
	     log.event->flow <= WATCHED))
		check(false, "a record of the script");
	log_free(&log);
}

static void act(u64 flow, size_t step, const char *a, const char *b)
{
	const char *src = script[step].back ? b : a;
	const char *dst = script[step].back ? a : b;
	u64 t = start + (flow % 1000) * ms + script[step].ms * ms;
	char line[512];
	char what[96] = "sk";

	if (*script[step].seg)
		snprintf(what, sizeof(what), "seg hook=%srouting seg=%s",
			 script[step].hook, script[step].seg);
	snprintf(line, sizeof(line), "%s t=%llu flow=%llu src=%s dst=%s %s",
		 what, t, flow, src, dst, script[step].rest);
	say(line);
}

static void play(u64 flow, size_t steps)
{
	char a[ENDPOINT], b[ENDPOINT];

	if (flow % 3) {
		snprintf(a, sizeof(a), "10.77.0.%llu:%llu", 1 + flow % 200,
			 32768 + flow % 20000);
		snprintf(b, sizeof(b), "192.168.100.200:8080");
	} else {
		snprintf(a, sizeof(a), "[2001:db8:77:1:2:3:4:%llx]:%llu",
			 flow % 200, 32768 + flow % 20000);
		snprintf(b, sizeof(b), "[2001:db8::1]:443");
	}
	for (size_t i = 0; i < steps; i++)
		act(flow, i, a, b);
}

static void fill(size_t closes)
{
	watched_init(&set);
	for (u64 flow = 1; flow <= closes; flow++)
		play(flow, 2 + flow % (SCRIPT - 1));
}

static char picture[1 << 17];

static const char *drawn(struct watch_screen *screen, u64 now)
{
	FILE *out = fmemopen(picture, sizeof(picture), "w");

	watch_screen_draw(screen, now, out);
	fclose(out);
	return picture;
}

/* Columns a line takes: escapes take none, a character of UTF-8 one. */
static int width_of(const char *line, size_t size)
{
	int width = 0;

	for (size_t i = 0; i < size; i++) {
		if (line[i] == '\033') {
			while (i < size && line[i] != 'm')
				i++;
			continue;
		}
		width += (line[i] & 0xc0) != 0x80;
	}
	return width;
}

static bool fits(const char *text, int columns, int rows)
{
	int lines = 0;

	while (*text) {
		size_t size = strcspn(text, "\n");

		if (width_of(text, size) > columns) {
			printf("too long for %d: %.*s\n", columns, (int)size,
			       text);
			return false;
		}
		text += size + (text[size] == '\n');
		lines++;
	}
	return lines <= rows;
}

static u64 number_in(const char *text)
{
	u64 number = 0;

	for (; *text && *text != ' '; text++)
		if (*text != ',')
			number = 10 * number + (*text - '0');
	return number;
}

/* Closes that have a line, by the port of one end, and those that are counted. */
static u64 accounted(const char *text, u64 closes)
{
	const char *more = strstr(text, "  and "), *line = text;
	u64 found = more ? number_in(more + 6) : 0;

	for (; line && *line; line = strchr(line, '\n')) {
		char port[16];

		line += *line == '\n';
		if (!strncmp(line, "flow ", 5))
			break;
		for (u64 flow = 1; flow <= closes && *line != 'A'; flow++) {
			const char *at;

			snprintf(port, sizeof(port), ":%llu ", 32768 + flow);
			at = strstr(line, port);
			if (!at || at > strchr(line, '\n'))
				continue;
			found++;
			break;
		}
	}
	return found;
}

/* As `report`, `check` and `demo` would draw it. */
static const char *expected(const struct watched *one, const struct term *term,
			    int columns, u64 now)
{
	static char text[1 << 14];
	struct ladder ladder;
	struct log log;
	FILE *out = fmemopen(text, sizeof(text), "w");

	watched_log(&set, one, &log);
	check(ladder_build(&ladder, &log), "a ladder");
	ladder.now = now;
	if (columns >= 80)
		ladder_text(&ladder, term, out);
	else
		ladder_slim(&ladder, term, columns, out);
	fclose(out);
	ladder_free(&ladder);
	log_free(&log);
	return text;
}

static const int widths[] = { 40, 66, 80, 200 };
static const int heights[] = { 10, 24, 50 };

static void test_size(size_t closes, int columns, int rows, struct term term)
{
	struct watch_screen screen = { .set = &set, .rows = rows,
				       .columns = columns, .term = term,
				       .follows = true };
	u64 now = start + 2000 * ms;
	const char *text, *whole, *line;
	char what[96];

	watch_screen_choose(&screen, now);
	text = drawn(&screen, now);
	snprintf(what, sizeof(what), "%zu closes fit %d columns, %d lines",
		 closes, columns, rows);
	check(fits(text, columns, rows), what);
	snprintf(what, sizeof(what), "%zu closes listed or counted at %d x %d",
		 closes, columns, rows);
	check(accounted(text, closes) == closes, what);
	check(strchr(text, '>'), "the chosen one is listed");
	whole = expected(screen.chosen, &term, columns, now);
	if (rows >= 50)
		check(strstr(text, whole), "the same ladder as elsewhere");
	line = strrchr(whole, '\n');
	while (line > whole && line[-1] != '\n')
		line--;
	check(strstr(text, line), "the end of the ladder at least");
}

static void test_sizes(void)
{
	static const size_t closes[] = { 1, 10, 5000 };

	for (size_t i = 0; i < 3; i++) {
		fill(closes[i]);
		for (size_t w = 0; w < 4; w++)
			for (size_t h = 0; h < 3; h++) {
				struct term term = { .utf8 = w % 2 };

				test_size(closes[i], widths[w], heights[h],
					  term);
				term.colour = true;
				test_size(closes[i], widths[w], heights[h],
					  term);
			}
		watched_free(&set);
	}
}

static void test_many(void)
{
	struct watch_screen screen = { .set = &set, .rows = 24, .columns = 80,
				       .follows = true };
	const char *text;

	fill(20000);
	check(set.count == WATCHED, "as many as there is room for");
	check(watched_missed(&set) == 20000 - WATCHED, "the rest is counted");
	watch_screen_choose(&screen, start);
	text = drawn(&screen, start);
	check(fits(text, 80, 24), "20000 closes fit");
	check(strstr(text, "8,192 under way") &&
	      strstr(text, "11,808 closes not followed"), "and both are said");
	watched_free(&set);
}

static void test_keys(void)
{
	struct watch_screen screen = { .set = &set, .rows = 24, .columns = 80,
				       .follows = true };
	static const char typed[] = "j\033[A\033OBx\rf?q";
	static const enum watch_key wanted[] = {
		KEY_DOWN, KEY_UP, KEY_DOWN, KEY_NONE, KEY_FOLLOW, KEY_FOLLOW,
		KEY_HELP, KEY_QUIT,
	};
	const char *at = typed;
	u64 now = start;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		check(watch_key(&at, typed + sizeof(typed) - 1) == wanted[i],
		      "a key");
	check(at == typed + sizeof(typed) - 1, "all of them");
	fill(10);
	watch_screen_obey(&screen, KEY_UP, now);
	watch_screen_choose(&screen, now);
	check(screen.chosen->id[0] == 10, "the newest is followed");
	watch_screen_obey(&screen, KEY_UP, now);
	check(screen.chosen->id[0] == 9 && !screen.follows, "up");
	play(11, 2);
	watch_screen_choose(&screen, now + 5000 * ms);
	check(screen.chosen->id[0] == 9, "the user's choice stays");
	watch_screen_obey(&screen, KEY_DOWN, now);
	watch_screen_obey(&screen, KEY_DOWN, now);
	watch_screen_obey(&screen, KEY_DOWN, now);
	check(screen.chosen->id[0] == 11, "down to the last");
	play(12, 2);
	watch_screen_obey(&screen, KEY_FOLLOW, now);
	check(screen.chosen->id[0] == 12, "the newest again");
	play(13, 2);
	watch_screen_choose(&screen, now + 100 * ms);
	check(screen.chosen->id[0] == 12, "each for a second");
	watch_screen_choose(&screen, now + 1100 * ms);
	check(screen.chosen->id[0] == 13, "then the next");
	watched_free(&set);
}

static void test_lines(void)
{
	struct watch_screen screen = { .set = &set, .rows = 24, .columns = 80,
				       .help = true };
	u64 now = start + 3000 * ms;
	const char *text;

	watched_init(&set);
	text = drawn(&screen, now);
	check(!strncmp(text, "0 under way", 11), "no close yet");
	play(1, SCRIPT);
	screen.follows = true;
	watch_screen_choose(&screen, now);
	text = drawn(&screen, now);
	check(strstr(text, "\n>    1 10.77.0.2:32769 FIN_WAIT2 ") &&
	      strstr(text, " 192.168.100.200:8080 LAST_ACK      2 3.0 s\n"),
	      "a line tells all of a close");
	check(strstr(text, "\nflow 1: under way, 3.0 s, 2 faults, 1 segment waits\n"),
	      "and what is above its ladder");
	check(strstr(text, "arrows choose, f or Enter"), "the keys");
	screen.columns = 62;
	text = drawn(&screen, now);
	check(strstr(text, "\n>    1 10.77.0.2:32769 FIN_W2 192.168.100.200:8080 LAST_A   2\n"),
	      "the age goes before a part of an address does");
	screen.columns = 40;
	text = drawn(&screen, now);
	check(strstr(text, "\n>    1 :32769  FIN_W2 :8080   LAST_A   2\n"),
	      "of an address its port stays");
	watched_free(&set);
}

/* Those that finished are listed if there is room; none under way is hidden. */
static void test_finished(void)
{
	struct watch_screen screen = { .set = &set, .rows = 24, .columns = 80,
				       .follows = true };
	u64 now = start + 5000 * ms;
	struct watched *one, *next;
	const char *text;

	fill(20);
	for (one = TAILQ_FIRST(&set.under_way); one && one->id[0] <= 12;
	     one = next) {
		next = TAILQ_NEXT(one, place);
		one->parked = 0;
		for (int i = 0; i < 2; i++)
			one->end[i].gone = true;
		one->end[0].view = 0;
	}
	watched_sweep(&set, now + 1000 * ms, NULL, NULL);
	watch_screen_choose(&screen, now);
	text = drawn(&screen, now);
	check(!strncmp(text, "8 under way; finished: ", 23), "8 and 12");
	check(fits(text, 80, 24) && !strstr(text, "  and "), "8 are listed");
	for (int i = 0; i < 8; i++)
		watch_screen_obey(&screen, KEY_DOWN, now);
	check(screen.chosen->id[0] == 5, "those that finished are below");
	text = drawn(&screen, now);
	check(fits(text, 80, 24) && strstr(text, "\n>    5 "), "it is listed");
	check(strstr(text, "\nflow 5: ") && strstr(text, " s, 1 fault"),
	      "and drawn");
	watched_free(&set);
}

static int print(char **argv)
{
	struct term term = { .utf8 = true, .colour = !getenv("NO_COLOR") };
	struct watch_screen screen = { .set = &set, .columns = atoi(argv[1]),
				       .rows = atoi(argv[2]), .term = term,
				       .follows = true };
	u64 now = start + 2000 * ms;

	fill(atoi(argv[3]));
	watch_screen_choose(&screen, now);
	for (int i = argv[4] ? atoi(argv[4]) : 0; i > 0; i--)
		watch_screen_obey(&screen, KEY_UP, now);
	watch_screen_draw(&screen, now, stdout);
	watched_free(&set);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 3)
		return print(argv);
	test_sizes();
	test_many();
	test_keys();
	test_lines();
	test_finished();
	return cases_end();
}
