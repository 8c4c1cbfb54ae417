/* SPDX-License-Identifier: GPL-2.0-only */
/* Writes to the files: transactions on the rules, releases, zeroing. */
#ifndef FINJECT_CONTROL_H
#define FINJECT_CONTROL_H

#include "client.h"

enum {
	FINJECT_TEXT_MAX = 4194304,	/* bytes of one write */
};

int finject_control_rules(struct finject_client *client, char *text);
int finject_control_held(struct finject_client *client, char *text);
int finject_control_stats(struct finject_client *client, char *text);
int finject_control_flush(struct finject_client *client, char *text);

#endif /* FINJECT_CONTROL_H */
