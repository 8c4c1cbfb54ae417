/* SPDX-License-Identifier: GPL-2.0-only */
/* What a rule does to the segment it fires on. */
#ifndef FINJECT_ACTION_H
#define FINJECT_ACTION_H

#include "net.h"

/**
 * struct finject_hook_state - one classified segment at one hook
 * @fnet: the namespace
 * @skb: the segment; another one once it was split off a GSO skb
 * @whole: the GSO skb that it was split off, or NULL
 * @data: the segments that go before it, linked by skb->next
 * @many: @skb is a GSO skb of more than one wire segment; it is judged by the
 *	last of them, which has the FIN
 * @all: what the skb says of all of them
 * @state: of the hook
 * @ops: finject's own entry there
 * @segment: what the skb says
 * @position: its place in its flow
 * @now: ktime of the judgement, ns
 * @generation: of the rule set that judged
 * @rule: that fired, or NULL
 * @dice: its dice
 * @rcv_nxt: what the segment's receiver expects next
 * @verdict: enum finject_verdict
 * @parked: the entry made for delay= and hold=
 * @rst_receiver: the RST made for reset=, or NULL
 * @rst_sender: the same
 */
struct finject_hook_state {
	struct finject_net *fnet;
	struct sk_buff *skb;
	struct sk_buff *whole;
	struct sk_buff *data;
	bool many;
	struct finject_wire all;
	const struct nf_hook_state *state;
	const struct nf_hook_ops *ops;
	struct finject_segment segment;
	struct finject_position position;
	u64 now;
	u64 generation;
	struct finject_rule *rule;
	struct finject_dice_input dice;
	u32 rcv_nxt;
	enum finject_verdict verdict;
	struct finject_parked *parked;
	struct sk_buff *rst_receiver;
	struct sk_buff *rst_sender;
};

void finject_action_prepare(struct finject_hook_state *hs);
bool finject_action_commit(struct finject_hook_state *hs);

#endif /* FINJECT_ACTION_H */
