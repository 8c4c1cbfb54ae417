// SPDX-License-Identifier: GPL-2.0-only
/*
 * Logs of real closes as pcapng. Read back they are the same, and tshark reads
 * them without a complaint and finds the retransmissions that the ladder has.
 * TSHARK=required fails where there is no tshark.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "closes.h"
#include "log.h"
#include "log_file.h"
#include "pcapng.h"
#include "printed.h"

enum { VIEWS = 400, FRAMES = 20000 };

static int cases, failures;
static char name[40] = "/tmp/finject-pcapng-XXXXXX";

/* What a frame of the file must be. */
static struct expected {
	bool asked;
	bool again;
	char from[160];
} expected[FRAMES];

static size_t frames;

static void is(bool good, const char *what, const char *of)
{
	cases++;
	if (good)
		return;
	failures++;
	printf("pcapng: %s: %s\n", of, what);
}

static void save(const struct log *log)
{
	FILE *out = fopen(name, "w");
	struct pcapng pcapng;

	pcapng_begin(&pcapng, out);
	for (size_t i = 0; i < log->count; i++)
		pcapng_add(&pcapng, log, i);
	pcapng_end(&pcapng);
	fclose(out);
}

/* Sorted both, since records that are no packets come with the next one. */
static void round_trip(const struct log *log, const char *file)
{
	struct log again = { 0 };
	char *text = printed(log), *other;

	save(log);
	is(!log_file(&again, name), "is read back", file);
	other = printed(&again);
	is(!strcmp(text, other), "is the same read back", file);
	free(text);
	free(other);
	log_free(&again);
}

/* Every view of a log is a connection of its own. */
static void move(char *endpoint, unsigned int view, const char *local)
{
	char moved[ENDPOINT];
	const char *port = strrchr(endpoint, ':');
	int end = strcmp(endpoint, local) ? 2 : 1;

	snprintf(moved, sizeof(moved),
		 view % 2 ? "[2001:db8::%x:%d]%s" : "10.%u.0.%d%s", view, end,
		 port);
	memcpy(endpoint, moved, sizeof(moved));
}

static bool is_border(const struct event *event)
{
	return event->hook == HOOK_PRE_ROUTING ||
	       event->hook == HOOK_POST_ROUTING;
}

/* Was it overtaken by a segment that begins behind it? That came out of order. */
static bool is_overtaken(const struct log *log, size_t at)
{
	const struct event *event = &log->event[at];

	for (size_t i = 0; i < at; i++) {
		const struct event *old = &log->event[i];

		if (event_is_segment(old) && is_border(old) &&
		    !strcmp(event_local(old), event_local(event)) &&
		    !strcmp(old->src, event->src) &&
		    !strchr(old->flags, 'R') &&
		    (s32)(old->seq - event->seq) > 0)
			return true;
	}
	return false;
}

/* The first time, or once more, by the number that the kernel gave it. */
static void expect(const struct log *log, size_t at, const char *file)
{
	const struct event *event = &log->event[at];
	const char *seg = strstr(event->seg, "fin"), *nth = event->nth;
	struct expected *frame = &expected[frames++];

	snprintf(frame->from, sizeof(frame->from), "%s, %s #%s", file,
		 event->seg, event->nth);
	if (event->kind != EVENT_SEGMENT || !seg)
		return;
	for (const char *c = event->seg; c < seg; c++)
		if (*c == ',')
			nth = strchr(nth, ',') + 1;
	frame->asked = true;
	frame->again = atoi(nth) > 1 || is_overtaken(log, at);
}

static bool is_packet(const struct event *event)
{
	return event->kind == EVENT_SEGMENT ||
	       (event->kind == EVENT_OUTCOME &&
		event_verdict(event) == VERDICT_RELEASED);
}

/* All that one namespace saw at its border. */
static void add_view(struct pcapng *pcapng, const struct log *log,
		     const char *local, unsigned int view, const char *file)
{
	for (size_t i = 0; i < log->count; i++) {
		struct event event = log->event[i];
		const char *here = event_local(&event);
		const struct log one = { .event = &event, .count = 1 };

		if (!event_is_segment(&event) || !here ||
		    strcmp(here, local) || !is_border(&event))
			continue;
		if (is_packet(&event))
			expect(log, i, file);
		move(event.src, view, local);
		move(event.dst, view, local);
		pcapng_add(pcapng, &one, 0);
	}
}

static void add_views(struct pcapng *pcapng, struct log *log,
		      unsigned int *view, const char *file)
{
	struct closes closes;

	closes_split(&closes, log);
	if (closes.count == 1)
		for (size_t i = 0; i < closes.close[0].ends; i++)
			add_view(pcapng, log, closes.close[0].end[i].name,
				 ++*view, file);
	closes_free(&closes);
}

static bool is_log(struct log *log, const char *file)
{
	memset(log, 0, sizeof(*log));
	return !log_file(log, file) && log->count;
}

static void each_log(glob_t *found)
{
	FILE *out;
	struct pcapng pcapng;
	unsigned int view = 0;
	struct log log;

	for (size_t i = 0; i < found->gl_pathc; i++)
		if (is_log(&log, found->gl_pathv[i])) {
			round_trip(&log, found->gl_pathv[i]);
			log_free(&log);
		}
	out = fopen(name, "w");
	pcapng_begin(&pcapng, out);
	for (size_t i = 0; i < found->gl_pathc && view < VIEWS; i++)
		if (is_log(&log, found->gl_pathv[i])) {
			add_views(&pcapng, &log, &view, found->gl_pathv[i]);
			log_free(&log);
		}
	pcapng_end(&pcapng);
	fclose(out);
	is(view > 40, "has views", "all logs");
}

static bool is_complaint(const char *line)
{
	return strncmp(line, "Running as user", 15);
}

/* A line of the answer: number, the four words for `again', checksums. */
static void ask(size_t number, char *line)
{
	const struct expected *frame = &expected[number - 1];
	char *word[8] = { 0 }, *rest = line;

	for (int i = 0; i < 8; i++)
		word[i] = strsep(&rest, "|");
	is(word[7] && !*word[7], "is malformed", frame->from);
	is(word[7] && strcmp(word[5], "0") && strcmp(word[6], "0"),
	   "has a wrong checksum", frame->from);
	if (frame->asked && word[7])
		is(frame->again == (*word[1] || *word[2] || *word[3] ||
				    *word[4]),
		   frame->again ? "is not sent again, says tshark" :
				  "is sent again, says tshark", frame->from);
}

static void ask_tshark(void)
{
	size_t answers = 0;
	char line[400], command[600];
	FILE *in;

	snprintf(command, sizeof(command),
		 "tshark -r %s -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -T fields -E separator='|' -e frame.number -e tcp.analysis.retransmission -e tcp.analysis.fast_retransmission -e tcp.analysis.spurious_retransmission -e tcp.analysis.out_of_order -e ip.checksum.status -e tcp.checksum.status -e _ws.malformed 2>&1",
		 name);
	in = popen(command, "r");
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if (!is_complaint(line))
			continue;
		is(strtoul(line, NULL, 10) == answers + 1, "complains", line);
		if (answers < frames)
			ask(++answers, line);
	}
	is(!pclose(in), "ends well", "tshark");
	is(answers == frames, "has all frames", "tshark");
}

int main(void)
{
	const char *required = getenv("TSHARK");
	bool there = !system("command -v tshark >/dev/null");
	glob_t found;

	close(mkstemp(name));
	glob("tests/check/*.log", 0, NULL, &found);
	glob("tests/ladder/*.log", GLOB_APPEND, NULL, &found);
	each_log(&found);
	globfree(&found);
	if (there)
		ask_tshark();
	is(there || !required, "is not there", "tshark");
	unlink(name);
	if (!there)
		puts("pcapng: without tshark, which is not there");
	printf("pcapng: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
