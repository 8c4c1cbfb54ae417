/* SPDX-License-Identifier: GPL-2.0-only */
/* Text that is read: rules, stats, flows, what is held, refusals. */
#ifndef FINJECT_VIEW_H
#define FINJECT_VIEW_H

#include <linux/seq_file.h>

int finject_view_rules(struct seq_file *seq, void *v);
int finject_view_stats(struct seq_file *seq, void *v);
int finject_view_flows(struct seq_file *seq, void *v);
int finject_view_held(struct seq_file *seq, void *v);
int finject_view_error_log(struct seq_file *seq, void *v);
int finject_view_namespaces(struct seq_file *seq, void *v);

#endif /* FINJECT_VIEW_H */
