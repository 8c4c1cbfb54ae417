// SPDX-License-Identifier: GPL-2.0-only
/*
 * closes SEED COUNT [rules|calm [SECONDS [ADDRESS]]]: make closes of many kinds
 * under random rules, in which the judge must find no fault. It runs in the
 * guest, and prints the events of each close, followed for some SECONDS after
 * it, behind a line that begins with `#`. With an ADDRESS, by which A reaches B,
 * the network namespaces A, R and B exist, and R is a router, maybe with NAT:
 * it gets rules and is recorded as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "conn.h"
#include "ctl.h"
#include "netns.h"
#include "trial.h"
#include "record.h"

enum {
	ROOM = 64 * 1024,
	RULE = 256,
};

static const u64 ms = 1000000;
static unsigned int settle = 150;

static unsigned int dice(unsigned int sides)
{
	return random() % sides;
}

static const char *one_of(const char * const *words, unsigned int count)
{
	return words[dice(count)];
}

static const char * const segments[] = {
	"fin1", "ack1", "fin2", "ack2", "fin", "ack", "fin,ack", "data",
	"rst", "all",
};

static const char * const places[] = {
	"", "", "", " dir=in", " dir=out", " hook=input", " hook=output",
	" hook=prerouting", " hook=postrouting",
};

static const char * const times[] = {
	" nth=1", " nth=1", " nth=1-2", " nth=2-", " nth=1-4", "",
	" times=1", " times=3", " probability=50%", " probability=20%",
	" interval=2", " skip=1 times=2",
};

static const char * const actions[] = {
	"drop", "drop", "drop", "delay=3ms", "delay=250ms", "delay=700ms",
	"delay=3s jitter=2s", "duplicate=1", "duplicate=3 gap=20ms",
	"duplicate=2 gap=600ms", "duplicate=1 gap=61s", "hold=x max=1s",
	"hold=x gather=2 max=5s", "reset=sender", "reset=receiver",
	"reset=both",
};

#define PICK(a) one_of(a, sizeof(a) / sizeof((a)[0]))

static void random_rule(char *rule)
{
	snprintf(rule, RULE, "seg=%s%s%s %s seed=%u", PICK(segments),
		 PICK(places), PICK(times), PICK(actions), dice(10000));
}

/* The router between both ends; without one its files are -1. */
static struct trial router = {
	.end[0] = { .ns.fd = -1, .lease = -1, .events = -1 },
	.borrowed = true,
};

static void drain(struct log *log, int events, const char *netns)
{
	static char text[ROOM + 1];
	char *rest = text, *line;
	ssize_t got;

	while ((got = read(events, text, ROOM)) > 0) {
		text[got] = '\0';
		rest = text;
		while ((line = record_line(&rest)))
			if (log_line(log, line))
				log->event[log->count - 1].source =
					log_source(&log->sources, netns);
	}
}

static void pass(struct trial *trial, unsigned int milliseconds)
{
	u64 until = clock_now() + milliseconds * ms;
	u64 now;

	while ((now = clock_now()) < until) {
		struct pollfd files[3] = {
			{ trial->end[0].events, POLLIN, 0 },
			{ trial->end[1].events, POLLIN, 0 },
			{ router.end[0].events, POLLIN, 0 },
		};

		poll(files, 3, (until - now) / ms + 1);
		drain(&trial->log, trial->end[0].events, "A");
		drain(&trial->log, trial->end[1].events, "B");
		drain(&trial->log, router.end[0].events, "R");
	}
}

static int fd(struct trial *trial, enum ladder_end end)
{
	return trial->end[end].socket;
}

static void say(struct trial *trial, enum ladder_end end, unsigned int size)
{
	static const char text[100000];

	send(fd(trial, end), text, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void hear(struct trial *trial, enum ladder_end end)
{
	static char text[100000];

	while (recv(fd(trial, end), text, sizeof(text), MSG_DONTWAIT) > 0)
		;
}

static void linger(struct trial *trial, enum ladder_end end)
{
	struct linger none = { 1, 0 };

	setsockopt(fd(trial, end), SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

static void shut(struct trial *trial, enum ladder_end end)
{
	trial_end_close(&trial->end[end]);
}

static const unsigned int pauses[] = { 0, 0, 1, 30, 100, 250, 500, 1500, 5000 };

static void pause_some(struct trial *trial)
{
	pass(trial, pauses[dice(sizeof(pauses) / sizeof(*pauses))]);
}

static void four(struct trial *trial)
{
	shut(trial, END_A);
	pause_some(trial);
	shut(trial, END_B);
}

static void other_first(struct trial *trial)
{
	shut(trial, END_B);
	pause_some(trial);
	shut(trial, END_A);
}

static void both(struct trial *trial)
{
	shut(trial, END_A);
	shut(trial, END_B);
}

static void half(struct trial *trial)
{
	shutdown(fd(trial, END_A), SHUT_WR);
	pause_some(trial);
	for (unsigned int i = dice(4); i--;) {
		say(trial, END_B, 1 + dice(i ? 100 : 60000));
		pause_some(trial);
		hear(trial, END_A);
	}
	shut(trial, END_B);
	pause_some(trial);
	hear(trial, END_A);
	shut(trial, END_A);
}

static void with_data(struct trial *trial)
{
	say(trial, END_A, 1 + dice(60000));
	shut(trial, END_A);
	pause_some(trial);
	hear(trial, END_B);
	pause_some(trial);
	hear(trial, END_B);
	say(trial, END_B, 10);
	shut(trial, END_B);
}

static void abrupt(struct trial *trial)
{
	linger(trial, dice(2));
	shut(trial, END_A);
	pause_some(trial);
	shut(trial, END_B);
}

static void unread(struct trial *trial)
{
	say(trial, END_A, 100);
	pass(trial, 5);
	shut(trial, END_B);
	pause_some(trial);
	say(trial, END_A, 100);
	pause_some(trial);
	shut(trial, END_A);
}

static void late_data(struct trial *trial)
{
	shut(trial, END_A);
	pause_some(trial);
	say(trial, END_B, 100);
	pause_some(trial);
	say(trial, END_B, 100);
	shut(trial, END_B);
}

static void both_shutdown(struct trial *trial)
{
	shutdown(fd(trial, END_A), SHUT_WR);
	if (dice(2))
		pause_some(trial);
	shutdown(fd(trial, END_B), SHUT_WR);
	pass(trial, settle * 500);
	shut(trial, END_A);
	shut(trial, END_B);
}

static void impatient(struct trial *trial)
{
	int patience = 300 + dice(3000);

	for (int i = END_A; i <= END_B; i++)
		setsockopt(fd(trial, i), IPPROTO_TCP, TCP_USER_TIMEOUT,
			   &patience, sizeof(patience));
	four(trial);
}

/* A connection on the addresses and ports of the one before, if that is over. */
static void connect_again(struct trial *trial)
{
	const struct trial_end *a = &trial->end[END_A], *b = &trial->end[END_B];
	const struct addr *to = trial->alias.len ? &trial->alias : &b->at;
	int listener, fd = conn_socket(&a->ns, a->at.sa.sa_family);

	listener = conn_listen(&b->ns, &b->at);
	if (listener >= 0 && fd >= 0 && !bind(fd, &a->at.sa, a->at.len) &&
	    (!connect(fd, &to->sa, to->len) || errno == EINPROGRESS)) {
		pass(trial, 4000);
		trial->end[END_A].socket = fd;
		trial->end[END_B].socket = accept4(listener, NULL, NULL,
						   SOCK_NONBLOCK);
		fd = -1;
	}
	if (fd >= 0)
		close(fd);
	if (listener >= 0)
		close(listener);
}

/* In TIME_WAIT, LAST_ACK, or whatever the rules made of it. */
static void reuse(struct trial *trial)
{
	enum ladder_end first = dice(2);

	shut(trial, first);
	pause_some(trial);
	shut(trial, !first);
	pause_some(trial);
	connect_again(trial);
	shut(trial, dice(2));
	pause_some(trial);
	shut(trial, END_A);
	shut(trial, END_B);
}

static const struct {
	const char *name;
	void (*run)(struct trial *trial);
} styles[] = {
	{ "four", four }, { "both", both }, { "half", half },
	{ "with-data", with_data }, { "abrupt", abrupt },
	{ "unread", unread }, { "late-data", late_data },
	{ "both-shutdown", both_shutdown }, { "impatient", impatient },
	{ "reuse", reuse }, { "other-first", other_first },
};

static void knob(struct trial *trial, const char *name, const char *value)
{
	int file;

	for (int i = END_A; i <= END_B; i++) {
		trial_enter(trial, i);
		file = open(name, O_WRONLY);
		if (file < 0 || write(file, value, strlen(value)) < 0)
			fprintf(stderr, "%s: %m\n", name);
		close(file);
	}
}

static void turn_knobs(struct trial *trial)
{
	static const char * const fins[] = { "60", "60", "1", "5" };
	static const char * const orphans[] = { "0", "0", "1", "3" };
	static const char * const bits[] = { "0", "1" };
	const char *stamps = PICK(bits);

	knob(trial, "/proc/sys/net/ipv4/tcp_fin_timeout", PICK(fins));
	knob(trial, "/proc/sys/net/ipv4/tcp_orphan_retries", PICK(orphans));
	knob(trial, "/proc/sys/net/ipv4/tcp_rfc1337", PICK(bits));
	knob(trial, "/proc/sys/net/ipv4/tcp_timestamps", stamps);
	printf(" timestamps=%s", stamps);
}

static int router_open(void)
{
	struct trial_end *end = &router.end[0];

	if (ns_adopt(&end->ns, ctl_netns_open("R")) || ns_enter(&end->ns))
		return 1;
	end->events = ctl_file("events", O_RDONLY | O_NONBLOCK);
	return end->events < 0;
}

static void router_close(void)
{
	struct trial_end *end = &router.end[0];

	if (end->lease >= 0)
		close(end->lease);
	if (end->events >= 0)
		close(end->events);
	free(end->before);
	ns_drop(&end->ns);
	end->before = NULL;
	end->ns.fd = -1;
	end->lease = -1;
	end->events = -1;
}

/* In an existing namespace all rules are added at once. */
static int rules_add(struct trial *trial, unsigned int rules, unsigned int ends)
{
	char text[3][3 * RULE] = { "" }, rule[RULE];
	int status = 0;

	while (rules--) {
		unsigned int end = dice(ends);
		size_t used = strlen(text[end]);

		random_rule(rule);
		printf(" | %c %s", "ABR"[end], rule);
		snprintf(text[end] + used, sizeof(text[end]) - used, "%s%s",
			 used ? "\n" : "", rule);
	}
	for (unsigned int end = 0; end < ends && !status; end++)
		if (*text[end])
			status = end < 2 ? trial_rule(trial, end, text[end]) :
				 trial_rule(&router, END_A, text[end]);
	putchar('\n');
	return status;
}

static int close_one(struct trial *trial, unsigned int number, bool faults,
		     unsigned int ends)
{
	unsigned int style = dice(sizeof(styles) / sizeof(*styles));
	int status;

	printf("# %u %s", number, styles[style].name);
	turn_knobs(trial);
	status = rules_add(trial, faults ? 1 + dice(3) : 0, ends);
	if (!status) {
		styles[style].run(trial);
		pass(trial, settle * 1000);
	}
	log_sort(&trial->log);
	log_print(&trial->log, stdout);
	fflush(stdout);
	return 0;
}

static int one(unsigned int number, bool faults, const char *address)
{
	const struct trial_site site = {
		.netns = { address ? "A" : NULL, address ? "B" : NULL },
		.address = !address ? NULL :
			   strchr(address, ':') ? "fd00:2::1" : "10.0.2.1",
		.alias = address,
	};
	struct trial trial;
	int status = trial_open_at(&trial, &site);

	if (!status && address)
		status = router_open();
	if (!status)
		status = close_one(&trial, number, faults, address ? 3 : 2);
	router_close();
	trial_close(&trial);
	return status;
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 2 ? strtoul(argv[2], NULL, 10) : 100;
	bool faults = argc < 4 || strcmp(argv[3], "calm");

	if (argc > 4)
		settle = strtoul(argv[4], NULL, 10);
	srandom(argc > 1 ? strtoul(argv[1], NULL, 10) : 1);
	for (unsigned int i = 0; i < count; i++)
		if (one(i, faults, argc > 5 ? argv[5] : NULL))
			return 1;
	puts("# end");
	return 0;
}
