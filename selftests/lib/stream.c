// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "conn.h"
#include "fail.h"
#include "stream.h"

enum {
	STEP = 16384,
	MUCH = 1 << 21,
};

/* The period of these bytes is neither the segment size nor a page. */
static unsigned char byte_at(const struct stream *stream, size_t offset)
{
	return stream->seed + offset * 31 + offset / 251 * 17;
}

static bool ready(int fd, short events)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };

	return poll(&poll_fd, 1, PATIENCE / MSEC) > 0;
}

/**
 * stream_write - write more of a stream, and wait for room if need be
 * @stream: the stream
 * @fd: a socket
 * @len: number of bytes
 */
void stream_write(struct stream *stream, int fd, size_t len)
{
	unsigned char buf[STEP];
	size_t i, want;
	ssize_t put;

	while (len) {
		want = len < STEP ? len : STEP;
		for (i = 0; i < want; i++)
			buf[i] = byte_at(stream, stream->sent + i);
		put = !ready(fd, POLLOUT) ? 0 :
		      send(fd, buf, want, stream->flags | MSG_NOSIGNAL);
		if (put <= 0)
			fail("a stream cannot be written: %s", strerror(errno));
		stream->sent += put;
		len -= put;
	}
}

/**
 * stream_read - read all that was written, all there is in one call, so that a
 * closed window opens at once
 * @stream: the stream
 * @fd: the other end's socket
 *
 * Return: whether it arrived in time and is the same.
 */
bool stream_read(struct stream *stream, int fd)
{
	static unsigned char buf[MUCH];
	ssize_t i, got;

	while (stream->got < stream->sent && ready(fd, POLLIN)) {
		got = recv(fd, buf, sizeof(buf), 0);
		if (got <= 0)
			break;
		for (i = 0; i < got; i++)
			stream->wrong += buf[i] != byte_at(stream,
							   stream->got + i);
		stream->got += got;
	}
	return stream->got == stream->sent && !stream->wrong;
}
