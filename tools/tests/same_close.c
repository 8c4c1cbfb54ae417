// SPDX-License-Identifier: GPL-2.0-only
/*
 * same_close A.log B.log [ADDRESS]: check that two closes, each seen at one end, have the
 * same segments in the same order and with the same times between them, as far
 * as the network decides these: when a program sends data and its FIN is up to
 * the program. What a rule at that end lets through counts as come, and what it
 * drops there does not; what the end sent counts as sent. Of captures the ADDRESS is
 * that of the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "closes.h"
#include "log_file.h"

/* RTOs differ by some ms from one time to the next; 60 ms, or a tenth. */
static const u64 slack = 60000000;

struct step {
	u64 t;
	struct event event;
	bool sent;
	bool program;
};

struct story {
	struct step *step;
	size_t count;
	struct log log;
	struct event reset;
	u32 base[2];
	bool known[2];
	const char *address;
};

static void add(struct story *story, const struct event *event, bool sent)
{
	struct step *step = &story->step[story->count++];

	step->t = event->t;
	step->event = *event;
	step->sent = sent;
}

/* A RST that a rule makes here for its own end has no record. */
static void add_made(struct story *story, const struct event *event)
{
	struct event rst = *event;

	snprintf(rst.seg, sizeof(rst.seg), "rst");
	snprintf(rst.flags, sizeof(rst.flags), "R");
	rst.len = 0;
	add(story, &rst, false);
}

/* And one for the other end has, although that end would get it elsewhere. */
static bool is_made(const struct story *story, const struct event *event)
{
	const struct event *reset = &story->reset;

	return !strcmp(event->flags, "R") && reset->t &&
	       event->seq == reset->ack && event->t - reset->t < 1000000;
}

/* From that address, as 192.0.2.1:80 or [2001:db8::1]:80 has it. */
static bool is_from(const struct event *event, const char *address)
{
	const char *name = event->src + (*event->src == '[');
	size_t length = strlen(address);

	return !strncmp(name, address, length) && strchr("]:", name[length]);
}

static void take(struct story *story, const struct event *event)
{
	enum verdict verdict = event_verdict(event);

	if (event->hook == HOOK_FORWARD && story->address)
		add(story, event, is_from(event, story->address));
	if (event->kind == EVENT_SEGMENT && event->hook == HOOK_POST_ROUTING &&
	    !is_made(story, event))
		add(story, event, true);
	if (event->hook != HOOK_PRE_ROUTING)
		return;
	if (event->kind == EVENT_SEGMENT && verdict == VERDICT_RESET) {
		add_made(story, event);
		story->reset = *event;
	} else if (verdict == VERDICT_PASS || verdict == VERDICT_DUPLICATE ||
		   verdict == VERDICT_RELEASED) {
		add(story, event, false);
	}
}

static void mark_programs(struct story *story)
{
	bool fin[2] = { false, false };

	for (size_t i = 0; i < story->count; i++) {
		struct step *step = &story->step[i];
		const char *flags = step->event.flags;

		step->program = step->event.len || !i;
		if (!strchr(flags, 'F') || strchr(flags, 'R'))
			continue;
		step->program |= !fin[step->sent];
		fin[step->sent] = true;
	}
}

static void find_bases(struct story *story)
{
	for (size_t i = 0; i < story->count; i++) {
		const struct step *step = &story->step[i];

		if (!story->known[step->sent])
			story->base[step->sent] = step->event.seq;
		story->known[step->sent] = true;
		if (!story->known[!step->sent] &&
		    strchr(step->event.flags, 'A')) {
			story->base[!step->sent] = step->event.ack;
			story->known[!step->sent] = true;
		}
	}
}

static void text_of(const struct story *story, size_t i, char *text,
		    size_t size)
{
	const struct step *step;
	u32 ack;

	if (i >= story->count) {
		snprintf(text, size, "nothing");
		return;
	}
	step = &story->step[i];
	ack = step->event.ack - story->base[!step->sent];
	snprintf(text, size, "%s %s %s seq=%d ack=%d len=%llu",
		 step->sent ? "sent" : "came", step->event.seg,
		 step->event.flags,
		 (s32)((u32)step->event.seq - story->base[step->sent]),
		 strchr(step->event.flags, 'A') ? (s32)ack : 0,
		 step->event.len);
}

static bool is_time(const struct story *a, const struct story *b, size_t i)
{
	u64 x = i ? a->step[i].t - a->step[i - 1].t : 0;
	u64 y = i ? b->step[i].t - b->step[i - 1].t : 0;
	u64 apart = x > y ? x - y : y - x;

	return a->step[i].program || apart <= slack || apart <= x / 10;
}

static int compare(const struct story *a, const struct story *b)
{
	size_t count = a->count > b->count ? a->count : b->count;
	int wrong = 0;

	for (size_t i = 0; i < count && !wrong; i++) {
		char x[160], y[160];

		text_of(a, i, x, sizeof(x));
		text_of(b, i, y, sizeof(y));
		wrong = strcmp(x, y) || !is_time(a, b, i);
		if (wrong)
			printf("segment %zu: %s, %.3f s; %s, %.3f s\n", i + 1,
			       x, i < a->count ?
			       log_seconds(a->step[i].t, a->step[0].t) : 0,
			       y, i < b->count ?
			       log_seconds(b->step[i].t, b->step[0].t) : 0);
	}
	return wrong;
}

static int read_story(struct story *story, const char *name,
		      const char *address)
{
	story->address = address;
	if (log_file(&story->log, name))
		return 2;
	story->step = calloc(story->log.count + 1, sizeof(*story->step));
	if (!story->step)
		abort();
	for (size_t i = 0; i < story->log.count; i++)
		take(story, &story->log.event[i]);
	mark_programs(story);
	find_bases(story);
	return 0;
}

int main(int argc, char **argv)
{
	struct story story[2] = { 0 };
	int status = argc < 3 ? 2 : read_story(&story[0], argv[1], argv[3]);

	if (!status)
		status = read_story(&story[1], argv[2],
				    argc > 3 ? argv[3] : NULL);
	if (!status)
		status = compare(&story[0], &story[1]);
	for (int i = 0; i < 2; i++) {
		free(story[i].step);
		log_free(&story[i].log);
	}
	return status;
}
