// SPDX-License-Identifier: GPL-2.0-only
/*
 * Captures of each link type, made here: each close comes out the same. Then
 * captures that are cut off, out of order, of several places, and of anything
 * but a close.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "closes.h"
#include "log.h"
#include "log_file.h"
#include "packets.h"
#include "printed.h"
#include "refuse.h"

enum {
	NANO = 0xa1b23c4d,
	MICRO = 0xa1b2c3d4,
};

static int cases, failures;
static char name[40] = "/tmp/finject-capture-XXXXXX";

static void is(bool good, const char *what)
{
	cases++;
	if (good)
		return;
	failures++;
	printf("capture: %s\n", what);
}

static void same(const char *got, const char *wanted, const char *what)
{
	bool good = !strcmp(got, wanted);

	is(good, what);
	if (!good)
		printf("got\n%swanted\n%s", got, wanted);
}

static void put32(FILE *out, u32 number, bool swapped)
{
	number = swapped ? __builtin_bswap32(number) : number;
	fwrite(&number, 4, 1, out);
}

static void put16(FILE *out, u16 number, bool swapped)
{
	number = swapped ? __builtin_bswap16(number) : number;
	fwrite(&number, 2, 1, out);
}

static void put_head(FILE *out, const struct form *form)
{
	put32(out, form->magic, form->swapped);
	put16(out, 2, form->swapped);
	put16(out, 4, form->swapped);
	put32(out, 0, false);
	put32(out, 0, false);
	put32(out, form->snap ? form->snap : 65535, form->swapped);
	put32(out, form->type, form->swapped);
}

static void put_packet(FILE *out, const struct form *form,
		       const struct packet *packet)
{
	u8 bytes[ROOM];
	u32 length = packet_make(bytes, form, packet), caught = length;

	if (form->snap && caught > form->snap)
		caught = form->snap;
	put32(out, packet->t / 1000000000, form->swapped);
	put32(out, form->magic == NANO ? packet->t % 1000000000 :
	      packet->t % 1000000000 / 1000, form->swapped);
	put32(out, caught, form->swapped);
	put32(out, length, form->swapped);
	fwrite(bytes, caught, 1, out);
}

static void save(const struct form *form, const struct packet *packets,
		 size_t count)
{
	FILE *out = fopen(name, "w+");

	put_head(out, form);
	for (size_t i = 0; i < count; i++)
		put_packet(out, form, &packets[i]);
	fclose(out);
}

/* What the file says, as a log. */
static char *back(struct capture_count *count)
{
	struct log log = { 0 };
	struct capture *capture = capture_open(name, &log);
	char *text;

	memset(count, 0, sizeof(*count));
	if (!capture)
		return strdup("no capture\n");
	while (capture_read(capture, &log, (size_t)-1))
		;
	*count = capture_counts(capture);
	if (capture_close(capture))
		log_free(&log);
	log_sort(&log);
	text = printed(&log);
	log_free(&log);
	return text;
}

/* A handshake, data, a FIN that is sent again, and the rest of the close. */
static const struct packet closing[] = {
	{ 1000001000, false, S, 0, 0, 0, 64, 0, 1, 40000 },
	{ 1000002000, true, S | A, 0, 1, 0, 64, 0, 0, 40000 },
	{ 1000003000, false, A, 1, 1, 0, 64, 0, 2, 40000 },
	{ 1000004000, false, P | A, 1, 1, 10, 64, 0, 3, 40000 },
	{ 1000005000, false, F | P | A, 11, 1, 5, 64, 0, 4, 40000 },
	{ 1200005000, false, F | P | A, 11, 1, 5, 64, 0, 5, 40000 },
	{ 1200006000, true, A, 1, 17, 0, 64, 0, 1, 40000 },
	{ 1300000000, true, P | A, 1, 17, 7, 64, 0, 2, 40000 },
	{ 1300001000, false, A, 17, 8, 0, 64, 0, 6, 40000 },
	{ 1400000000, true, F | A, 8, 17, 0, 64, 0, 3, 40000 },
	{ 1400002000, false, A, 17, 9, 0, 64, 0, 7, 40000 },
};

enum { CLOSING = sizeof(closing) / sizeof(*closing) };

/* What the records of that close say. */
static const struct {
	const char *t;
	const char *seg;
	const char *nth;
	bool back;
	const char *rest;
} records[] = {
	{ "1000005000", "fin1", "1", false, "FPA seq=1011 ack=9001 len=5" },
	{ "1200005000", "fin1", "2", false, "FPA seq=1011 ack=9001 len=5" },
	{ "1200006000", "ack1", "1", true, "A seq=9001 ack=1017 len=0" },
	{ "1300000000", "ack1,data", "2,1", true, "PA seq=9001 ack=1017 len=7" },
	{ "1400000000", "ack1,fin2", "3,1", true, "FA seq=9008 ack=1017 len=0" },
	{ "1400002000", "ack2", "1", false, "A seq=1017 ack=9009 len=0" },
};

static char close4[1024], close6[1024];

static void close_print(char *out, size_t size, const char *a, const char *b)
{
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
		int length = snprintf(out, size,
			"seg t=%s flow=1 hook=forward seg=%s nth=%s src=%s dst=%s flags=%s gen=0 rule=- verdict=pass\n",
			records[i].t, records[i].seg, records[i].nth,
			records[i].back ? b : a, records[i].back ? a : b,
			records[i].rest);

		out += length;
		size -= length;
	}
}

static const struct form forms[] = {
	{ "Ethernet", .type = 1 },
	{ "Ethernet, padded", .type = 1, .pad = 6 },
	{ "Ethernet, IPv6", .type = 1, .ip6 = true },
	{ "VLAN", .type = 1, .tags = 1 },
	{ "QinQ, IPv6", .type = 1, .tags = 2, .ip6 = true },
	{ "PPPoE", .type = 1, .pppoe = true },
	{ "PPPoE in VLAN, IPv6", .type = 1, .tags = 1, .pppoe = true, .ip6 = true },
	{ "cooked", .type = 113 },
	{ "cooked, VLAN, IPv6", .type = 113, .tags = 1, .ip6 = true },
	{ "cooked v2", .type = 276 },
	{ "cooked v2, IPv6", .type = 276, .ip6 = true },
	{ "raw", .type = 101 },
	{ "raw, IPv6, padded", .type = 101, .ip6 = true, .pad = 3 },
	{ "raw IPv4", .type = 228 },
	{ "raw IPv6", .type = 229, .ip6 = true },
	{ "NULL", .type = 0 },
	{ "NULL, IPv6", .type = 0, .ip6 = true },
	{ "LOOP", .type = 108 },
	{ "extension headers", .type = 101, .ip6 = true, .extension = true },
	{ "us", .type = 1, .magic = MICRO },
	{ "other byte order", .type = 1, .swapped = true },
	{ "other byte order, us", .type = 1, .swapped = true, .magic = MICRO },
	{ "snap length 54", .type = 1, .snap = 54 },
	{ "snap length 34", .type = 101, .snap = 34 },
};

static const struct form *const ethernet = &forms[0];
static const struct form *const cooked2 = &forms[9];
static const struct form *const raw_ip = &forms[11];

static struct form of(const struct form *form)
{
	struct form copy = *form;

	copy.magic = copy.magic ? copy.magic : NANO;
	return copy;
}

static void links(void)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct form form = of(&forms[i]);
		struct capture_count count;
		char *text;

		save(&form, closing, CLOSING);
		text = back(&count);
		same(text, form.ip6 ? close6 : close4, form.name);
		is(count.packets[CAPTURE_SEGMENT] == CLOSING, form.name);
		free(text);
	}
}

/* Too short for the flags: nothing is known of the segments but their number. */
static void too_short(void)
{
	struct form form = of(raw_ip);
	struct capture_count count;
	char *text;

	form.snap = 33;
	save(&form, closing, CLOSING);
	text = back(&count);
	same(text, "", "snap length 33");
	is(count.packets[CAPTURE_SHORT] == CLOSING, "all are too short");
	free(text);
}

static void unknown_link(void)
{
	struct form form = of(raw_ip);
	struct log log = { 0 };

	form.type = 195;
	save(&form, closing, CLOSING);
	is(log_file(&log, name) == USAGE && !log.count, "a link type unknown");
}

/* At every byte: what is whole is used, and there is never less of it. */
static void cut_anywhere(void)
{
	struct form form = of(raw_ip);
	struct capture_count count;
	size_t before = 0;
	long size;
	FILE *file;

	save(&form, closing, CLOSING);
	file = fopen(name, "r");
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fclose(file);
	for (long at = 24; at <= size; at++) {
		char *text;

		save(&form, closing, CLOSING);
		is(!truncate(name, at), "truncate");
		text = back(&count);
		is(!strncmp(text, close4, strlen(text)), "cut off");
		is(strlen(text) >= before, "cut off, and less");
		before = strlen(text);
		free(text);
	}
	is(before == strlen(close4), "not cut off");
}

/* Blocks of two processors: each in order, one behind the other. */
static void not_in_order(void)
{
	struct form form = of(ethernet);
	struct packet packets[CLOSING];
	struct capture_count count;
	size_t at = 0;
	char *text;

	for (size_t i = 1; i < CLOSING; i += 2)
		packets[at++] = closing[i];
	for (size_t i = 0; i < CLOSING; i += 2)
		packets[at++] = closing[i];
	save(&form, packets, CLOSING);
	text = back(&count);
	same(text, close4, "out of order");
	is(!count.late, "none is late");
	free(text);
}

/* Each packet once more, a moment later, behind a router. */
static void doubled(const struct form *of_form, u8 hops, u8 place,
		    const char *what)
{
	struct form form = of(of_form);
	struct packet packets[2 * CLOSING];
	struct capture_count count;
	char *text;

	for (size_t i = 0; i < CLOSING; i++) {
		packets[2 * i] = closing[i];
		packets[2 * i + 1] = closing[i];
		packets[2 * i + 1].t += 300;
		packets[2 * i + 1].hops = hops;
		packets[2 * i + 1].place = place;
	}
	save(&form, packets, 2 * CLOSING);
	text = back(&count);
	same(text, close4, what);
	is(count.twice == 6, what);
	free(text);
}

/* RSTs have neither identification nor time stamps. */
static void rsts_at_two_places(void)
{
	static const struct packet rsts[] = {
		{ 1000000000, false, R, 5, 0, 0, 64, 1, 0, 40000 },
		{ 1000000100, false, R, 5, 0, 0, 64, 2, 0, 40000 },
		{ 1000000200, false, R, 5, 0, 0, 64, 1, 0, 40000 },
		{ 1000000300, false, R, 5, 0, 0, 64, 2, 0, 40000 },
	};
	struct form form = of(cooked2);
	struct capture_count count;
	char *text;

	save(&form, rsts, 4);
	text = back(&count);
	is(count.twice == 2 && strstr(text, "seg=rst nth=2") &&
	   !strstr(text, "nth=3"), "two RSTs at two places");
	free(text);
}

/* A copy that the network made passes the same place as the original. */
static void duplicated(void)
{
	struct form form = of(ethernet);
	struct packet packets[CLOSING + 1];
	struct capture_count count;
	char *text;

	memcpy(packets, closing, sizeof(closing));
	packets[CLOSING] = closing[CLOSING - 2];
	packets[CLOSING].t += 100;
	save(&form, packets, CLOSING + 1);
	text = back(&count);
	is(!count.twice && strstr(text, "seg=ack1,fin2 nth=4,2"),
	   "a duplicate is one");
	free(text);
}

static void put_block(FILE *out, u32 type, const void *body, u32 size)
{
	u32 length = 12 + (size + 3) / 4 * 4;
	static const u8 zero[4];

	put32(out, type, false);
	put32(out, length, false);
	fwrite(body, size, 1, out);
	fwrite(zero, length - 12 - size, 1, out);
	put32(out, length, false);
}

/* Two ports of a bridge: the same bytes at both. */
static void save_pcapng(const struct packet *packets, size_t count,
			unsigned int interfaces)
{
	static const struct {
		u32 order;
		u16 major, minor;
		u32 length[2];
	} section = { 0x1a2b3c4d, 1, 0, { ~0u, ~0u } };
	static const struct {
		u16 type, unused;
		u32 snap;
		u16 option, length;
		u8 value[4];
		u16 end[2];
	} interface = { .type = 1, .option = 9, .length = 1, .value = { 9 } };
	FILE *out = fopen(name, "w");
	struct form form = of(ethernet);

	put_block(out, 0x0a0d0d0a, &section, sizeof(section));
	for (unsigned int i = 0; i < interfaces; i++)
		put_block(out, 1, &interface, sizeof(interface));
	for (size_t i = 0; i < interfaces * count; i++) {
		struct { u32 head[5]; u8 bytes[ROOM]; } block;
		const struct packet *packet = &packets[i / interfaces];
		u64 t = packet->t + i % interfaces * 100;
		u32 size = packet_make(block.bytes, &form, packet);

		block.head[0] = i % interfaces;
		block.head[1] = t >> 32;
		block.head[2] = t;
		block.head[3] = size;
		block.head[4] = size;
		put_block(out, 6, &block, 20 + size);
	}
	fclose(out);
}

static void many_interfaces(void)
{
	struct capture_count count;
	char *text;

	save_pcapng(closing, CLOSING, 1);
	text = back(&count);
	same(text, close4, "pcapng");
	is(!count.twice, "pcapng of one interface");
	free(text);
	save_pcapng(closing, CLOSING, 2);
	text = back(&count);
	same(text, close4, "pcapng of two interfaces");
	is(count.twice == 6, "pcapng of two interfaces");
	free(text);
}

/* Through a pipe, and told from a log there. */
static void pipes(void)
{
	char command[200];
	char line[200] = "";
	FILE *in;

	for (int i = 0; i < 2; i++) {
		struct form form = of(ethernet);

		if (i)
			save_pcapng(closing, CLOSING, 2);
		else
			save(&form, closing, CLOSING);
		snprintf(command, sizeof(command),
			 "cat %s | %s check - 2>&1 | tail -n 1", name,
			 getenv("FINJECT") ? getenv("FINJECT") : "./finject");
		in = popen(command, "r");
		is(fgets(line, sizeof(line), in) &&
		   !strncmp(line, "1 close:", 8), "through a pipe");
		pclose(in);
	}
}

static u16 *word(u8 *bytes, size_t at)
{
	return (u16 *)(bytes + at);
}

/* The first of a fragmented packet has ports and flags, and no length. */
static void in_fragments(void)
{
	struct form form = of(raw_ip);
	struct capture_count count;
	u8 bytes[ROOM];
	FILE *out;
	char *text;

	save(&form, closing, 5);
	out = fopen(name, "a");
	for (int i = 0; i < 2; i++) {
		u32 size = packet_make(bytes, &form, &closing[9]);

		*word(bytes, 6) = htons(i ? 0x0100 : 0x2000);
		put32(out, 2, false);
		put32(out, i, false);
		put32(out, size, false);
		put32(out, size, false);
		fwrite(bytes, size, 1, out);
	}
	fclose(out);
	text = back(&count);
	is(count.packets[CAPTURE_FRAGMENT] == 2, "two fragments");
	is(strstr(text, "seg=fin1") && !strstr(text, "seg=fin2"),
	   "fragments are left out");
	free(text);
}

static size_t closes_in(const char *what, size_t wanted)
{
	struct log log = { 0 };
	struct closes closes;
	size_t count;

	is(!log_file(&log, name), what);
	closes_split(&closes, &log);
	count = closes.count;
	is(count == wanted, what);
	if (count != wanted)
		printf("%zu closes\n", count);
	closes_free(&closes);
	log_free(&log);
	return count;
}

/* The same ports again, with a SYN and other numbers, or without a SYN. */
static void reuse(bool syn)
{
	struct packet packets[2 * CLOSING];
	struct form form = of(ethernet);
	size_t count = CLOSING;

	memcpy(packets, closing, sizeof(closing));
	for (size_t i = syn ? 0 : 2; i < CLOSING; i++) {
		packets[count] = closing[i];
		packets[count].t += 2000000000;
		packets[count].seq += 500000;
		packets[count++].ack += 500000;
	}
	save(&form, packets, count);
	closes_in(syn ? "ports used again" : "ports used again, no SYN", 2);
}

/* Two aborted connections on the same ports; then an old RST after the SYN. */
static void reset_again(void)
{
	struct packet packets[] = {
		{ 1000000000, false, R | A, 11, 1, 0, 64, 0, 1, 40000 },
		{ 1000001000, false, S, 500000, 0, 0, 64, 0, 2, 40000 },
		{ 1000002000, true, S | A, 700000, 500001, 0, 64, 0, 0, 40000 },
		{ 1000003000, true, R | A, 700001, 500001, 0, 64, 0, 0, 40000 },
	};
	struct form form = of(ethernet);

	save(&form, packets, 4);
	closes_in("aborted, and aborted again", 2);
	packets[3].seq = 1;
	packets[3].flags = R;
	save(&form, packets, 4);
	closes_in("aborted, and an old RST", 1);
}

static void resets(void)
{
	static const struct packet refused[] = {
		{ 1000000000, false, S, 0, 0, 0, 64, 0, 1, 40000 },
		{ 1000001000, true, R | A, 0u - 9000, 1, 0, 64, 0, 0, 40000 },
	};
	static const struct packet aborted[] = {
		{ 1000000000, false, P | A, 1, 1, 3, 64, 0, 1, 40000 },
		{ 1000001000, true, R | A, 1, 4, 0, 64, 0, 0, 40000 },
	};
	static const struct packet malformed[] = {
		{ 1000000000, false, S | F, 0, 0, 0, 64, 0, 1, 40000 },
		{ 1000001000, false, 0, 0, 0, 0, 64, 0, 1, 40001 },
		{ 1000002000, false, S | R, 0, 0, 0, 64, 0, 1, 40002 },
	};
	struct form form = of(ethernet);

	save(&form, refused, 2);
	closes_in("a refused connection is no close", 0);
	save(&form, aborted, 2);
	closes_in("an aborted connection is one", 1);
	save(&form, malformed, 3);
	closes_in("what no stack sends is none", 0);
}

/* A sender hands its device one segment, and two parts of it come. */
static void split(void)
{
	static const struct packet parts[] = {
		{ 1000000000, false, P | A, 1, 1, 300, 64, 1, 1, 40000 },
		{ 1000001000, false, F | P | A, 301, 1, 200, 64, 1, 2, 40000 },
		{ 1000001100, false, A, 301, 1, 100, 63, 2, 2, 40000 },
		{ 1000001200, false, F | P | A, 401, 1, 100, 63, 2, 3, 40000 },
		{ 1000002000, true, A, 1, 502, 0, 64, 2, 3, 40000 },
	};
	struct form form = of(cooked2);
	struct capture_count count;
	char *text;

	save(&form, parts, 5);
	text = back(&count);
	is(count.twice == 2 && !strstr(text, "nth=2"), "parts are no others");
	free(text);
}

/* Half-close data without end: the close stays bounded, the FINs are there. */
static void endless(void)
{
	struct form form = of(raw_ip);
	struct packet packet = closing[7];
	FILE *out = fopen(name, "w+");
	struct log log = { 0 };
	bool fin = false;

	put_head(out, &form);
	for (int i = 0; i < 7; i++)
		put_packet(out, &form, &closing[i]);
	for (int i = 0; i < 20000; i++, packet.seq += 7, packet.t += 1000) {
		packet.id = i;
		put_packet(out, &form, &packet);
	}
	packet.flags |= F;
	put_packet(out, &form, &packet);
	fclose(out);
	is(!log_file(&log, name) && log.count < 5000, "a bounded close");
	for (size_t i = 0; i < log.count; i++)
		fin |= list_has(log.event[i].seg, "fin2");
	is(fin, "its second FIN");
	log_free(&log);
}

/* A close each second for an hour: those that are over are let go. */
static void streamed(void)
{
	struct form form = of(raw_ip);
	FILE *out = fopen(name, "w+");
	struct log log = { 0 };
	struct capture *capture;
	size_t most = 0, all = 0;

	put_head(out, &form);
	for (int i = 0; i < 3600; i++)
		for (int j = 0; j < CLOSING; j++) {
			struct packet packet = closing[j];

			packet.t += i * 1000000000ull;
			packet.port += i;
			put_packet(out, &form, &packet);
		}
	fclose(out);
	capture = capture_open(name, &log);
	while (capture_read(capture, &log, 600)) {
		all += log.count;
		most = log.count > most ? log.count : most;
		log_free(&log);
	}
	all += log.count;
	most = log.count > most ? log.count : most;
	is(all == 3600 * 6, "all closes of an hour");
	is(most && most < 700, "in small parts");
	is(!capture_close(capture), "closed");
	log_free(&log);
}

/* Bytes at random in the middle of packets: nothing is read that is not there. */
static void damaged(void)
{
	for (int i = 0; i < 2000; i++) {
		struct form form = of(&forms[i % (sizeof(forms) / sizeof(*forms))]);
		struct capture_count count;
		FILE *file;
		long size;

		save(&form, closing, CLOSING);
		file = fopen(name, "r+");
		fseek(file, 0, SEEK_END);
		size = ftell(file);
		for (int j = 0; j < 3; j++) {
			fseek(file, 24 + random() % (size - 24), SEEK_SET);
			fputc(random(), file);
		}
		fclose(file);
		free(back(&count));
	}
	cases += 2000;
}

int main(void)
{
	close_print(close4, sizeof(close4), "192.0.2.1:40000", "192.0.2.2:80");
	close_print(close6, sizeof(close6), "[2001:db8::1]:40000",
		    "[2001:db8::2]:80");
	close(mkstemp(name));
	/* notes about what was left out */
	if (!freopen("/dev/null", "w", stderr))
		return 1;
	links();
	too_short();
	unknown_link();
	cut_anywhere();
	not_in_order();
	doubled(ethernet, 63, 7, "both sides of a router");
	doubled(cooked2, 64, 7, "two interfaces in one file");
	doubled(raw_ip, 63, 0, "behind a router");
	rsts_at_two_places();
	duplicated();
	many_interfaces();
	pipes();
	in_fragments();
	reuse(true);
	reuse(false);
	resets();
	reset_again();
	split();
	endless();
	streamed();
	damaged();
	unlink(name);
	printf("capture: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
