/* SPDX-License-Identifier: GPL-2.0-only */
/* The files under /sys/kernel/debug/finject. */
#ifndef FINJECT_DEBUGFS_H
#define FINJECT_DEBUGFS_H

int finject_debugfs_init(void);
void finject_debugfs_exit(void);

#endif /* FINJECT_DEBUGFS_H */
