// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ktime.h>

#include "hook_state.h"
#include "parked.h"
#include "rule.h"

/**
 * finject_record_segment - record the verdict on a segment
 * @record: the record
 * @hs: the segment
 */
void finject_record_segment(struct finject_record *record,
			    const struct finject_hook_state *hs)
{
	*record = (struct finject_record){
		.kind = FINJECT_RECORD_SEGMENT,
		.verdict = hs->verdict,
		.dir = hs->segment.dir,
		.hook = hs->segment.hook,
		.rule = hs->rule ? hs->rule->spec.id : 0,
		.generation = hs->generation,
		.tuple = hs->segment.tuple,
		.wire = hs->segment.wire,
		.position = hs->position,
	};
}

/**
 * finject_record_outcome - record the outcome of a parked segment
 * @record: the record
 * @parked: the segment
 * @verdict: FINJECT_VERDICT_RELEASED or FINJECT_VERDICT_PURGED
 */
void finject_record_outcome(struct finject_record *record,
			    const struct finject_parked *parked,
			    enum finject_verdict verdict)
{
	*record = (struct finject_record){
		.kind = FINJECT_RECORD_OUTCOME,
		.verdict = verdict,
		.dir = parked->dir,
		.hook = parked->resume.hook,
		.copy = parked->copy,
		.rule = parked->rule->spec.id,
		.generation = parked->generation,
		.parked = ktime_get_ns() - parked->at,
		.tuple = parked->tuple,
		.wire = parked->wire,
		.position = parked->position,
	};
}

/**
 * finject_record_nth - get the nth of each class, for a tracepoint
 * @record: the record
 * @nth: set per class, 0 for a class that the segment does not have
 */
void finject_record_nth(const struct finject_record *record,
			u16 nth[FINJECT_CLASSES])
{
	unsigned int class;

	for (class = 0; class < FINJECT_CLASSES; class++)
		nth[class] = record->position.classes & BIT(class) ?
				     record->position.nth[class] : 0;
}

/**
 * finject_record_end - get one end of a flow as a socket address
 * @record: the record
 * @end: end of its tuple, 0 or 1
 * @sockaddr: set to the address; room for a struct sockaddr_in6
 */
void finject_record_end(const struct finject_record *record, unsigned int end,
			void *sockaddr)
{
	const struct finject_tuple *tuple = &record->tuple;
	struct sockaddr_in6 *v6 = sockaddr;
	struct sockaddr_in *v4 = sockaddr;

	memset(v6, 0, sizeof(*v6));
	if (tuple->family == AF_INET) {
		v4->sin_family = AF_INET;
		v4->sin_port = tuple->port[end];
		v4->sin_addr = tuple->addr[end].in;
	} else {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = tuple->port[end];
		v6->sin6_addr = tuple->addr[end].in6;
	}
}

static char *record_octet(char *to, u8 octet)
{
	if (octet >= 100)
		*to++ = '0' + octet / 100;
	if (octet >= 10)
		*to++ = '0' + octet / 10 % 10;
	*to++ = '0' + octet % 10;
	return to;
}

/* Each event has two addresses at least: printf() would be half of its cost. */
static void record_put_ipv4(struct finject_text *out, const u8 *octets)
{
	char text[sizeof("255.255.255.255:")], *end = text;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		end = record_octet(end, octets[i]);
		*end++ = i < 3 ? '.' : ':';
	}
	finject_put_bytes(out, text, end - text);
}

/**
 * finject_put_endpoint - print address and port
 * @out: text to print to
 * @tuple: tuple of the flow
 * @end: end of @tuple, 0 or 1
 */
void finject_put_endpoint(struct finject_text *out,
			  const struct finject_tuple *tuple, unsigned int end)
{
	if (tuple->family == AF_INET)
		record_put_ipv4(out, (const u8 *)&tuple->addr[end].ip);
	else
		finject_put(out, "[%pI6c]:", &tuple->addr[end].in6);
	finject_put_number(out, ntohs(tuple->port[end]));
}

/**
 * finject_put_ends - print both ends of a connection, ADDRESS:PORT-ADDRESS:PORT
 * @out: text to print to
 * @tuple: the connection
 * @first: end of @tuple that is printed first, 0 or 1
 */
void finject_put_ends(struct finject_text *out,
		      const struct finject_tuple *tuple, unsigned int first)
{
	finject_put_endpoint(out, tuple, first);
	finject_put_string(out, "-");
	finject_put_endpoint(out, tuple, !first);
}

/* The classes of a segment, or the nth of each, with commas. */
static void record_put_list(struct finject_text *out,
			    const struct finject_position *position, bool nth)
{
	unsigned int left, class;

	for (left = position->classes; left; left &= left - 1) {
		class = __ffs(left);
		if (left != position->classes)
			finject_put_bytes(out, ",", 1);
		if (nth)
			finject_put_number(out, position->nth[class]);
		else
			finject_put_string(out, finject_class_names[class]);
	}
}

/**
 * finject_put_classes - print the classes of a segment, with commas
 * @out: text to print to
 * @position: position of the segment in its flow
 */
void finject_put_classes(struct finject_text *out,
			 const struct finject_position *position)
{
	record_put_list(out, position, false);
}

/**
 * finject_put_nth - print the nth of each class of a segment, with commas
 * @out: text to print to
 * @position: position of the segment in its flow
 */
void finject_put_nth(struct finject_text *out,
		     const struct finject_position *position)
{
	record_put_list(out, position, true);
}

/* Print the value of a key as a number, or as a string. */
#define PUT(key, how, value)						\
static void record_put_##key(struct finject_text *out,			\
			     const struct finject_record *record)	\
{									\
	finject_put_##how(out, value);					\
}

PUT(t, number, record->t)
PUT(flow, number, record->position.flow)
PUT(hook, string, finject_hook_names[record->hook])
PUT(seq, number, record->wire.seq)
PUT(ack, number, record->wire.flags & FINJECT_TCP_ACK ? record->wire.ack : 0)
PUT(len, number, record->wire.len)
PUT(gen, number, record->generation)
PUT(verdict, string, finject_verdict_names[record->verdict])
PUT(parked, number, record->parked)
PUT(copy, number, record->copy)
PUT(from, string, finject_state_name(record->from))
PUT(to, string, finject_state_name(record->to))
PUT(socket, string, finject_socket_names[record->socket])
PUT(cause, string, finject_cause_names[record->cause])
PUT(partial, number, record->position.partial)

static void record_put_seg(struct finject_text *out,
			   const struct finject_record *record)
{
	finject_put_classes(out, &record->position);
}

static void record_put_nth(struct finject_text *out,
			   const struct finject_record *record)
{
	finject_put_nth(out, &record->position);
}

static void record_put_src(struct finject_text *out,
			   const struct finject_record *record)
{
	finject_put_endpoint(out, &record->tuple, record->dir);
}

static void record_put_dst(struct finject_text *out,
			   const struct finject_record *record)
{
	finject_put_endpoint(out, &record->tuple, !record->dir);
}

/* The opener's end comes first, whoever sent the segment. */
static void record_put_conn(struct finject_text *out,
			    const struct finject_record *record)
{
	finject_put_ends(out, &record->position.conn, record->position.opener);
}

/**
 * finject_record_conn_size - get the size of what finject_record_conn() prints
 * @record: the record
 *
 * Return: bytes, the NUL counted; more than enough for any address.
 */
size_t finject_record_conn_size(const struct finject_record *record)
{
	return record->position.conn.family ?
	       2 * sizeof("[0000:0000:0000:0000:0000:0000:255.255.255.255]:65535") :
	       1;
}

/**
 * finject_record_conn - print the connection of a record, if it has another
 * @record: the record
 * @buf: set to the connection as its opener sends it, or to ""
 * @size: size of @buf, of finject_record_conn_size()
 */
void finject_record_conn(const struct finject_record *record, char *buf,
			 size_t size)
{
	struct finject_text out = { .buf = buf, .size = size };

	buf[0] = '\0';
	if (record->position.conn.family)
		record_put_conn(&out, record);
}

static void record_put_flags(struct finject_text *out,
			     const struct finject_record *record)
{
	char letters[9], *end = letters;
	unsigned int bit;

	for (bit = 0; bit < 8; bit++)
		if (record->wire.flags & BIT(bit))
			*end++ = finject_flag_letters[bit];
	*end = '\0';
	finject_put_string(out, *letters ? letters : "-");
}

static void record_put_rule(struct finject_text *out,
			    const struct finject_record *record)
{
	if (record->rule)
		finject_put_number(out, record->rule);
	else
		finject_put_string(out, "-");
}

enum {
	SEGMENT = BIT(FINJECT_RECORD_SEGMENT),
	OUTCOME = BIT(FINJECT_RECORD_OUTCOME),
	SOCKET = BIT(FINJECT_RECORD_SOCKET),
};

#define KEY(name, of)						\
	{ FINJECT_KEY_##name, (of), " " #name "=",		\
	  sizeof(" " #name "=") - 1, record_put_##name }

/*
 * In the order of a line: key, kinds of the records that have it, the text before
 * its value, and its value.
 */
static const struct {
	enum finject_key key;
	u8 kinds;
	const char *text;
	u8 len;
	void (*put)(struct finject_text *out,
		    const struct finject_record *record);
} record_keys[] = {
	KEY(t, SEGMENT | OUTCOME | SOCKET),
	KEY(flow, SEGMENT | OUTCOME | SOCKET),
	KEY(hook, SEGMENT | OUTCOME),
	KEY(seg, SEGMENT | OUTCOME),
	KEY(nth, SEGMENT | OUTCOME),
	KEY(src, SEGMENT | OUTCOME | SOCKET),
	KEY(dst, SEGMENT | OUTCOME | SOCKET),
	KEY(flags, SEGMENT | OUTCOME),
	KEY(seq, SEGMENT | OUTCOME),
	KEY(ack, SEGMENT | OUTCOME),
	KEY(len, SEGMENT | OUTCOME),
	KEY(gen, SEGMENT | OUTCOME),
	KEY(rule, SEGMENT | OUTCOME),
	KEY(verdict, SEGMENT | OUTCOME),
	KEY(parked, OUTCOME),
	KEY(copy, OUTCOME),
	KEY(from, SOCKET),
	KEY(to, SOCKET),
	KEY(socket, SOCKET),
	KEY(cause, SOCKET),
	KEY(conn, SEGMENT | OUTCOME | SOCKET),
	KEY(partial, SEGMENT | OUTCOME | SOCKET),
};

/* Some keys are there only where they say something. */
static bool record_has(const struct finject_record *record, unsigned int i)
{
	if (!(record_keys[i].kinds & BIT(record->kind)))
		return false;
	switch (record_keys[i].key) {
	case FINJECT_KEY_conn:
		return record->position.conn.family;
	case FINJECT_KEY_partial:
		return record->position.partial;
	default:
		return true;
	}
}

/**
 * finject_record_print - print a record as one line of text
 * @record: the record
 * @buf: buffer to print to, newline included
 * @size: size of @buf; 512 bytes are enough for any record
 *
 * Return: bytes written, the final NUL not counted.
 */
int finject_record_print(const struct finject_record *record, char *buf,
			 size_t size)
{
	struct finject_text out = { buf, size, 0 };
	unsigned int i;

	finject_put_string(&out, finject_record_names[record->kind]);
	for (i = 0; i < ARRAY_SIZE(record_keys); i++) {
		if (!record_has(record, i))
			continue;
		finject_put_bytes(&out, record_keys[i].text,
				  record_keys[i].len);
		record_keys[i].put(&out, record);
	}
	finject_put_string(&out, "\n");
	return out.len;
}
