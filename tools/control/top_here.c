// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks at the namespaces of this host. None is kept open between two looks:
 * that would keep a namespace, or the module, that is about to go.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "ctl.h"
#include "file.h"
#include "netns.h"
#include "record.h"
#include "refuse.h"
#include "top.h"

static u64 inum_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) ? 0 : status.st_ino;
}

/**
 * top_here_open() - get ready to look at this host
 * @host: all but @name is zero
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int top_here_open(struct top_host *host)
{
	host->out.fd = -1;
	host->err.fd = -1;
	if (ctl_open(NULL))
		return REFUSED;
	host->home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (host->home < 0)
		return fail("/proc/self/ns/net: %m");
	host->where = inum_of(host->home);
	return DONE;
}

static bool is_there(const struct netns *place)
{
	struct stat status;

	return !stat(place->path, &status) && status.st_ino == place->inum;
}

/* Where it is already it needs no right to go. */
static bool enter(struct top_host *host, int fd)
{
	if (inum_of(fd) == host->where)
		return true;
	if (setns(fd, CLONE_NEWNET))
		return false;
	host->where = inum_of(fd);
	return true;
}

static bool enter_place(struct top_host *host, const struct netns *place)
{
	int fd = -1;
	bool entered;

	if (place->holder == NETNS_SOCKET)
		fd = netns_enterable(place->inum);
	else if (place->holder != NETNS_NOBODY && is_there(place))
		fd = open(place->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	entered = fd >= 0 && enter(host, fd);
	if (fd >= 0)
		close(fd);
	return entered;
}

static const struct netns *find(const struct netns *place, size_t count,
				u64 inum)
{
	for (size_t i = 0; i < count; i++)
		if (place[i].inum == inum)
			return &place[i];
	return NULL;
}

/* A search looks into all processes: only for those that are new, or moved. */
static bool places_update(struct top_host *host, const struct record *record,
			  size_t count)
{
	struct netns *all = calloc(count + 1, sizeof(*all));
	size_t known = 0, sought = count;

	if (!all)
		return false;
	for (size_t i = 0; i < count; i++) {
		u64 inum = record_number(&record[i], "inum");
		const struct netns *place = find(host->place, host->places,
						 inum);

		if (place && (place->holder <= NETNS_SOCKET || is_there(place)))
			all[known++] = *place;
		else
			all[--sought].inum = inum;
	}
	if (sought < count)
		netns_search(all + sought, count - sought);
	free(host->place);
	host->place = all;
	host->places = count;
	return true;
}

/* Return: the text of its file `stats`, NULL when it cannot be entered. */
static char *stats_of(struct top_host *host, const struct netns *place)
{
	char *text;
	int fd;

	if (!enter_place(host, place))
		return NULL;
	fd = ctl_try("stats", O_RDONLY);
	if (fd < 0)
		return NULL;
	text = file_slurp(fd);
	close(fd);
	return text;
}

static void look_at(struct top_host *host, const struct record *record,
		    size_t count)
{
	struct json_object *look = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		u64 inum = record_number(&record[i], "inum");
		const struct netns *place = find(host->place, host->places,
						 inum);
		char *stats = stats_of(host, place);
		struct json_object *row = top_row(&record[i], place->name,
						  stats, clock_now());

		top_rates(row, host->look);
		json_object_array_add(look, row);
		free(stats);
	}
	json_object_put(host->look);
	host->look = look;
	host->heard = clock_now();
}

static void end(struct top_host *host, const char *why)
{
	snprintf(host->said, sizeof(host->said), "%s", why);
	host->ended = true;
}

static char *namespaces_text(struct top_host *host)
{
	int fd = ctl_try("namespaces", O_RDONLY);
	char *text;

	if (fd < 0) {
		end(host, errno == ENOENT ? "the module was unloaded" :
					    strerror(errno));
		return NULL;
	}
	text = file_slurp(fd);
	if (!text)
		end(host, strerror(errno));
	close(fd);
	return text;
}

/**
 * top_here_look() - look at this host
 * @host: the host; ended when that is not possible any more
 */
void top_here_look(struct top_host *host)
{
	char *text = namespaces_text(host), many[TOP_SAID];
	struct record *record = NULL;
	size_t count = 0;

	if (text)
		record = record_all(text, &count);
	if (count > TOP_NAMESPACES) {
		snprintf(many, sizeof(many),
			 "%zu namespaces have rules, parked segments or readers, and top shows %d at most",
			 count, TOP_NAMESPACES);
		end(host, many);
	} else if (text && places_update(host, record, count)) {
		look_at(host, record, count);
	} else if (text) {
		end(host, "there is no memory");
	}
	/* that it is in a namespace would keep that one */
	if (!enter(host, host->home))
		end(host, strerror(errno));
	free(record);
	free(text);
}
