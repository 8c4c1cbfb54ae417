/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One connection under several pairs of names: NAT is on its way.
 */
#ifndef FINJECT_JOIN_H
#define FINJECT_JOIN_H

struct closes;
struct log;

void closes_join(struct closes *closes, struct log *log);

#endif /* FINJECT_JOIN_H */
