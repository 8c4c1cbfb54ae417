// SPDX-License-Identifier: GPL-2.0-only
/*
 * libpcap reads the packets of pcapng, but neither comments nor interfaces.
 */
#include <byteswap.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "pcapng_format.h"
#include "pcapng_read.h"

/* As long as one that libpcap takes. */
enum { LONGEST = 16 * 1024 * 1024 };

/**
 * struct block - one block of a file
 * @in: the file
 * @swapped: its section is of a machine of the other byte order
 * @type: of the block
 * @length: of the block, with its head
 * @byte: the block
 * @room: number of bytes that fit
 */
struct block {
	FILE *in;
	bool swapped;
	u32 type;
	u32 length;
	u8 *byte;
	u32 room;
};

static u32 number32(const struct block *block, u32 at)
{
	u32 number;

	memcpy(&number, block->byte + at, sizeof(number));
	return block->swapped ? bswap_32(number) : number;
}

static u16 number16(const struct block *block, u32 at)
{
	u16 number;

	memcpy(&number, block->byte + at, sizeof(number));
	return block->swapped ? bswap_16(number) : number;
}

static void make_room(struct block *block, u32 size)
{
	if (size <= block->room)
		return;
	block->room = size;
	block->byte = realloc(block->byte, size);
	if (!block->byte)
		abort();
}

/* The order of bytes stands behind the length, in a section's first block. */
static bool read_order(struct block *block)
{
	const u32 at = PCAPNG_HEAD;

	if (fread(block->byte + at, 4, 1, block->in) != 1)
		return false;
	block->swapped = false;
	block->swapped = number32(block, at) != PCAPNG_ORDER;
	return number32(block, at) == PCAPNG_ORDER;
}

/* Return: false at the end, or where this is no pcapng any more. */
static bool block_read(struct block *block)
{
	u32 have = PCAPNG_HEAD;

	make_room(block, 64);
	if (fread(block->byte, have, 1, block->in) != 1)
		return false;
	block->type = number32(block, 0);
	if (block->type == PCAPNG_SECTION) {
		if (!read_order(block))
			return false;
		have += 4;
	}
	block->length = number32(block, 4);
	if (block->length < have + PCAPNG_TAIL || block->length % 4 ||
	    block->length > LONGEST)
		return false;
	make_room(block, block->length);
	return fread(block->byte + have, block->length - have, 1,
		     block->in) == 1;
}

/* Return: where the options begin, 0 when the block has none. */
static u32 options_of(const struct block *block)
{
	u32 caught;

	if (block->type == PCAPNG_STATISTICS)
		return PCAPNG_STATISTICS_HEAD;
	if (block->type != PCAPNG_PACKET ||
	    block->length < PCAPNG_PACKET_HEAD + PCAPNG_TAIL)
		return 0;
	caught = number32(block, 20);
	if (caught > block->length)
		return 0;
	return PCAPNG_PACKET_HEAD + (caught + 3) / 4 * 4;
}

/* The lines of a comment that are records; others are for people. */
static void read_comment(const u8 *text, u32 size, struct log *log)
{
	char *copy = strndup((const char *)text, size), *rest = copy, *line;

	if (!copy)
		abort();
	while ((line = strsep(&rest, "\n")))
		log_line(log, line);
	free(copy);
}

static void read_comments(const struct block *block, struct log *log)
{
	u32 at = options_of(block), end = block->length - PCAPNG_TAIL;

	while (at && at + PCAPNG_OPTION_HEAD <= end) {
		u32 code = number16(block, at), size = number16(block, at + 2);

		at += PCAPNG_OPTION_HEAD;
		if (code == PCAPNG_END || size > end - at)
			return;
		if (code == PCAPNG_COMMENT)
			read_comment(block->byte + at, size, log);
		at += (size + 3) / 4 * 4;
	}
}

/**
 * pcapng_log() - read the records in the comments of a file
 * @in: the file, from its beginning
 * @log: they are added here
 *
 * Return: false when the first packet has none: this is no file that
 * pcapng_write() wrote, and the rest was not read.
 */
bool pcapng_log(FILE *in, struct log *log)
{
	struct block block = { .in = in };
	bool own = true;

	while (own && block_read(&block)) {
		read_comments(&block, log);
		own = block.type != PCAPNG_PACKET || log->count;
	}
	free(block.byte);
	return own && log->count;
}

/**
 * pcapng_interfaces() - count the interfaces that a file begins with
 * @in: the file, from its beginning
 *
 * Return: number of those that stand before the first packet.
 */
unsigned int pcapng_interfaces(FILE *in)
{
	struct block block = { .in = in };
	unsigned int count = 0;

	while (block_read(&block) && (block.type == PCAPNG_SECTION ||
				      block.type == PCAPNG_INTERFACE))
		count += block.type == PCAPNG_INTERFACE;
	free(block.byte);
	return count;
}
