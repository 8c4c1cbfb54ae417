// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "endpoint.h"
#include "record.h"

/**
 * address_parse() - read an address
 * @text: `192.0.2.1` or `2001:db8::1`
 * @endpoint: gets address and family; its port is left alone
 *
 * Return: false when it is none.
 */
bool address_parse(const char *text, struct endpoint *endpoint)
{
	memset(endpoint->address, 0, sizeof(endpoint->address));
	endpoint->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	return inet_pton(endpoint->family, text, endpoint->address) == 1;
}

/**
 * endpoint_parse() - read an address and a port
 * @text: `192.0.2.1:80` or `[2001:db8::1]:80`
 * @endpoint: what was read
 *
 * Return: false when it is none.
 */
bool endpoint_parse(const char *text, struct endpoint *endpoint)
{
	const char *colon = strrchr(text, ':');
	bool brackets = *text == '[';
	char address[INET6_ADDRSTRLEN];
	u64 port;

	if (!colon || (brackets && (colon - text < 2 || colon[-1] != ']')))
		return false;
	if (!number_parse(colon + 1, &port) || port > 0xffff)
		return false;
	endpoint->port = port;
	if ((size_t)(colon - text) >= sizeof(address))
		return false;
	snprintf(address, sizeof(address), "%.*s",
		 (int)(colon - text) - 2 * brackets, text + brackets);
	return address_parse(address, endpoint) &&
	       (endpoint->family == AF_INET6) == brackets;
}

/**
 * endpoint_print() - print an endpoint as endpoint_parse() reads it
 * @endpoint: what to print
 * @text: room for ENDPOINT_TEXT characters
 */
void endpoint_print(const struct endpoint *endpoint, char *text)
{
	char address[INET6_ADDRSTRLEN] = "?";

	inet_ntop(endpoint->family, endpoint->address, address,
		  sizeof(address));
	snprintf(text, ENDPOINT_TEXT,
		 endpoint->family == AF_INET6 ? "[%s]:%u" : "%s:%u", address,
		 endpoint->port);
}

/**
 * endpoint_to_socket() - convert to what bind(2) and connect(2) take
 * @endpoint: an address and a port
 * @name: what to give them
 *
 * Return: the length of it.
 */
unsigned int endpoint_to_socket(const struct endpoint *endpoint,
				struct sockaddr_storage *name)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)name;
	struct sockaddr_in *four = (struct sockaddr_in *)name;

	memset(name, 0, sizeof(*name));
	name->ss_family = endpoint->family;
	if (endpoint->family == AF_INET6) {
		six->sin6_port = htons(endpoint->port);
		memcpy(&six->sin6_addr, endpoint->address,
		       sizeof(six->sin6_addr));
		return sizeof(*six);
	}
	four->sin_port = htons(endpoint->port);
	memcpy(&four->sin_addr, endpoint->address, sizeof(four->sin_addr));
	return sizeof(*four);
}

/**
 * endpoint_of_socket() - convert from what getsockname(2) and the like give
 * @endpoint: what is told
 * @name: by getsockname(2) and the like; of family AF_INET or AF_INET6
 */
void endpoint_of_socket(struct endpoint *endpoint,
			const struct sockaddr_storage *name)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)name;
	const struct sockaddr_in *four = (const struct sockaddr_in *)name;

	memset(endpoint, 0, sizeof(*endpoint));
	endpoint->family = name->ss_family;
	if (endpoint->family == AF_INET6) {
		endpoint->port = ntohs(six->sin6_port);
		memcpy(endpoint->address, &six->sin6_addr,
		       sizeof(six->sin6_addr));
		return;
	}
	endpoint->port = ntohs(four->sin_port);
	memcpy(endpoint->address, &four->sin_addr, sizeof(four->sin_addr));
}
