// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of `why`: where closes were seen, and for each rule how many of the
 * segments that came to a word met it.
 *
 * A rule counts, for each segment that it does not fire on, the one word that
 * was the first not to be true. It asks its words in one order, so these counts
 * say how many segments came to each word, and how many met it. The index passes
 * a rule over because of its key, the word that is asked first.
 */
#include "why.h"

#include <net/net_namespace.h>

#include "lang/value.h"
#include "match.h"
#include "record.h"
#include "stats.h"

enum { WORD_TEXT_MAX = 160 };

/* The longest word: a key and its ports. */
static_assert(WORD_TEXT_MAX > 8 + FINJECT_PORTS_MAX * (11 + 1));

static void why_put_hooks(struct seq_file *seq, unsigned int hooked)
{
	const char *comma = "";
	unsigned int hook;

	seq_puts(seq, " hooks=");
	for (hook = 0; hook < FINJECT_HOOKS; hook++) {
		if (!(hooked & BIT(hook)))
			continue;
		seq_printf(seq, "%s%s", comma, finject_hook_names[hook]);
		comma = ",";
	}
	if (!*comma)
		seq_putc(seq, '-');
}

static void why_put_other(struct seq_file *seq, struct finject_net *fnet)
{
	char src[64], dst[64];
	struct finject_text from = { src, sizeof(src), 0 };
	struct finject_text to = { dst, sizeof(dst), 0 };
	struct finject_other other;

	if (!finject_other_get(&fnet->other, &other)) {
		seq_puts(seq, " hook=- src=- dst=-\n");
		return;
	}
	finject_put_endpoint(&from, &other.tuple, other.dir);
	finject_put_endpoint(&to, &other.tuple, !other.dir);
	seq_printf(seq, " hook=%s src=%s dst=%s\n",
		   finject_hook_names[other.hook], src, dst);
}

/* A namespace in which nothing was seen is of interest if it is one's own. */
static void why_put_net(struct seq_file *seq, struct finject_net *fnet,
			bool own)
{
	struct finject_ruleset *set = finject_net_rules(fnet);
	struct finject_counters sum;
	u64 seen, others;

	if (!fnet->net)
		return;
	finject_stats_sum(fnet, &sum);
	seen = sum.count[FINJECT_COUNT_SEEN];
	others = sum.count[FINJECT_COUNT_OTHERS];
	if (!own && !seen && !others)
		return;
	seq_printf(seq, "net inum=%u here=%u rules=%u", fnet->net->ns.inum, own,
		   set ? set->count : 0);
	why_put_hooks(seq, fnet->hooked);
	seq_printf(seq, " seen=%llu others=%llu", seen, others);
	why_put_other(seq, fnet);
}

/**
 * finject_why_nets - print the namespaces in which closes were seen
 * @seq: the open file
 * @own: its namespace, which is always printed; others are printed to the
 *	initial one
 *
 * Context: process.
 */
void finject_why_nets(struct seq_file *seq, struct finject_net *own)
{
	struct finject_net *fnet;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list) {
		mutex_lock(&fnet->mutex);
		if (fnet == own || READ_ONCE(own->net) == &init_net)
			why_put_net(seq, fnet, fnet == own);
		mutex_unlock(&fnet->mutex);
	}
	mutex_unlock(&finject_nets_mutex);
}

/*
 * Print a word as the rule has it, or the name of the question that is asked
 * without one. Return false for a word that the rule does not have.
 */
static bool why_put_word(struct finject_text *out,
			 const struct finject_rule *rule,
			 enum finject_keyword_id id)
{
	struct finject_value value;

	if (id == FINJECT_KEYWORD_HOOK && rule->spec.at == FINJECT_AT_FIRST) {
		finject_put(out, " first-hook");
		return true;
	}
	if (id == FINJECT_KEYWORD_PER) {
		finject_put(out, " flow-state");
		return atomic64_read(&rule->failed[id]);
	}
	finject_spec_get(&rule->spec, id, &value);
	finject_value_print(out, id, &value);
	return out->len;
}

/* A copy of what a rule counted. */
struct why_counts {
	struct finject_tally tally;
	u64 failed[FINJECT_KEYWORDS];
};

static void why_copy_counts(struct finject_rule *rule, u64 passed,
			    struct why_counts *counts)
{
	unsigned int i;

	spin_lock_bh(&rule->lock);
	counts->tally = rule->tally;
	spin_unlock_bh(&rule->lock);
	for (i = 0; i < ARRAY_SIZE(rule->failed); i++)
		counts->failed[i] = atomic64_read(&rule->failed[i]);
	counts->failed[rule->asks[0]] += passed;
}

static u64 why_looked(const struct why_counts *counts)
{
	u64 looked = counts->tally.fired;
	unsigned int i;

	for (i = 0; i < FINJECT_KEYWORDS; i++)
		looked += counts->failed[i];
	return looked;
}

/* Get the word at which the latest close that no rule concerned failed here. */
static const char *why_other(struct finject_net *fnet,
			     const struct finject_rule *rule)
{
	struct finject_other other;
	enum finject_keyword_id id;

	if (!finject_other_get(&fnet->other, &other))
		return "-";
	id = finject_match_tuple(rule, &other.tuple, other.dir);
	return id == FINJECT_KEYWORD_NONE ? "-" : finject_keywords[id].name;
}

/**
 * finject_why_rule - print how many segments met each word of a rule
 * @seq: the open file
 * @fnet: its namespace
 * @rule: the rule, with a reference
 * @passed: how often the index passed it over
 *
 * Context: process.
 */
void finject_why_rule(struct seq_file *seq, struct finject_net *fnet,
		      struct finject_rule *rule, u64 passed)
{
	struct why_counts counts;
	const u8 *word;
	u64 asked;

	why_copy_counts(rule, passed, &counts);
	asked = why_looked(&counts);
	seq_printf(seq, "rule id=%u looked=%llu matched=%llu fired=%llu other=%s\n",
		   rule->spec.id, asked, counts.tally.matched,
		   counts.tally.fired, why_other(fnet, rule));
	for (word = rule->asks; *word != FINJECT_KEYWORD_NONE; word++) {
		enum finject_keyword_id id = *word;
		u64 met = asked - counts.failed[id];
		char buf[WORD_TEXT_MAX] = "";
		struct finject_text out = { buf, sizeof(buf), 0 };

		if (why_put_word(&out, rule, id))
			seq_printf(seq, "word id=%u text=%s asked=%llu met=%llu\n",
				   rule->spec.id, buf + 1, asked, met);
		asked = met;
	}
}
