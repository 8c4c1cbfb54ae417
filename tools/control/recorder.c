// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "ctl.h"
#include "folder.h"
#include "grow.h"
#include "json_record.h"
#include "ns.h"
#include "record.h"
#include "recorder.h"

/* TURNS of ROOM are more than a namespace keeps for its readers. */
enum { ROOM = 64 * 1024, LINE = 1024, TURNS = 1024 };

static int files_open(struct recorder *recorder, const char *folder)
{
	if (!folder) {
		recorder->text = tmpfile();
		return recorder->text ? DONE : fail("a temporary file: %m");
	}
	recorder->text = folder_append(folder, RECORDER_TEXT);
	recorder->json = recorder->text ? folder_append(folder, RECORDER_JSON) :
		NULL;
	return recorder->json ? DONE : REFUSED;
}

/* Two readers of one namespace would tell of each segment twice. */
static int view_is_new(const struct ns *ns, unsigned int count,
		       const char *netns)
{
	for (unsigned int i = 0; i < count; i++)
		if (ns_is(&ns[i], &ns[count]))
			return fail("`%s' is a network namespace that is watched already",
				    netns);
	return DONE;
}

static int view_open(struct recorder *recorder, struct ns *ns,
		     const char *netns)
{
	unsigned int i = recorder->views;
	int fd = ctl_netns_open(netns ? netns : "/proc/self/ns/net");

	if (fd < 0 || ns_adopt(&ns[i], fd))
		return REFUSED;
	recorder->view[i].netns = netns;
	recorder->view[i].fd = -1;
	recorder->views++;
	if (view_is_new(ns, i, netns) || ns_enter(&ns[i]))
		return REFUSED;
	recorder->view[i].fd = ctl_file("events", O_RDONLY | O_NONBLOCK);
	return ns_leave() || recorder->view[i].fd < 0 ? REFUSED : DONE;
}

/**
 * recorder_open() - begin to record the events of several namespaces
 * @recorder: all zero; to be closed also after a failure
 * @opt: @opt->netns and @opt->peers are the namespaces, @opt->log is the
 *	directory where the records are written, or NULL
 *
 * The caller is in the namespace that it began in, before and afterwards.
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int recorder_open(struct recorder *recorder, const struct options *opt)
{
	struct ns ns[1 + PEERS];
	int status;

	if (ctl_open(NULL) || files_open(recorder, opt->log))
		return REFUSED;
	status = view_open(recorder, ns, opt->netns);
	for (unsigned int i = 0; i < opt->peer_count && !status; i++)
		status = view_open(recorder, ns, opt->peers[i]);
	for (unsigned int i = 0; i < recorder->views; i++)
		ns_drop(&ns[i]);
	return status;
}

static struct recorder_rule *rule_of(struct recorder *recorder, u64 id)
{
	struct recorder_rule *rule;

	for (size_t i = 0; i < recorder->rules; i++)
		if (recorder->rule[i].id == id)
			return &recorder->rule[i];
	recorder->rule = grow(recorder->rule, recorder->rules, &recorder->room,
			      sizeof(*recorder->rule));
	rule = &recorder->rule[recorder->rules++];
	*rule = (struct recorder_rule){ .id = id };
	return rule;
}

static void learn(struct recorder *recorder, unsigned int view,
		  const struct record *record)
{
	u64 rule = record_number(record, "rule");

	recorder->records++;
	recorder->lost += record_number(record, "lost");
	if (!view && rule && !strcmp(record->word, "seg"))
		rule_of(recorder, rule)->fired++;
	closing_learn(&recorder->closing, view, record);
}

/* As `events -j` prints it, and the namespace. */
static void print_json(struct recorder *recorder, unsigned int view,
		       const struct record *record)
{
	const char *netns = recorder->view[view].netns;
	struct json_object *object;

	if (!recorder->json)
		return;
	object = json_record(record, true);
	json_object_object_add(object, "netns", netns ?
			       json_object_new_string(netns) : NULL);
	if (!json_print_line(object, recorder->json))
		return;
	fclose(recorder->json);
	recorder->json = NULL;
	recorder->failed = true;
}

/* As the kernel wrote it, and the namespace if it has a name. */
static void print_text(struct recorder *recorder, unsigned int view,
		       const char *line)
{
	const char *netns = recorder->view[view].netns;

	fprintf(recorder->text, "%s%s%s\n", line, netns ? " netns=" : "",
		netns ? netns : "");
}

static void take(struct recorder *recorder, unsigned int view,
		 const char *line)
{
	struct record record;
	char copy[LINE];

	print_text(recorder, view, line);
	snprintf(copy, sizeof(copy), "%s", line);
	if (!record_parse(&record, copy))
		return;
	learn(recorder, view, &record);
	print_json(recorder, view, &record);
}

/* Say it once; the command goes on, and what can be read is counted. */
static void flush(struct recorder *recorder)
{
	bool failed = fflush(recorder->text) || ferror(recorder->text);

	if (recorder->json && (fflush(recorder->json) ||
			       ferror(recorder->json)))
		failed = true;
	if (failed && !recorder->failed)
		fail("writing down the events: %m");
	recorder->failed |= failed;
}

/* Return: false when nothing is there to be read. */
static bool drain(struct recorder *recorder, unsigned int i)
{
	static char text[ROOM + 1];
	struct recorder_view *view = &recorder->view[i];
	char *rest = text, *line;
	ssize_t got = view->fd < 0 ? -1 : read(view->fd, text, ROOM);

	if (!got) {
		close(view->fd);
		view->fd = -1;
	}
	if (got <= 0)
		return false;
	text[got] = '\0';
	while ((line = record_line(&rest)))
		take(recorder, i, line);
	flush(recorder);
	recorder->last = clock_now();
	return true;
}

/**
 * recorder_wait() - write down what comes, until there is something to do
 * @recorder: the recorder; one that is all zero only waits
 * @signals: a file that tells of signals
 * @ms: how long to wait, -1 for as long as nothing comes
 */
void recorder_wait(struct recorder *recorder, int signals, int ms)
{
	struct pollfd files[2 + PEERS] = {
		{ .fd = signals, .events = POLLIN },
	};

	for (unsigned int i = 0; i < recorder->views; i++)
		files[1 + i] = (struct pollfd){
			.fd = recorder->view[i].fd,
			.events = POLLIN,
		};
	poll(files, 1 + recorder->views, ms);
	for (unsigned int i = 0; i < recorder->views; i++)
		if (files[1 + i].revents)
			drain(recorder, i);
}

/**
 * recorder_drain() - write down all that is there to be read by now
 * @recorder: the recorder
 */
void recorder_drain(struct recorder *recorder)
{
	for (unsigned int i = 0; i < recorder->views; i++)
		for (int turn = 0; turn < TURNS && drain(recorder, i); turn++)
			;
}

/**
 * recorder_fired() - count the segments to which a rule did something
 * @recorder: the recorder
 * @id: id of a rule in the first namespace
 *
 * Return: their number, by the records.
 */
u64 recorder_fired(const struct recorder *recorder, u64 id)
{
	for (size_t i = 0; i < recorder->rules; i++)
		if (recorder->rule[i].id == id)
			return recorder->rule[i].fired;
	return 0;
}

/**
 * recorder_stop() - read no further
 * @recorder: the recorder
 *
 * Return: DONE, or REFUSED when something could not be written, after a
 * sentence.
 */
int recorder_stop(struct recorder *recorder)
{
	for (unsigned int i = 0; i < recorder->views; i++) {
		if (recorder->view[i].fd >= 0)
			close(recorder->view[i].fd);
		recorder->view[i].fd = -1;
	}
	return recorder->failed ? REFUSED : DONE;
}

/**
 * recorder_close() - release all of a recorder
 * @recorder: the recorder
 */
void recorder_close(struct recorder *recorder)
{
	recorder_stop(recorder);
	if (recorder->text)
		fclose(recorder->text);
	if (recorder->json)
		fclose(recorder->json);
	closing_free(&recorder->closing);
	free(recorder->rule);
	memset(recorder, 0, sizeof(*recorder));
}
