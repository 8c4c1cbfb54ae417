// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sockets that a run leaves behind, by inet_diag.
 */
#include <arpa/inet.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "close.h"
#include "diag.h"
#include "leftover.h"
#include "netlink.h"
#include "place.h"
#include "refuse.h"

enum { SOCKETS = 64 };

struct search {
	const struct closes *closes;
	struct leftover *found;
};

static bool is_half_closed(unsigned int state)
{
	return state == FIN_WAIT1 || state == FIN_WAIT2 ||
	       state == CLOSE_WAIT || state == LAST_ACK || state == CLOSING;
}

static bool ends_with_port(const char *name, unsigned int port)
{
	const char *colon = strrchr(name, ':');
	unsigned int found;

	return colon && sscanf(colon + 1, "%u", &found) == 1 && found == port;
}

static bool is_seen(const struct closes *closes, unsigned int a, unsigned int b)
{
	for (size_t i = 0; i < closes->count; i++) {
		const struct close *close = &closes->close[i];

		if ((ends_with_port(close->name[0], a) &&
		     ends_with_port(close->name[1], b)) ||
		    (ends_with_port(close->name[1], a) &&
		     ends_with_port(close->name[0], b)))
			return true;
	}
	return false;
}

static void add(struct leftover *found, const struct inet_diag_msg *sock)
{
	char local[INET6_ADDRSTRLEN], remote[INET6_ADDRSTRLEN], text[160];
	bool orphan = !sock->idiag_inode;

	found->count++;
	found->orphans += orphan && sock->idiag_state != CLOSE_WAIT;
	if (found->count > SOCKETS)
		return;
	inet_ntop(sock->idiag_family, sock->id.idiag_src, local, sizeof(local));
	inet_ntop(sock->idiag_family, sock->id.idiag_dst, remote,
		  sizeof(remote));
	snprintf(text, sizeof(text), "%s%s %s port %u to %s port %u",
		 state_names[sock->idiag_state], orphan ? " orphan" : "",
		 local, ntohs(sock->id.idiag_sport),
		 remote, ntohs(sock->id.idiag_dport));
	json_object_array_add(found->left, json_object_new_string(text));
}

static void each(const struct nlmsghdr *msg, void *arg)
{
	const struct inet_diag_msg *sock = NLMSG_DATA(msg);
	const struct search *search = arg;
	unsigned int port = ntohs(sock->id.idiag_sport);
	struct leftover *found = search->found;

	if (search->closes &&
	    !is_seen(search->closes, port, ntohs(sock->id.idiag_dport)))
		return;
	if (sock->idiag_state == TIME_WAIT &&
	    json_object_array_length(found->waiting) < SOCKETS)
		json_object_array_add(found->waiting, json_object_new_int(port));
	else if (is_half_closed(sock->idiag_state))
		add(found, sock);
}

static int dump(int nl, int family, struct search *search)
{
	struct inet_diag_req_v2 *req;
	struct netlink ask;

	req = netlink_begin(&ask, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP,
			    sizeof(*req));
	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_states = ~(1U << LISTEN);
	return netlink_talk(nl, &ask, each, search);
}

static int look_in(const struct ns *ns, struct search *search)
{
	int nl = diag_open(ns), error = nl;

	if (nl < 0)
		return error;
	error = dump(nl, AF_INET, search);
	if (!error)
		error = dump(nl, AF_INET6, search);
	close(nl);
	return error;
}

/**
 * leftover_look() - find the sockets of a run
 * @leftover: filled in; to be freed by leftover_free()
 * @place: the network of the run
 * @closes: its connections, or NULL: all of the network namespace
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int leftover_look(struct leftover *leftover, const struct place *place,
		  const struct closes *closes)
{
	struct search search = { .closes = closes, .found = leftover };
	int error = 0;

	*leftover = (struct leftover){
		.left = json_object_new_array(),
		.waiting = json_object_new_array(),
	};
	if (!place->ends)
		error = look_in(NULL, &search);
	for (unsigned int i = 0; i < place->ends && !error; i++)
		error = look_in(&place->end[i], &search);
	return error < 0 ? fail_with("inet_diag", -error) : DONE;
}

/**
 * leftover_free() - free what was found
 * @leftover: it
 */
void leftover_free(struct leftover *leftover)
{
	json_object_put(leftover->left);
	json_object_put(leftover->waiting);
	*leftover = (struct leftover){ };
}
