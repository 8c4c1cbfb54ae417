/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_NS_H
#define BED_NS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct ns - a network namespace held by a file descriptor
 * @fd: of its file, -1 for none
 * @inum: its inode number, as the module's file `namespaces` writes it
 * @vrf: device to which sockets of connections in it are bound, or NULL
 * @protocol: of those sockets, 0 for TCP
 */
struct ns {
	int fd;
	unsigned long inum;
	const char *vrf;
	int protocol;
};

int ns_new(struct ns *ns);
int ns_hold(struct ns *ns, const char *path);
int ns_adopt(struct ns *ns, int fd);
int ns_share(struct ns *ns, const struct ns *of);
int ns_enter(const struct ns *ns);
int ns_leave(void);
void ns_drop(struct ns *ns);
bool ns_is(const struct ns *a, const struct ns *b);
int ns_open(const struct ns *ns, int dir, const char *path, int flags);
int ns_socket(const struct ns *ns, int family, int type, int protocol);
ssize_t ns_read(const struct ns *ns, const char *path, char *buf, size_t size);
int ns_sysctl(const struct ns *ns, const char *name, const char *value);
int ns_run(const struct ns *ns, const char *command);

#endif /* BED_NS_H */
