// SPDX-License-Identifier: GPL-2.0-only
/*
 * seq->private is the struct finject_client of the open file. What stands
 * under a spinlock is copied out before it is printed, so that a long listing
 * delays no segment for longer than the copy takes.
 */
#include "view.h"

#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>

#include "control.h"

enum { RULE_TEXT_MAX = 1024 };

static struct finject_net *net_of(struct seq_file *seq)
{
	const struct finject_client *client = seq->private;

	return client->fnet;
}

static struct finject_ruleset *set_of(struct finject_net *fnet)
{
	return rcu_dereference_protected(fnet->rules,
					 lockdep_is_held(&fnet->mutex));
}

/**
 * finject_view_rules - print the rules as text that can be written back
 * @seq: the open file
 * @v: unused
 *
 * Return: 0 or a negative errno.
 */
int finject_view_rules(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = net_of(seq);
	struct finject_ruleset *set;
	char *text = kmalloc(RULE_TEXT_MAX, GFP_KERNEL);
	unsigned int i;

	if (!text)
		return -ENOMEM;
	mutex_lock(&fnet->mutex);
	set = set_of(fnet);
	for (i = 0; set && i < set->count; i++) {
		finject_spec_print(&set->rule[i]->spec, text, RULE_TEXT_MAX);
		seq_printf(seq, "%s\n", text);
	}
	mutex_unlock(&fnet->mutex);
	kfree(text);
	return 0;
}

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
		   " copies=%llu copies_parked=%lu copies_released=%llu copies_purged=%llu resets=%llu\n",
		   count[FINJECT_COPIES], copies,
		   count[FINJECT_COPIES_RELEASED],
		   count[FINJECT_COPIES_PURGED], count[FINJECT_RESETS]);
	seq_printf(seq,
		   "skipped fragments=%llu malformed=%llu prefetched=%llu uncarved=%llu nodst=%llu nomem=%llu\n",
		   count[FINJECT_SKIPPED_FRAGMENTS],
		   count[FINJECT_SKIPPED_MALFORMED],
		   count[FINJECT_SKIPPED_PREFETCHED],
		   count[FINJECT_SKIPPED_UNCARVED],
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
	struct finject_gauge flows, meetings, parked, bytes;
	struct finject_events *events = &fnet->events;
	const struct finject_gauge rules = {
		.now = set_of(fnet) ? set_of(fnet)->count : 0,
		.peak = fnet->rules_peak,
		.refused = fnet->rules_refused,
	};
	struct finject_gauge ring = { };

	spin_lock_bh(&fnet->flows.lock);
	flows = fnet->flows.gauge;
	meetings = fnet->flows.meetings;
	spin_unlock_bh(&fnet->flows.lock);
	spin_lock_bh(&fnet->park.lock);
	parked = fnet->park.gauge;
	bytes = fnet->park.bytes;
	spin_unlock_bh(&fnet->park.lock);
	spin_lock_irq(&events->lock);
	ring.peak = min_t(u64, events->head, events->size);
	ring.now = events->readers ? ring.peak : 0;
	ring.refused = events->lost;
	spin_unlock_irq(&events->lock);

	print_gauge(seq, "rules", &rules, finject_max_rules);
	print_gauge(seq, "flows", &flows, finject_max_flows);
	print_gauge(seq, "meetings", &meetings,
		    FINJECT_MEETINGS_PER_FLOW *
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

/**
 * finject_view_stats - print totals, limits and rules
 * @seq: the open file
 * @v: unused
 *
 * Return: 0.
 */
int finject_view_stats(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = net_of(seq);
	struct finject_ruleset *set;
	unsigned int i;

	mutex_lock(&fnet->mutex);
	print_total(seq, fnet);
	print_limits(seq, fnet);
	set = set_of(fnet);
	for (i = 0; set && i < set->count; i++)
		print_rule(seq, fnet, set->rule[i]);
	mutex_unlock(&fnet->mutex);
	return 0;
}

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

static unsigned long copy_flows(struct finject_flows *flows,
				struct finject_flow *copy, unsigned long room)
{
	struct finject_flow *flow;
	unsigned long count = 0;

	spin_lock_bh(&flows->lock);
	list_for_each_entry(flow, &flows->open, age_list)
		if (count < room)
			copy[count++] = *flow;
	list_for_each_entry(flow, &flows->finished, age_list)
		if (count < room)
			copy[count++] = *flow;
	spin_unlock_bh(&flows->lock);
	return count;
}

/**
 * finject_view_flows - print the tracked closes, unfinished ones first
 * @seq: the open file
 * @v: unused
 *
 * Return: 0 or a negative errno.
 */
int finject_view_flows(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = net_of(seq);
	unsigned long room = READ_ONCE(fnet->flows.gauge.now), count, i;
	struct finject_flow *copy;
	u64 now = ktime_get_ns();

	if (!room)
		return 0;
	copy = __vmalloc(array_size(room, sizeof(*copy)), GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	count = copy_flows(&fnet->flows, copy, room);
	for (i = 0; i < count; i++)
		print_flow(seq, &copy[i], max(now, copy[i].last));
	vfree(copy);
	return 0;
}

struct parked_view {
	char tag[FINJECT_TAG_MAX];
	u32 rule;
	bool known;
	struct finject_segment segment;
	struct finject_parked parked;
};

static void copy_one(struct parked_view *view,
		     const struct finject_parked *parked)
{
	unsigned int thoff;
	u8 flags;

	view->parked = *parked;
	view->rule = parked->rule->spec.id;
	strscpy(view->tag, parked->tag ? parked->tag->name : "-",
		sizeof(view->tag));
	view->known = finject_segment_flags(parked->skb,
					    parked->place.state.pf, &thoff,
					    &flags) == FINJECT_READ &&
		      finject_segment_read(parked->skb, &parked->place.state,
					   thoff, &view->segment) ==
			      FINJECT_READ;
}

static unsigned long copy_parked(struct finject_park *park,
				 struct parked_view *copy, unsigned long room)
{
	unsigned long count = 0;
	struct rb_node *node;

	spin_lock_bh(&park->lock);
	for (node = rb_first_cached(&park->tree); node && count < room;
	     node = rb_next(node))
		copy_one(&copy[count++],
			 rb_entry(node, struct finject_parked, node));
	spin_unlock_bh(&park->lock);
	return count;
}

static void print_parked(struct seq_file *seq, const struct parked_view *view,
			 u64 now)
{
	const struct finject_parked *parked = &view->parked;
	const struct finject_segment *segment = &view->segment;
	u64 due = parked->ready || parked->due < now ? 0 : parked->due - now;
	char classes[96];

	if (!view->known)
		return;
	seq_printf(seq, "parked id=%llu tag=%s flow=%llu rule=%u hook=%s",
		   parked->id, view->tag, parked->sight.flow, view->rule,
		   hook_names[segment->hook]);
	finject_sight_print(&parked->sight, classes, sizeof(classes));
	seq_puts(seq, classes);
	print_endpoint(seq, "src", &segment->tuple, segment->dir);
	print_endpoint(seq, "dst", &segment->tuple, !segment->dir);
	seq_printf(seq, " age=%llu due=%llu bytes=%u copy=%u\n",
		   now - parked->at, due, parked->bytes, parked->copy);
}

/**
 * finject_view_held - print what is parked, in the order it is due
 * @seq: the open file
 * @v: unused
 *
 * Return: 0 or a negative errno.
 */
int finject_view_held(struct seq_file *seq, void *v)
{
	struct finject_net *fnet = net_of(seq);
	unsigned long room = READ_ONCE(fnet->park.gauge.now), count, i;
	struct parked_view *copy;
	u64 now;

	if (!room)
		return 0;
	copy = __vmalloc(array_size(room, sizeof(*copy)), GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	count = copy_parked(&fnet->park, copy, room);
	now = ktime_get_ns();
	for (i = 0; i < count; i++)
		print_parked(seq, &copy[i], now);
	vfree(copy);
	return 0;
}

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
