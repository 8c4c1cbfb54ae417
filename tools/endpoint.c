// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

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
	s64 port;

	if (!colon || (brackets && (colon - text < 2 || colon[-1] != ']')))
		return false;
	if (!number_parse(colon + 1, &port) || port < 0 || port > 0xffff)
		return false;
	endpoint->port = port;
	if ((size_t)(colon - text) >= sizeof(address))
		return false;
	snprintf(address, sizeof(address), "%.*s",
		 (int)(colon - text) - 2 * brackets, text + brackets);
	return address_parse(address, endpoint) &&
	       (endpoint->family == AF_INET6) == brackets;
}
