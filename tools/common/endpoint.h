/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_ENDPOINT_H
#define FINJECT_ENDPOINT_H

#include "types.h"

/**
 * struct endpoint - an address and a port
 * @family: AF_INET or AF_INET6
 * @address: the address, as it is on the wire; its first bytes for IPv4
 * @port: the port
 */
struct endpoint {
	int family;
	u8 address[16];
	u16 port;
};

enum { ENDPOINT_TEXT = 64 };

struct sockaddr_storage;

bool endpoint_parse(const char *text, struct endpoint *endpoint);
bool address_parse(const char *text, struct endpoint *endpoint);
void endpoint_print(const struct endpoint *endpoint, char *text);
unsigned int endpoint_to_socket(const struct endpoint *endpoint,
				struct sockaddr_storage *name);
void endpoint_of_socket(struct endpoint *endpoint,
			const struct sockaddr_storage *name);

#endif /* FINJECT_ENDPOINT_H */
