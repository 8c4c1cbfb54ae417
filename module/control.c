// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write is one transaction: a new set is built beside the current one, line
 * by line. The set is published only if every line was good.
 */
#include "control.h"

#include <linux/random.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "armed.h"
#include "lang/parse.h"
#include "lang/value.h"
#include "release.h"
#include "stats.h"

/**
 * struct transaction - a rule set under construction
 * @client: the open file written to
 * @old: the current set
 * @rule: rules of the new set, each with a reference
 * @count: number of rules in @rule
 * @max: bound of @count: max_rules, read once, because it may change meanwhile
 * @leases: the write began with `lease`
 * @next_id: id of the next rule that names none
 * @next_serial: serial of the next rule
 * @command: the current line
 * @error: the error in the current line
 */
struct transaction {
	struct finject_client *client;
	struct finject_ruleset *old;
	struct finject_rule **rule;
	unsigned int count;
	unsigned int max;
	bool leases;
	u32 next_id;
	u64 next_serial;
	struct finject_command command;
	struct finject_error error;
};

static int control_refuse_word(struct transaction *ta, const char *line,
			       const char *word, int err)
{
	const char *at = strstr(line, word);

	ta->error.column = at ? at - line : 0;
	ta->error.width = at ? strcspn(at, " \t") : 1;
	return err;
}

static int control_find_rule(const struct transaction *ta, u32 id)
{
	unsigned int i;

	for (i = 0; i < ta->count; i++)
		if (ta->rule[i]->spec.id == id)
			return i;
	return -1;
}

static u32 control_free_id(struct transaction *ta)
{
	do {
		if (!++ta->next_id)
			++ta->next_id;
	} while (control_find_rule(ta, ta->next_id) >= 0);
	return ta->next_id;
}

static struct finject_rule *control_make_rule(struct transaction *ta)
{
	struct finject_tags *tags = &ta->client->fnet->park.tags;
	struct finject_spec *spec = &ta->command.spec;
	struct finject_rule *rule;

	if (!spec->seed.given && finject_spec_dices(spec)) {
		get_random_bytes(&spec->seed.value,
				 sizeof(spec->seed.value));
		spec->seed.given = true;
	}
	rule = finject_rule_new(spec);
	if (!rule)
		return NULL;
	finject_author_init(&rule->author);
	rule->serial = ++ta->next_serial;
	if (ta->leases)
		rule->owner = ta->client;
	if (spec->timeout)
		rule->expires = ktime_get_ns() + spec->timeout;
	if (spec->hold.text[0]) {
		rule->hold = finject_tag_get(tags, spec->hold.text);
		if (!rule->hold)
			goto err_rule;
	}
	if (spec->release.text[0]) {
		rule->release = finject_tag_get(tags, spec->release.text);
		if (!rule->release)
			goto err_rule;
	}
	return rule;

err_rule:
	finject_rule_put(rule);
	return NULL;
}

/* A rule with the same text keeps its counters and its parked segments. */
static bool control_is_same(const struct finject_rule *rule,
			    const struct finject_spec *spec)
{
	struct finject_spec wanted = *spec;

	if (!wanted.seed.given && rule->spec.seed.given &&
	    finject_spec_dices(&wanted))
		return false;
	return !memcmp(&rule->spec, &wanted, sizeof(wanted));
}

/* Replaced by a leased rule, the rule of another would be lost at the close. */
static int control_refuse_taken(struct transaction *ta, const char *line)
{
	snprintf(ta->error.reason, sizeof(ta->error.reason),
		 "rule id=%u is there, and not leased by this file; leave id= out, or 'del id=%u' first",
		 ta->command.spec.id, ta->command.spec.id);
	return control_refuse_word(ta, line, "id=", -EEXIST);
}

static int control_add_rule(struct transaction *ta, const char *line)
{
	struct finject_spec *spec = &ta->command.spec;
	struct finject_rule *rule;
	int index = spec->id ? control_find_rule(ta, spec->id) : -1;

	if (index >= 0 && ta->leases && ta->rule[index]->owner != ta->client)
		return control_refuse_taken(ta, line);
	if (index >= 0 && control_is_same(ta->rule[index], spec))
		return 0;
	if (index < 0 && ta->count >= ta->max) {
		ta->client->fnet->rules_gauge.refused++;
		snprintf(ta->error.reason, sizeof(ta->error.reason),
			 "no room for another rule: there are %u already; delete some, or raise the module's max_rules",
			 ta->count);
		return control_refuse_word(ta, line, "add", -ENOSPC);
	}
	if (!spec->id)
		spec->id = control_free_id(ta);
	rule = control_make_rule(ta);
	if (!rule) {
		snprintf(ta->error.reason, sizeof(ta->error.reason),
			 "no memory for another rule");
		return control_refuse_word(ta, line, "add", -ENOMEM);
	}
	if (index < 0) {
		ta->rule[ta->count++] = rule;
	} else {
		finject_rule_put(ta->rule[index]);
		ta->rule[index] = rule;
	}
	return 0;
}

static int control_del_rule(struct transaction *ta, const char *line)
{
	int index = control_find_rule(ta, ta->command.id);

	if (index < 0) {
		snprintf(ta->error.reason, sizeof(ta->error.reason),
			 "there is no rule with id=%u", ta->command.id);
		return control_refuse_word(ta, line, "id=", -EINVAL);
	}
	finject_rule_put(ta->rule[index]);
	ta->count--;
	memmove(&ta->rule[index], &ta->rule[index + 1],
		(ta->count - index) * sizeof(*ta->rule));
	return 0;
}

static void control_flush_rules(struct transaction *ta)
{
	while (ta->count)
		finject_rule_put(ta->rule[--ta->count]);
}

static int control_do_line(struct transaction *ta, char *line, size_t len, bool first)
{
	int err = finject_parse_line(line, len, &ta->command, &ta->error);

	if (err)
		return err;
	switch (ta->command.verb) {
	case FINJECT_VERB_ADD:
		return control_add_rule(ta, line);
	case FINJECT_VERB_DEL:
		return control_del_rule(ta, line);
	case FINJECT_VERB_FLUSH:
		control_flush_rules(ta);
		return 0;
	case FINJECT_VERB_LEASE:
		if (first) {
			ta->leases = true;
			return 0;
		}
		snprintf(ta->error.reason, sizeof(ta->error.reason),
			 "'lease' must be the first line of its write");
		return control_refuse_word(ta, line, "lease", -EINVAL);
	default:
		return 0;
	}
}

static int control_do_lines(struct transaction *ta, char *text)
{
	unsigned int number = 0;
	bool first = true;
	char *line;
	int err;

	while ((line = strsep(&text, "\n"))) {
		size_t len = strlen(line);

		number++;
		memset(&ta->error, 0, sizeof(ta->error));
		err = control_do_line(ta, line, len, first);
		if (err) {
			finject_refusals_add(&ta->client->fnet->refusals,
					     number, line, len, &ta->error);
			return err;
		}
		if (ta->command.verb != FINJECT_VERB_NONE)
			first = false;
	}
	return 0;
}

static int control_publish(struct transaction *ta)
{
	struct finject_ruleset *set = finject_ruleset_new(ta->count);
	unsigned int i;
	int err;

	if (!set)
		return -ENOMEM;
	for (i = 0; i < ta->count; i++)
		finject_ruleset_add(set, ta->rule[i]);
	err = finject_armed_publish(ta->client->fnet, set);
	if (err)
		finject_ruleset_free(set);
	return err;
}

static int control_begin(struct transaction *ta)
{
	struct finject_net *fnet = ta->client->fnet;
	unsigned int i;

	ta->leases = ta->client->leases;
	ta->next_id = fnet->next_id;
	ta->next_serial = fnet->next_serial;
	ta->old = finject_net_rules(fnet);
	/* bounded by the lines of a write, whatever max_rules says */
	ta->max = min(READ_ONCE(finject_max_rules),
		      ta->old->count + FINJECT_TEXT_MAX / 4 + 1);
	ta->rule = kvcalloc(max(ta->max, ta->old->count), sizeof(*ta->rule),
			    GFP_KERNEL_ACCOUNT);
	if (!ta->rule)
		return -ENOMEM;
	for (i = 0; i < ta->old->count; i++) {
		finject_rule_get(ta->old->rule[i]);
		ta->rule[ta->count++] = ta->old->rule[i];
	}
	return 0;
}

static int control_commit(struct transaction *ta)
{
	struct finject_net *fnet = ta->client->fnet;
	int err = control_publish(ta);

	if (err)
		return err;
	ta->client->leases = ta->leases;
	fnet->next_id = ta->next_id;
	fnet->next_serial = ta->next_serial;
	return 0;
}

/**
 * finject_control_rules - carry out one write to `rules`
 * @client: the open file
 * @text: NUL-terminated; it is taken apart
 *
 * Context: process.
 * Return: 0, or a negative errno; then nothing has changed, and error_log
 *	explains a fault of the text.
 */
int finject_control_rules(struct finject_client *client, char *text)
{
	struct finject_net *fnet = client->fnet;
	struct transaction *ta = kzalloc(sizeof(*ta), GFP_KERNEL);
	int err = -ENODEV;

	if (!ta)
		return -ENOMEM;
	ta->client = client;
	mutex_lock(&fnet->mutex);
	if (fnet->net)
		err = control_begin(ta);
	if (!err)
		err = control_do_lines(ta, text);
	if (!err)
		err = control_commit(ta);
	control_flush_rules(ta);
	mutex_unlock(&fnet->mutex);
	kvfree(ta->rule);
	kfree(ta);
	return err;
}

/**
 * finject_control_stats - carry out one write to `stats`
 * @client: the open file
 * @text: NUL-terminated
 *
 * Context: process.
 * Return: 0 or a negative errno.
 */
int finject_control_stats(struct finject_client *client, char *text)
{
	struct finject_net *fnet = client->fnet;
	struct finject_error error = { .width = 1 };
	char *word = strim(text);
	int err = 0;

	mutex_lock(&fnet->mutex);
	if (!fnet->net) {
		err = -ENODEV;
	} else if (!strcmp(word, "zero")) {
		finject_stats_zero(fnet);
	} else {
		snprintf(error.reason, sizeof(error.reason),
			 "stats takes one word: zero");
		finject_refusals_add(&fnet->refusals, 1, word, strlen(word), &error);
		err = -EINVAL;
	}
	mutex_unlock(&fnet->mutex);
	return err;
}

struct held_command {
	bool drop;
	char tag[FINJECT_TAG_MAX];
	struct finject_park_filter filter;
};

static bool control_parse_choice(const char *word, struct held_command *command)
{
	if (!strcmp(word, "all"))
		return true;
	if (!strncmp(word, "id=", 3))
		return !kstrtou64(word + 3, 0, &command->filter.id) &&
		       command->filter.id;
	if (strncmp(word, "tag=", 4) ||
	    finject_parse_tag(word + 4, strlen(word + 4), command->tag))
		return false;
	command->filter.tag = command->tag;
	return true;
}

static bool control_parse_held(char *text, struct held_command *command)
{
	char *verb = strsep(&text, " \t");

	if (!text || (strcmp(verb, "release") && strcmp(verb, "drop")))
		return false;
	command->drop = !strcmp(verb, "drop");
	return control_parse_choice(strim(text), command);
}

/**
 * finject_control_held - carry out one write to `held`
 * @client: the open file
 * @text: NUL-terminated: release|drop all|tag=TAG|id=N
 *
 * Context: process.
 * Return: 0, or a negative errno: -ENOENT when no such segment was parked.
 */
int finject_control_held(struct finject_client *client, char *text)
{
	struct finject_net *fnet = client->fnet;
	struct finject_error error = { .width = 1 };
	struct held_command command = { };
	char *line = strim(text), copy[80];
	unsigned long count;
	int err = 0;

	strscpy(copy, line, sizeof(copy));
	mutex_lock(&fnet->mutex);
	if (!fnet->net) {
		err = -ENODEV;
		goto out;
	}
	if (!control_parse_held(line, &command)) {
		error.width = max_t(unsigned int, strlen(copy), 1);
		snprintf(error.reason, sizeof(error.reason),
			 "held takes 'release' or 'drop' and one of: all, tag=TAG, id=N");
		finject_refusals_add(&fnet->refusals, 1, copy, strlen(copy), &error);
		err = -EINVAL;
		goto out;
	}
	if (command.drop)
		count = finject_park_purge(&fnet->park, &command.filter);
	else
		count = finject_park_release(&fnet->park, &command.filter);
	finject_park_wait(&fnet->park);
	if (!count && (command.filter.id || command.filter.tag)) {
		error.width = max_t(unsigned int, strlen(copy), 1);
		snprintf(error.reason, sizeof(error.reason),
			 "nothing is parked there");
		finject_refusals_add(&fnet->refusals, 1, copy, strlen(copy), &error);
		err = -ENOENT;
	}
out:
	mutex_unlock(&fnet->mutex);
	return err;
}

/* Remove the rules of a namespace, of all with @inum 0; count them in @found. */
static int control_flush_nets(struct finject_net *own, unsigned int inum,
			      unsigned int *found)
{
	struct finject_net *fnet;
	int err = 0;

	mutex_lock(&finject_nets_mutex);
	list_for_each_entry(fnet, &finject_nets, list) {
		if (!finject_net_sees(own, fnet))
			continue;
		mutex_lock(&fnet->mutex);
		if (fnet->net && (!inum || fnet->net->ns.inum == inum)) {
			err = finject_armed_clear(fnet) ?: err;
			++*found;
		}
		mutex_unlock(&fnet->mutex);
	}
	mutex_unlock(&finject_nets_mutex);
	return err;
}

/* The refused write is logged in the namespace of the open file. */
static int control_refuse_flush(struct finject_net *own, const char *line,
				const char *reason, int err)
{
	struct finject_error error = { };

	error.width = clamp_t(size_t, strlen(line), 1, FINJECT_LINE_MAX - 1);
	strscpy(error.reason, reason, sizeof(error.reason));
	mutex_lock(&own->mutex);
	finject_refusals_add(&own->refusals, 1, line, strlen(line), &error);
	mutex_unlock(&own->mutex);
	return err;
}

/**
 * finject_control_flush - carry out one write to `flush`
 * @client: the open file; it reaches the namespaces that `namespaces` lists it
 * @text: NUL-terminated: all|inum=N
 *
 * Context: process.
 * Return: 0, or a negative errno: -ENOENT when finject does not know of such a
 *	namespace; -ENOMEM when some have kept their rules.
 */
int finject_control_flush(struct finject_client *client, char *text)
{
	struct finject_net *own = client->fnet;
	unsigned int inum = 0, found = 0;
	char *line = strim(text);
	int err;

	if (!READ_ONCE(own->net))
		return -ENODEV;
	if (strcmp(line, "all") && (strncmp(line, "inum=", 5) ||
				    kstrtouint(line + 5, 10, &inum) || !inum))
		return control_refuse_flush(own, line,
					    "flush takes one of: all, inum=N",
					    -EINVAL);
	err = control_flush_nets(own, inum, &found);
	if (!err && inum && !found)
		return control_refuse_flush(own, line,
					    "there is no such namespace, or none that this one may know of",
					    -ENOENT);
	return err;
}
