/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of rule text as a structure.
 * Pure.
 */
#ifndef FINJECT_LANG_SPEC_H
#define FINJECT_LANG_SPEC_H

#include "names.h"
#include "schedule.h"

enum {
	FINJECT_TAG_MAX = 32,		/* bytes of a tag, its NUL counted */
	FINJECT_IFNAME_MAX = 16,	/* IFNAMSIZ */
	FINJECT_LINE_MAX = 1024,	/* bytes of one line of rule text */
	FINJECT_REASON_MAX = 192,
	FINJECT_NTH_MAX = 65535,	/* where the per-flow counts stop */
	FINJECT_PORTS_MAX = 8,		/* ports and ranges in one list */
};

#define FINJECT_HOLD_MAX_DEFAULT (60ULL * 1000000000ULL)

/* by= */
#define FINJECT_ENUM(id, word)	FINJECT_BY_##id,
enum finject_by {
	FINJECT_BY_ANY,
	FINJECT_BY_LIST(FINJECT_ENUM)
};

#undef FINJECT_ENUM

/* per= */
#define FINJECT_ENUM(id, word)	FINJECT_PER_##id,
enum finject_per {
	FINJECT_PER_RULE,
	FINJECT_PER_LIST(FINJECT_ENUM)
};

#undef FINJECT_ENUM

/*
 * dir= and hook=: the hook at which a rule judges, one of these. The hooks have
 * the order and the values of enum nf_inet_hooks, from FINJECT_AT_HOOK.
 */
enum finject_at {
	FINJECT_AT_FIRST,	/* left out: the first hook of a segment */
	FINJECT_AT_IN,		/* dir=in */
	FINJECT_AT_OUT,		/* dir=out */
	FINJECT_AT_HOOK,	/* hook=prerouting, + 1 input, 2 forward ... */
	FINJECT_AT_END = FINJECT_AT_HOOK + FINJECT_HOOKS,
};

/* reset= */
enum {
	FINJECT_RESET_SENDER = 1,
	FINJECT_RESET_RECEIVER = 2,
	FINJECT_RESET_BOTH = FINJECT_RESET_SENDER | FINJECT_RESET_RECEIVER,
};

/**
 * struct finject_cidr - an address and its prefix length
 * @family: AF_INET or AF_INET6; 0 where the word was left out
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
 * @min: first value
 * @max: last value; @min = @max = 0 where the word was left out
 */
struct finject_range {
	u16 min;
	u16 max;
};

/**
 * struct finject_ports - a list of ports and ranges of ports
 * @range: the ranges as they were given, filled up with empty ones; a single
 *	port is a range of one. All are empty where the word was left out
 */
struct finject_ports {
	struct finject_range range[FINJECT_PORTS_MAX];
};

/**
 * struct finject_mark - a value and a mask of its bits
 * @value: no bits outside @mask
 * @mask: 0 where the word was left out
 */
struct finject_mark {
	u32 value;
	u32 mask;
};

/**
 * struct finject_seed - a seed of dice
 * @value: the seed
 * @given: the rule named the seed, or it was drawn since
 */
struct finject_seed {
	u64 value;
	bool given;
};

/**
 * struct finject_name - a tag or the name of a device
 * @text: NUL-terminated, filled up with zeros; "" where the word was left out
 */
struct finject_name {
	char text[FINJECT_TAG_MAX];
};

/**
 * struct finject_spec - the specification of one rule
 * @id: number of the rule, from 1; 0 until it is given one
 * @seg: bitmask of classes
 * @pure: nothing else may ride on the segment
 * @nth: range of nth
 * @by: closer that sent the segment
 * @simultaneous: match only simultaneous closes
 * @at: hook at which it judges
 * @family: AF_INET, AF_INET6 or 0 for both
 * @src: CIDR of the sender; @dst of the receiver; @addr of either
 * @dst: see @src
 * @addr: see @src
 * @sport: ports of the sender; @dport of the receiver; @port of either
 * @dport: see @sport
 * @port: see @sport
 * @iif: input device
 * @oif: output device
 * @mark: value and mask of skb->mark
 * @flow: range of the ordinal of the flow among those that matched
 * @action: the action
 * @delay: ns, of delay=
 * @jitter: ns
 * @dist: distribution of @jitter
 * @copies: number of copies of duplicate=
 * @gap: ns between copies
 * @hold: tag of hold=
 * @gather: release when that many are parked under @hold; 0 for never
 * @max: ns, the longest that a segment is held
 * @reset: FINJECT_RESET_* bits
 * @release: tag of release=
 * @schedule: its schedule
 * @seed: seed of its dice
 * @timeout: ns after which it removes itself; 0 for never
 */
struct finject_spec {
	u32 id;
	u16 seg;
	bool pure;
	struct finject_range nth;
	struct finject_range flow;
	enum finject_by by;
	bool simultaneous;
	enum finject_at at;
	u16 family;
	struct finject_cidr src, dst, addr;
	struct finject_ports sport, dport, port;
	struct finject_name iif, oif;
	struct finject_mark mark;
	enum finject_action action;
	u64 delay, jitter;
	enum finject_dist dist;
	u32 copies;
	u64 gap;
	struct finject_name hold;
	u32 gather;
	u64 max;
	u8 reset;
	struct finject_name release;
	struct finject_schedule schedule;
	struct finject_seed seed;
	u64 timeout;
};

/**
 * struct finject_value - the value of a word; its kind selects the member
 * @number: numbers, times (ns), chances (ppm), names in a list, classes, flags
 * @range: ranges of nth
 * @ports: lists of ports
 * @cidr: addresses
 * @mark: marks
 * @seed: seeds of dice
 * @name: tags and devices
 */
struct finject_value {
	union {
		u64 number;
		struct finject_range range;
		struct finject_ports ports;
		struct finject_cidr cidr;
		struct finject_mark mark;
		struct finject_seed seed;
		struct finject_name name;
	};
};

/* The place of each word's value: word, member of value, member of spec. */
#define FINJECT_MEMBER_LIST(X)				\
	X(ID, number, id)				\
	X(SEG, number, seg)				\
	X(PURE, number, pure)				\
	X(NTH, range, nth)				\
	X(FLOW, range, flow)				\
	X(BY, number, by)				\
	X(SIMULTANEOUS, number, simultaneous)		\
	X(DIR, number, at)				\
	X(HOOK, number, at)				\
	X(FAMILY, number, family)			\
	X(SRC, cidr, src)				\
	X(DST, cidr, dst)				\
	X(ADDR, cidr, addr)				\
	X(SPORT, ports, sport)				\
	X(DPORT, ports, dport)				\
	X(PORT, ports, port)				\
	X(IIF, name, iif)				\
	X(OIF, name, oif)				\
	X(MARK, mark, mark)				\
	X(DELAY, number, delay)				\
	X(JITTER, number, jitter)			\
	X(DIST, number, dist)				\
	X(DUPLICATE, number, copies)			\
	X(GAP, number, gap)				\
	X(HOLD, name, hold)				\
	X(GATHER, number, gather)			\
	X(MAX, number, max)				\
	X(RESET, number, reset)				\
	X(RELEASE, name, release)			\
	X(PROBABILITY, number, schedule.probability)	\
	X(INTERVAL, number, schedule.interval)		\
	X(TIMES, number, schedule.times)		\
	X(SKIP, number, schedule.skip)			\
	X(PER, number, schedule.per_flow)		\
	X(SEED, seed, seed)				\
	X(TIMEOUT, number, timeout)

/**
 * struct finject_command - one line of rule text as a command
 * @verb: the verb
 * @id: the rule of `del id=N`
 * @spec: the rule of `add`
 */
struct finject_command {
	enum finject_verb verb;
	u32 id;
	struct finject_spec spec;
};

/**
 * struct finject_error - the reason for which a line was refused
 * @column: offset of the offending word in the line, bytes from 0
 * @width: length of that word, at least 1
 * @reason: one sentence that names the word, no newline
 */
struct finject_error {
	unsigned int column;
	unsigned int width;
	char reason[FINJECT_REASON_MAX];
};

#endif /* FINJECT_LANG_SPEC_H */
