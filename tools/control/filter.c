// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "filter.h"
#include "refuse.h"
#include "record.h"

static bool flow_read(struct filter *filter, const char *value)
{
	return number_parse(value, &filter->flow) && filter->flow;
}

static const char *port_of(const char *text, u16 *port)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)*text))
		return NULL;
	number = strtoul(text, &end, 10);
	*port = number;
	return number <= 0xffff ? end : NULL;
}

static bool port_read(struct filter *filter, const char *value)
{
	const char *rest = port_of(value, &filter->port[0]);

	filter->port[1] = filter->port[0];
	if (rest && *rest == '-')
		rest = port_of(rest + 1, &filter->port[1]);
	return rest && !*rest && filter->port[0] <= filter->port[1];
}

static bool net_read(struct filter *filter, const char *value)
{
	const char *slash = strchr(value, '/');
	char address[64];
	u64 bits = 0;
	u32 most;

	snprintf(address, sizeof(address), "%.*s",
		 (int)(slash ? slash - value : (long)strlen(value)), value);
	if (!addr_read(&filter->net, address, 0))
		return false;
	most = filter->net.sa.sa_family == AF_INET6 ? 128 : 32;
	if (slash && (!number_parse(slash + 1, &bits) || bits > most))
		return false;
	filter->bits = slash ? bits : most;
	return true;
}

static const struct {
	const char *key;
	bool (*read)(struct filter *filter, const char *value);
	const char *what;
} keys[] = {
	{ "port=", port_read, "a port is N or N-M, from 0 to 65535" },
	{ "addr=", net_read, "an address is IPv4 or IPv6, maybe with /BITS" },
	{ "flow=", flow_read, "a flow is a number as `finject flows' shows it" },
};

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static int word_read(struct filter *filter, const char *word, bool *given)
{
	for (int i = 0; i < KEYS; i++) {
		size_t size = strlen(keys[i].key);

		if (strncmp(word, keys[i].key, size))
			continue;
		if (given[i])
			return fail("`%s': one `%s' is enough", word,
				    keys[i].key);
		given[i] = true;
		return keys[i].read(filter, word + size) ? DONE :
			fail("`%s': %s", word, keys[i].what);
	}
	return fail("`%s' is no filter: port=N, addr=ADDRESS or flow=N", word);
}

/**
 * filter_parse() - read which connections are wanted
 * @filter: what was read
 * @count: number of words
 * @words: `port=`, `addr=` and `flow=`, each at most once
 *
 * Return: DONE, or REFUSED after an error message.
 */
int filter_parse(struct filter *filter, int count, char **words)
{
	bool given[KEYS] = { false };

	memset(filter, 0, sizeof(*filter));
	filter->port[1] = 0xffff;
	filter->bits = -1;
	for (int i = 0; i < count; i++)
		if (word_read(filter, words[i], given))
			return REFUSED;
	return DONE;
}

static bool is_in(const struct filter *filter, const struct addr *end)
{
	size_t net_len, len;
	const u8 *net = addr_raw(&filter->net, &net_len);
	const u8 *ip = addr_raw(end, &len);
	int bytes;
	u8 rest;

	if (filter->bits < 0)
		return true;
	bytes = filter->bits / 8;
	rest = 0xff00 >> filter->bits % 8;
	if (net_len != len || memcmp(net, ip, bytes))
		return false;
	return !(filter->bits % 8) || !((net[bytes] ^ ip[bytes]) & rest);
}

static bool has_port(const struct filter *filter, const struct addr *end)
{
	return addr_port(end) >= filter->port[0] &&
	       addr_port(end) <= filter->port[1];
}

/**
 * filter_is_open() - check that every connection is wanted
 * @filter: which are
 */
bool filter_is_open(const struct filter *filter)
{
	return !filter->flow && !filter->port[0] &&
	       filter->port[1] == 0xffff && filter->bits < 0;
}

/**
 * filter_fits() - check that a connection is wanted
 * @filter: which are
 * @flow: its number
 * @src: one end, address and port
 * @dst: the other
 *
 * Return: true when it fits all words of the filter. An address and a port
 * need not be of the same end.
 */
bool filter_fits(const struct filter *filter, u64 flow, const char *src,
		 const char *dst)
{
	struct addr a, b;

	if (filter->flow && filter->flow != flow)
		return false;
	if (!addr_parse(&a, src) || !addr_parse(&b, dst))
		return false;
	return (has_port(filter, &a) || has_port(filter, &b)) &&
	       (is_in(filter, &a) || is_in(filter, &b));
}
