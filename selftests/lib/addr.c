// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "addr.h"
#include "fail.h"

/**
 * addr_set - an address from text
 * @addr: filled in
 * @ip: IPv4 or IPv6
 * @port: 0 for any
 */
void addr_set(struct addr *addr, const char *ip, uint16_t port)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, ip, &addr->v4.sin_addr) == 1) {
		addr->v4.sin_family = AF_INET;
		addr->v4.sin_port = htons(port);
		addr->len = sizeof(addr->v4);
	} else if (inet_pton(AF_INET6, ip, &addr->v6.sin6_addr) == 1) {
		addr->v6.sin6_family = AF_INET6;
		addr->v6.sin6_port = htons(port);
		addr->len = sizeof(addr->v6);
	} else {
		fail("bad address %s", ip);
	}
	addr_print(addr);
}

/**
 * addr_of - an address of a socket
 * @addr: filled in
 * @fd: the socket
 * @peer: its peer's, else its own
 */
void addr_of(struct addr *addr, int fd, bool peer)
{
	int error;

	memset(addr, 0, sizeof(*addr));
	addr->len = sizeof(addr->v6);
	error = peer ? getpeername(fd, &addr->sa, &addr->len) :
		       getsockname(fd, &addr->sa, &addr->len);
	if (error)
		fail("address of a socket: %s", strerror(errno));
	addr_print(addr);
}

/**
 * addr_port - the port of an address
 * @addr: the address
 *
 * Return: host order.
 */
uint16_t addr_port(const struct addr *addr)
{
	return ntohs(addr->sa.sa_family == AF_INET ? addr->v4.sin_port :
						     addr->v6.sin6_port);
}

/**
 * addr_set_port - the same address with another port
 * @addr: the address
 * @port: the port
 */
void addr_set_port(struct addr *addr, uint16_t port)
{
	if (addr->sa.sa_family == AF_INET)
		addr->v4.sin_port = htons(port);
	else
		addr->v6.sin6_port = htons(port);
	addr_print(addr);
}

/**
 * addr_raw - the bare address
 * @addr: the address
 * @len: gets 4 or 16
 *
 * Return: its bytes in network order.
 */
const void *addr_raw(const struct addr *addr, size_t *len)
{
	bool v4 = addr->sa.sa_family == AF_INET;

	*len = v4 ? 4 : 16;
	return v4 ? (const void *)&addr->v4.sin_addr :
		    (const void *)&addr->v6.sin6_addr;
}

/**
 * addr_print - write @addr->text anew
 * @addr: the address
 */
void addr_print(struct addr *addr)
{
	bool v4 = addr->sa.sa_family == AF_INET;
	char ip[INET6_ADDRSTRLEN];
	size_t len;

	inet_ntop(addr->sa.sa_family, addr_raw(addr, &len), ip, sizeof(ip));
	snprintf(addr->text, sizeof(addr->text), v4 ? "%s:%u" : "[%s]:%u", ip,
		 addr_port(addr));
}
