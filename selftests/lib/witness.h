/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two witnesses that are not finject. The first keeps each frame that passes
 * any device of a namespace, before the hooks of the receiver. The second
 * counts the segments that reach TCP, behind all hooks and behind decryption.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include "addr.h"
#include "census.h"
#include "frame.h"
#include "ns.h"

/**
 * struct witness - the frames that passed the devices of a namespace
 * @ns: the namespace
 * @fd: the packet socket
 * @frames: the frames, oldest first
 * @count: number of frames
 */
struct witness {
	const struct ns *ns;
	int fd;
	struct frame *frames;
	size_t count;
};

/**
 * struct laws - the frames that are allowed
 * @census: the addresses in use
 * @outer: protocol that encapsulates TCP on the wire, or 0
 * @wire: device of that wire, where TCP must not leave without it
 * @coarse: some devices forward packets whose checksum covers only a part
 * @unlinked: devices whose link headers nobody made
 */
struct laws {
	struct census census;
	int outer;
	const char *wire;
	bool coarse;
	const char *unlinked[2];
};

void witness_open(struct witness *witness, const struct ns *ns);
void witness_forget(struct witness *witness);
void witness_close(struct witness *witness);
size_t witness_count(struct witness *witness, const char *dev,
		     const struct addr *from, int flag);
bool witness_alike(struct witness *witness, const char *dev,
		   const struct addr *from, int flag);
size_t witness_longest(struct witness *witness, const char *dev);
const struct frame *witness_strange(struct witness *witness,
				    const struct laws *laws, const char **why);

enum { INTAKE_MAX = 64 };

/**
 * struct intake - the segments that reached TCP in a namespace
 * @fd: a raw socket
 * @family: address family of the packets
 * @seen: source port and flags of segments with FIN or RST, oldest first
 * @count: number of segments
 */
struct intake {
	int fd;
	int family;
	struct {
		unsigned short sport;
		unsigned char flags;
	} seen[INTAKE_MAX];
	size_t count;
};

void intake_open(struct intake *intake, const struct ns *ns, int family);
void intake_forget(struct intake *intake);
size_t intake_count(struct intake *intake, const struct addr *from, int flag);
void intake_close(struct intake *intake);

#endif /* WITNESS_H */
