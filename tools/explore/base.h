/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_BASE_H
#define FINJECT_BASE_H

struct session;

int base_learn(struct session *session, int signals);

#endif /* FINJECT_BASE_H */
