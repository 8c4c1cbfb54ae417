// SPDX-License-Identifier: GPL-2.0-only
/*
 * The load of the benchmark, over loopback, where every packet passes both of
 * finject's hooks:
 *
 *   traffic bulk N		N full segments on one connection
 *   traffic connection N	N connections opened and closed
 *
 * It prints ns for each packet, or each connection. In the warp guest one ns is
 * one instruction.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PORT = 5001,
	SEGMENT = 1448,
	MSS = SEGMENT + 12,	/* including the timestamp option */
};

static struct sockaddr_in here = {
	.sin_family = AF_INET,
	.sin_addr.s_addr = 0x0100007f,
};

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		err(1, "setsockopt %d", name);
}

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(1, "socket");
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set(fd, IPPROTO_TCP, TCP_MAXSEG, MSS);
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	return fd;
}

static int listening(void)
{
	int fd = tcp_socket();

	if (bind(fd, (const struct sockaddr *)&here, sizeof(here)) ||
	    listen(fd, 16))
		err(1, "listen");
	return fd;
}

static void open_pair(int listener, int pair[2])
{
	pair[0] = tcp_socket();
	if (connect(pair[0], (const struct sockaddr *)&here, sizeof(here)))
		err(1, "connect");
	pair[1] = accept(listener, NULL, NULL);
	if (pair[1] < 0)
		err(1, "accept");
}

static void close_pair(int pair[2])
{
	char byte;

	close(pair[0]);
	if (read(pair[1], &byte, 1))
		err(1, "read at the end");
	close(pair[1]);
}

static unsigned long packets(void)
{
	FILE *file = fopen("/sys/class/net/lo/statistics/tx_packets", "r");
	unsigned long count;

	if (!file || fscanf(file, "%lu", &count) != 1)
		err(1, "tx_packets");
	fclose(file);
	return count;
}

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void send_segment(int pair[2])
{
	static char buf[SEGMENT];
	ssize_t done = 0, got;

	if (write(pair[0], buf, sizeof(buf)) != sizeof(buf))
		err(1, "write");
	while (done < (ssize_t)sizeof(buf)) {
		got = read(pair[1], buf, sizeof(buf) - done);
		if (got <= 0)
			err(1, "read");
		done += got;
	}
}

static double bulk(int listener, long count)
{
	unsigned long before;
	long long start;
	int pair[2];
	long i;

	open_pair(listener, pair);
	for (i = 0; i < 100; i++)
		send_segment(pair);
	before = packets();
	start = now();
	for (i = 0; i < count; i++)
		send_segment(pair);
	start = now() - start;
	before = packets() - before;
	close_pair(pair);
	return (double)start / before;
}

static double connection(int listener, long count)
{
	long long start = now();
	int pair[2];
	long i;

	for (i = 0; i < count; i++) {
		open_pair(listener, pair);
		close_pair(pair);
	}
	return (double)(now() - start) / count;
}

int main(int argc, char **argv)
{
	long count = argc == 3 ? atol(argv[2]) : 0;
	int listener;

	if (count <= 0)
		errx(2, "usage: traffic bulk|connection N");
	here.sin_port = htons(PORT);
	listener = listening();
	if (!strcmp(argv[1], "bulk"))
		printf("%.1f\n", bulk(listener, count));
	else if (!strcmp(argv[1], "connection"))
		printf("%.1f\n", connection(listener, count));
	else
		errx(2, "usage: traffic bulk|connection N");
	return 0;
}
