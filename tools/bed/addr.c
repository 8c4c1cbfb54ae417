// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "fail.h"

/**
 * addr_any() - make the unspecified address with port 0
 * @addr: filled in
 * @family: AF_INET or AF_INET6
 */
void addr_any(struct addr *addr, int family)
{
	memset(addr, 0, sizeof(*addr));
	addr->sa.sa_family = family;
	addr->len = family == AF_INET ? sizeof(addr->v4) : sizeof(addr->v6);
	addr_print(addr);
}

/**
 * addr_read() - read an address from text
 * @addr: filled in
 * @ip: `192.0.2.1` or `2001:db8::1`
 * @port: 0 for any
 *
 * Return: false if the text is not an address.
 */
bool addr_read(struct addr *addr, const char *ip, uint16_t port)
{
	size_t len;

	addr_any(addr, strchr(ip, ':') ? AF_INET6 : AF_INET);
	if (inet_pton(addr->sa.sa_family, ip, (void *)addr_raw(addr, &len)) != 1)
		return false;
	addr_set_port(addr, port);
	return true;
}

/**
 * addr_set() - read an address from text that must be valid
 * @addr: filled in
 * @ip: IPv4 or IPv6
 * @port: 0 for any
 *
 * Return: 0, or 1 after a sentence.
 */
int addr_set(struct addr *addr, const char *ip, uint16_t port)
{
	return addr_read(addr, ip, port) ? 0 : fail("bad address %s", ip);
}

static bool port_read(const char *text, uint16_t *port)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long value = strtoul(text, NULL, 10);

	*port = value;
	return digits && digits <= 5 && !text[digits] && value <= 0xffff;
}

/**
 * addr_parse() - read what addr_print() wrote
 * @addr: filled in
 * @text: `192.0.2.1:80` or `[2001:db8::1]:80`
 *
 * Return: false if the text is not an address.
 */
bool addr_parse(struct addr *addr, const char *text)
{
	const char *colon = strrchr(text, ':');
	bool brackets = *text == '[';
	char ip[INET6_ADDRSTRLEN];
	uint16_t port;

	if (!colon || (brackets && (colon - text < 2 || colon[-1] != ']')))
		return false;
	if (!port_read(colon + 1, &port) ||
	    (size_t)(colon - text) >= sizeof(ip))
		return false;
	snprintf(ip, sizeof(ip), "%.*s", (int)(colon - text) - 2 * brackets,
		 text + brackets);
	return addr_read(addr, ip, port) &&
	       (addr->sa.sa_family == AF_INET6) == brackets;
}

/**
 * addr_of() - get an address of a socket
 * @addr: filled in
 * @fd: the socket
 * @peer: get its peer's address, else its own
 *
 * Return: 0, or 1 after a sentence.
 */
int addr_of(struct addr *addr, int fd, bool peer)
{
	int error;

	memset(addr, 0, sizeof(*addr));
	addr->len = sizeof(addr->v6);
	error = peer ? getpeername(fd, &addr->sa, &addr->len) :
		       getsockname(fd, &addr->sa, &addr->len);
	if (error)
		return fail("address of a socket: %s", strerror(errno));
	addr_print(addr);
	return 0;
}

/**
 * addr_port() - get the port of an address
 * @addr: the address
 *
 * Return: the port in host order.
 */
uint16_t addr_port(const struct addr *addr)
{
	return ntohs(addr->sa.sa_family == AF_INET ? addr->v4.sin_port :
						     addr->v6.sin6_port);
}

/**
 * addr_set_port() - change the port of an address
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
 * addr_raw() - get the address without its port
 * @addr: the address
 * @len: receives 4 or 16
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
 * addr_is() - compare two addresses and their ports
 * @a: one
 * @b: the other
 *
 * Return: whether they are the same.
 */
bool addr_is(const struct addr *a, const struct addr *b)
{
	return !strcmp(a->text, b->text);
}

/**
 * addr_print() - update @addr->text
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
