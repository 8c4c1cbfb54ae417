/* SPDX-License-Identifier: GPL-2.0-only */
/* The text of the files: rules, stats, flows, parked segments, refusals. */
#ifndef FINJECT_VIEW_H
#define FINJECT_VIEW_H

#include <linux/seq_file.h>

struct finject_client;

void finject_view_free(struct finject_client *client);
int finject_view_error_log(struct seq_file *seq, void *v);
int finject_view_namespaces(struct seq_file *seq, void *v);

extern const struct seq_operations finject_view_rules;
extern const struct seq_operations finject_view_stats;
extern const struct seq_operations finject_view_why;
extern const struct seq_operations finject_view_flows;
extern const struct seq_operations finject_view_held;

#endif /* FINJECT_VIEW_H */
