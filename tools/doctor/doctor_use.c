// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether the module is at its limits, and who else uses it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "doctor.h"
#include "file.h"
#include "netns.h"
#include "open_files.h"
#include "record.h"

/* Each parameter of the module is called as the limit, with max_ before it. */
static void limit(struct finding *found, const struct record *record)
{
	const char *name = record_get(record, "name");
	u64 max = record_number(record, "max");
	u64 refused = record_number(record, "refused");
	bool ring = name && !strcmp(name, "events");
	bool near = !ring && record_number(record, "peak") >= max - max / 10;

	if (strcmp(record->word, "limit") || !name || (!refused && !near))
		return;
	finding_add(found, "%s%s %llu of %llu at its peak",
		    found->health ? "; " : "", name,
		    record_number(record, "peak"), max);
	if (refused)
		finding_add(found, ring ? ", %llu records lost" :
			    ", %llu times too many: those segments or rules passed or were refused",
			    refused);
	found->health = HEALTH_NOTE;
}

/* What a file of the module says now: NULL when it cannot be read. */
static char *text_of(const char *file)
{
	int fd = ctl_try(file, O_RDONLY);
	char *text = fd < 0 ? NULL : file_slurp(fd);

	if (fd >= 0)
		close(fd);
	return text;
}

static void each_record(const char *file, struct finding *found,
			void (*look)(struct finding *found,
				     const struct record *record))
{
	char *text = text_of(file);
	size_t count;
	struct record *records = record_all(text, &count);

	for (size_t i = 0; i < count; i++)
		look(found, &records[i]);
	free(records);
	free(text);
}

/* A rule that parks what it meets where it still has a socket. */
static bool takes_socket(const char *line, size_t length)
{
	char *rule;
	bool takes;

	if (asprintf(&rule, "%.*s ", (int)length, line) < 0)
		return false;
	takes = strstr(rule, " hook=output ") &&
		(strstr(rule, " delay=") || strstr(rule, " hold="));
	free(rule);
	return takes;
}

/**
 * doctor_sockets() - look for rules that take the socket from segments
 * @found: the finding
 */
void doctor_sockets(struct finding *found)
{
	char *text = text_of("rules");
	unsigned int count = 0;

	for (char *line = text; line && *line; ) {
		size_t length = strcspn(line, "\n");

		count += takes_socket(line, length);
		line += length + (line[length] == '\n');
	}
	if (count)
		finding(found, HEALTH_NOTE,
			"%u rules park at hook=output: what they park continues without its socket, so `meta skuid', `socket' and matches by cgroup do not know it any more; without hook= a rule parks behind them",
			count);
	else
		finding(found, HEALTH_OK,
			"no rule takes the socket from what others still look at");
	free(text);
}

/**
 * doctor_limits() - check that no table of the module is or was full
 * @found: the finding
 */
void doctor_limits(struct finding *found)
{
	each_record("stats", found, limit);
	if (found->health)
		finding_add(found,
			    "; larger limits: max_rules and others in /sys/module/finject/parameters, see `modinfo finject'");
	else
		finding(found, HEALTH_OK, "none was near");
}

static void skipped(struct finding *found, const struct record *record)
{
	if (strcmp(record->word, "skipped"))
		return;
	for (unsigned int i = 0; i < record->count; i++) {
		if (!record_number(record, record->pair[i].key))
			continue;
		if (!found->health)
			finding(found, HEALTH_NOTE,
				"some segments passed without being judged:");
		finding_add(found, " %s=%s", record->pair[i].key,
			    record->pair[i].value);
	}
}

/**
 * doctor_skipped() - check that no segment was left alone that rules should have met
 * @found: the finding
 */
void doctor_skipped(struct finding *found)
{
	finding(found, HEALTH_OK, "no segment was left alone");
	each_record("stats", found, skipped);
}

static void refused(struct finding *found, const struct record *record)
{
	u64 segments = record_number(record, "refused");
	u64 resets = record_number(record, "resets_refused");

	if (!strcmp(record->word, "total") && (segments || resets))
		finding(found, HEALTH_NOTE,
			"%llu segments were sent on and %llu RSTs were made that the next hop did not take: a full queue (`tc -s qdisc'), another hook's drop, no route, or a policy of IPsec",
			segments, resets);
}

/**
 * doctor_refused() - check that the next hop took what finject sent on
 * @found: the finding
 */
void doctor_refused(struct finding *found)
{
	finding(found, HEALTH_OK, "the next hop took all that was sent on");
	each_record("stats", found, refused);
}

static void other(struct finding *found, const struct record *record)
{
	u64 inum = record_number(record, "inum");
	u64 rules = record_number(record, "rules");
	u64 parked = record_number(record, "parked");
	struct netns netns = { .inum = inum };
	struct stat here = { 0 };

	stat("/proc/self/ns/net", &here);
	if (inum == here.st_ino || (!rules && !parked))
		return;
	netns_names(&netns, 1);
	finding_add(found, found->health ? ", " : "in other network namespaces: ");
	if (*netns.name)
		finding_add(found, "%s", netns.name);
	else
		finding_add(found, "%llu", inum);
	finding_add(found, " (%llu rules, %llu parked)", rules, parked);
	found->health = HEALTH_NOTE;
}

/**
 * doctor_namespaces() - look for rules and parked segments in other namespaces
 * @found: the finding
 */
void doctor_namespaces(struct finding *found)
{
	each_record("namespaces", found, other);
	if (found->health)
		finding_add(found,
			    "; `finject namespaces' says more, `finject flush --everywhere' removes them");
	else
		finding(found, HEALTH_OK,
			"no rules and no parked segments in others");
}

/**
 * doctor_users() - look for those who keep the module from being unloaded
 * @found: the finding
 */
void doctor_users(struct finding *found)
{
	size_t count;
	struct user *user = users_all(&count);
	long references = users_references();

	if (count)
		finding(found, HEALTH_NOTE,
			"`%s' is open in %s[%d], %zu files in all: rmmod says that the module is in use until they are closed; `finject users' lists them",
			user->file, user->comm, user->pid, count);
	else if (references > 0)
		finding(found, HEALTH_NOTE,
			"no process has a file of the module open, but it is in use %ld times, by perf or BPF programs on its tracepoints: rmmod waits for their end",
			references);
	else
		finding(found, HEALTH_OK,
			"nobody keeps the module from being unloaded");
	free(user);
}
