// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of values that a segment is matched by: counts and ports, classes,
 * addresses, marks.
 */
#include "value.h"

/* N, N-M and, where @open, N- */
static int read_range(struct finject_reading *r, struct finject_range *range,
		      bool open, const char *what)
{
	struct finject_word first = r->value, last;
	bool pair = finject_word_cut(&first, '-', &last);
	u64 min, max;

	if (!finject_word_decimal(first, 1, U16_MAX, &min))
		return finject_refuse_value(r, first, "%s", what);
	max = min;
	if (pair && open && !last.len)
		max = U16_MAX;
	else if (pair && !finject_word_decimal(last, 1, U16_MAX, &max))
		return finject_refuse_value(r, last, "%s", what);
	if (max < min)
		return finject_refuse_value(r, r->value, "the range ends before it begins");
	range->min = min;
	range->max = max;
	return 0;
}

static int read_ports(struct finject_reading *r, void *field)
{
	return read_range(r, field, false,
			  "a port is 1 to 65535, or a range N-M");
}

static int read_nth(struct finject_reading *r, void *field)
{
	return read_range(r, field, true,
			  "a count is 1 to 65535, or a range N-M or N-");
}

static void print_ports(struct finject_text *out,
			const struct finject_keyword *key, const void *field)
{
	const struct finject_range *range = field;

	if (!range->max)
		return;
	finject_put(out, " %s=%u", key->name, range->min);
	if (range->max != range->min)
		finject_put(out, "-%u", range->max);
}

const struct finject_kind finject_kind_ports = {
	.read = read_ports,
	.print = print_ports,
};

static void print_nth(struct finject_text *out,
		      const struct finject_keyword *key, const void *field)
{
	const struct finject_range *range = field;

	if (range->min < range->max && range->max == FINJECT_NTH_MAX)
		finject_put(out, " %s=%u-", key->name, range->min);
	else
		print_ports(out, key, field);
}

const struct finject_kind finject_kind_nth = {
	.read = read_nth,
	.print = print_nth,
};

static const struct {
	const char *name;
	u8 classes;
} class_groups[] = {
	/* in the order in which a set of classes is looked up to be printed */
	{ "all",	FINJECT_ALL_CLASSES },
	{ "fin,ack",	FINJECT_FIN_CLASSES | FINJECT_ACK_CLASSES },
	{ "fin",	FINJECT_FIN_CLASSES },
	{ "ack",	FINJECT_ACK_CLASSES },
};

static u8 find_classes(struct finject_word name)
{
	unsigned int i;

	for (i = 0; i < FINJECT_CLASSES; i++)
		if (finject_word_is(name, finject_class_names[i]))
			return BIT(i);
	for (i = 0; i < ARRAY_SIZE(class_groups); i++)
		if (finject_word_is(name, class_groups[i].name))
			return class_groups[i].classes;
	return 0;
}

static int read_classes(struct finject_reading *r, void *field)
{
	u8 *classes = field;
	struct finject_word name, rest = r->value;
	bool more;

	do {
		u8 found;

		name = rest;
		more = finject_word_cut(&name, ',', &rest);
		found = find_classes(name);
		if (!found)
			return finject_refuse_value(r, name,
						    "unknown class '%.*s'; one of fin1 ack1 fin2 ack2 rst data syn fin ack all",
						    finject_word_shown(name),
						    name.text);
		*classes |= found;
	} while (more);
	return 0;
}

static void print_classes(struct finject_text *out,
			  const struct finject_keyword *key, const void *field)
{
	const u8 classes = *(const u8 *)field;
	char sep = '=';
	unsigned int i;

	finject_put(out, " %s", key->name);
	for (i = 0; i < ARRAY_SIZE(class_groups); i++) {
		if (class_groups[i].classes != classes)
			continue;
		finject_put(out, "=%s", class_groups[i].name);
		return;
	}
	for (i = 0; i < FINJECT_CLASSES; i++) {
		if (!(classes & BIT(i)))
			continue;
		finject_put(out, "%c%s", sep, finject_class_names[i]);
		sep = ',';
	}
}

const struct finject_kind finject_kind_classes = {
	.read = read_classes,
	.print = print_classes,
};

/* Return: the family of the address, 0 when it is none. */
static u16 read_address(struct finject_word word, u8 addr[16])
{
	const char *end;

	if (in4_pton(word.text, word.len, addr, -1, &end) &&
	    end == word.text + word.len)
		return AF_INET;
	memset(addr, 0, 16);
	if (in6_pton(word.text, word.len, addr, -1, &end) &&
	    end == word.text + word.len)
		return AF_INET6;
	return 0;
}

static unsigned int address_bits(u16 family)
{
	return family == AF_INET ? 32 : 128;
}

static void clear_host_bits(struct finject_cidr *cidr)
{
	unsigned int byte = cidr->len / 8;

	if (cidr->len % 8)
		cidr->addr[byte++] &= 0xff << (8 - cidr->len % 8);
	memset(cidr->addr + byte, 0, sizeof(cidr->addr) - byte);
}

static int read_cidr(struct finject_reading *r, void *field)
{
	struct finject_cidr *cidr = field;
	struct finject_word addr = r->value, bits;
	bool prefix = finject_word_cut(&addr, '/', &bits);
	u64 len;

	cidr->family = read_address(addr, cidr->addr);
	if (!cidr->family)
		return finject_refuse_value(r, addr,
					    "an address or ADDRESS/BITS, as 10.0.0.0/8 or 2001:db8::/32");
	len = address_bits(cidr->family);
	if (prefix && !finject_word_decimal(bits, 0, len, &len))
		return finject_refuse_value(r, bits,
					    "a prefix of %u bits at most",
					    address_bits(cidr->family));
	cidr->len = len;
	clear_host_bits(cidr);
	return 0;
}

static unsigned int zero_groups(const u16 group[8], unsigned int from)
{
	unsigned int n = 0;

	while (from + n < 8 && !group[from + n])
		n++;
	return n;
}

/* RFC 5952 section 4: lower case, the first longest run of zeros shortened. */
static void put_ipv6(struct finject_text *out, const u8 addr[16])
{
	unsigned int i, run = 8, longest = 1;
	u16 group[8];

	for (i = 0; i < 8; i++)
		group[i] = addr[2 * i] << 8 | addr[2 * i + 1];
	for (i = 0; i < 8; i++) {
		if (zero_groups(group, i) <= longest)
			continue;
		run = i;
		longest = zero_groups(group, i);
	}
	for (i = 0; i < 8; i++) {
		if (i == run) {
			finject_put(out, "::");
			i += longest - 1;
			continue;
		}
		finject_put(out, i && i != run + longest ? ":%x" : "%x", group[i]);
	}
}

static void print_cidr(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	const struct finject_cidr *cidr = field;
	const u8 *addr = cidr->addr;

	if (!cidr->family)
		return;
	finject_put(out, " %s=", key->name);
	if (cidr->family == AF_INET)
		finject_put(out, "%u.%u.%u.%u", addr[0], addr[1], addr[2], addr[3]);
	else
		put_ipv6(out, addr);
	if (cidr->len != address_bits(cidr->family))
		finject_put(out, "/%u", cidr->len);
}

const struct finject_kind finject_kind_cidr = {
	.read = read_cidr,
	.print = print_cidr,
};

static int read_mark(struct finject_reading *r, void *field)
{
	struct finject_spec *spec = r->spec;
	struct finject_word first = r->value, second;
	bool masked = finject_word_cut(&first, '/', &second);
	u64 mark, mask = U32_MAX;

	if (!finject_word_integer(first, U32_MAX, &mark) ||
	    (masked && !finject_word_integer(second, U32_MAX, &mask)))
		return finject_refuse_value(r, r->value,
					    "a mark is V or V/M of 32 bits, decimal or 0x hex");
	if (!mask)
		return finject_refuse_value(r, second, "a mask of 0 compares nothing");
	if (mark & ~mask)
		return finject_refuse_value(r, r->value,
					    "V has bits outside M, so nothing would match");
	*(u32 *)field = mark;
	spec->mark_mask = mask;
	spec->has_mark = true;
	return 0;
}

static void print_mark(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	const struct finject_spec *spec = field - key->field;

	if (!spec->has_mark)
		return;
	finject_put(out, " %s=0x%x", key->name, spec->mark);
	if (spec->mark_mask != U32_MAX)
		finject_put(out, "/0x%x", spec->mark_mask);
}

const struct finject_kind finject_kind_mark = {
	.read = read_mark,
	.print = print_mark,
};
