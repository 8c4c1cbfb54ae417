/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream of known bytes: a receiver can tell whether it received exactly
 * those that were sent.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct stream - one direction of a connection
 * @seed: seed of its bytes
 * @flags: flags for send(2)
 * @sent: number of bytes written
 * @got: number of bytes read
 * @wrong: number of wrong bytes read
 */
struct stream {
	unsigned int seed;
	int flags;
	size_t sent, got, wrong;
};

void stream_write(struct stream *stream, int fd, size_t len);
bool stream_read(struct stream *stream, int fd);

#endif /* STREAM_H */
