/* SPDX-License-Identifier: GPL-2.0-only */
/* One open file. */
#ifndef FINJECT_CLIENT_H
#define FINJECT_CLIENT_H

#include "netns.h"

struct finject_view;
struct user_namespace;

/**
 * struct finject_client - one open file
 * @fnet: of the namespace of who opened it
 * @user_ns: that owns that namespace, held
 * @leases: rules it adds are removed when it is closed
 * @position: a reader's, in the events
 * @view: a reader's, in a long listing, or NULL
 */
struct finject_client {
	struct finject_net *fnet;
	struct user_namespace *user_ns;
	bool leases;
	u64 position;
	struct finject_view *view;
};

#endif /* FINJECT_CLIENT_H */
