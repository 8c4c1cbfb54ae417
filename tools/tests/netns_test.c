// SPDX-License-Identifier: GPL-2.0-only
/*
 * The number of a network namespace in its spellings, and our own namespace
 * found by it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cases.h"
#include "netns.h"

static void test_number(void)
{
	check(netns_number("4026532201") == 4026532201, "a number");
	check(netns_number("net:[4026532201]") == 4026532201, "net:[N]");
	check(!netns_number("net:[4026532201] "), "a blank behind");
	check(!netns_number("net:[4026532201"), "no bracket");
	check(!netns_number("net:[]"), "an empty bracket");
	check(!netns_number("mnt:[4026532201]"), "another namespace");
	check(!netns_number("client"), "a name");
	check(!netns_number("-1") && !netns_number(""), "no number");
	check(!netns_number("net:[99999999999999999999999]"), "too long");
}

static void test_search(void)
{
	struct netns netns[2] = { { .inum = 1 } };
	struct stat here, found;

	if (stat("/proc/self/ns/net", &here))
		return;
	netns[1].inum = here.st_ino;
	netns_search(netns, 2);
	check(netns[0].holder == NETNS_NOBODY && !netns[0].pid, "none of them");
	check(netns[1].holder >= NETNS_PROCESS && netns[1].pid &&
	      *netns[1].comm, "our own");
	check(!stat(netns[1].path, &found) && found.st_ino == here.st_ino,
	      "the path of our own");
}

static void test_enter(void)
{
	struct stat here, there;
	int fd;

	if (stat("/proc/self/ns/net", &here))
		return;
	fd = netns_enterable(here.st_ino);
	check(fd >= 0 && !fstat(fd, &there) && there.st_ino == here.st_ino,
	      "our own can be entered");
	if (fd >= 0)
		close(fd);
	check(netns_enterable(1) < 0, "none can be entered");
}

int main(void)
{
	test_number();
	test_search();
	test_enter();
	return cases_end();
}
