/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule language: one line of text to a command, a rule back to its text.
 * Pure: sees no skb, no lock, no table; allocates nothing.
 */
#ifndef FINJECT_PARSE_H
#define FINJECT_PARSE_H

#include "schedule.h"
#include "stage.h"

enum {
	FINJECT_TAG_MAX = 32,		/* bytes of a tag, its NUL counted */
	FINJECT_IFNAME_MAX = 16,	/* IFNAMSIZ */
	FINJECT_LINE_MAX = 1024,	/* bytes of one line of rule text */
	FINJECT_REASON_MAX = 160,
	FINJECT_NTH_MAX = 65535,	/* where the per-flow counts stop */
	FINJECT_COPIES_MAX = 1024,	/* duplicate=N */
};

#define FINJECT_HOLD_MAX_DEFAULT (60ULL * 1000000000ULL)

/* by= */
enum finject_by {
	FINJECT_BY_ANY,
	FINJECT_BY_ACTIVE,
	FINJECT_BY_PASSIVE,
};

/* dir= and hook=: the place of a rule, one of these. The five hooks stand in
 * the order and with the values of enum nf_inet_hooks, from FINJECT_AT_HOOK.
 */
enum finject_at {
	FINJECT_AT_FIRST,	/* left out: a segment's first crossing */
	FINJECT_AT_IN,		/* dir=in */
	FINJECT_AT_OUT,		/* dir=out */
	FINJECT_AT_HOOK,	/* hook=prerouting, + 1 input, 2 forward ... */
	FINJECT_AT_END = FINJECT_AT_HOOK + 5,
};

enum finject_action {
	FINJECT_PASS,
	FINJECT_DROP,
	FINJECT_DELAY,
	FINJECT_DUPLICATE,
	FINJECT_HOLD,
	FINJECT_RESET,
	FINJECT_ACTIONS,
};

/* reset= */
enum {
	FINJECT_RESET_SENDER = 1,
	FINJECT_RESET_RECEIVER = 2,
};

/**
 * struct finject_cidr - an address and how much of it counts
 * @family: AF_INET or AF_INET6; 0 where the key was left out
 * @len: prefix length in bits
 * @addr: network order, an IPv4 address in its first four bytes; bits beyond
 *	@len are zero
 */
struct finject_cidr {
	u16 family;
	u8 len;
	u8 addr[16];
};

/**
 * struct finject_range - an inclusive range
 * @min: first
 * @max: last; @min = @max = 0 where the key was left out
 */
struct finject_range {
	u16 min;
	u16 max;
};

/**
 * struct finject_spec - what one rule says
 * @id: its number, from 1; 0 until it is given one
 * @seg: bitmask of classes
 * @pure: nothing else may ride on the segment
 * @nth: range of nth; 0-0 for any
 * @by: who sent it
 * @simultaneous: only flows marked so
 * @at: where it judges
 * @family: AF_INET, AF_INET6 or 0 for both
 * @src: CIDR of the sender; @dst of the receiver; @addr of either
 * @dst: see @src
 * @addr: see @src
 * @sport: port range of the sender; @dport of the receiver; @port of either
 * @dport: see @sport
 * @port: see @sport
 * @iif: incoming device, "" for any
 * @oif: outgoing device, "" for any
 * @mark: value of skb->mark under @mark_mask
 * @mark_mask: which bits count; 0 for no match on the mark
 * @has_mark: mark= was given
 * @action: what it does
 * @delay: ns, of delay=
 * @jitter: ns
 * @dist: distribution of @jitter
 * @copies: of duplicate=
 * @gap: ns between copies
 * @hold: tag of hold=, "" without
 * @gather: release when that many are parked under @hold; 0 for never
 * @max: ns, the longest a segment is held
 * @reset: FINJECT_RESET_* bits
 * @release: tag of release=, "" without
 * @schedule: when it fires
 * @has_seed: seed= was given, or drawn since
 * @seed: of its dice
 * @timeout: ns after which it removes itself; 0 for never
 */
struct finject_spec {
	u32 id;
	u8 seg;
	bool pure;
	struct finject_range nth;
	enum finject_by by;
	bool simultaneous;
	enum finject_at at;
	u16 family;
	struct finject_cidr src, dst, addr;
	struct finject_range sport, dport, port;
	char iif[FINJECT_IFNAME_MAX];
	char oif[FINJECT_IFNAME_MAX];
	bool has_mark;
	u32 mark, mark_mask;
	enum finject_action action;
	u64 delay, jitter;
	enum finject_dist dist;
	u32 copies;
	u64 gap;
	char hold[FINJECT_TAG_MAX];
	u32 gather;
	u64 max;
	u8 reset;
	char release[FINJECT_TAG_MAX];
	struct finject_schedule schedule;
	bool has_seed;
	u64 seed;
	u64 timeout;
};

enum finject_verb {
	FINJECT_NOTHING,	/* blank line or comment */
	FINJECT_ADD,
	FINJECT_DEL,
	FINJECT_FLUSH,
	FINJECT_LEASE,
};

/**
 * struct finject_command - one line of rule text, understood
 * @verb: what to do
 * @id: the rule of `del id=N`
 * @spec: the rule of `add`
 */
struct finject_command {
	enum finject_verb verb;
	u32 id;
	struct finject_spec spec;
};

/**
 * struct finject_error - why a line was refused
 * @column: offset of the offending word in the line, bytes from 0
 * @width: length of that word, at least 1
 * @reason: one sentence that names the word, no newline
 */
struct finject_error {
	unsigned int column;
	unsigned int width;
	char reason[FINJECT_REASON_MAX];
};

int finject_parse_line(const char *line, size_t len,
		       struct finject_command *cmd, struct finject_error *err);
int finject_spec_print(const struct finject_spec *spec, char *buf, size_t size);
bool finject_spec_dices(const struct finject_spec *spec);
int finject_parse_time(const char *word, size_t len, u64 *nsec);
int finject_parse_tag(const char *word, size_t len, char tag[FINJECT_TAG_MAX]);

#endif /* FINJECT_PARSE_H */
