// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bulk.h"
#include "clock.h"
#include "fail.h"

enum {
	STEP = 1000,
	UNSENT = 6000,		/* unsent when A closes: several segments */
	RCVBUF = 16 * 1024,	/* the listener's, for a small window */
	TOTAL = 256 * 1024,	/* more than any window here */
};

static unsigned char byte_at(size_t offset)
{
	return offset * 31 + (offset >> 8);
}

static int unsent(int fd)
{
	int bytes;

	if (ioctl(fd, SIOCOUTQNSD, &bytes))
		fail("SIOCOUTQNSD: %s", strerror(errno));
	return bytes;
}

static void set(int fd, int name, int value)
{
	if (setsockopt(fd, SOL_SOCKET, name, &value, sizeof(value)))
		fail("setsockopt: %s", strerror(errno));
}

/**
 * bulk_small_window - make B's window small for later connections
 * @bed: the bed; not connected yet
 */
void bulk_small_window(struct bed *bed)
{
	/* 5.10 sizes its skbs by the pacing rate: two segments at most */
	bed_sysctl(bed, "net/ipv4/tcp_min_tso_segs", "32");
	set(bed->listener, SO_RCVBUF, RCVBUF);
}

/**
 * bulk_fill - write until the peer's window is full, and more
 * @bulk: reset first
 * @fd: A's socket
 */
void bulk_fill(struct bulk *bulk, int fd)
{
	unsigned char buf[STEP];
	size_t i;

	*bulk = (struct bulk){};
	set(fd, SO_SNDBUF, 2 * TOTAL);
	while (!WAIT_FOR(unsent(fd) >= UNSENT, 5 * MSEC)) {
		for (i = 0; i < STEP; i++)
			buf[i] = byte_at(bulk->sent + i);
		if (write(fd, buf, STEP) != STEP || bulk->sent > TOTAL)
			fail("the window never closes: %s", strerror(errno));
		bulk->sent += STEP;
	}
}

/**
 * bulk_drain - read all there is, in one call, so that the window opens at once
 * @bulk: the data written; a wrong byte is a failure
 * @fd: B's socket
 *
 * Return: false at the end of data.
 */
bool bulk_drain(struct bulk *bulk, int fd)
{
	static unsigned char buf[TOTAL];
	ssize_t n, i;

	n = read(fd, buf, sizeof(buf));
	for (i = 0; i < n; i++)
		if (buf[i] != byte_at(bulk->got++))
			fail("byte %zu is wrong", bulk->got - 1);
	return n > 0 || (n < 0 && errno == EAGAIN);
}
