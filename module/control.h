/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that is written: transactions on the rules, choices of parked segments. */
#ifndef FINJECT_CONTROL_H
#define FINJECT_CONTROL_H

#include "net.h"

struct finject_view;

enum {
	FINJECT_TEXT_MAX = 65536,	/* bytes of one write */
};

/**
 * struct finject_client - one open file
 * @fnet: of the namespace of who opened it
 * @user_ns: that owns that namespace, held
 * @leases: rules it adds go when it is closed
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

int finject_control_rules(struct finject_client *client, char *text);
int finject_control_held(struct finject_client *client, char *text);
int finject_control_stats(struct finject_client *client, char *text);
void finject_control_refuse(struct finject_net *fnet, unsigned int line,
			    const char *text, size_t len,
			    const struct finject_error *error);

#endif /* FINJECT_CONTROL_H */
