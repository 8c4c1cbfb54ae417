/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_ATTEMPT_H
#define FINJECT_ATTEMPT_H

#include "session.h"

struct attempt *attempt_add(struct session *session,
			    const struct attempt *parts);
void attempts_plan(struct session *session);
void attempts_pair(struct session *session);
bool attempt_is_harmless(const struct attempt *attempt);
bool attempt_is_sure(const struct session *session,
		     const struct attempt *attempt);
bool attempt_take(struct session *session, struct attempt *attempt,
		  struct json_object *run);
void attempts_free(struct session *session);

#endif /* FINJECT_ATTEMPT_H */
