// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "finject.h"
#include "json_record.h"
#include "namespaces.h"
#include "table.h"

enum { NUMBER = 16 };

/**
 * namespaces_read() - ask where finject is at work, and what keeps it there
 * @all: filled in
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int namespaces_read(struct namespaces *all)
{
	*all = (struct namespaces){ .text = ctl_read("namespaces") };
	if (!all->text)
		return REFUSED;
	all->record = record_all(all->text, &all->count);
	all->netns = calloc(all->count + 1, sizeof(*all->netns));
	if (!all->netns) {
		namespaces_free(all);
		fail("there is no memory");
		return REFUSED;
	}
	for (size_t i = 0; i < all->count; i++)
		all->netns[i].inum = record_number(&all->record[i], "inum");
	netns_search(all->netns, all->count);
	return DONE;
}

/**
 * namespaces_free() - free what namespaces_read() made
 * @all: that
 */
void namespaces_free(struct namespaces *all)
{
	free(all->text);
	free(all->record);
	free(all->netns);
	memset(all, 0, sizeof(*all));
}

static void add(struct record *record, const char *key, const char *value)
{
	if (record->count == RECORD_WORDS)
		return;
	record->pair[record->count].key = key;
	record->pair[record->count++].value = *value ? value : "-";
}

/* The kernel's record, and behind it what was found; @pid is room for text. */
static void extend(struct record *record, const struct netns *netns, char *pid)
{
	if (netns->pid)
		snprintf(pid, NUMBER, "%d", netns->pid);
	add(record, "name", netns->name);
	add(record, "pid", pid);
	add(record, "comm", netns->comm);
	add(record, "holder", netns->path);
}

static int print_json(const struct namespaces *all)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < all->count; i++)
		json_object_array_add(array, json_record(&all->record[i], false));
	return json_print(array, stdout);
}

/**
 * verb_namespaces() - print where finject is at work, and what keeps it there
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_namespaces(const struct options *opt, int argc, char **argv)
{
	struct namespaces all;
	char (*pid)[NUMBER];
	int status = DONE;

	if (ctl_open(NULL) || namespaces_read(&all))
		return REFUSED;
	pid = calloc(all.count + 1, sizeof(*pid));
	for (size_t i = 0; pid && i < all.count; i++)
		extend(&all.record[i], &all.netns[i], pid[i]);
	if (opt->json)
		status = print_json(&all);
	else
		table_records(all.record, all.count,
			      "no namespace has rules, parked segments or readers",
			      stdout);
	free(pid);
	namespaces_free(&all);
	return status;
}
