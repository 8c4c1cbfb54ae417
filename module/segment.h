/* SPDX-License-Identifier: GPL-2.0-only */
/* One TCP segment at one hook, read out of its skb by value. */
#ifndef FINJECT_SEGMENT_H
#define FINJECT_SEGMENT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "stage.h"

enum { FINJECT_HOOKS = NF_INET_POST_ROUTING + 1 };

/**
 * struct finject_tuple - the key of a flow, the same from both directions
 * @addr: the two addresses, network order, the lower endpoint first
 * @port: the two ports, network order
 * @family: AF_INET or AF_INET6
 * @pad: zero, for the tuple is hashed and compared as memory
 */
struct finject_tuple {
	union nf_inet_addr addr[2];
	__be16 port[2];
	u16 family;
	u16 pad;
};

/**
 * struct finject_segment - what finject knows of one segment at one hook
 * @tuple: the key of its flow
 * @wire: sequence numbers, length and flags
 * @dir: which end of @tuple sent it: 0 or 1
 * @hook: enum nf_inet_hooks
 * @first: this is the segment's first crossing of this namespace
 * @mark: skb->mark
 * @in: incoming device or NULL
 * @out: outgoing device or NULL
 */
struct finject_segment {
	struct finject_tuple tuple;
	struct finject_wire wire;
	u8 dir;
	u8 hook;
	bool first;
	u32 mark;
	const struct net_device *in;
	const struct net_device *out;
};

/**
 * enum finject_reading - what became of reading an skb as a TCP segment
 * @FINJECT_READ: it is one
 * @FINJECT_OTHER: another protocol
 * @FINJECT_FRAGMENT: a fragment of TCP
 * @FINJECT_MALFORMED: TCP, but truncated or with an impossible data offset
 */
enum finject_reading {
	FINJECT_READ,
	FINJECT_OTHER,
	FINJECT_FRAGMENT,
	FINJECT_MALFORMED,
};

enum finject_reading finject_segment_flags(const struct sk_buff *skb, u8 pf,
					   unsigned int *thoff, u8 *flags);
enum finject_reading finject_segment_read(const struct sk_buff *skb,
					  const struct nf_hook_state *state,
					  unsigned int thoff,
					  struct finject_segment *segment);
unsigned int finject_tuple_set(struct finject_tuple *tuple, u16 family,
			       const void *saddr, __be16 sport,
			       const void *daddr, __be16 dport);

#endif /* FINJECT_SEGMENT_H */
