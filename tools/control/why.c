// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a rule never fired: the module's file `why` in sentences. Its records are
 * namespaces (net), then for each rule the rule and its words, in the order in
 * which they are asked.
 */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"
#include "json_record.h"
#include "netns.h"
#include "netns_opens.h"
#include "record.h"
#include "why.h"

struct listing {
	struct record *records;
	size_t count;
	const char *rules;
	FILE *out;
};

static bool is(const struct record *record, const char *word)
{
	return !strcmp(record->word, word);
}

static const struct record *own_net(const struct listing *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (is(&list->records[i], "net") &&
		    record_number(&list->records[i], "here"))
			return &list->records[i];
	return NULL;
}

static const struct record *find_rule(const struct listing *list, u64 id)
{
	for (size_t i = 0; i < list->count; i++)
		if (is(&list->records[i], "rule") &&
		    record_number(&list->records[i], "id") == id)
			return &list->records[i];
	return NULL;
}

static bool is_word_of(const struct listing *list, const struct record *rule,
		       const struct record *word)
{
	return word < list->records + list->count && is(word, "word") &&
	       record_number(word, "id") == record_number(rule, "id");
}

/* The text of a rule without verb and number. */
static void put_rule(const struct listing *list, u64 id)
{
	char begin[48];
	const char *line;
	int length = snprintf(begin, sizeof(begin), "add id=%llu ", id);

	for (line = list->rules; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, begin, length))
			continue;
		fprintf(list->out, "rule %llu: %.*s\n", id,
			(int)strcspn(line + length, "\n"), line + length);
		return;
	}
	fprintf(list->out, "rule %llu\n", id);
}

static void put_net(const struct listing *list, const struct record *net)
{
	const char *hooks = record_get(net, "hooks");
	u64 others = record_number(net, "others");

	fprintf(list->out, "here: %llu segments of closes were seen",
		record_number(net, "seen"));
	if (hooks)
		fprintf(list->out, "; hooks: %s\n", hooks);
	else
		fputs("; no hooks, for there are neither rules nor readers of events\n",
		      list->out);
	if (!others)
		return;
	fprintf(list->out,
		"  %llu FINs and RSTs were of connections that no rule's addresses and ports admit",
		others);
	if (record_get(net, "src"))
		fprintf(list->out, ",\n  such as %s > %s at %s",
			record_get(net, "src"), record_get(net, "dst"),
			record_get(net, "hook"));
	fputc('\n', list->out);
}

static bool saw_nothing(const struct record *net)
{
	return !net || (!record_number(net, "seen") &&
			!record_number(net, "others"));
}

/* Return: the number of namespaces in which closes were seen instead. */
static unsigned int put_seen_elsewhere(const struct listing *list)
{
	unsigned int count = 0;
	char name[256];

	for (size_t i = 0; i < list->count; i++) {
		const struct record *net = &list->records[i];

		if (!is(net, "net") || record_number(net, "here"))
			continue;
		netns_call(record_number(net, "inum"), name, sizeof(name));
		fprintf(list->out,
			"  closes were seen in network namespace %s: %llu segments; %llu FINs and RSTs of others\n",
			name, record_number(net, "seen"),
			record_number(net, "others"));
		count++;
	}
	return count;
}

/* Namespaces that finject does not watch, as they have no rules. */
static void put_opened_elsewhere(const struct listing *list,
				 const struct record *own)
{
	struct netns_opens nets[NETNS_OPENS];
	size_t count = netns_opens(nets);
	char name[256];

	for (size_t i = 0; i < count; i++) {
		if (!nets[i].opens ||
		    nets[i].inum == record_number(own, "inum"))
			continue;
		netns_call(nets[i].inum, name, sizeof(name));
		fprintf(list->out,
			"  %llu connections were opened in network namespace %s; rules for them belong there: finject -n %d\n",
			nets[i].opens, name, nets[i].pid);
	}
}

static void put_elsewhere(const struct listing *list, const struct record *own)
{
	if (own && saw_nothing(own) && !put_seen_elsewhere(list))
		put_opened_elsewhere(list, own);
}

/* The first word that no segment met that came to it. */
static const struct record *unmet(const struct listing *list,
				  const struct record *rule)
{
	for (const struct record *word = rule + 1; is_word_of(list, rule, word);
	     word++)
		if (record_number(word, "asked") && !record_number(word, "met"))
			return word;
	return NULL;
}

static const char *text_of(const struct record *word)
{
	const char *text = word ? record_get(word, "text") : NULL;

	if (!text)
		return "-";
	if (!strcmp(text, "first-hook"))
		return "(first hook)";
	return strcmp(text, "flow-state") ? text : "(state of the flow)";
}

/* The word of a rule that has that key. */
static const char *word_of(const struct listing *list,
			   const struct record *rule, const char *key)
{
	size_t length = strlen(key);

	for (const struct record *word = rule + 1; is_word_of(list, rule, word);
	     word++) {
		const char *text = text_of(word);

		if (!strncmp(text, key, length) && text[length] == '=')
			return text;
	}
	return key;
}

static void put_not_looked_at(const struct listing *list,
			      const struct record *rule)
{
	const char *other = record_get(rule, "other");
	const struct record *net = own_net(list);

	fputs("never looked at: ", list->out);
	if (saw_nothing(net))
		fputs("no close came here", list->out);
	else if (other)
		fprintf(list->out,
			"no connection has its addresses and ports; for %s > %s `%s' is not true",
			record_get(net, "src"), record_get(net, "dst"),
			word_of(list, rule, other));
	else
		fputs("rules before it decided, or no close came since it was added",
		      list->out);
}

/* One sentence: what became of the segments that the rule was asked about. */
static void put_verdict(const struct listing *list, const struct record *rule)
{
	u64 looked = record_number(rule, "looked");
	u64 matched = record_number(rule, "matched");
	u64 fired = record_number(rule, "fired");
	const struct record *word = unmet(list, rule);

	if (!looked) {
		put_not_looked_at(list, rule);
		return;
	}
	if (fired)
		fprintf(list->out,
			"fired on %llu of %llu segments that were looked at; %llu matched",
			fired, looked, matched);
	else if (matched)
		fprintf(list->out,
			"never fired: %llu of %llu segments matched; `%s' kept it",
			matched, looked, text_of(word));
	else if (word && !strcmp(record_get(word, "text"), "flow-state"))
		fputs("never fired: no room for the state of its flows (limit flow_rules)",
		      list->out);
	else
		fprintf(list->out,
			"never matched: %llu segments were looked at; `%s' was never true",
			looked, text_of(word));
}

static int width_of(const struct listing *list, const struct record *rule)
{
	size_t width = 0;

	for (const struct record *word = rule + 1; is_word_of(list, rule, word);
	     word++)
		if (strlen(text_of(word)) > width)
			width = strlen(text_of(word));
	return width;
}

static bool is_of_schedule(const char *text)
{
	static const char * const words[] = {
		"skip=", "interval=", "probability=", "times=",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strncmp(text, words[i], strlen(words[i])))
			return true;
	return false;
}

static void put_count(const struct record *word, FILE *out)
{
	u64 asked = record_number(word, "asked");
	u64 met = record_number(word, "met");

	if (!asked)
		fputs("not asked\n", out);
	else if (is_of_schedule(text_of(word)))
		fprintf(out, "let %llu of %llu fire\n", met, asked);
	else if (met)
		fprintf(out, "true for %llu of %llu\n", met, asked);
	else
		fprintf(out, "never true, of %llu\n", asked);
}

static void put_words(const struct listing *list, const struct record *rule)
{
	int width = width_of(list, rule);

	for (const struct record *word = rule + 1; is_word_of(list, rule, word);
	     word++) {
		fprintf(list->out, "    %-*s  ", width, text_of(word));
		put_count(word, list->out);
	}
}

static void put_why(const struct listing *list, const struct record *rule)
{
	fputc('\n', list->out);
	put_rule(list, record_number(rule, "id"));
	fputs("  ", list->out);
	put_verdict(list, rule);
	fputc('\n', list->out);
	if (record_number(rule, "looked"))
		put_words(list, rule);
}

static void put_all(const struct listing *list, u64 id)
{
	const struct record *net = own_net(list);

	if (net)
		put_net(list, net);
	put_elsewhere(list, net);
	if (!id && net && !record_number(net, "rules"))
		fputs("there are no rules here\n", list->out);
	for (size_t i = 0; i < list->count; i++)
		if (is(&list->records[i], "rule") &&
		    (!id || record_number(&list->records[i], "id") == id))
			put_why(list, &list->records[i]);
}

/**
 * why_print() - tell which words of rules were true
 * @why: text of the file `why`; taken apart in place
 * @rules: text of the file `rules`
 * @id: only this rule, or 0: all
 * @out: where to
 *
 * Return: DONE, or REFUSED after a sentence when there is no such rule.
 */
int why_print(char *why, const char *rules, u64 id, FILE *out)
{
	struct listing list = { .rules = rules, .out = out };
	int status = DONE;

	list.records = record_all(why, &list.count);
	if (id && !find_rule(&list, id))
		status = fail("there is no rule with id=%llu", id);
	else
		put_all(&list, id);
	free(list.records);
	return status;
}

/**
 * why_sentence() - tell in one sentence what became of a rule
 * @why: text of the file `why`; taken apart in place
 * @id: the rule
 * @out: where to, without a newline; nothing when there is no such rule
 */
void why_sentence(char *why, u64 id, FILE *out)
{
	struct listing list = { .out = out };
	const struct record *rule;

	list.records = record_all(why, &list.count);
	rule = find_rule(&list, id);
	if (rule)
		put_verdict(&list, rule);
	free(list.records);
}

/* A rule as an object, with its words in an array. */
static struct json_object *rule_object(const struct listing *list,
				       const struct record *rule)
{
	struct json_object *object = json_record(rule, false);
	struct json_object *words = json_object_new_array();

	for (const struct record *word = rule + 1; is_word_of(list, rule, word);
	     word++) {
		struct json_object *entry = json_record(word, false);

		json_object_object_del(entry, "id");
		json_object_array_add(words, entry);
	}
	json_object_object_add(object, "words", words);
	return object;
}

/**
 * why_json() - as why_print(), as one object
 * @why: text of the file `why`; taken apart in place
 * @id: only this rule, or 0: all
 * @out: where to
 *
 * Return: DONE or REFUSED.
 */
int why_json(char *why, u64 id, FILE *out)
{
	struct json_object *all = json_object_new_object();
	struct json_object *nets = json_object_new_array();
	struct json_object *rules = json_object_new_array();
	struct listing list = { .out = out };

	list.records = record_all(why, &list.count);
	for (size_t i = 0; i < list.count; i++) {
		const struct record *record = &list.records[i];

		if (is(record, "net"))
			json_object_array_add(nets, json_record(record, false));
		else if (is(record, "rule") &&
			 (!id || record_number(record, "id") == id))
			json_object_array_add(rules, rule_object(&list, record));
	}
	json_object_object_add(all, "namespaces", nets);
	json_object_object_add(all, "rules", rules);
	if (id && !find_rule(&list, id)) {
		json_object_put(all);
		free(list.records);
		return fail("there is no rule with id=%llu", id);
	}
	free(list.records);
	return json_print(all, out);
}

/**
 * verb_why() - tell which words of rules were true, and so why one never fired
 * @opt: options
 * @argc: number of words
 * @argv: the number of a rule, or nothing: all
 *
 * Return: exit status.
 */
int verb_why(const struct options *opt, int argc, char **argv)
{
	char *rules, *why;
	int status = REFUSED;
	u64 id = 0;

	if (argc && (!number_parse(argv[0], &id) || !id))
		return fail("`%s' is no number of a rule", argv[0]);
	if (ctl_open(opt->netns))
		return REFUSED;
	rules = ctl_read("rules");
	why = rules ? ctl_read("why") : NULL;
	if (why)
		status = opt->json ? why_json(why, id, stdout) :
			why_print(why, rules, id, stdout);
	free(why);
	free(rules);
	return status;
}
