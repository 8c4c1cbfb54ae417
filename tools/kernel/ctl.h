/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CTL_H
#define FINJECT_CTL_H

#include <stdbool.h>

#include "types.h"

/**
 * enum ctl_state - state of the module's files
 * @CTL_READY: they can
 * @CTL_NO_ROOT: not by this user
 * @CTL_NO_DEBUGFS: debugfs is not mounted, and cannot be
 * @CTL_NO_MODULE: the module is not loaded
 * @CTL_CLOSED: their directory cannot be opened; errno says why
 */
enum ctl_state {
	CTL_READY,
	CTL_NO_ROOT,
	CTL_NO_DEBUGFS,
	CTL_NO_MODULE,
	CTL_CLOSED,
};

int ctl_debugfs(void);
enum ctl_state ctl_look(void);
int ctl_open(const char *netns);
int ctl_try(const char *name, int flags);
int ctl_file(const char *name, int flags);
char *ctl_read(const char *name);
int ctl_write(const char *name, const char *text, unsigned int ours,
	      const char *source);
int ctl_lease(const char *name, const char *text, unsigned int ours,
	      const char *source);

int ctl_netns_try(const char *netns, u64 *inum);
int ctl_netns_open(const char *netns);
int ctl_netns_go(const char *netns);
int ctl_put(const char *name, const char *text);
bool ctl_netns_is_initial(void);

int ctl_refusal(const char *log, unsigned int ours, const char *source,
		char *out, int size);

#endif /* FINJECT_CTL_H */
