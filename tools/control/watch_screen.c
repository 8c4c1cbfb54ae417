// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "canvas.h"
#include "ladder.h"
#include "ladder_slim.h"
#include "ladder_text.h"
#include "refuse.h"
#include "watch_list.h"
#include "watch_screen.h"

/* Lines of a picture, and when it is too low for some of them. */
enum {
	SENTENCE = 256,
	ROWS = 500,
	LEAST_LIST = 3,
	LOW = 8,
};

static const u64 linger = 1000000000;

static const struct {
	const char *text;
	enum watch_key key;
} keys[] = {
	{ "\033[A", KEY_UP }, { "\033OA", KEY_UP }, { "k", KEY_UP },
	{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN }, { "j", KEY_DOWN },
	{ "f", KEY_FOLLOW }, { "\r", KEY_FOLLOW }, { "\n", KEY_FOLLOW },
	{ "?", KEY_HELP }, { "q", KEY_QUIT }, { "Q", KEY_QUIT },
};

/**
 * watch_key() - read a key
 * @text: what the terminal sent; moved behind the key
 * @end: the end of that
 *
 * Return: what it means.
 */
enum watch_key watch_key(const char **text, const char *end)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		size_t size = strlen(keys[i].text);

		if ((size_t)(end - *text) < size ||
		    memcmp(*text, keys[i].text, size))
			continue;
		*text += size;
		return keys[i].key;
	}
	(*text)++;
	return KEY_NONE;
}

static const struct watched *wanted(const struct watch_screen *screen,
				    const struct watched *one, bool down)
{
	while (one && !watched_is_wanted(screen->set, one))
		one = down ? TAILQ_NEXT(one, place) :
			     TAILQ_PREV(one, watched_queue, place);
	return one;
}

static const struct watched *newest(const struct watch_screen *screen)
{
	const struct watched_set *set = screen->set;
	const struct watched *one;

	one = wanted(screen, TAILQ_LAST(&set->under_way, watched_queue), false);
	return one ? one :
		wanted(screen, TAILQ_LAST(&set->over, watched_queue), false);
}

/* Those under way come first, then those that finished, the last one first. */
static const struct watched *below(const struct watch_screen *screen,
				   const struct watched *one)
{
	const struct watched *next;

	if (one->phase == WATCHED_OVER)
		return wanted(screen, TAILQ_PREV(one, watched_queue, place),
			      false);
	next = wanted(screen, TAILQ_NEXT(one, place), true);
	return next ? next :
		wanted(screen, TAILQ_LAST(&screen->set->over, watched_queue),
		       false);
}

static const struct watched *above(const struct watch_screen *screen,
				   const struct watched *one)
{
	const struct watched *next;

	if (one->phase == WATCHED_UNDER_WAY)
		return wanted(screen, TAILQ_PREV(one, watched_queue, place),
			      false);
	next = wanted(screen, TAILQ_NEXT(one, place), true);
	return next ? next :
		wanted(screen, TAILQ_LAST(&screen->set->under_way,
					  watched_queue), false);
}

static void choose(struct watch_screen *screen, const struct watched *one,
		   u64 now)
{
	if (!one || one == screen->chosen)
		return;
	screen->chosen = one;
	screen->set->keep = one;
	screen->since = now;
}

/**
 * watch_screen_obey() - do what a key asks for
 * @screen: the picture
 * @key: the key
 * @now: the time, ns
 */
void watch_screen_obey(struct watch_screen *screen, enum watch_key key,
		       u64 now)
{
	const struct watched *one = screen->chosen;

	if (key == KEY_HELP)
		screen->help = !screen->help;
	if (key == KEY_FOLLOW) {
		screen->follows = true;
		choose(screen, newest(screen), now);
	}
	if (!one || (key != KEY_UP && key != KEY_DOWN))
		return;
	screen->follows = false;
	choose(screen, key == KEY_UP ? above(screen, one) :
				       below(screen, one), now);
}

/**
 * watch_screen_choose() - choose a close unless the user did
 * @screen: the picture
 * @now: the time, ns
 *
 * Each stays for a second, that it can be read.
 */
void watch_screen_choose(struct watch_screen *screen, u64 now)
{
	if (screen->chosen &&
	    (!screen->follows || now - screen->since < linger))
		return;
	choose(screen, newest(screen), now);
}

/* 4213 as "4,213": so many digits are hard to read without. */
static const char *grouped(u64 number, char *text, size_t size)
{
	char digits[24];
	int count = snprintf(digits, sizeof(digits), "%llu", number);
	size_t at = 0;

	for (int i = 0; i < count && at + 2 < size; i++) {
		if (i && (count - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

/**
 * watch_counts() - print how many closes there are
 * @set: the closes
 * @columns: width
 * @out: where to; one line
 */
void watch_counts(const struct watched_set *set, int columns, FILE *out)
{
	static const char * const forms[] = {
		"%s under way; finished: %s ok, %s departs, %s undecided",
		"%s under way; %s ok, %s departs, %s undecided",
		"%s under way; %s ok, %s departs, %s undec.",
		"%s now; %s ok, %s departs, %s undec.",
	};
	char number[4][32], text[SENTENCE];

	grouped(set->count, number[3], sizeof(number[3]));
	for (int i = JUDGE_OK; i <= JUDGE_DEPARTS; i++)
		grouped(set->finished[i], number[i], sizeof(number[i]));
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		int size = snprintf(text, sizeof(text), forms[i], number[3],
				    number[JUDGE_OK], number[JUDGE_DEPARTS],
				    number[JUDGE_UNDECIDED]);

		if (size <= columns)
			break;
	}
	fprintf(out, "%.*s\n", columns, text);
}

/* Return: number of lines, 1 when there is something to say, else 0. */
static int print_notice(const struct watched_set *set, int columns, FILE *out)
{
	u64 missed = watched_missed(set);
	char text[SENTENCE] = "", number[32];

	if (missed)
		snprintf(text, sizeof(text), "%s closes not followed, too many; ",
			 grouped(missed, number, sizeof(number)));
	if (set->lost)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s records were lost; ",
			 grouped(set->lost, number, sizeof(number)));
	if (!*text)
		return 0;
	text[strlen(text) - 2] = '\0';
	fprintf(out, "%.*s\n", columns, text);
	return 1;
}

/**
 * watch_title() - write what stands above the ladder of a close
 * @set: the closes
 * @one: the close
 * @now: the time, ns
 * @text: where it is put
 * @size: how much room there is
 */
void watch_title(const struct watched_set *set, const struct watched *one,
		 u64 now, char *text, size_t size)
{
	bool under_way = one->phase == WATCHED_UNDER_WAY;
	u64 until = under_way ? now : one->last;
	const char *result = under_way ? "under way" :
		judge_results[one->verdict.result];
	char parked[48] = "", name[40] = "flow -";

	if (one->id[0])
		snprintf(name, sizeof(name), "flow %llu", one->id[0]);
	else if (one->id[1])
		snprintf(name, sizeof(name), "peer's flow %llu", one->id[1]);
	if (one->parked && under_way)
		snprintf(parked, sizeof(parked), ", %u segment%s wait%s",
			 one->parked, one->parked == 1 ? "" : "s",
			 one->parked == 1 ? "s" : "");
	snprintf(text, size, "%s: %s, %.1f s, %u fault%s%s%s", name, result,
		 until > one->first ? (until - one->first) / 1e9 : 0,
		 one->faults, one->faults == 1 ? "" : "s", parked,
		 one->cut ? ", too many records" : "");
}

/**
 * watch_ladder() - draw the ladder of a close
 * @set: the closes
 * @one: the close
 * @term: what may be printed
 * @columns: width
 * @now: the time, ns
 * @out: where to
 */
void watch_ladder(const struct watched_set *set, const struct watched *one,
		  const struct term *term, int columns, u64 now, FILE *out)
{
	struct ladder ladder;
	struct log log;

	watched_log(set, one, &log);
	if (ladder_build(&ladder, &log)) {
		if (one->phase == WATCHED_UNDER_WAY)
			ladder.now = now;
		if (columns < CANVAS_WIDTH)
			ladder_slim(&ladder, term, columns, out);
		else
			ladder_text(&ladder, term, out);
		ladder_free(&ladder);
	}
	log_free(&log);
}

/**
 * watch_why() - write why a finished close is not ok
 * @one: the close
 * @text: where it is put; "" when there is nothing to say
 * @size: how much room there is
 */
void watch_why(const struct watched *one, char *text, size_t size)
{
	const struct judge_rule *rule = one->verdict.rule;

	*text = '\0';
	if (one->phase == WATCHED_UNDER_WAY || !rule)
		return;
	snprintf(text, size, "%s: %s", one->end[one->judged].name,
		 rule->broken);
	if (*rule->section)
		snprintf(text + strlen(text), size - strlen(text),
			 " (RFC 9293, %s; %s)", rule->section, rule->name);
}

/**
 * struct parts - how the height is shared out
 * @heads: the table names its columns
 * @list: lines of the table, the one that counts the rest included
 * @ladder: lines of the ladder, its title included
 */
struct parts {
	bool heads;
	int list;
	int ladder;
};

/* Those that finished get what is left over; one line at least is chosen. */
static struct parts share(int rows, size_t under_way, size_t closes, int ladder)
{
	struct parts parts = { .heads = rows > LOW };
	int most = rows - parts.heads, list = most / 3;
	size_t needed = under_way ? under_way : closes > 0;

	if (list < LEAST_LIST)
		list = LEAST_LIST;
	if ((size_t)list > needed)
		list = needed;
	if (list < most - ladder)
		list = most - ladder;
	if ((size_t)list > closes)
		list = closes;
	parts.list = list < most ? list : most;
	most -= parts.list;
	parts.ladder = ladder < most ? ladder : most;
	return parts;
}

/* All that may be listed, in order; for the caller to free. */
static const struct watched **all(const struct watch_screen *screen,
				  size_t *count)
{
	const struct watched_set *set = screen->set;
	const struct watched **list;
	const struct watched *one;
	size_t room = set->count + set->kept;

	*count = 0;
	list = calloc(room + 1, sizeof(*list));
	if (!list)
		abort();
	one = wanted(screen, TAILQ_FIRST(&set->under_way), true);
	if (!one)
		one = wanted(screen, TAILQ_LAST(&set->over, watched_queue),
			     false);
	for (; one && *count < room; one = below(screen, one))
		list[(*count)++] = one;
	return list;
}

/* The chosen one is always among the lines that are shown. */
static size_t first_shown(const struct watch_screen *screen,
			  const struct watched **list, size_t count,
			  size_t shown)
{
	size_t at = 0;

	while (at < count && list[at] != screen->chosen)
		at++;
	return at == count || at < shown ? 0 : at + 1 - shown;
}

/* Those under way come first in the list. */
static size_t hidden(size_t under_way, size_t first, size_t shown)
{
	if (first >= under_way)
		return under_way;
	return under_way - first > shown ? under_way - shown : first;
}

static void print_list(const struct watch_screen *screen,
		       const struct watched **all_of, size_t count,
		       const struct parts *parts, u64 now, FILE *out)
{
	size_t under_way = screen->set->count;
	size_t rows = parts->list, shown = rows < count ? rows : count;
	size_t first = first_shown(screen, all_of, count, shown);
	struct watch_list list = { .chosen = screen->chosen, .now = now,
				   .columns = screen->columns,
				   .heads = parts->heads,
				   .term = screen->term };
	char number[32];

	if (!shown)
		return;
	if (hidden(under_way, first, shown))
		first = first_shown(screen, all_of, count, --shown);
	list.one = all_of + first;
	list.count = shown;
	watch_list(&list, out);
	if (hidden(under_way, first, shown))
		fprintf(out, "  and %s more\n",
			grouped(hidden(under_way, first, shown), number,
				sizeof(number)));
}

static int lines_of(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* What does not fit is left out at the beginning: the end is what is new. */
static void print_ladder(const struct watch_screen *screen, const char *text,
			 int rows, u64 now, FILE *out)
{
	const char *bold = screen->term.colour ? "\033[1m" : "";
	const char *plain = screen->term.colour ? "\033[0m" : "";
	int left_out = lines_of(text) - (rows - 1);
	char title[SENTENCE], why[SENTENCE], cut[48] = "";
	char line[3 * SENTENCE];

	watch_title(screen->set, screen->chosen, now, title, sizeof(title));
	watch_why(screen->chosen, why, sizeof(why));
	if (left_out > 0)
		snprintf(cut, sizeof(cut), ", %d line%s left out",
			 left_out, left_out == 1 ? "" : "s");
	snprintf(line, sizeof(line), "%s%s%s%s", title, cut,
		 *why ? "; " : "", why);
	fprintf(out, "%s%.*s%s\n", bold, screen->columns, line, plain);
	for (; left_out > 0; left_out--)
		text = strchr(text, '\n') + 1;
	fputs(text, out);
}

static void print_help(const struct watch_screen *screen, FILE *out)
{
	static const char * const helps[] = {
		"j/k or arrows choose, f or Enter follows the newest, q ends, ? hides this",
		"j/k choose, f follows the newest, q ends",
		"j/k choose, f newest, q ends",
	};
	const char *dim = screen->term.colour ? "\033[2m" : "";
	const char *plain = screen->term.colour ? "\033[0m" : "";
	const char *text = screen->follows ?
		"follows the newest; q ends, ? help" : "q ends, ? help";

	for (int i = 0; screen->help && i < 3; i++) {
		text = helps[i];
		if ((int)strlen(text) <= screen->columns)
			break;
	}
	fprintf(out, "%s%.*s%s\n", dim, screen->columns, text, plain);
}

static char *ladder_of(const struct watch_screen *screen, u64 now)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (screen->chosen)
		watch_ladder(screen->set, screen->chosen, &screen->term,
			     screen->columns, now, out);
	fclose(out);
	return text;
}

/**
 * watch_screen_draw() - draw the picture
 * @screen: the picture
 * @now: the time, ns
 * @out: where to; at most as many lines as the height
 */
void watch_screen_draw(const struct watch_screen *screen, u64 now, FILE *out)
{
	char *ladder = ladder_of(screen, now);
	int rows = screen->rows < ROWS ? screen->rows : ROWS;
	const struct watched **list;
	struct parts parts;
	size_t count;

	list = all(screen, &count);
	watch_counts(screen->set, screen->columns, out);
	rows -= 2 + print_notice(screen->set, screen->columns, out);
	parts = share(rows, screen->set->count, count,
		      screen->chosen ? lines_of(ladder) + 1 : 0);
	print_list(screen, list, count, &parts, now, out);
	if (parts.ladder > 1)
		print_ladder(screen, ladder, parts.ladder, now, out);
	print_help(screen, out);
	free(list);
	free(ladder);
}
