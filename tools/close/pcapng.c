// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "grow.h"
#include "pcapng.h"
#include "pcapng_format.h"
#include "pcapng_packet.h"

/**
 * struct bytes - a block in the making, but for its length
 * @text: its bytes
 * @size: their number
 * @out: writes them
 */
struct bytes {
	char *text;
	size_t size;
	FILE *out;
};

static void bytes_begin(struct bytes *bytes)
{
	bytes->out = open_memstream(&bytes->text, &bytes->size);
	if (!bytes->out)
		abort();
}

static void put16(struct bytes *bytes, u16 number)
{
	fwrite(&number, sizeof(number), 1, bytes->out);
}

static void put32(struct bytes *bytes, u32 number)
{
	fwrite(&number, sizeof(number), 1, bytes->out);
}

static void put64(struct bytes *bytes, u64 number)
{
	put32(bytes, number >> 32);
	put32(bytes, number);
}

static void put_padded(struct bytes *bytes, const void *from, size_t size)
{
	static const u8 zero[4];

	fwrite(from, 1, size, bytes->out);
	fwrite(zero, 1, -size % 4, bytes->out);
}

static void put_option(struct bytes *bytes, u16 code, const void *value,
		       u16 size)
{
	put16(bytes, code);
	put16(bytes, size);
	put_padded(bytes, value, size);
}

static void put_text(struct bytes *bytes, u16 code, const char *text)
{
	put_option(bytes, code, text, strlen(text));
}

static void bytes_write(struct bytes *bytes, u32 type, FILE *out)
{
	u32 length;

	put_option(bytes, PCAPNG_END, "", 0);
	fclose(bytes->out);
	length = PCAPNG_HEAD + bytes->size + PCAPNG_TAIL;
	fwrite(&type, sizeof(type), 1, out);
	fwrite(&length, sizeof(length), 1, out);
	fwrite(bytes->text, 1, bytes->size, out);
	fwrite(&length, sizeof(length), 1, out);
	free(bytes->text);
}

static u64 time_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/**
 * pcapng_begin() - begin a file
 * @pcapng: filled in
 * @out: the file; it stays the caller's
 */
void pcapng_begin(struct pcapng *pcapng, FILE *out)
{
	struct bytes section;

	memset(pcapng, 0, sizeof(*pcapng));
	pcapng->out = out;
	pcapng->offset = time_of(CLOCK_REALTIME) - time_of(CLOCK_MONOTONIC);
	bytes_begin(&section);
	put32(&section, PCAPNG_ORDER);
	put16(&section, 1);
	put16(&section, 0);
	put64(&section, -1);
	put_text(&section, PCAPNG_SHB_APPLICATION, "finject " FINJECT_VERSION);
	bytes_write(&section, PCAPNG_SECTION, out);
}

static void write_interface(struct pcapng *pcapng, const char *name)
{
	static const u8 nanoseconds = 9;
	struct bytes interface;

	bytes_begin(&interface);
	put16(&interface, PCAPNG_RAW);
	put16(&interface, 0);
	put32(&interface, 0);
	put_text(&interface, PCAPNG_IF_NAME, name);
	put_option(&interface, PCAPNG_IF_TSRESOL, &nanoseconds, 1);
	bytes_write(&interface, PCAPNG_INTERFACE, pcapng->out);
}

/* Return: number of the interface of that name, from 0. */
static u32 interface_of(struct pcapng *pcapng, const char *netns,
			const char *hook)
{
	char name[ENDPOINT];

	snprintf(name, sizeof(name), "%s%s%s", netns, *netns ? "." : "", hook);
	for (size_t i = 0; i < pcapng->interfaces; i++)
		if (!strcmp(pcapng->interface[i], name))
			return i;
	pcapng->interface = grow(pcapng->interface, pcapng->interfaces,
				 &pcapng->interface_room,
				 sizeof(*pcapng->interface));
	memcpy(pcapng->interface[pcapng->interfaces], name, sizeof(name));
	write_interface(pcapng, name);
	return pcapng->interfaces++;
}

static char *record_text(const struct log *log, size_t index)
{
	const struct log one = {
		.event = &log->event[index],
		.count = 1,
		.sources = log->sources,
	};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	log_print(&one, out);
	fclose(out);
	text[size - 1] = '\0';
	return text;
}

static void add_pending(struct pcapng *pcapng, char *text)
{
	pcapng->pending = grow(pcapng->pending, pcapng->pendings,
			       &pcapng->pending_room,
			       sizeof(*pcapng->pending));
	pcapng->pending[pcapng->pendings++] = text;
}

static void put_pending(struct pcapng *pcapng, struct bytes *bytes)
{
	for (size_t i = 0; i < pcapng->pendings; i++) {
		put_text(bytes, PCAPNG_COMMENT, pcapng->pending[i]);
		free(pcapng->pending[i]);
	}
	pcapng->pendings = 0;
}

/* `fin2 #1 ack1 #2, rule 3 drop`, as in a ladder. */
static void put_label(struct bytes *bytes, const struct event *event)
{
	const char *seg = event->seg, *nth = event->nth;
	char text[160];
	int used = 0, size = sizeof(text);

	while (*seg && *nth) {
		int word = strcspn(seg, ","), number = strcspn(nth, ",");

		used += snprintf(text + used, size - used, "%s%.*s #%.*s",
				 used ? " " : "", word, seg, number, nth);
		seg += word + (seg[word] == ',');
		nth += number + (nth[number] == ',');
	}
	if (event->rule)
		used += snprintf(text + used, size - used, ", rule %llu",
				 event->rule);
	if (event->rule || event_verdict(event) != VERDICT_PASS)
		used += snprintf(text + used, size - used, "%s %s",
				 event->rule ? "" : ",", event->verdict);
	if (event->kind == EVENT_OUTCOME)
		snprintf(text + used, size - used, "%s after %.3f s",
			 event->copy ? ", a copy," : "", event->parked / 1e9);
	put_text(bytes, PCAPNG_COMMENT, text);
}

static bool is_incoming(const struct event *event)
{
	return event->hook == HOOK_PRE_ROUTING || event->hook == HOOK_LOCAL_IN;
}

static void put_direction(struct bytes *bytes, const struct event *event)
{
	u32 direction = is_incoming(event) ? PCAPNG_INBOUND : PCAPNG_OUTBOUND;

	if (event->hook != HOOK_FORWARD)
		put_option(bytes, PCAPNG_EPB_FLAGS, &direction,
			   sizeof(direction));
}

/* Comments: a label, the records before it, its own. */
static void write_packet(struct pcapng *pcapng, const struct event *event,
			 u32 interface, const u8 *headers, u32 size)
{
	struct bytes packet;

	bytes_begin(&packet);
	put32(&packet, interface);
	put64(&packet, event->t + pcapng->offset);
	put32(&packet, size);
	put32(&packet, size + event->len);
	put_padded(&packet, headers, size);
	put_direction(&packet, event);
	put_label(&packet, event);
	put_pending(pcapng, &packet);
	bytes_write(&packet, PCAPNG_PACKET, pcapng->out);
}

/* What was purged left nowhere. */
static bool is_packet(const struct event *event)
{
	return event->kind == EVENT_SEGMENT ||
	       (event->kind == EVENT_OUTCOME &&
		event_verdict(event) == VERDICT_RELEASED);
}

/**
 * pcapng_add() - add a record
 * @pcapng: the file
 * @log: the log that it is in, which may know the name of its namespace
 * @index: its index there
 *
 * A segment, and one that was released later, is a packet. Other records are
 * comments of the next packet.
 */
void pcapng_add(struct pcapng *pcapng, const struct log *log, size_t index)
{
	const struct event *event = &log->event[index];
	const struct log_source *source = log_source_get(&log->sources,
							 event->source);
	u8 headers[PCAPNG_HEADERS];
	u32 size = is_packet(event) ? pcapng_headers(event, headers) : 0;

	if (event->t)
		pcapng->last = event->t;
	add_pending(pcapng, record_text(log, index));
	if (size)
		write_packet(pcapng, event,
			     interface_of(pcapng,
					  source->named ? source->name : "",
					  event_hook(event)),
			     headers, size);
}

/**
 * pcapng_flush() - write what waits for the next packet
 * @pcapng: the file
 *
 * It goes into the comments of an Interface Statistics Block, which is of no
 * packet.
 */
void pcapng_flush(struct pcapng *pcapng)
{
	struct bytes statistics;

	if (!pcapng->pendings)
		return;
	if (!pcapng->interfaces)
		interface_of(pcapng, "", "sockets");
	bytes_begin(&statistics);
	put32(&statistics, 0);
	put64(&statistics, pcapng->last + pcapng->offset);
	put_pending(pcapng, &statistics);
	bytes_write(&statistics, PCAPNG_STATISTICS, pcapng->out);
}

/**
 * pcapng_end() - end a file
 * @pcapng: the file; closing it is the caller's
 */
void pcapng_end(struct pcapng *pcapng)
{
	pcapng_flush(pcapng);
	free(pcapng->interface);
	free(pcapng->pending);
	memset(pcapng, 0, sizeof(*pcapng));
}
