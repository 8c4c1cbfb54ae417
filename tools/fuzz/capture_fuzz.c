// SPDX-License-Identifier: GPL-2.0-only
/*
 * Untrusted captures, behind libpcap. An input is a link type and packets: some
 * are any bytes, most are made of a few and have one byte changed. Or it is a
 * pcapng file, of which libpcap does not read the comments.
 *
 * No byte is read that was not captured: each packet is in memory of its own.
 * Every segment that is kept comes out, once, with its classes counted from 1.
 */
#include <pcap/dlt.h>

#include "capture_link.h"
#include "capture_order.h"
#include "capture_table.h"
#include "fuzz.h"
#include "log.h"
#include "packets.h"
#include "pcapng_read.h"

static const struct form forms[] = {
	{ "Ethernet", .type = 1 },
	{ "Ethernet, IPv6", .type = 1, .ip6 = true, .pad = 3 },
	{ "QinQ", .type = 1, .tags = 2 },
	{ "PPPoE, IPv6", .type = 1, .pppoe = true, .ip6 = true },
	{ "cooked", .type = DLT_LINUX_SLL },
	{ "cooked v2, IPv6", .type = 276, .ip6 = true },
	{ "NULL", .type = DLT_NULL },
	{ "raw", .type = DLT_RAW },
	{ "extensions", .type = DLT_RAW, .ip6 = true, .extension = true },
};

enum { FORMS = sizeof(forms) / sizeof(*forms) };

static u32 take_any(struct bytes *bytes, u8 *packet)
{
	u32 size = bytes_take(bytes, 1), i;

	for (i = 0; i < size; i++)
		packet[i] = bytes_take(bytes, 1);
	return size;
}

static u32 take_made(struct bytes *bytes, const struct form *form, u64 *t,
		     u8 *packet)
{
	unsigned int way = bytes_take(bytes, 1);
	struct packet made = {
		.back = way & 1,
		.port = 40000 + (way >> 1 & 3),
		.place = way >> 3 & 1,
		.hops = 64 - (way >> 4 & 1),
		.id = way >> 5,
		.flags = bytes_take(bytes, 1),
		.seq = bytes_take(bytes, 1),
		.ack = bytes_take(bytes, 1),
		.len = bytes_take(bytes, 1) & 63,
	};
	u32 size, at;

	/* forward and back, now and then beyond 2 MSL */
	*t += (bytes_take(bytes, 1) - 8) * 3000000000ull;
	size = packet_make(packet, form, &made);
	at = bytes_take(bytes, 1);
	if (at < size)
		packet[at] = bytes_take(bytes, 1);
	return size;
}

/* Cut to @caught, in memory that ends there. */
static bool read_packet(int type, const u8 *packet, u32 size, u32 caught,
			struct capture_segment *segment)
{
	struct capture_span span = { .caught = caught, .length = size };
	u8 *copy = malloc(caught + 1);
	enum capture_kind kind;

	memcpy(copy + 1, packet, caught);
	span.at = copy + 1;
	kind = capture_packet(type, span, segment);
	CLAIM(kind < CAPTURE_KINDS);
	CLAIM(kind != CAPTURE_SEGMENT || segment->wire.len <= size);
	free(copy);
	return kind == CAPTURE_SEGMENT;
}

static void claim_counted(const struct log *log)
{
	size_t i;

	for (i = 0; i < log->count; i++) {
		const struct event *event = &log->event[i];
		const char *seg = event->seg, *nth = event->nth;

		CLAIM(event_is_segment(event) && event->flow);
		CLAIM(*seg && *nth && *event->src && *event->dst);
		for (; *seg; seg += *seg == ',', nth += *nth == ',') {
			CLAIM(atoi(nth) > 0);
			seg += strcspn(seg, ",");
			nth += strcspn(nth, ",");
		}
		CLAIM(!*nth);
	}
}

static void take_waiting(struct capture_order *order,
			 struct capture_table *table)
{
	struct capture_segment segment;

	while (capture_order_take(order, &segment))
		capture_table_take(table, &segment, false);
}

static void read_pcapng(const uint8_t *data, size_t size)
{
	FILE *in = fmemopen((void *)data, size, "r");
	struct log log = { 0 };

	CLAIM(pcapng_interfaces(in) <= size / 8);
	rewind(in);
	if (pcapng_log(in, &log))
		CLAIM(log.count);
	log_free(&log);
	fclose(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	unsigned int first = bytes_take(&bytes, 1);
	const struct form *form = &forms[first % FORMS];
	struct capture_order order = { 0 };
	struct capture_table table = { 0 };
	u64 t = 1000000000000000000ull;
	struct log log = { 0 };

	if (size > 1 && first == 0x0a) {
		read_pcapng(data, size);
		return 0;
	}
	CLAIM(capture_link_known(form->type));
	table.log = &log;
	while (bytes.left) {
		unsigned int how = bytes_take(&bytes, 1);
		struct capture_segment segment;
		u8 packet[ROOM];
		u32 made = how & 0xe0 ? take_made(&bytes, form, &t, packet) :
					take_any(&bytes, packet);
		u32 caught = how & 1 ? made : how * made / 256;

		if (!read_packet(form->type, packet, made, caught, &segment))
			continue;
		segment.t = t;
		capture_order_add(&order, &segment);
		if (how & 2)
			take_waiting(&order, &table);
	}
	take_waiting(&order, &table);
	while (capture_table_drain(&table))
		;
	CLAIM(!table.count && !table.segments);
	claim_counted(&log);
	capture_table_free(&table);
	capture_order_free(&order);
	log_free(&log);
	return 0;
}
