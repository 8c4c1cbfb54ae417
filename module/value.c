// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kinds of values in rule text, each read and printed by a pair.
 *
 * What a reader accepts its printer prints in one canonical way, which the
 * reader accepts again; what leaving the word out says is not printed.
 */
#include "value.h"

/**
 * finject_refuse - say what is wrong with a word
 * @r: the reading
 * @at: the word, or the part of it that is at fault
 * @fmt: one sentence that names it
 *
 * Context: any.
 *
 * Return: -EINVAL.
 */
int finject_refuse(struct finject_reading *r, struct finject_word at,
		   const char *fmt, ...)
{
	va_list args;

	r->err->column = at.text - r->line;
	r->err->width = max_t(size_t, at.len, 1);
	va_start(args, fmt);
	vscnprintf(r->err->reason, sizeof(r->err->reason), fmt, args);
	va_end(args);
	return -EINVAL;
}

/**
 * finject_refuse_value - say what is wrong with the value of a key
 * @r: the reading
 * @part: the part of the value that is at fault; the whole word is when empty
 * @fmt: what is accepted; the reason begins with the key and the value
 *
 * Context: any.
 *
 * Return: -EINVAL.
 */
int finject_refuse_value(struct finject_reading *r, struct finject_word part,
			 const char *fmt, ...)
{
	char why[FINJECT_REASON_MAX];
	va_list args;

	va_start(args, fmt);
	vscnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	return finject_refuse(r, part.len ? part : r->word, "%s=%.*s%s: %s",
			      r->key->name, finject_word_shown(r->value),
			      r->value.text,
			      r->value.len > FINJECT_WORD_SHOWN ? "..." : "",
			      why);
}

/**
 * finject_put - print to the end of a text
 * @out: the text; what does not fit is cut off
 * @fmt: what
 *
 * Context: any.
 */
void finject_put(struct finject_text *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	out->len += vscnprintf(out->buf + out->len, out->size - out->len, fmt,
			       args);
	va_end(args);
}

static const struct {
	const char *name;
	u32 nsec;
} time_units[] = {
	{ "s",	1000000000 },
	{ "ms",	1000000 },
	{ "us",	1000 },
	{ "ns",	1 },
};

/**
 * finject_parse_time - read a time
 * @word: a number with or without a fraction, and its unit ns, us, ms or s:
 *	`250ms`, `1.5s`, `0s`; need not be terminated
 * @len: bytes of @word
 * @nsec: set to the time in ns
 *
 * Context: any.
 *
 * Return: 0; -EINVAL when it is no time, no unit follows (a bare 0 has none
 * either), it is not a whole number of ns or is above FINJECT_NSEC_MAX.
 */
int finject_parse_time(const char *word, size_t len, u64 *nsec)
{
	struct finject_word number = { word, 0 };
	struct finject_word unit;
	size_t i;

	while (number.len < len &&
	       (finject_is_digit(word[number.len]) || word[number.len] == '.'))
		number.len++;
	unit = (struct finject_word){ word + number.len, len - number.len };
	for (i = 0; i < ARRAY_SIZE(time_units); i++)
		if (finject_word_is(unit, time_units[i].name))
			break;
	if (i == ARRAY_SIZE(time_units) ||
	    !finject_word_scaled(number, time_units[i].nsec, FINJECT_NSEC_MAX,
				 nsec))
		return -EINVAL;
	return 0;
}

static bool is_tag_byte(char c)
{
	return finject_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
}

/**
 * finject_parse_tag - read the tag of parked segments
 * @word: 1 to FINJECT_TAG_MAX - 1 of A-Z a-z 0-9 _ . and -, but not - alone,
 *	which stands for no tag where tags are shown; need not be terminated
 * @len: bytes of @word
 * @tag: set to the tag, filled up with zeros
 *
 * Context: any.
 *
 * Return: 0; -EINVAL when it is no tag.
 */
int finject_parse_tag(const char *word, size_t len, char tag[FINJECT_TAG_MAX])
{
	size_t i;

	if (!len || len >= FINJECT_TAG_MAX || (len == 1 && *word == '-'))
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (!is_tag_byte(word[i]))
			return -EINVAL;
	memset(tag, 0, FINJECT_TAG_MAX);
	memcpy(tag, word, len);
	return 0;
}

/* Whether a word with this value is left out of a printed rule. */
static bool goes_without(const struct finject_keyword *key, u64 value)
{
	return !key->action && (!value || value == key->left_out);
}

static void print_bare(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	finject_put(out, " %s", key->name);
}

const struct finject_kind finject_kind_bare = {
	.print = print_bare,
};

static int read_flag(struct finject_reading *r, void *field)
{
	*(bool *)field = true;
	return 0;
}

static void print_flag(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	if (*(const bool *)field)
		print_bare(out, key, field);
}

const struct finject_kind finject_kind_flag = {
	.read = read_flag,
	.print = print_flag,
};

static int read_number(struct finject_reading *r, void *field)
{
	u64 n;

	if (!finject_word_decimal(r->value, r->key->low, r->key->high, &n))
		return finject_refuse_value(r, r->value,
					    "a number from %llu to %llu",
					    r->key->low, r->key->high);
	*(u32 *)field = n;
	return 0;
}

static void print_number(struct finject_text *out,
			 const struct finject_keyword *key, const void *field)
{
	u32 n = *(const u32 *)field;

	if (!goes_without(key, n))
		finject_put(out, " %s=%u", key->name, n);
}

const struct finject_kind finject_kind_number = {
	.read = read_number,
	.print = print_number,
};

static int read_time(struct finject_reading *r, void *field)
{
	u64 nsec;

	if (finject_parse_time(r->value.text, r->value.len, &nsec))
		return finject_refuse_value(r, r->value,
					    "a time is a number and its unit, ns us ms s: 250ms, 1.5s; at most 365 days");
	if (nsec < r->key->low)
		return finject_refuse_value(r, r->value, "a time above 0");
	*(u64 *)field = nsec;
	return 0;
}

static void print_time(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	u64 nsec = *(const u64 *)field;
	size_t i;

	if (goes_without(key, nsec))
		return;
	for (i = 0; i < ARRAY_SIZE(time_units); i++) {
		u32 rest;
		u64 whole = div_u64_rem(nsec, time_units[i].nsec, &rest);

		if (rest)
			continue;
		finject_put(out, " %s=%llu%s", key->name, whole,
			    time_units[i].name);
		return;
	}
}

const struct finject_kind finject_kind_time = {
	.read = read_time,
	.print = print_time,
};

/* Enumerated fields come in several widths. */

static void store_name(const struct finject_keyword *key, void *field,
		       u32 value)
{
	if (key->width == sizeof(u8))
		*(u8 *)field = value;
	else if (key->width == sizeof(u16))
		*(u16 *)field = value;
	else
		*(u32 *)field = value;
}

static u32 load_name(const struct finject_keyword *key, const void *field)
{
	if (key->width == sizeof(u8))
		return *(const u8 *)field;
	if (key->width == sizeof(u16))
		return *(const u16 *)field;
	return *(const u32 *)field;
}

static int read_name(struct finject_reading *r, void *field)
{
	const struct finject_keyword *key = r->key;
	char list[FINJECT_REASON_MAX] = "";
	struct finject_text names = { list, sizeof(list), 0 };
	unsigned int i;

	for (i = 0; i < key->count; i++) {
		if (!key->names[i])
			continue;
		if (finject_word_is(r->value, key->names[i])) {
			store_name(key, field, i);
			return 0;
		}
		finject_put(&names, " %s", key->names[i]);
	}
	return finject_refuse_value(r, r->value, "one of%s", list);
}

static void print_name(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	u32 i = load_name(key, field);

	if (!goes_without(key, i) && i < key->count && key->names[i])
		finject_put(out, " %s=%s", key->name, key->names[i]);
}

const struct finject_kind finject_kind_name = {
	.read = read_name,
	.print = print_name,
};

static int read_tag(struct finject_reading *r, void *field)
{
	if (!finject_parse_tag(r->value.text, r->value.len, field))
		return 0;
	return finject_refuse_value(r, r->value,
				    "a tag is 1 to %d of A-Z a-z 0-9 _ . -, and not - alone",
				    FINJECT_TAG_MAX - 1);
}

static int read_device(struct finject_reading *r, void *field)
{
	if (!r->value.len || r->value.len >= FINJECT_IFNAME_MAX ||
	    memchr(r->value.text, '/', r->value.len))
		return finject_refuse_value(r, r->value,
					    "a device name is 1 to %d characters without '/'",
					    FINJECT_IFNAME_MAX - 1);
	memcpy(field, r->value.text, r->value.len);
	return 0;
}

static void print_string(struct finject_text *out,
			 const struct finject_keyword *key, const void *field)
{
	if (*(const char *)field)
		finject_put(out, " %s=%s", key->name, (const char *)field);
}

const struct finject_kind finject_kind_tag = {
	.read = read_tag,
	.print = print_string,
};

const struct finject_kind finject_kind_device = {
	.read = read_device,
	.print = print_string,
};

enum { PPM_PER_PERCENT = FINJECT_PPM / 100 };

static int read_chance(struct finject_reading *r, void *field)
{
	struct finject_word number = r->value, after;
	u64 ppm;

	if (!finject_word_cut(&number, '%', &after) || after.len ||
	    !finject_word_scaled(number, PPM_PER_PERCENT, FINJECT_PPM, &ppm))
		return finject_refuse_value(r, r->value,
					    "a chance is 0%% to 100%%, '%%' included, with four decimals at most");
	*(u32 *)field = ppm;
	return 0;
}

static void print_chance(struct finject_text *out,
			 const struct finject_keyword *key, const void *field)
{
	u32 ppm = *(const u32 *)field;
	u32 fraction = ppm % PPM_PER_PERCENT;
	int digits = 4;

	if (ppm == FINJECT_PPM)
		return;
	finject_put(out, " %s=%u", key->name, ppm / PPM_PER_PERCENT);
	for (; fraction && !(fraction % 10); digits--)
		fraction /= 10;
	if (fraction)
		finject_put(out, ".%0*u", digits, fraction);
	finject_put(out, "%%");
}

const struct finject_kind finject_kind_chance = {
	.read = read_chance,
	.print = print_chance,
};

static int read_times(struct finject_reading *r, void *field)
{
	s32 *times = field;
	u64 n;

	if (finject_word_is(r->value, "-1")) {
		*times = -1;
		return 0;
	}
	if (!finject_word_decimal(r->value, 1, S32_MAX, &n))
		return finject_refuse_value(r, r->value,
					    "a number from 1 to %d, or -1 for no limit",
					    S32_MAX);
	*times = n;
	return 0;
}

static void print_times(struct finject_text *out,
			const struct finject_keyword *key, const void *field)
{
	const s32 *times = field;

	if (*times >= 0)
		finject_put(out, " %s=%d", key->name, *times);
}

const struct finject_kind finject_kind_times = {
	.read = read_times,
	.print = print_times,
};

static int read_seed(struct finject_reading *r, void *field)
{
	if (!finject_word_integer(r->value, U64_MAX, field))
		return finject_refuse_value(r, r->value,
					    "a seed is a number of 64 bits, decimal or 0x hex");
	r->spec->has_seed = true;
	return 0;
}

static void print_seed(struct finject_text *out,
		       const struct finject_keyword *key, const void *field)
{
	const struct finject_spec *spec = field - key->field;

	if (spec->has_seed)
		finject_put(out, " %s=%llu", key->name, spec->seed);
}

const struct finject_kind finject_kind_seed = {
	.read = read_seed,
	.print = print_seed,
};
