/* SPDX-License-Identifier: GPL-2.0-only */
/* One open file. */
#ifndef FINJECT_CLIENT_H
#define FINJECT_CLIENT_H

#include "netns.h"

struct finject_view;
struct user_namespace;

/**
 * struct finject_client - one open file
 * @fnet: namespace of the process that opened it
 * @user_ns: user namespace that owns that namespace, held
 * @leases: rules that it adds are removed when it is closed
 * @position: a reader's position in the events
 * @view: a reader's position in a long listing, or NULL
 */
struct finject_client {
	struct finject_net *fnet;
	struct user_namespace *user_ns;
	bool leases;
	u64 position;
	struct finject_view *view;
};

#endif /* FINJECT_CLIENT_H */
