/* SPDX-License-Identifier: GPL-2.0-only */
/* A connection as conntrack knows it: its two tuples, and its zone. */
#ifndef FINJECT_CONN_H
#define FINJECT_CONN_H

#include "segment.h"

#if IS_ENABLED(CONFIG_NF_CONNTRACK)
#include <net/netfilter/nf_conntrack_zones.h>
#endif

/**
 * struct finject_conn - the tuples of a connection
 * @tuple: as its opener sends it, and as the answer to that comes: conntrack's
 *	original and reply tuples
 * @opener: for each, the end that opened the connection
 * @dir: direction of the segment at hand, 0 if the opener sent it
 * @known: the above is valid; false where conntrack neither translates the
 *	connection nor puts it into a zone
 * @prior: conntrack saw the FIN of the receiver of the segment at hand, and it
 *	was the first
 * @prior_end: sequence number after that FIN
 */
struct finject_conn {
	struct finject_tuple tuple[2];
	u8 opener[2];
	u8 dir;
	bool known;
	bool prior;
	u32 prior_end;
};

#if IS_ENABLED(CONFIG_NF_CONNTRACK)
/**
 * struct finject_conn_lookup - the look-up in conntrack's table
 * @find: nf_conntrack_find_get(), NULL while nf_conntrack is not there
 * @module: nf_conntrack, NULL if it is built in
 */
struct finject_conn_lookup {
	struct nf_conntrack_tuple_hash *
	(*find)(struct net *net, const struct nf_conntrack_zone *zone,
		const struct nf_conntrack_tuple *tuple);
	struct module *module;
};

extern struct finject_conn_lookup finject_conn_lookup;

/**
 * finject_conn_any - test whether conntrack may know a segment
 * @skb: the segment
 */
static inline bool finject_conn_any(const struct sk_buff *skb)
{
	return skb_nfct(skb) || READ_ONCE(finject_conn_lookup.find);
}

/**
 * finject_conn_zone - get the conntrack zone of a segment
 * @skb: the segment
 *
 * Return: the zone; 0, the default one, also where conntrack has not seen the
 *	segment.
 */
static inline u16 finject_conn_zone(const struct sk_buff *skb)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	return ct ? nf_ct_zone_id(nf_ct_zone(ct), CTINFO2DIR(ctinfo)) : 0;
}

void finject_conn_read(struct finject_conn *conn, const struct sk_buff *skb,
		       struct net *net, const struct finject_segment *segment,
		       bool find);
void finject_conn_find(struct finject_conn *conn, struct net *net,
		       const struct finject_tuple *tuple, unsigned int sender);
int finject_conn_init(void);
void finject_conn_exit(void);
#else
static inline bool finject_conn_any(const struct sk_buff *skb)
{
	return false;
}

static inline u16 finject_conn_zone(const struct sk_buff *skb)
{
	return 0;
}

static inline void finject_conn_read(struct finject_conn *conn,
				     const struct sk_buff *skb, struct net *net,
				     const struct finject_segment *segment,
				     bool find)
{
}

static inline void finject_conn_find(struct finject_conn *conn, struct net *net,
				     const struct finject_tuple *tuple,
				     unsigned int sender)
{
}

static inline int finject_conn_init(void)
{
	return 0;
}

static inline void finject_conn_exit(void)
{
}
#endif

#endif /* FINJECT_CONN_H */
