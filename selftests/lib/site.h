/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The places where users run finject: beds with a bridge, a VRF, a tunnel or
 * the like between the two ends or at one of them, all in one table.
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

/* A FIN that passes no hook in the namespace of the rules, in a direction in
 * which it should.
 */
enum { IN, OUT };
#define MISSES(fin, dir)	(1U << ((fin) == FIN2) << 2 * (dir))
#define MISSES_ALL		(MISSES(FIN1, IN) | MISSES(FIN1, OUT) | \
				 MISSES(FIN2, IN) | MISSES(FIN2, OUT))

struct scene;

/**
 * struct site - the description of a place
 * @name: its name
 * @option: the kernel option that it needs
 * @modules: modules that no command loads by itself
 * @links: its devices in each namespace, in the words of site.c; $A, $B and $M
 *	are the namespaces
 * @more: commands for sh, after @links
 * @finish: the steps after @more that no command can do; returns false if the
 *	kernel cannot
 * @last: after that, in the same words as @links
 * @proof: command that succeeds in @judge while a connection stands that has
 *	carried data, and so proves that the place is as described; NULL where
 *	that is plain
 * @forwards: M is a router
 * @judge: the namespace of the rules
 * @server: the namespace of B's end
 * @vrf: devices that the sockets of A and of B are bound to
 * @dev: devices by which A and B receive plain TCP; "" if none shows it, fj0 if
 *	left out
 * @at: address at which B listens, IPv4 and IPv6
 * @to: address that A connects to, if that is another
 * @port: port that A connects to, likewise
 * @outer: as of struct laws
 * @coarse: likewise
 * @unlinked: likewise
 * @loses: B's own stack drops some of much data, for instance of small
 *	fragments, whose memory its buffer counts
 * @merges: M's device on the left merges packets
 * @misses: MISSES()
 * @bypass: command that succeeds in @judge, after a FIN, if that bypassed all
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
 * @witness: a witness in each namespace
 * @intake: the intakes of A and of B
 * @laws: the frames that are allowed
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
