/* SPDX-License-Identifier: GPL-2.0-only */
/* The text of `why`: for each rule, which of its words were true how often. */
#ifndef FINJECT_WHY_H
#define FINJECT_WHY_H

#include <linux/seq_file.h>

#include "netns.h"

void finject_why_nets(struct seq_file *seq, struct finject_net *own);
void finject_why_rule(struct seq_file *seq, struct finject_net *fnet,
		      struct finject_rule *rule, u64 passed);

#endif /* FINJECT_WHY_H */
