// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "fault.h"

#define SLAB	"/sys/kernel/debug/failslab/"
#define PAGES	"/sys/kernel/debug/fail_page_alloc/"
#define NTH	"/proc/self/fail-nth"

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("%s: cannot write %s: %s", path, text, strerror(errno));
	close(fd);
}

static unsigned long get(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		fail("%s: %s", path, strerror(errno));
	close(fd);
	return strtoul(text, NULL, 10);
}

/* Open the file of this task: each test has its own process. */
static int nth_file(void)
{
	static int fd = -1;
	static pid_t owner;

	if (owner == getpid())
		return fd;
	owner = getpid();
	fd = open(NTH, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail(NTH ": %s", strerror(errno));
	put(SLAB "verbose", "0");
	put(SLAB "ignore-gfp-wait", "N");
	put(SLAB "probability", "0");
	fault_pages(true);
	return fd;
}

/**
 * fault_missing - get the reason why allocations cannot be made to fail here
 *
 * Return: the reason, or NULL.
 */
const char *fault_missing(void)
{
	if (access(NTH, W_OK))
		return "no " NTH " (CONFIG_FAULT_INJECTION)";
	if (access(SLAB "probability", W_OK))
		return "no " SLAB " (CONFIG_FAILSLAB, CONFIG_FAULT_INJECTION_DEBUG_FS)";
	return NULL;
}

/**
 * fault_pages - choose whether page allocations are counted, and fail, too
 * @fail: whether they are, if the kernel can (CONFIG_FAIL_PAGE_ALLOC)
 */
void fault_pages(bool fail)
{
	if (access(PAGES "probability", W_OK))
		return;
	put(PAGES "verbose", "0");
	put(PAGES "min-order", "0");
	put(PAGES "ignore-gfp-wait", fail ? "N" : "Y");
}

/**
 * fault_arm - make one later allocation of this task fail
 * @nth: its ordinal from now on, from 1
 */
void fault_arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_file(), text, len, 0) != len)
		fail(NTH ": %s", strerror(errno));
}

/**
 * fault_disarm - let allocations succeed again
 *
 * Return: whether it has failed: there were at least as many.
 */
bool fault_disarm(void)
{
	char text[16] = "";

	if (pread(nth_file(), text, sizeof(text) - 1, 0) <= 0 ||
	    pwrite(nth_file(), "0", 1, 0) != 1)
		fail(NTH ": %s", strerror(errno));
	return !strtoul(text, NULL, 10);
}

static const char *cache_file(const char *cache, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", cache, name);
	return path;
}

/* Since 6.2 at run time; before, slub_debug=A,CACHE does it at boot. */
static bool mark(const char *cache)
{
	const char *file = cache_file(cache, "failslab");
	int fd;

	if (access(file, R_OK))
		return false;
	if (get(file))
		return true;
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (write(fd, "1", 1) < 0) {
		close(fd);
		return false;
	}
	close(fd);
	return true;
}

/**
 * fault_caches_can - make slab caches ready to fail
 * @caches: their names
 * @count: number of caches
 *
 * Return: false if the kernel cannot, or does not show its caches.
 */
bool fault_caches_can(const char *const *caches, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!mark(caches[i]))
			return false;
	return true;
}

/**
 * fault_caches_arm - make an allocation from a slab cache fail, in any context
 * @caches: names of slab caches that can fail (fault_caches_can())
 * @count: number of caches from which one object each is allocated in this
 *	order; the last allocation fails
 *
 * failslab counts the allocations that it lets pass first in bytes ("space").
 */
void fault_caches_arm(const char *const *caches, unsigned int count)
{
	unsigned long space = 0;
	char text[24];
	unsigned int i;

	nth_file();
	/* an allocation passes only if it leaves some space */
	for (i = 0; i + 1 < count; i++)
		space += get(cache_file(caches[i], "object_size"));
	snprintf(text, sizeof(text), "%lu", count > 1 ? space + 1 : 0);
	put(SLAB "cache-filter", "Y");
	put(SLAB "task-filter", "N");
	put(SLAB "interval", "1");
	put(SLAB "space", text);
	put(SLAB "times", "1");
	put(SLAB "probability", "100");
}

/**
 * fault_caches_disarm - let allocations succeed again
 *
 * Return: whether one has failed.
 */
bool fault_caches_disarm(void)
{
	bool failed = !get(SLAB "times");

	put(SLAB "probability", "0");
	put(SLAB "times", "1");
	put(SLAB "space", "0");
	put(SLAB "cache-filter", "N");
	return failed;
}
