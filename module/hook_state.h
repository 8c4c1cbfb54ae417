/* SPDX-License-Identifier: GPL-2.0-only */
/* A classified segment at a hook, until its verdict is carried out. */
#ifndef FINJECT_HOOK_STATE_H
#define FINJECT_HOOK_STATE_H

#include "flow.h"

struct finject_net;
struct finject_parked;
struct finject_rule;

/**
 * struct finject_hook_state - one classified segment at one hook
 * @fnet: the namespace
 * @skb: the segment; another skb once it was split off a GSO skb
 * @whole: the GSO skb that it was split off, or NULL
 * @data: the segments that precede it, linked by skb->next
 * @many: @skb is a GSO skb of more than one wire segment; it is judged by the
 *	last of them, which has the FIN
 * @all: the whole GSO skb as one segment
 * @state: state of the hook
 * @ops: finject's own entry there
 * @segment: the segment as read from the skb
 * @entered: finject_tuple_entered() before the look-up of its tuple
 * @flow: its flow, locked until the verdict is settled
 * @misplaced: finject_flow_place() is due for @flow, which was judged under its
 *	own lock alone
 * @position: position in its flow
 * @now: ktime of the judgement, ns
 * @generation: generation of the rule set that judged
 * @rule: rule that fired, or NULL
 * @dice: input of the rule's dice
 * @action: action that is carried out
 * @verdict: verdict that is recorded
 * @parked: entry made for delay= and hold=
 * @rst_receiver: RST to the receiver made for reset=, or NULL
 * @rst_sender: RST to the sender made for reset=, or NULL
 *
 * @data, @ops, @dice, @action, @parked and the RSTs are set once a rule fired.
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
	unsigned long entered;
	struct finject_flow *flow;
	bool misplaced;
	struct finject_position position;
	u64 now;
	u64 generation;
	struct finject_rule *rule;
	struct finject_dice_input dice;
	enum finject_action action;
	enum finject_verdict verdict;
	struct finject_parked *parked;
	struct sk_buff *rst_receiver;
	struct sk_buff *rst_sender;
};

#endif /* FINJECT_HOOK_STATE_H */
