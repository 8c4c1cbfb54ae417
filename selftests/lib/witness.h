/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two witnesses that are not finject. The first keeps each frame that passes any
 * device of a namespace, before the hooks of the receiver. The second counts the
 * segments that reach TCP, behind all hooks and behind decryption.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include "addr.h"
#include "census.h"
#include "frame.h"
#include "ns.h"

/**
 * struct witness - what passed the devices of a namespace
 * @ns: the namespace
 * @fd: the packet socket
 * @frames: oldest first
 * @count: of them
 */
struct witness {
	const struct ns *ns;
	int fd;
	struct frame *frames;
	size_t count;
};

/**
 * struct laws - what frames may be
 * @census: who is there
 * @outer: protocol in which TCP is wrapped on the wire, or 0
 * @wire: device of that wire, where TCP must not be seen to leave bare
 * @coarse: devices that pass on packets whose checksum covers less than they
 *	hold
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
 * struct intake - what TCP was handed in a namespace
 * @fd: a raw socket
 * @family: of the packets it is given
 * @seen: sender's port and flags of segments with FIN or RST, oldest first
 * @count: of them
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
