// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cable.h"
#include "link.h"
#include "place.h"
#include "refuse.h"

static const char * const names[ENDS] = { "client", "server" };

static const struct cable cables[ENDS] = {
	{ "192.0.2.1", "192.0.2.254", 24 },
	{ "198.51.100.2", "198.51.100.254", 24 },
};

/* What runs as the client: `ip netns exec server` is then the server's. */
static char *before[] = { "ip", "netns", "exec", "client" };

enum { BEFORE = sizeof(before) / sizeof(*before) };

/**
 * place_check() - check what the user wants of the network
 * @opt: the options
 *
 * Return: DONE, or USAGE after a sentence.
 */
int place_check(const struct options *opt)
{
	if (!opt->bed)
		return DONE;
	if (strcmp(opt->bed, "router") && strcmp(opt->bed, "nat")) {
		fail("--bed knows router and nat, not `%s'", opt->bed);
		return USAGE;
	}
	if (!opt->isolate) {
		fail("--bed goes with --isolate");
		return USAGE;
	}
	return DONE;
}

/* The names are known in the mount namespace of the run alone. */
static int name_end(const struct ns *ns, const char *name)
{
	char path[64], file[64];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	snprintf(file, sizeof(file), "/proc/self/fd/%d", ns->fd);
	fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0444);
	if (fd < 0)
		return fail_with(path, errno);
	close(fd);
	if (mount(file, path, NULL, MS_BIND, NULL))
		return fail_with(path, errno);
	return DONE;
}

static int end_make(struct place *place, const struct ns *router, int i)
{
	const char *near = names[i], *far = i ? "to-server" : "to-client";
	struct ns *ns = &place->end[i];

	return cable_end_new(ns) || link_up(ns, "lo") ||
	       cable_lay(ns, near, router, far, &cables[i]) ||
	       link_route(ns, "0.0.0.0", 0, cables[i].far) ||
	       name_end(ns, names[i]);
}

static int nat_make(const struct ns *router)
{
	if (!ns_run(router, "exec >/dev/null 2>&1; set -e\n"
		    "nft add table ip nat\n"
		    "nft add chain ip nat post '{ type nat hook postrouting priority 100; }'\n"
		    "nft add rule ip nat post oifname to-server masquerade\n"))
		return DONE;
	return fail("--bed nat needs nft and nf_nat");
}

static int router_make(struct place *place, const struct ns *self, bool nat)
{
	mkdir("/run/netns", 0755);
	if (mount("finject", "/run/netns", "tmpfs", 0, "mode=755"))
		return fail_with("/run/netns", errno);
	if (ns_sysctl(self, "net/ipv4/conf/all/forwarding", "1"))
		return REFUSED;
	for (int i = 0; i < ENDS; i++)
		if (end_make(place, self, i))
			return REFUSED;
	place->ends = ENDS;
	return nat ? nat_make(self) : DONE;
}

/**
 * place_make() - make the network of a run, and move this process there
 * @place: filled in
 * @setting: what holds for all runs
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int place_make(struct place *place, const struct setting *setting)
{
	const char *bed = setting->opt->bed;
	struct ns self;
	int status;

	*place = (struct place){ };
	if (setting->netns >= 0 && setns(setting->netns, CLONE_NEWNET))
		return fail_with("entering a network namespace", errno);
	if (!setting->opt->isolate)
		return DONE;
	if (unshare(CLONE_NEWNET))
		return fail_with("making a network namespace", errno);
	if (ns_hold(&self, "/proc/self/ns/net"))
		return REFUSED;
	status = link_up(&self, "lo") ? REFUSED : DONE;
	if (!status && bed)
		status = router_make(place, &self, !strcmp(bed, "nat"));
	ns_drop(&self);
	return status;
}

/**
 * place_words() - find out what is to be run for the command
 * @setting: what holds for all runs
 *
 * Return: its words, ended by NULL.
 */
char **place_words(const struct setting *setting)
{
	char **command = setting->opt->command, **words;
	size_t count = 0;

	if (!setting->opt->bed)
		return command;
	while (command[count])
		count++;
	words = calloc(BEFORE + count + 1, sizeof(*words));
	if (!words)
		abort();
	memcpy(words, before, sizeof(before));
	memcpy(words + BEFORE, command, count * sizeof(*words));
	return words;
}
