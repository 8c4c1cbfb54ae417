// SPDX-License-Identifier: GPL-2.0-only
/*
 * seq->private is the struct finject_client of the open file. Long listings are
 * made a chunk at a time: it is copied under the lock that guards it, then
 * printed without, and each line is printed once. So a listing costs what it
 * prints, and delays no segment for longer than a chunk takes.
 */
#include "view.h"

#include <linux/slab.h>
#include <net/net_namespace.h>

#include "control.h"

enum {
	RULE_TEXT_MAX = 1024,
	CHUNK = 16,
};

/**
 * struct parked_view - one parked segment, copied
 * @key: its position
 * @tag: the name of its tag
 * @rule: the id of its rule
 * @known: @segment could be read
 * @segment: the segment
 * @position: its place in its flow
 * @at: ktime of parking, ns
 * @bytes: memory
 * @copy: made by duplicate=
 */
struct parked_view {
	struct finject_park_key key;
	char tag[FINJECT_TAG_MAX];
	u32 rule;
	bool known;
	struct finject_segment segment;
	struct finject_position position;
	u64 at;
	u32 bytes;
	bool copy;
};

/**
 * struct finject_view - how far a reader has come in a long listing
 * @pos: number of the line that is next
 * @count: entries in the chunk at hand
 * @next: which of these is next
 * @now: ktime when the listing began, ns
 * @cursor: of parked segments, the last one copied
 * @flows: of flows, the walk over the table
 * @walking: @flows is under way
 * @rules: all rules of the set that was current, each with a reference
 * @text: of a rule
 * @parked: the chunk
 * @flow: the chunk
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
	union {
		char text[RULE_TEXT_MAX];
		struct parked_view parked[CHUNK];
		struct finject_flow flow[CHUNK];
	};
};

static struct finject_client *client_of(struct seq_file *seq)
{
	return seq->private;
}

static struct finject_net *net_of(struct seq_file *seq)
{
	return client_of(seq)->fnet;
}

static struct finject_view *view_of(struct seq_file *seq)
{
	return client_of(seq)->view;
}

static struct finject_ruleset *set_of(struct finject_net *fnet)
{
	return rcu_dereference_protected(fnet->rules,
					 lockdep_is_held(&fnet->mutex));
}

static void forget(struct finject_view *view)
{
	unsigned int i;

	if (view->walking)
		rhashtable_walk_exit(&view->flows);
	for (i = 0; view->rules && i < view->count; i++)
		finject_rule_put(view->rules[i]);
	kvfree(view->rules);
	memset(view, 0, offsetof(struct finject_view, text));
}

/**
 * finject_view_free - free what a reader had
 * @client: the open file, which is closing
 */
void finject_view_free(struct finject_client *client)
{
	if (!client->view)
		return;
	forget(client->view);
	kvfree(client->view);
}

/* At the beginning of a file, or where the last read of it ended. */
static int begin(struct seq_file *seq, loff_t pos)
{
	struct finject_client *client = client_of(seq);

	if (!client->view)
		client->view = kvzalloc(sizeof(*client->view),
					GFP_KERNEL_ACCOUNT);
	if (!client->view)
		return -ENOMEM;
	if (!pos) {
		forget(client->view);
		client->view->now = ktime_get_ns();
	}
	return WARN_ON_ONCE(pos != client->view->pos) ? -EINVAL : 0;
}

static void stop(struct seq_file *seq, void *v)
{
}

static int copy_rules(struct finject_view *view, struct finject_net *fnet)
{
	struct finject_ruleset *set;
	int err = 0;

	mutex_lock(&fnet->mutex);
	set = set_of(fnet);
	if (set && set->count)
		view->rules = kvcalloc(set->count, sizeof(*view->rules),
				       GFP_KERNEL_ACCOUNT);
	if (view->rules)
		for (; view->count < set->count; view->count++) {
			view->rules[view->count] = set->rule[view->count];
			finject_rule_get(view->rules[view->count]);
		}
	else if (set && set->count)
		err = -ENOMEM;
	mutex_unlock(&fnet->mutex);
	return err;
}

static void *this_rule(struct finject_view *view)
{
	return view->next < view->count ? view->rules[view->next] : NULL;
}

static void *rules_start(struct seq_file *seq, loff_t *pos)
{
	int err = begin(seq, *pos);

	if (!err && !*pos)
		err = copy_rules(view_of(seq), net_of(seq));
	return err ? ERR_PTR(err) : this_rule(view_of(seq));
}

static void *rules_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next++;
	return this_rule(view);
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
	.stop = stop,
	.show = rules_show,
};

static void print_total(struct seq_file *seq, struct finject_net *fnet)
{
	struct finject_park *park = &fnet->park;
	struct finject_counters sum;
	unsigned long parked, copies;
	const u64 *count = sum.count;

	spin_lock_bh(&park->lock);
	copies = park->copies;
	parked = park->gauge.now - copies;
	finject_net_sum(fnet, &sum);
	spin_unlock_bh(&park->lock);

	seq_printf(seq,
		   "total generation=%llu seen=%llu passed=%llu dropped=%llu reset=%llu parked=%lu released=%llu purged=%llu",
		   fnet->generation, count[FINJECT_SEEN],
		   count[FINJECT_STAT_PASSED], count[FINJECT_STAT_DROPPED],
		   count[FINJECT_STAT_RESET], parked,
		   count[FINJECT_STAT_RELEASED], count[FINJECT_STAT_PURGED]);
	seq_printf(seq,
		   " copies=%llu copies_parked=%lu copies_released=%llu copies_purged=%llu resets=%llu resets_refused=%llu refused=%llu\n",
		   count[FINJECT_COPIES], copies,
		   count[FINJECT_COPIES_RELEASED],
		   count[FINJECT_COPIES_PURGED], count[FINJECT_RESETS],
		   count[FINJECT_RESETS_REFUSED], count[FINJECT_REFUSED]);
	seq_printf(seq,
		   "skipped fragments=%llu malformed=%llu prefetched=%llu unsplit=%llu nodst=%llu nomem=%llu\n",
		   count[FINJECT_SKIPPED_FRAGMENTS],
		   count[FINJECT_SKIPPED_MALFORMED],
		   count[FINJECT_SKIPPED_PREFETCHED],
		   count[FINJECT_SKIPPED_UNSPLIT],
		   count[FINJECT_SKIPPED_NODST],
		   count[FINJECT_SKIPPED_NOMEM]);
}

static void print_gauge(struct seq_file *seq, const char *name,
			const struct finject_gauge *gauge, unsigned long max)
{
	seq_printf(seq,
		   "limit name=%s now=%lu peak=%lu max=%lu refused=%lu recycled=%lu\n",
		   name, gauge->now, gauge->peak, max, gauge->refused,
		   gauge->recycled);
}

static void print_limits(struct seq_file *seq, struct finject_net *fnet)
{
	struct finject_gauge flows, flow_rules, parked, bytes;
	struct finject_events *events = &fnet->events;
	const struct finject_gauge rules = {
		.now = set_of(fnet) ? set_of(fnet)->count : 0,
		.peak = fnet->rules_peak,
		.refused = fnet->rules_refused,
	};
	struct finject_gauge ring = { };

	spin_lock_bh(&fnet->flows.lock);
	flows = fnet->flows.gauge;
	flow_rules = fnet->flows.flow_rules;
	spin_unlock_bh(&fnet->flows.lock);
	spin_lock_bh(&fnet->park.lock);
	parked = fnet->park.gauge;
	bytes = fnet->park.bytes;
	spin_unlock_bh(&fnet->park.lock);
	spin_lock_irq(&events->lock);
	ring.peak = min_t(u64, events->head, events->size);
	ring.now = events->readers ? ring.peak : 0;
	ring.refused = events->lost + READ_ONCE(fnet->sockets.lost);
	spin_unlock_irq(&events->lock);

	print_gauge(seq, "rules", &rules, finject_max_rules);
	print_gauge(seq, "flows", &flows, finject_max_flows);
	print_gauge(seq, "flow_rules", &flow_rules,
		    FINJECT_RULES_PER_FLOW *
		    (unsigned long)finject_max_flows);
	print_gauge(seq, "parked", &parked, finject_max_parked);
	print_gauge(seq, "parked_bytes", &bytes, finject_max_parked_bytes);
	print_gauge(seq, "events", &ring, finject_max_events);
}

static u64 fired_as(const struct finject_rule *rule,
		    const struct finject_tally *tally,
		    enum finject_action action)
{
	return rule->spec.action == action ? tally->fired : 0;
}

static void print_rule(struct seq_file *seq, struct finject_net *fnet,
		       const struct finject_rule *rule)
{
	struct finject_tally tally;

	spin_lock_bh(&fnet->flows.lock);
	tally = rule->tally;
	spin_unlock_bh(&fnet->flows.lock);
	seq_printf(seq,
		   "rule id=%u matched=%llu fired=%llu passed=%llu dropped=%llu delayed=%llu duplicated=%llu held=%llu reset=%llu\n",
		   rule->spec.id, tally.matched, tally.fired,
		   fired_as(rule, &tally, FINJECT_PASS),
		   fired_as(rule, &tally, FINJECT_DROP),
		   fired_as(rule, &tally, FINJECT_DELAY),
		   fired_as(rule, &tally, FINJECT_DUPLICATE),
		   fired_as(rule, &tally, FINJECT_HOLD),
		   fired_as(rule, &tally, FINJECT_RESET));
}

static void *stats_start(struct seq_file *seq, loff_t *pos)
{
	int err = begin(seq, *pos);

	if (!err && !*pos)
		err = copy_rules(view_of(seq), net_of(seq));
	if (err)
		return ERR_PTR(err);
	return *pos ? this_rule(view_of(seq)) : SEQ_START_TOKEN;
}

static void *stats_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next += v != SEQ_START_TOKEN;
	return this_rule(view);
}

static int stats_show(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = net_of(seq);

	if (v != SEQ_START_TOKEN) {
		print_rule(seq, fnet, v);
		return 0;
	}
	mutex_lock(&fnet->mutex);
	print_total(seq, fnet);
	print_limits(seq, fnet);
	mutex_unlock(&fnet->mutex);
	return 0;
}

/* Totals, limits, and what each rule has done. */
const struct seq_operations finject_view_stats = {
	.start = stats_start,
	.next = stats_next,
	.stop = stop,
	.show = stats_show,
};

static void print_endpoint(struct seq_file *seq, const char *key,
			   const struct finject_tuple *tuple, unsigned int end)
{
	if (tuple->family == AF_INET)
		seq_printf(seq, " %s=%pI4:%u", key, &tuple->addr[end].ip,
			   ntohs(tuple->port[end]));
	else
		seq_printf(seq, " %s=[%pI6c]:%u", key, &tuple->addr[end].in6,
			   ntohs(tuple->port[end]));
}

static const char * const hook_names[FINJECT_HOOKS] = {
	[NF_INET_PRE_ROUTING] = "prerouting",
	[NF_INET_LOCAL_IN] = "input",
	[NF_INET_FORWARD] = "forward",
	[NF_INET_LOCAL_OUT] = "output",
	[NF_INET_POST_ROUTING] = "postrouting",
};

static void print_counts(struct seq_file *seq, const struct finject_flow *flow,
			 unsigned int hook)
{
	const char *comma = "";
	unsigned int class;

	seq_printf(seq, " %s=", hook_names[hook]);
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

static void print_flow(struct seq_file *seq, const struct finject_flow *flow,
		       u64 now)
{
	bool known = flow->stage.fin_seen;
	unsigned int from = known ? flow->stage.closer : 0;
	unsigned int hook;

	seq_printf(seq, "flow id=%llu", flow->id);
	print_endpoint(seq, "src", &flow->tuple, from);
	print_endpoint(seq, "dst", &flow->tuple, !from);
	seq_printf(seq, " shape=%s closer=%s",
		   finject_stage_shape(&flow->stage), known ? "src" : "-");
	for (hook = 0; hook < FINJECT_HOOKS; hook++)
		print_counts(seq, flow, hook);
	seq_printf(seq, " age=%llu idle=%llu\n", now - flow->born,
		   now - flow->last);
}

static void copy_flow(struct finject_view *view, struct finject_flows *flows,
		      const struct finject_flow *flow)
{
	spin_lock_bh(&flows->lock);
	view->flow[view->count++] = *flow;
	spin_unlock_bh(&flows->lock);
}

/* The next of the walk; while the table is resized some come twice. */
static void *this_flow(struct finject_view *view, struct finject_flows *flows)
{
	struct finject_flow *flow;

	if (view->next < view->count)
		return &view->flow[view->next];
	view->count = 0;
	view->next = 0;
	rhashtable_walk_start(&view->flows);
	while (view->count < CHUNK &&
	       (flow = rhashtable_walk_next(&view->flows)))
		if (!IS_ERR(flow))
			copy_flow(view, flows, flow);
	rhashtable_walk_stop(&view->flows);
	return view->count ? &view->flow[0] : NULL;
}

static void *flows_start(struct seq_file *seq, loff_t *pos)
{
	struct finject_flows *flows = &net_of(seq)->flows;
	int err = begin(seq, *pos);

	if (err)
		return ERR_PTR(err);
	if (!*pos) {
		rhashtable_walk_enter(&flows->table, &view_of(seq)->flows);
		view_of(seq)->walking = true;
	}
	return this_flow(view_of(seq), flows);
}

static void *flows_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next++;
	return this_flow(view, &net_of(seq)->flows);
}

static int flows_show(struct seq_file *seq, void *v)
{
	const struct finject_flow *flow = v;

	print_flow(seq, flow, max(ktime_get_ns(), flow->last));
	return 0;
}

/* The tracked closes, in no order. */
const struct seq_operations finject_view_flows = {
	.start = flows_start,
	.next = flows_next,
	.stop = stop,
	.show = flows_show,
};

static void copy_parked(struct parked_view *view,
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
	view->known = finject_parked_read(parked, &view->segment);
}

static void *this_parked(struct finject_view *view, struct finject_park *park)
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
		copy_parked(&view->parked[view->count++], parked);
	}
	spin_unlock_bh(&park->lock);
	return view->count ? &view->parked[0] : NULL;
}

static void *held_start(struct seq_file *seq, loff_t *pos)
{
	int err = begin(seq, *pos);

	return err ? ERR_PTR(err) : this_parked(view_of(seq),
						&net_of(seq)->park);
}

static void *held_next(struct seq_file *seq, void *v, loff_t *pos)
{
	struct finject_view *view = view_of(seq);

	view->pos = ++*pos;
	view->next++;
	return this_parked(view, &net_of(seq)->park);
}

static int held_show(struct seq_file *seq, void *v)
{
	const struct parked_view *parked = v;
	const struct finject_segment *segment = &parked->segment;
	u64 now = view_of(seq)->now;
	char classes[96];

	if (!parked->known)
		return SEQ_SKIP;
	seq_printf(seq, "parked id=%llu tag=%s flow=%llu rule=%u hook=%s",
		   parked->key.id, parked->tag, parked->position.flow,
		   parked->rule, hook_names[segment->hook]);
	finject_position_print(&parked->position, classes, sizeof(classes));
	seq_puts(seq, classes);
	print_endpoint(seq, "src", &segment->tuple, segment->dir);
	print_endpoint(seq, "dst", &segment->tuple, !segment->dir);
	seq_printf(seq, " age=%llu due=%llu bytes=%u copy=%u\n",
		   max(now, parked->at) - parked->at,
		   max(parked->key.due, now) - now, parked->bytes,
		   parked->copy);
	return 0;
}

/* What is parked, in the order it is due. */
const struct seq_operations finject_view_held = {
	.start = held_start,
	.next = held_next,
	.stop = stop,
	.show = held_show,
};

/* To the kernel's isprint() half of Latin-1 is printable too. */
static bool is_ascii_text(char c)
{
	return isascii(c) && isprint(c);
}

static void print_refusal(struct seq_file *seq,
			  const struct finject_refusal *refusal)
{
	unsigned int i;

	seq_printf(seq, "#%llu line %u: %s\n  ", refusal->number, refusal->line,
		   refusal->error.reason);
	for (i = 0; refusal->text[i]; i++)
		seq_putc(seq, is_ascii_text(refusal->text[i]) ?
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
	struct finject_net *fnet = net_of(seq);
	u64 i;

	mutex_lock(&fnet->mutex);
	i = fnet->refused > FINJECT_REFUSALS ?
		    fnet->refused - FINJECT_REFUSALS : 0;
	for (; fnet->refusals && i < fnet->refused; i++)
		print_refusal(seq, &fnet->refusals[i % FINJECT_REFUSALS]);
	mutex_unlock(&fnet->mutex);
	return 0;
}

static void print_namespace(struct seq_file *seq, struct finject_net *fnet)
{
	unsigned int rules = set_of(fnet) ? set_of(fnet)->count : 0;
	unsigned long parked = READ_ONCE(fnet->park.gauge.now);
	unsigned int readers = READ_ONCE(fnet->events.readers);

	if (fnet->net && (rules || parked || readers))
		seq_printf(seq, "ns inum=%u rules=%u parked=%lu readers=%u\n",
			   fnet->net->ns.inum, rules, parked, readers);
}

/**
 * finject_view_namespaces - print which namespaces finject is at work in
 * @seq: the open file; one of another namespace than the initial one is told
 *	of its own only
 * @v: unused
 *
 * Return: 0.
 */
int finject_view_namespaces(struct seq_file *seq, void *v)
{
	struct finject_net *own = net_of(seq), *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list) {
		mutex_lock(&fnet->mutex);
		if (fnet == own || READ_ONCE(own->net) == &init_net)
			print_namespace(seq, fnet);
		mutex_unlock(&fnet->mutex);
	}
	mutex_unlock(&finject_nets_mutex);
	return 0;
}
