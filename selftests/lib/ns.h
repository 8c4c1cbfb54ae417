/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef NS_H
#define NS_H

#include <stddef.h>

/**
 * struct ns - a network namespace held by a file descriptor
 * @fd: of /proc/self/ns/net as it was when the namespace was made
 * @inum: its inode number, as the module's file `namespaces` writes it
 * @vrf: device that the sockets of connections in it are bound to, or NULL
 */
struct ns {
	int fd;
	unsigned long inum;
	const char *vrf;
};

void ns_new(struct ns *ns);
void ns_initial(struct ns *ns);
void ns_enter(const struct ns *ns);
void ns_leave(void);
void ns_drop(struct ns *ns);
int ns_open(const struct ns *ns, int dir, const char *path, int flags);
size_t ns_read(const struct ns *ns, const char *path, char *buf, size_t size);
void ns_sysctl(const struct ns *ns, const char *name, const char *value);
int ns_run(const struct ns *ns, const char *command);

#endif /* NS_H */
