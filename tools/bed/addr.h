/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef BED_ADDR_H
#define BED_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum { ADDR_TEXT = 64 };

/**
 * struct addr - an IPv4 or IPv6 address with a port
 * @len: length of the member in use
 * @sa: as bind() and connect() take it
 * @v4: AF_INET
 * @v6: AF_INET6
 * @text: as finject writes it: 10.0.0.1:8080, [2001:db8::1]:8080
 */
struct addr {
	socklen_t len;
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	char text[ADDR_TEXT];
};

void addr_any(struct addr *addr, int family);
bool addr_read(struct addr *addr, const char *ip, uint16_t port);
int addr_set(struct addr *addr, const char *ip, uint16_t port);
bool addr_parse(struct addr *addr, const char *text);
int addr_of(struct addr *addr, int fd, bool peer);
bool addr_is(const struct addr *a, const struct addr *b);
void addr_print(struct addr *addr);
void addr_set_port(struct addr *addr, uint16_t port);
uint16_t addr_port(const struct addr *addr);
const void *addr_raw(const struct addr *addr, size_t *len);

#endif /* BED_ADDR_H */
