// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file `rules` is of the namespace that we are in. The file `flush` takes
 * the number of a namespace, so it reaches those that nobody can enter.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "ctl.h"
#include "finject.h"
#include "namespaces.h"

static int flush_number(u64 inum)
{
	char text[32];

	snprintf(text, sizeof(text), "inum=%llu\n", inum);
	return ctl_write("flush", text, 0, NULL);
}

static void say(const struct record *record, const struct netns *netns)
{
	printf("%llu", netns->inum);
	if (*netns->name)
		printf(" (%s)", netns->name);
	else if (netns->pid)
		printf(" (%s[%d])", netns->comm, netns->pid);
	printf(": %llu rules removed, %llu segments were parked\n",
	       record_number(record, "rules"), record_number(record, "parked"));
}

/* Return: DONE also for a namespace that has ended since it was listed. */
static int flush_listed(const struct record *record, const struct netns *netns)
{
	char text[32];
	int error;

	snprintf(text, sizeof(text), "inum=%llu\n", netns->inum);
	error = ctl_put("flush", text);
	if (error == -ENOENT)
		return DONE;
	if (error)
		return flush_number(netns->inum);
	say(record, netns);
	return DONE;
}

/* Only the initial namespace knows of the others. */
static int flush_everywhere(void)
{
	struct namespaces all;
	int status = DONE;
	bool any = false;

	if (!ctl_netns_is_initial() && ctl_netns_go("1"))
		return REFUSED;
	if (namespaces_read(&all))
		return REFUSED;
	for (size_t i = 0; i < all.count; i++) {
		if (!record_number(&all.record[i], "rules"))
			continue;
		any = true;
		if (flush_listed(&all.record[i], &all.netns[i]))
			status = REFUSED;
	}
	if (!any)
		puts("no namespace has rules");
	namespaces_free(&all);
	return status;
}

static int flush_netns(const char *name)
{
	u64 inum;
	int fd = ctl_netns_try(name, &inum);

	if (fd >= 0)
		close(fd);
	if (fd < 0 && inum)
		return flush_number(inum);
	return ctl_netns_go(name) ? REFUSED :
		ctl_write("rules", "flush\n", 0, NULL);
}

/**
 * verb_flush() - remove all rules
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_flush(const struct options *opt, int argc, char **argv)
{
	if (opt->netns && opt->everywhere)
		return fail("one namespace or everywhere, not both");
	if (ctl_open(NULL))
		return REFUSED;
	if (opt->everywhere)
		return flush_everywhere();
	return opt->netns ? flush_netns(opt->netns) :
		ctl_write("rules", "flush\n", 0, NULL);
}
