// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load of the benchmark; see usage below. In the warp guest one ns is one
 * instruction.
 */
#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "heap.h"
#include "late.h"
#include "pair.h"
#include "span.h"
#include "stray.h"

static const char usage[] =
	"usage: traffic bulk 4|6 N       N full segments on one connection; ns a packet\n"
	"       traffic closes 4|6 N     N connections, opened and closed; ns for each\n"
	"       traffic busy 4|6 N       the same, with all that others do because of them\n"
	"       traffic late N M         N closes, M at once; ns from close() to the FIN\n"
	"                                on lo, median and 99th percentile\n"
	"       traffic cpus N C         N closes on each of C CPUs; ns a close\n"
	"       traffic strays N         N FINs to nobody, each of its own connection\n"
	"       traffic datagrams N      N datagrams to nobody, each to its own port\n"
	"       traffic read FILE        ns of one read, lines\n"
	"       traffic write FILE       ns of writing standard input, writes\n"
	"       traffic run COMMAND...   ns of a command";

static unsigned long packets(void)
{
	FILE *file = fopen("/sys/class/net/lo/statistics/tx_packets", "r");
	unsigned long count;

	if (!file || fscanf(file, "%lu", &count) != 1)
		err(1, "tx_packets");
	fclose(file);
	return count;
}

static void bulk(int listener, const struct addr *to, long count)
{
	unsigned long before;
	struct pair pair;
	__u64 start;
	long i;

	pair_open(&pair, listener, to);
	for (i = 0; i < 100; i++)
		pair_send(&pair);
	before = packets();
	start = clock_now();
	for (i = 0; i < count; i++)
		pair_send(&pair);
	start = clock_now() - start;
	before = packets() - before;
	pair_close(&pair);
	if ((long)before < count)
		errx(1, "%ld segments were only %lu packets", count, before);
	printf("%.1f\n", (double)start / before);
}

static void repeat_close(int listener, const struct addr *to, long count)
{
	struct pair pair;

	for (; count; count--) {
		pair_open(&pair, listener, to);
		pair_close(&pair);
	}
}

static void closes(int listener, const struct addr *to, long count)
{
	__u64 start = clock_now();

	repeat_close(listener, to, count);
	printf("%.1f\n", (double)(clock_now() - start) / count);
}

/* Return how long this one CPU was idle, ns. */
static __u64 idle_time(void)
{
	FILE *file = fopen("/proc/timer_list", "r");
	char line[256];
	__u64 idle = 0;

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " .idle_sleeptime : %llu", &idle) == 1)
			break;
	if (!file || !idle)
		errx(1, "/proc/timer_list does not say how long it was idle");
	fclose(file);
	return idle;
}

/* Readers have time to come to their end. */
static void busy(int listener, const struct addr *to, long count)
{
	__u64 idle = idle_time(), start = clock_now();

	repeat_close(listener, to, count);
	sleep(3);
	start = clock_now() - start;
	printf("%.1f\n", (double)(start - (idle_time() - idle)) / count);
}

static void bind_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU %d", cpu);
}

/* Close on one CPU, when all are ready: when the pipe has no writer. */
static pid_t start_closer(int cpu, long count, const int gate[2])
{
	pid_t child = fork();
	struct addr to;
	int listener;
	char byte;

	if (child)
		return child;
	close(gate[1]);
	bind_cpu(cpu);
	if (addr_set(&to, "127.0.0.1", BENCH_PORT + cpu))
		exit(1);
	listener = pair_listen(&to);
	repeat_close(listener, &to, 10);
	if (read(gate[0], &byte, 1))
		err(1, "gate");
	repeat_close(listener, &to, count);
	exit(0);
}

static void cpus(long count, int used)
{
	int gate[2], i, status, failed = 0;
	__u64 start;

	if (pipe(gate))
		err(1, "pipe");
	for (i = 0; i < used; i++)
		if (start_closer(i, count, gate) < 0)
			err(1, "fork");
	sleep(1);
	start = clock_now();
	close(gate[1]);
	for (i = 0; i < used; i++)
		failed |= wait(&status) < 0 || status;
	if (failed)
		errx(1, "a closer failed");
	printf("%.1f\n", (double)(clock_now() - start) / count / used);
}

static void strays(long count)
{
	struct ns here;

	if (ns_hold(&here, "/proc/self/ns/net"))
		exit(1);
	stray_fins(&here, 1, count);
}

static void datagrams(long count)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct addr to;

	for (; count; count--)
		if (addr_set(&to, STRAY_TO, count) ||
		    sendto(fd, "", 1, 0, &to.sa, to.len) != 1)
			err(1, "datagram");
}

/* Run the measurements that want a listening socket; return whether it is one. */
static int over_lo(const char *what, int argc, char **argv)
{
	const int family = !strcmp(what, "bulk") || !strcmp(what, "closes") ||
			   !strcmp(what, "busy");
	const int v6 = family && !strcmp(argv[2], "6");
	struct addr to;
	long count;

	if (argc != 4)
		return 0;
	count = atol(argv[3]);
	if (count <= 0 || atoi(argv[2]) <= 0 ||
	    addr_set(&to, v6 ? "::1" : "127.0.0.1", BENCH_PORT))
		return 0;
	heap_fill();
	if (!strcmp(what, "bulk"))
		bulk(pair_listen(&to), &to, count);
	else if (!strcmp(what, "closes"))
		closes(pair_listen(&to), &to, count);
	else if (!strcmp(what, "busy"))
		busy(pair_listen(&to), &to, count);
	else if (!strcmp(what, "late"))
		late_measure(pair_listen(&to), &to, atoi(argv[2]), count);
	else if (!strcmp(what, "cpus"))
		cpus(atol(argv[2]), count);
	else
		return 0;
	return 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (argc > 2 && over_lo(what, argc, argv))
		return 0;
	if (!strcmp(what, "run"))
		span_command(argv + 2);
	else if (argc == 3 && !strcmp(what, "strays"))
		strays(atol(argv[2]));
	else if (argc == 3 && !strcmp(what, "datagrams"))
		datagrams(atol(argv[2]));
	else if (argc == 3 && !strcmp(what, "read"))
		span_read(argv[2]);
	else if (argc == 3 && !strcmp(what, "write"))
		span_write(argv[2]);
	else
		errx(2, "%s", usage);
	return 0;
}
