// SPDX-License-Identifier: GPL-2.0-only
/*
 * seq->private is the struct finject_client of the open file. Long listings are
 * made a chunk at a time: a chunk is copied under the lock that guards it, then
 * printed without, and each line is printed once. So a listing costs what it
 * prints, and delays no segment for longer than a chunk takes.
 */
#include "view.h"

#include <linux/slab.h>
#include <net/net_namespace.h>

#include "client.h"
#include "lang/parse.h"
#include "stats.h"
#include "why.h"

enum {
	RULE_TEXT_MAX = 1024,
	CHUNK = 16,
};

/**
 * struct view_parked - a copy of one parked segment
 * @key: position in the tree
 * @tag: name of its tag
 * @rule: id of its rule
 * @hook: enum nf_inet_hooks
 * @tuple: key of its flow
 * @dir: end of @tuple that sent it
 * @position: position in its flow
 * @at: ktime of parking, ns
 * @bytes: memory that it takes
 * @copy: the segment was made by duplicate=
 */
struct view_parked {
	struct finject_park_key key;
	char tag[FINJECT_TAG_MAX];
	u32 rule;
	u8 hook;
	struct finject_tuple tuple;
	u8 dir;
	struct finject_position position;
	u64 at;
	u32 bytes;
	bool copy;
};

/**
 * struct view_flow - a copy of one flow
 * @flow: the flow
 * @way: conntrack's two tuples of it; the family is 0 where it has none
 */
struct view_flow {
	struct finject_flow flow;
	struct finject_tuplehash way[2];
};

/**
 * struct finject_view - the progress of a reader in a long listing
 * @pos: number of the next line
 * @count: number of entries in the current chunk
 * @next: index of the next entry in the chunk
 * @now: ktime when the listing began, ns
 * @cursor: position of the last parked segment copied
 * @flows: walk over the table of flows
 * @walking: @flows has been started
 * @rules: all rules of the set that was current, each with a reference
 * @passed: for the file why: how often the index passed each of @rules over
 * @text: text of a rule
 * @parked: chunk of parked segments
 * @flow: chunk of flows
 */
struct finject_view {
	loff_t pos;
	unsigned int count;
	unsigned int next;
	u64 now;
	struct finject_park_key cursor;
	struct rhashtable_iter flows;
	bool walking;
	struct finject_rule **rules;
	u64 *passed;
	union {
		char text[RULE_TEXT_MAX];
		struct view_parked parked[CHUNK];
		struct view_flow flow[CHUNK];
	};
};

static struct finject_client *view_client(struct seq_file *seq)
{
	return seq->private;
}

static struct finject_net *view_net(struct seq_file *seq)
{
	return view_client(seq)->fnet;
}

static struct finject_view *view_of(struct seq_file *seq)
{
	return view_client(seq)->view;
}

static void view_forget(struct finject_view *view)
{
	unsigned int i;

	if (view->walking)
		rhashtable_walk_exit(&view->flows);
	for (i = 0; view->rules && i < view->count; i++)
		finject_rule_put(view->rules[i]);
	kvfree(view->rules);
	kvfree(view->passed);
	memset(view, 0, offsetof(struct finject_view, text));
}

/**
 * finject_view_free - free a reader's listing
 * @client: the open file, which is closing
 */
void finject_view_free(struct finject_client *client)
{
	if (!client->view)
		return;
	view_forget(client->view);
	kvfree(client->view);
}

/* Begin at the beginning of a file, or where its last read ended. */
static int view_begin(struct seq_file *seq, loff_t pos)
{
	struct finject_client *client = view_client(seq);

	if (!client->view)
		client->view = kvzalloc(sizeof(*client->view),
					GFP_KERNEL_ACCOUNT);
	if (!client->view)
		return -ENOMEM;
	if (!pos) {
		view_forget(client->view);
		client->view->now = ktime_get_ns();
	}
	return WARN_ON_ONCE(pos != client->view->pos) ? -EINVAL : 0;
}

static void view_stop(struct seq_file *seq, void *v)
{
}

static int view_take_rules(struct finject_view *view,
			   struct finject_ruleset *set)
{
	view->rules = kvcalloc(set->count, sizeof(*view->rules),
			       GFP_KERNEL_ACCOUNT);
	if (!view->rules)
		return -ENOMEM;
	for (; view->count < set->count; view->count++) {
		view->rules[view->count] = set->rule[view->count];
		finject_rule_get(view->rules[view->count]);
	}
	return 0;
}

static int view_take_passed(struct finject_view *view,
			    struct finject_net *fnet,
			    struct finject_ruleset *set)
{
	view->passed = kvcalloc(set->count, sizeof(*view->passed),
				GFP_KERNEL_ACCOUNT);
	if (!view->passed)
		return -ENOMEM;
	finject_ruleset_settle(&fnet->retiring);
	finject_ruleset_passed(set, view->passed);
	return 0;
}

static int view_copy_rules(struct finject_view *view, struct finject_net *fnet,
			   bool passed)
{
	struct finject_ruleset *set;
	int err = 0;

	mutex_lock(&fnet->mutex);
	set = finject_net_rules(fnet);
	if (set && set->count) {
		err = view_take_rules(view, set);
		if (!err && passed)
			err = view_take_passed(view, fnet, set);
	}
	mutex_unlock(&fnet->mutex);
	return err;
}

static void *view_this_rule(struct finject_view *view)
{
	return view->next < view->count ? view->rules[view->next] : NULL;
}

static void *rules_start(struct seq_file *seq, loff_t *pos)
{
	int err = view_begin(seq, *pos);

	if (!err && !*pos)
		err = view_copy_rules(view_of(seq), view_net(seq), false);
	return err ? ERR_PTR(err) : view_this_rule(view_of(seq));
}

static void *rules_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next++;
	return view_this_rule(view);
}

static int rules_show(struct seq_file *seq, void *v)
{
	const struct finject_rule *rule = v;
	struct finject_view *view = view_of(seq);

	finject_spec_print(&rule->spec, view->text, sizeof(view->text));
	seq_printf(seq, "%s\n", view->text);
	return 0;
}

/* The rules as text that can be written back. */
const struct seq_operations finject_view_rules = {
	.start = rules_start,
	.next = rules_next,
	.stop = view_stop,
	.show = rules_show,
};

static void view_print_counters(struct seq_file *seq,
				const struct finject_counters *sum,
				enum finject_counter_record record)
{
	unsigned int i;

	for (i = 0; i < FINJECT_COUNTERS; i++)
		if (finject_counter_rows[i].record == record)
			seq_printf(seq, " %s=%llu", finject_counter_rows[i].key,
				   sum->count[i]);
	seq_putc(seq, '\n');
}

static void view_print_total(struct seq_file *seq, struct finject_net *fnet)
{
	struct finject_counters sum;

	finject_stats_sum(fnet, &sum);
	seq_printf(seq, "total generation=%llu", fnet->generation);
	view_print_counters(seq, &sum, FINJECT_COUNTER_total);
	seq_puts(seq, "skipped");
	view_print_counters(seq, &sum, FINJECT_COUNTER_skipped);
}

/* Collect the gauge of each table, and its bound. */
static void view_collect_gauges(struct finject_net *fnet,
				struct finject_gauge gauge[FINJECT_LIMITS],
				unsigned long max[FINJECT_LIMITS])
{
	struct finject_gauge *ring = &gauge[FINJECT_LIMIT_EVENTS];
	struct finject_events *events = &fnet->events;

	gauge[FINJECT_LIMIT_RULES] = fnet->rules_gauge;
	gauge[FINJECT_LIMIT_RULES].now = finject_net_rules(fnet) ?
		finject_net_rules(fnet)->count : 0;
	spin_lock_bh(&fnet->flows.lock);
	gauge[FINJECT_LIMIT_FLOWS] = fnet->flows.gauge;
	spin_lock(&fnet->flows.rules_lock);
	gauge[FINJECT_LIMIT_FLOW_RULES] = fnet->flows.rules;
	spin_unlock(&fnet->flows.rules_lock);
	gauge[FINJECT_LIMIT_FLOW_TUPLES] = fnet->flows.tuples.gauge;
	spin_unlock_bh(&fnet->flows.lock);
	spin_lock_bh(&fnet->park.lock);
	gauge[FINJECT_LIMIT_PARKED] = fnet->park.gauge;
	gauge[FINJECT_LIMIT_PARKED_BYTES] = fnet->park.bytes;
	spin_unlock_bh(&fnet->park.lock);
	spin_lock_irq(&events->lock);
	ring->peak = min_t(u64, events->head, events->size);
	ring->now = events->readers ? ring->peak : 0;
	ring->refused = events->lost + READ_ONCE(fnet->changes.lost);
	spin_unlock_irq(&events->lock);

	max[FINJECT_LIMIT_RULES] = finject_max_rules;
	max[FINJECT_LIMIT_FLOWS] = finject_max_flows;
	max[FINJECT_LIMIT_FLOW_RULES] = FINJECT_RULES_PER_FLOW *
					(unsigned long)finject_max_flows;
	max[FINJECT_LIMIT_FLOW_TUPLES] = FINJECT_TUPLES_PER_FLOW *
					 (unsigned long)finject_max_flows;
	max[FINJECT_LIMIT_PARKED] = finject_max_parked;
	max[FINJECT_LIMIT_PARKED_BYTES] = finject_max_parked_bytes;
	max[FINJECT_LIMIT_EVENTS] = finject_max_events;
}

static void view_print_limits(struct seq_file *seq, struct finject_net *fnet)
{
	struct finject_gauge gauge[FINJECT_LIMITS] = { };
	unsigned long max[FINJECT_LIMITS];
	unsigned int i;

	view_collect_gauges(fnet, gauge, max);
	for (i = 0; i < FINJECT_LIMITS; i++)
		seq_printf(seq,
			   "limit name=%s now=%lu peak=%lu max=%lu refused=%lu recycled=%lu\n",
			   finject_limit_names[i], gauge[i].now, gauge[i].peak,
			   max[i], gauge[i].refused, gauge[i].recycled);
}

static void view_print_author(struct seq_file *seq,
			      const struct finject_rule *rule)
{
	const struct finject_author *author = &rule->author;

	seq_printf(seq, " lease=%u pid=%d comm=%s age=%llu\n",
		   !!READ_ONCE(rule->owner), finject_author_pid(author),
		   author->comm, ktime_get_ns() - author->at);
}

static void view_print_rule(struct seq_file *seq, struct finject_rule *rule)
{
	struct finject_tally tally;
	unsigned int i;

	spin_lock_bh(&rule->lock);
	tally = rule->tally;
	spin_unlock_bh(&rule->lock);
	seq_printf(seq, "rule id=%u matched=%llu fired=%llu", rule->spec.id,
		   tally.matched, tally.fired);
	for (i = 0; i < FINJECT_ACTIONS; i++)
		seq_printf(seq, " %s=%llu", finject_action_keys[i],
			   rule->spec.action == i ? tally.fired : 0);
	view_print_author(seq, rule);
}

/* Begin a listing of one entry of its own, and one for each rule. */
static void *view_start_rules(struct seq_file *seq, loff_t pos, bool passed)
{
	int err = view_begin(seq, pos);

	if (!err && !pos)
		err = view_copy_rules(view_of(seq), view_net(seq), passed);
	if (err)
		return ERR_PTR(err);
	return pos ? view_this_rule(view_of(seq)) : SEQ_START_TOKEN;
}

static void *stats_start(struct seq_file *seq, loff_t *pos)
{
	return view_start_rules(seq, *pos, false);
}

static void *stats_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next += v != SEQ_START_TOKEN;
	return view_this_rule(view);
}

static int stats_show(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = view_net(seq);

	if (v != SEQ_START_TOKEN) {
		view_print_rule(seq, v);
		return 0;
	}
	mutex_lock(&fnet->mutex);
	view_print_total(seq, fnet);
	view_print_limits(seq, fnet);
	mutex_unlock(&fnet->mutex);
	return 0;
}

/* Totals, limits, and the counters of each rule. */
const struct seq_operations finject_view_stats = {
	.start = stats_start,
	.next = stats_next,
	.stop = view_stop,
	.show = stats_show,
};

static void *why_start(struct seq_file *seq, loff_t *pos)
{
	return view_start_rules(seq, *pos, true);
}

static int why_show(struct seq_file *seq, void *v)
{
	struct finject_view *view = view_of(seq);

	if (v == SEQ_START_TOKEN)
		finject_why_nets(seq, view_net(seq));
	else
		finject_why_rule(seq, view_net(seq), v,
				 view->passed[view->next]);
	return 0;
}

/* Where closes were seen, and which words of each rule were true. */
const struct seq_operations finject_view_why = {
	.start = why_start,
	.next = stats_next,
	.stop = view_stop,
	.show = why_show,
};

static void view_print_endpoint(struct seq_file *seq, const char *key,
				const struct finject_tuple *tuple,
				unsigned int end)
{
	char buf[64];
	struct finject_text out = { buf, sizeof(buf), 0 };

	finject_put_endpoint(&out, tuple, end);
	seq_printf(seq, " %s=%s", key, buf);
}

static void view_print_counts(struct seq_file *seq,
			      const struct finject_flow *flow,
			      unsigned int hook)
{
	const char *comma = "";
	unsigned int class;

	seq_printf(seq, " %s=", finject_hook_names[hook]);
	for (class = 0; class < FINJECT_CLASSES; class++) {
		if (!flow->count[hook][class])
			continue;
		seq_printf(seq, "%s%s:%u", comma, finject_class_names[class],
			   flow->count[hook][class]);
		comma = ",";
	}
	if (!*comma)
		seq_putc(seq, '-');
}

/* Print the tuples of a translated connection as conntrack(8) does. */
static void view_print_ways(struct seq_file *seq, const struct view_flow *view)
{
	const struct finject_tuplehash *orig = &view->way[0];
	const struct finject_tuplehash *reply = &view->way[1];
	char buf[128];
	struct finject_text out = { buf, sizeof(buf), 0 };

	if (!orig->tuple.family || !reply->tuple.family)
		return;
	finject_put_ends(&out, &orig->tuple, orig->opener);
	seq_printf(seq, " conn=%s", buf);
	out.len = 0;
	finject_put_ends(&out, &reply->tuple, !reply->opener);
	seq_printf(seq, " reply=%s", buf);
}

static void view_print_flow(struct seq_file *seq,
			    const struct view_flow *view, u64 now)
{
	const struct finject_flow *flow = &view->flow;
	bool known = flow->stage.fin_seen;
	unsigned int from = known ? flow->stage.closer : 0;
	unsigned int hook;

	seq_printf(seq, "flow id=%llu", flow->id);
	view_print_endpoint(seq, "src", &flow->tuples.hash.tuple, from);
	view_print_endpoint(seq, "dst", &flow->tuples.hash.tuple, !from);
	seq_printf(seq, " shape=%s closer=%s",
		   finject_shape_names[finject_stage_shape(&flow->stage)],
		   known ? "src" : "-");
	for (hook = 0; hook < FINJECT_HOOKS; hook++)
		view_print_counts(seq, flow, hook);
	seq_printf(seq, " age=%llu idle=%llu", now - flow->born,
		   now - flow->last);
	view_print_ways(seq, view);
	if (flow->stage.partial)
		seq_puts(seq, " partial=1");
	seq_putc(seq, '\n');
}

static void view_copy_flow(struct finject_view *view,
			   struct finject_flow *flow)
{
	struct view_flow *copy = &view->flow[view->count++];
	const struct finject_tuplehash *hash;
	unsigned int i;

	memset(copy->way, 0, sizeof(copy->way));
	spin_lock_bh(&flow->lock);
	copy->flow = *flow;
	for (i = 0; i < ARRAY_SIZE(copy->way); i++) {
		hash = finject_tuple_of(&flow->tuples, FINJECT_WAY_ORIG + i);
		if (hash)
			copy->way[i] = *hash;
	}
	spin_unlock_bh(&flow->lock);
}

/* Get the next flow of the walk; a resize of the table repeats some. */
static void *view_this_flow(struct finject_view *view)
{
	struct finject_tuplehash *hash;

	if (view->next < view->count)
		return &view->flow[view->next];
	view->count = 0;
	view->next = 0;
	rhashtable_walk_start(&view->flows);
	while (view->count < CHUNK &&
	       (hash = rhashtable_walk_next(&view->flows)))
		if (!IS_ERR(hash) && !hash->further)
			view_copy_flow(view, finject_flow_of(hash));
	rhashtable_walk_stop(&view->flows);
	return view->count ? &view->flow[0] : NULL;
}

static void *flows_start(struct seq_file *seq, loff_t *pos)
{
	struct finject_flows *flows = &view_net(seq)->flows;
	int err = view_begin(seq, *pos);

	if (err)
		return ERR_PTR(err);
	if (!*pos) {
		rhashtable_walk_enter(&flows->tuples.table,
				      &view_of(seq)->flows);
		view_of(seq)->walking = true;
	}
	return view_this_flow(view_of(seq));
}

static void *flows_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next++;
	return view_this_flow(view);
}

static int flows_show(struct seq_file *seq, void *v)
{
	const struct view_flow *view = v;

	view_print_flow(seq, view, max(ktime_get_ns(), view->flow.last));
	return 0;
}

/* The tracked closes, in no order. */
const struct seq_operations finject_view_flows = {
	.start = flows_start,
	.next = flows_next,
	.stop = view_stop,
	.show = flows_show,
};

static void view_copy_parked(struct view_parked *view,
			     const struct finject_parked *parked)
{
	view->key = parked->key;
	view->rule = parked->rule->spec.id;
	view->position = parked->position;
	view->at = parked->at;
	view->bytes = parked->bytes;
	view->copy = parked->copy;
	strscpy(view->tag, parked->tag ? parked->tag->name : "-",
		sizeof(view->tag));
	view->hook = parked->resume.hook;
	view->tuple = parked->tuple;
	view->dir = parked->dir;
}

static void *view_this_parked(struct finject_view *view, struct finject_park *park)
{
	struct finject_parked *parked;

	if (view->next < view->count)
		return &view->parked[view->next];
	view->count = 0;
	view->next = 0;
	spin_lock_bh(&park->lock);
	while (view->count < CHUNK &&
	       (parked = finject_park_after(park, &view->cursor))) {
		view->cursor = parked->key;
		view_copy_parked(&view->parked[view->count++], parked);
	}
	spin_unlock_bh(&park->lock);
	return view->count ? &view->parked[0] : NULL;
}

static void *held_start(struct seq_file *seq, loff_t *pos)
{
	int err = view_begin(seq, *pos);

	return err ? ERR_PTR(err) : view_this_parked(view_of(seq),
						&view_net(seq)->park);
}

static void *held_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next++;
	return view_this_parked(view, &view_net(seq)->park);
}

static void view_print_position(struct seq_file *seq,
				const struct finject_position *position)
{
	char buf[96];
	struct finject_text out = { buf, sizeof(buf), 0 };

	finject_put(&out, " seg=");
	finject_put_classes(&out, position);
	finject_put(&out, " nth=");
	finject_put_nth(&out, position);
	seq_puts(seq, buf);
}

static int held_show(struct seq_file *seq, void *v)
{
	const struct view_parked *parked = v;
	u64 now = view_of(seq)->now;

	seq_printf(seq, "parked id=%llu tag=%s flow=%llu rule=%u hook=%s",
		   parked->key.id, parked->tag, parked->position.flow,
		   parked->rule, finject_hook_names[parked->hook]);
	view_print_position(seq, &parked->position);
	view_print_endpoint(seq, "src", &parked->tuple, parked->dir);
	view_print_endpoint(seq, "dst", &parked->tuple, !parked->dir);
	seq_printf(seq, " age=%llu due=%llu bytes=%u copy=%u\n",
		   max(now, parked->at) - parked->at,
		   max(parked->key.due, now) - now, parked->bytes,
		   parked->copy);
	return 0;
}

/* The parked segments, in the order in which they are due. */
const struct seq_operations finject_view_held = {
	.start = held_start,
	.next = held_next,
	.stop = view_stop,
	.show = held_show,
};

/* The kernel's isprint() accepts half of Latin-1 as well. */
static bool view_is_ascii(char c)
{
	return isascii(c) && isprint(c);
}

static void view_print_refusal(struct seq_file *seq,
			       const struct finject_refusal *refusal)
{
	unsigned int i;

	seq_printf(seq, "#%llu line %u: %s\n  ", refusal->number, refusal->line,
		   refusal->error.reason);
	for (i = 0; refusal->text[i]; i++)
		seq_putc(seq, view_is_ascii(refusal->text[i]) ?
			      refusal->text[i] : '?');
	seq_puts(seq, "\n  ");
	for (i = 0; i < refusal->error.column; i++)
		seq_putc(seq, ' ');
	seq_putc(seq, '^');
	for (i = 1; i < refusal->error.width; i++)
		seq_putc(seq, '~');
	seq_putc(seq, '\n');
}

/**
 * finject_view_error_log - print the last refused writes, newest last
 * @seq: the open file
 * @v: unused
 *
 * Return: 0.
 */
int finject_view_error_log(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = view_net(seq);
	const struct finject_refusals *refusals = &fnet->refusals;
	u64 i;

	mutex_lock(&fnet->mutex);
	i = refusals->count > FINJECT_REFUSALS ?
		    refusals->count - FINJECT_REFUSALS : 0;
	for (; i < refusals->count; i++)
		view_print_refusal(seq, &refusals->ring[i % FINJECT_REFUSALS]);
	mutex_unlock(&fnet->mutex);
	return 0;
}

static void view_print_namespace(struct seq_file *seq, struct finject_net *fnet)
{
	unsigned int rules = finject_net_rules(fnet) ? finject_net_rules(fnet)->count : 0;
	unsigned long parked = READ_ONCE(fnet->park.gauge.now);
	unsigned int readers = READ_ONCE(fnet->events.readers);

	if (fnet->net && (rules || parked || readers))
		seq_printf(seq, "ns inum=%u rules=%u parked=%lu readers=%u\n",
			   fnet->net->ns.inum, rules, parked, readers);
}

/**
 * finject_view_namespaces - print the namespaces that finject is at work in
 * @seq: the open file; one of another namespace than the initial one lists only
 *	its own
 * @v: unused
 *
 * Return: 0.
 */
int finject_view_namespaces(struct seq_file *seq, void *v)
{
	struct finject_net *own = view_net(seq), *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list) {
		mutex_lock(&fnet->mutex);
		if (finject_net_sees(own, fnet))
			view_print_namespace(seq, fnet);
		mutex_unlock(&fnet->mutex);
	}
	mutex_unlock(&finject_nets_mutex);
	return 0;
}
