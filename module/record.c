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

static char *record_octet_before(char *end, unsigned int octet)
{
	unsigned int hundreds = octet / 100;

	if (octet >= 10)
		end = finject_pair_before(end, octet - 100 * hundreds);
	else
		*--end = '0' + octet;
	if (hundreds)
		*--end = '0' + hundreds;
	return end;
}

/* Each event has two addresses at least: printf() would be half of its cost. */
static void record_put_ipv4(struct finject_text *out, const u8 *octets,
			    u16 port)
{
	char text[3 * 4 + 4 + FINJECT_DIGITS], *end = text + sizeof(text), *first;
	unsigned int i;

	first = finject_number_before(end, port);
	for (i = 4; i--;) {
		*--first = i < 3 ? '.' : ':';
		first = record_octet_before(first, octets[i]);
	}
	finject_put_bytes(out, first, end - first);
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
	u16 port = ntohs(tuple->port[end]);

	if (tuple->family == AF_INET)
		record_put_ipv4(out, (const u8 *)&tuple->addr[end].ip, port);
	else
		finject_put(out, "[%pI6c]:%u", &tuple->addr[end].in6, port);
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
	finject_put_bytes(out, "-", 1);
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

#define PUT_KEY(name)							\
do {									\
	BUILD_BUG_ON(FINJECT_KEY_##name >= FINJECT_KEYS);		\
	finject_put_bytes(out, " " #name "=", sizeof(" " #name "=") - 1);	\
	record_put_##name(out, record);					\
} while (0)

static void record_put_segment(struct finject_text *out,
			       const struct finject_record *record)
{
	PUT_KEY(flags);
	PUT_KEY(seq);
	PUT_KEY(ack);
	PUT_KEY(len);
	PUT_KEY(gen);
	PUT_KEY(rule);
	PUT_KEY(verdict);
	if (record->kind == FINJECT_RECORD_OUTCOME) {
		PUT_KEY(parked);
		PUT_KEY(copy);
	}
}

static void record_put_change(struct finject_text *out,
			      const struct finject_record *record)
{
	PUT_KEY(from);
	PUT_KEY(to);
	PUT_KEY(socket);
	PUT_KEY(cause);
}

static void record_put_keys(struct finject_text *out,
			    const struct finject_record *record)
{
	bool change = record->kind == FINJECT_RECORD_SOCKET;

	PUT_KEY(t);
	PUT_KEY(flow);
	if (!change) {
		PUT_KEY(hook);
		PUT_KEY(seg);
		PUT_KEY(nth);
	}
	PUT_KEY(src);
	PUT_KEY(dst);
	if (change)
		record_put_change(out, record);
	else
		record_put_segment(out, record);
	if (record->position.conn.family)
		PUT_KEY(conn);
	if (record->position.partial)
		PUT_KEY(partial);
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

	finject_put_string(&out, finject_record_names[record->kind]);
	record_put_keys(&out, record);
	finject_put_bytes(&out, "\n", 1);
	return out.len;
}
