/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where users put finject: beds with a bridge, a VRF, a tunnel or the like
 * between the two ends or at one of them. One table has them all.
 */
#ifndef SITE_H
#define SITE_H

#include "bed.h"
#include "witness.h"

/* Namespaces of a site, as struct bed numbers them. */
enum site_ns {
	AT_A,
	AT_B,
	AT_M,		/* in the middle */
	SITE_NS,
};

/* A FIN that crosses no hook of the namespace of the rules, in a direction in
 * which it should.
 */
enum { IN, OUT };
#define MISSES(fin, dir)	(1U << ((fin) == FIN2) << 2 * (dir))
#define MISSES_ALL		(MISSES(FIN1, IN) | MISSES(FIN1, OUT) | \
				 MISSES(FIN2, IN) | MISSES(FIN2, OUT))

struct scene;

/**
 * struct site - how a place is built
 * @name: its name
 * @option: of the kernel, without which there is none
 * @modules: that no command loads by itself
 * @links: its devices in each namespace, in the words of site.c; $A, $B and $M
 *	are the namespaces
 * @more: after that, for sh
 * @finish: after that, what no command can do; false where the kernel cannot
 * @last: after that, in the same words
 * @proof: command that succeeds in @judge while a connection stands that has
 *	carried data: the place is what it is said to be; NULL where that is plain
 * @forwards: M is a router
 * @judge: where the rules are
 * @server: where B's end is
 * @vrf: devices that the sockets of A and of B are bound to
 * @dev: devices by which A and B are given bare TCP; "" where none shows it,
 *	fj0 where left out
 * @at: address where B listens, IPv4 and IPv6
 * @to: address A connects to, where that is another
 * @port: and port
 * @outer: as of struct laws
 * @coarse: likewise
 * @unlinked: likewise
 * @loses: much data makes B's own stack drop some, with small fragments for
 *	instance, whose memory its buffer counts
 * @merges: M's device on the left makes one packet of several
 * @misses: MISSES()
 * @bypass: command that succeeds in @judge, after a FIN, where that went past all
 *	hooks
 * @bulk: FINs with much data before them are tried too
 */
struct site {
	const char *name, *option, *modules;
	const char *links[SITE_NS];
	const char *more[SITE_NS];
	bool (*finish)(struct scene *scene);
	const char *last[SITE_NS];
	const char *proof;
	bool forwards;
	enum site_ns judge, server;
	const char *vrf[2];
	const char *dev[2];
	const char *at[2], *to[2];
	int port;
	int outer;
	bool coarse;
	const char *unlinked[2];
	bool loses, merges;
	unsigned int misses;
	const char *bypass;
	bool bulk;
};

/**
 * struct scene - a place that was built
 * @site: the place
 * @family: AF_INET or AF_INET6
 * @bed: its namespaces and the connection
 * @judge: the namespace of the rules
 * @misses: MISSES()
 * @witness: in each namespace
 * @intake: of A and of B
 * @laws: what its frames may be
 * @helper: a process that works for it, or 0
 */
struct scene {
	const struct site *site;
	int family;
	struct bed bed;
	struct ns *judge;
	unsigned int misses;
	struct witness witness[SITE_NS];
	struct intake intake[2];
	struct laws laws;
	pid_t helper;
};

const char *scene_open(struct scene *scene, const char *name, int family);
void scene_connect(struct scene *scene);
struct events *scene_events(struct scene *scene);
const char *scene_strange(struct scene *scene);
const char *scene_close(struct scene *scene);

#endif /* SITE_H */
