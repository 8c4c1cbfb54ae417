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
#include "match.h"
#include "release.h"
#include "stats.h"
#include "transaction.h"

/**
 * struct write - one write to `rules`
 * @client: the open file written to
 * @ta: the rule set under construction
 * @leases: the write began with `lease`
 * @command: the current line
 * @error: the error in the current line
 */
struct write {
	struct finject_client *client;
	struct finject_transaction ta;
	bool leases;
	struct finject_command command;
	struct finject_error error;
};

static int control_refuse_word(struct write *write, const char *line,
			       const char *word, int err)
{
	const char *at = strstr(line, word);

	write->error.column = at ? at - line : 0;
	write->error.width = at ? strcspn(at, " \t") : 1;
	return err;
}

static struct finject_rule *control_make_rule(struct write *write)
{
	struct finject_tags *tags = &write->client->fnet->park.tags;
	struct finject_spec *spec = &write->command.spec;
	struct finject_rule *rule;

	if (!spec->seed.given && finject_spec_dices(spec)) {
		get_random_bytes(&spec->seed.value,
				 sizeof(spec->seed.value));
		spec->seed.given = true;
	}
	rule = finject_rule_new(spec);
	if (!rule)
		return NULL;
	finject_match_prepare(rule);
	finject_author_init(&rule->author);
	rule->serial = ++write->ta.next_serial;
	if (write->leases)
		rule->owner = write->client;
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
static int control_refuse_taken(struct write *write, const char *line)
{
	snprintf(write->error.reason, sizeof(write->error.reason),
		 "rule id=%u is there, and not leased by this file; leave id= out, or 'del id=%u' first",
		 write->command.spec.id, write->command.spec.id);
	return control_refuse_word(write, line, "id=", -EEXIST);
}

static int control_refuse_more(struct write *write, const char *line)
{
	write->client->fnet->rules_gauge.refused++;
	snprintf(write->error.reason, sizeof(write->error.reason),
		 "no room for another rule: there are %u already; delete some, or raise the module's max_rules",
		 write->ta.count);
	return control_refuse_word(write, line, "add", -ENOSPC);
}

static int control_add_rule(struct write *write, const char *line)
{
	struct finject_spec *spec = &write->command.spec;
	struct finject_rule *rule, *old = NULL;

	if (spec->id)
		old = finject_transaction_find(&write->ta, spec->id);
	if (old && write->leases && old->owner != write->client)
		return control_refuse_taken(write, line);
	if (old && control_is_same(old, spec))
		return 0;
	if (!old && write->ta.count >= write->ta.max)
		return control_refuse_more(write, line);
	if (!spec->id)
		spec->id = finject_transaction_free_id(&write->ta);
	rule = control_make_rule(write);
	if (!rule) {
		snprintf(write->error.reason, sizeof(write->error.reason),
			 "no memory for another rule");
		return control_refuse_word(write, line, "add", -ENOMEM);
	}
	if (old)
		finject_transaction_replace(&write->ta, old, rule);
	else
		finject_transaction_append(&write->ta, rule);
	return 0;
}

static int control_del_rule(struct write *write, const char *line)
{
	struct finject_rule *rule;

	rule = finject_transaction_find(&write->ta, write->command.id);
	if (!rule) {
		snprintf(write->error.reason, sizeof(write->error.reason),
			 "there is no rule with id=%u", write->command.id);
		return control_refuse_word(write, line, "id=", -EINVAL);
	}
	finject_transaction_remove(&write->ta, rule);
	return 0;
}

static int control_do_line(struct write *write, char *line, size_t len,
			   bool first)
{
	int err = finject_parse_line(line, len, &write->command, &write->error);

	if (err)
		return err;
	switch (write->command.verb) {
	case FINJECT_VERB_ADD:
		return control_add_rule(write, line);
	case FINJECT_VERB_DEL:
		return control_del_rule(write, line);
	case FINJECT_VERB_FLUSH:
		finject_transaction_clear(&write->ta);
		return 0;
	case FINJECT_VERB_LEASE:
		if (first) {
			write->leases = true;
			return 0;
		}
		snprintf(write->error.reason, sizeof(write->error.reason),
			 "'lease' must be the first line of its write");
		return control_refuse_word(write, line, "lease", -EINVAL);
	default:
		return 0;
	}
}

static int control_do_lines(struct write *write, char *text)
{
	unsigned int number = 0;
	bool first = true;
	char *line, *next;
	int err;

	for (line = text; line; line = next) {
		char *end = strchrnul(line, '\n');
		size_t len = end - line;

		next = *end ? end + 1 : NULL;
		*end = '\0';
		number++;
		err = control_do_line(write, line, len, first);
		if (err) {
			finject_refusals_add(&write->client->fnet->refusals,
					     number, line, len, &write->error);
			return err;
		}
		if (write->command.verb != FINJECT_VERB_NONE)
			first = false;
	}
	return 0;
}

static size_t control_count_lines(const char *text)
{
	size_t lines = 1;

	while ((text = strchr(text, '\n'))) {
		lines++;
		text++;
	}
	return lines;
}

static int control_carry_out(struct write *write, char *text)
{
	struct finject_net *fnet = write->client->fnet;
	int err;

	if (!fnet->net)
		return -ENODEV;
	write->leases = write->client->leases;
	err = finject_transaction_begin(&write->ta, fnet,
					control_count_lines(text));
	if (!err)
		err = control_do_lines(write, text);
	if (!err)
		err = finject_transaction_commit(&write->ta);
	if (!err)
		write->client->leases = write->leases;
	finject_transaction_end(&write->ta);
	return err;
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
	struct write *write = kzalloc(sizeof(*write), GFP_KERNEL);
	int err;

	if (!write)
		return -ENOMEM;
	write->client = client;
	mutex_lock(&client->fnet->mutex);
	err = control_carry_out(write, text);
	mutex_unlock(&client->fnet->mutex);
	kfree(write);
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
