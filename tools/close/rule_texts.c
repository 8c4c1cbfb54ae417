// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "rule_texts.h"

/* An end is ADDRESS:PORT, that of IPv6 [ADDRESS]:PORT. */
static bool is_at(const char *address, const char *local)
{
	size_t size = strlen(address);
	const char *port = local ? strrchr(local, ':') : NULL;

	if (!port)
		return false;
	if (*local == '[') {
		local++;
		port--;
	}
	return (size_t)(port - local) == size && !memcmp(local, address, size);
}

static const struct rule_text *find(const struct rule_texts *rules,
				    const char *address, u64 id)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->rule[i].id == id &&
		    !strcmp(rules->rule[i].address, address))
			return &rules->rule[i];
	return NULL;
}

static char *copy(const char *text)
{
	char *made = strdup(text);

	if (!made)
		abort();
	return made;
}

/**
 * rule_texts_add() - add a rule
 * @rules: the rules that are known
 * @address: an address of its namespace, or ""
 * @id: its id there
 * @text: its words
 *
 * Return: false when one of that id is known there.
 */
bool rule_texts_add(struct rule_texts *rules, const char *address, u64 id,
		    const char *text)
{
	struct rule_text *rule;

	if (find(rules, address, id))
		return false;
	rules->rule = grow(rules->rule, rules->count, &rules->room,
			   sizeof(*rules->rule));
	rule = &rules->rule[rules->count++];
	rule->address = copy(address);
	rule->id = id;
	rule->text = copy(text);
	return true;
}

static bool is_named(const struct rule_texts *rules, const char *local)
{
	for (size_t i = 0; i < rules->count; i++)
		if (is_at(rules->rule[i].address, local))
			return true;
	return false;
}

/**
 * rule_texts_find() - look up what a rule says
 * @rules: the rules that are known
 * @local: the end where it fired, or NULL: on the way between both
 * @id: the rule's id
 *
 * Return: its words, or NULL.
 */
const char *rule_texts_find(const struct rule_texts *rules, const char *local,
			    u64 id)
{
	bool named = is_named(rules, local);

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule_text *rule = &rules->rule[i];

		if (rule->id == id &&
		    (named ? is_at(rule->address, local) : !*rule->address))
			return rule->text;
	}
	return NULL;
}

/**
 * rule_texts_free() - forget the rules
 * @rules: they
 */
void rule_texts_free(struct rule_texts *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		free(rules->rule[i].address);
		free(rules->rule[i].text);
	}
	free(rules->rule);
	memset(rules, 0, sizeof(*rules));
}
