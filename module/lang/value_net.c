// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of values that a segment is matched by: counts and ports, classes,
 * addresses, marks.
 */
#include "lang/value_net.h"

/* Read N, N-M and, where @open, N- */
static int value_read_range(struct finject_reader *r, struct finject_word first,
			    struct finject_range *range, bool open,
			    const char *what)
{
	struct finject_word whole = first, last;
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
		return finject_refuse_value(r, whole, "the range ends before it begins");
	range->min = min;
	range->max = max;
	return 0;
}

/**
 * finject_ports_read - read a list of ports and ranges of ports
 * @r: the word: N or N-M, up to FINJECT_PORTS_MAX of them with commas
 * @value: set to the list
 *
 * Context: any.
 *
 * Return: 0 or -EINVAL, as finject_value_read().
 */
int finject_ports_read(struct finject_reader *r, struct finject_value *value)
{
	struct finject_word part, rest = r->value;
	unsigned int count = 0;
	bool more;
	int ret;

	do {
		part = rest;
		more = finject_word_cut(&part, ',', &rest);
		if (count == FINJECT_PORTS_MAX)
			return finject_refuse_value(r, part,
						    "a list has %d ports and ranges at most",
						    FINJECT_PORTS_MAX);
		ret = value_read_range(r, part, &value->ports.range[count++],
				       false,
				       "a port is 1 to 65535, or a range N-M; commas between several");
		if (ret)
			return ret;
	} while (more);
	return 0;
}

/**
 * finject_nth_read - read a count or a range of counts
 * @r: the word: N, N-M or N-
 * @value: set to the range
 *
 * Context: any.
 *
 * Return: 0 or -EINVAL, as finject_value_read().
 */
int finject_nth_read(struct finject_reader *r, struct finject_value *value)
{
	return value_read_range(r, r->value, &value->range, true,
			  "a count is 1 to 65535, or a range N-M or N-");
}

static void value_put_range(struct finject_text *out,
			    const struct finject_range *range)
{
	finject_put(out, "%u", range->min);
	if (range->max != range->min)
		finject_put(out, "-%u", range->max);
}

/**
 * finject_ports_print - print a list of ports and ranges of ports
 * @out: text to print to
 * @id: the word
 * @value: value of the word
 *
 * Context: any.
 */
void finject_ports_print(struct finject_text *out, enum finject_keyword_id id,
			 const struct finject_value *value)
{
	const struct finject_range *range = value->ports.range;
	unsigned int i;

	for (i = 0; i < FINJECT_PORTS_MAX && range[i].max; i++) {
		if (i)
			finject_put(out, ",");
		else
			finject_put(out, " %s=", finject_keywords[id].name);
		value_put_range(out, &range[i]);
	}
}

/**
 * finject_nth_print - print a count or a range of counts
 * @out: text to print to
 * @id: the word
 * @value: value of the word
 *
 * Context: any.
 */
void finject_nth_print(struct finject_text *out, enum finject_keyword_id id,
		       const struct finject_value *value)
{
	const struct finject_range *range = &value->range;

	if (!range->max)
		return;
	finject_put(out, " %s=", finject_keywords[id].name);
	if (range->min < range->max && range->max == FINJECT_NTH_MAX)
		finject_put(out, "%u-", range->min);
	else
		value_put_range(out, range);
}

#define GROUP(word, mask)	{ (word), (mask) },
static const struct {
	const char *name;
	u16 classes;
} class_groups[] = {
	FINJECT_CLASS_GROUP_LIST(GROUP)
};

static u16 value_find_classes(struct finject_word name)
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

static int value_refuse_class(struct finject_reader *r,
			      struct finject_word name)
{
	char list[FINJECT_REASON_MAX] = "";
	struct finject_text names = { list, sizeof(list), 0 };
	unsigned int i;

	for (i = 0; i < FINJECT_CLASSES; i++)
		finject_put(&names, " %s", finject_class_names[i]);
	for (i = 0; i < ARRAY_SIZE(class_groups); i++)
		if (!strchr(class_groups[i].name, ','))
			finject_put(&names, " %s", class_groups[i].name);
	return finject_refuse_value(r, name, "unknown class '%.*s'; one of%s",
				    finject_word_shown(name), name.text, list);
}

/**
 * finject_classes_read - read classes of segments
 * @r: the word: classes and groups of them, with commas
 * @value: set to the classes
 *
 * Context: any.
 *
 * Return: 0 or -EINVAL, as finject_value_read().
 */
int finject_classes_read(struct finject_reader *r, struct finject_value *value)
{
	struct finject_word name, rest = r->value;
	bool more;

	do {
		u16 found;

		name = rest;
		more = finject_word_cut(&name, ',', &rest);
		found = value_find_classes(name);
		if (!found)
			return value_refuse_class(r, name);
		value->number |= found;
	} while (more);
	return 0;
}

/**
 * finject_classes_print - print classes of segments
 * @out: text to print to
 * @id: the word
 * @value: value of the word
 *
 * Context: any.
 */
void finject_classes_print(struct finject_text *out, enum finject_keyword_id id,
			   const struct finject_value *value)
{
	const u16 classes = value->number;
	char sep = '=';
	unsigned int i;

	finject_put(out, " %s", finject_keywords[id].name);
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

/* Return: the family of the address, 0 when it is none. */
static u16 value_read_address(struct finject_word word, u8 addr[16])
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

static unsigned int value_address_bits(u16 family)
{
	return family == AF_INET ? 32 : 128;
}

static void value_clear_host_bits(struct finject_cidr *cidr)
{
	unsigned int byte = cidr->len / 8;

	if (cidr->len % 8)
		cidr->addr[byte++] &= 0xff << (8 - cidr->len % 8);
	memset(cidr->addr + byte, 0, sizeof(cidr->addr) - byte);
}

/**
 * finject_cidr_read - read an address or a prefix
 * @r: the word: ADDRESS or ADDRESS/BITS; host bits are cleared
 * @value: set to the prefix
 *
 * Context: any.
 *
 * Return: 0 or -EINVAL, as finject_value_read().
 */
int finject_cidr_read(struct finject_reader *r, struct finject_value *value)
{
	struct finject_cidr *cidr = &value->cidr;
	struct finject_word addr = r->value, bits;
	bool prefix = finject_word_cut(&addr, '/', &bits);
	u64 len;

	cidr->family = value_read_address(addr, cidr->addr);
	if (!cidr->family)
		return finject_refuse_value(r, addr,
					    "an address or ADDRESS/BITS, as 10.0.0.0/8 or 2001:db8::/32");
	len = value_address_bits(cidr->family);
	if (prefix && !finject_word_decimal(bits, 0, len, &len))
		return finject_refuse_value(r, bits,
					    "a prefix of %u bits at most",
					    value_address_bits(cidr->family));
	cidr->len = len;
	value_clear_host_bits(cidr);
	return 0;
}

static unsigned int value_zero_groups(const u16 group[8], unsigned int from)
{
	unsigned int n = 0;

	while (from + n < 8 && !group[from + n])
		n++;
	return n;
}

/* RFC 5952 section 4: lower case, the first longest run of zeros shortened. */
static void value_put_ipv6(struct finject_text *out, const u8 addr[16])
{
	unsigned int i, run = 8, longest = 1;
	u16 group[8];

	for (i = 0; i < 8; i++)
		group[i] = addr[2 * i] << 8 | addr[2 * i + 1];
	for (i = 0; i < 8; i++) {
		if (value_zero_groups(group, i) <= longest)
			continue;
		run = i;
		longest = value_zero_groups(group, i);
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

/**
 * finject_cidr_print - print an address or a prefix
 * @out: text to print to
 * @id: the word
 * @value: value of the word
 *
 * Context: any.
 */
void finject_cidr_print(struct finject_text *out, enum finject_keyword_id id,
			const struct finject_value *value)
{
	const struct finject_cidr *cidr = &value->cidr;
	const u8 *addr = cidr->addr;

	if (!cidr->family)
		return;
	finject_put(out, " %s=", finject_keywords[id].name);
	if (cidr->family == AF_INET)
		finject_put(out, "%u.%u.%u.%u", addr[0], addr[1], addr[2], addr[3]);
	else
		value_put_ipv6(out, addr);
	if (cidr->len != value_address_bits(cidr->family))
		finject_put(out, "/%u", cidr->len);
}

/**
 * finject_mark_read - read a mark
 * @r: the word: V or V/M
 * @value: set to the mark
 *
 * Context: any.
 *
 * Return: 0 or -EINVAL, as finject_value_read().
 */
int finject_mark_read(struct finject_reader *r, struct finject_value *value)
{
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
	value->mark = (struct finject_mark){ mark, mask };
	return 0;
}

/**
 * finject_mark_print - print a mark
 * @out: text to print to
 * @id: the word
 * @value: value of the word
 *
 * Context: any.
 */
void finject_mark_print(struct finject_text *out, enum finject_keyword_id id,
			const struct finject_value *value)
{
	if (!value->mark.mask)
		return;
	finject_put(out, " %s=0x%x", finject_keywords[id].name, value->mark.value);
	if (value->mark.mask != U32_MAX)
		finject_put(out, "/0x%x", value->mark.mask);
}

