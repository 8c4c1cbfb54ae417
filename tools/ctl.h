/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CTL_H
#define FINJECT_CTL_H

#include <stdbool.h>

int ctl_open(const char *netns);
int ctl_file(const char *name, int flags);
char *ctl_read(const char *name);
int ctl_write(const char *name, const char *text, unsigned int ours,
	      const char *source);

int ctl_netns_new(void);
int ctl_netns_enter(int netns);
bool ctl_netns_is_initial(void);

char *ctl_slurp(int fd);
int ctl_refusal(const char *log, unsigned int ours, const char *source,
		char *out, int size);

#endif /* FINJECT_CTL_H */
