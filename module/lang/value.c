// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of words, read from text and printed: each kind by a pair of
 * functions. The printer has one canonical way to print each value that the
 * reader accepts, and the reader accepts that text again.
 */
#include "lang/value.h"

#include "lang/value_net.h"

/* A unit is @times @nsec; the first is only read. */
static const struct {
	const char *name;
	u32 nsec;
	u32 times;
} time_units[] = {
	{ "min", 1000000000, 60 },
	{ "s",	1000000000, 1 },
	{ "ms",	1000000, 1 },
	{ "us",	1000, 1 },
	{ "ns",	1, 1 },
};

/**
 * finject_parse_time - read a time
 * @word: a number with or without a fraction, and its unit ns, us, ms, s or
 *	min: `250ms`, `1.5s`, `0s`; need not be terminated
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
	    !finject_word_scaled(number, time_units[i].nsec,
				 div_u64(FINJECT_NSEC_MAX, time_units[i].times),
				 nsec))
		return -EINVAL;
	*nsec *= time_units[i].times;
	return 0;
}

static bool value_is_tag_byte(char c)
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
		if (!value_is_tag_byte(word[i]))
			return -EINVAL;
	memset(tag, 0, FINJECT_TAG_MAX);
	memcpy(tag, word, len);
	return 0;
}

/* Test whether a printed rule leaves out a word with this value. */
static bool value_is_default(enum finject_keyword_id id,
			     const struct finject_value *value)
{
	return finject_keyword_action(id) == FINJECT_ACTIONS &&
	       (!value->number || value->number == finject_keyword_default(id));
}

static void value_put_name(struct finject_text *out, enum finject_keyword_id id)
{
	finject_put(out, " %s", finject_keywords[id].name);
}

static int value_read_bare(struct finject_reader *r,
			   struct finject_value *value)
{
	value->number = 1;
	return 0;
}

static void value_print_bare(struct finject_text *out,
			     enum finject_keyword_id id,
			     const struct finject_value *value)
{
	value_put_name(out, id);
}

static void value_print_flag(struct finject_text *out,
			     enum finject_keyword_id id,
			     const struct finject_value *value)
{
	if (value->number)
		value_put_name(out, id);
}

static int value_read_number(struct finject_reader *r,
			     struct finject_value *value)
{
	if (!finject_word_decimal(r->value, r->key->low, r->key->high,
				  &value->number))
		return finject_refuse_value(r, r->value,
					    "a number from %llu to %llu",
					    r->key->low, r->key->high);
	return 0;
}

static void value_print_number(struct finject_text *out,
			       enum finject_keyword_id id,
			       const struct finject_value *value)
{
	if (value_is_default(id, value))
		return;
	value_put_name(out, id);
	finject_put(out, "=%llu", value->number);
}

static int value_read_time(struct finject_reader *r,
			   struct finject_value *value)
{
	if (finject_parse_time(r->value.text, r->value.len, &value->number))
		return finject_refuse_value(r, r->value,
					    "a time is a number and its unit, ns us ms s min: 250ms, 1.5s; at most 365 days");
	if (value->number < r->key->low)
		return finject_refuse_value(r, r->value, "a time above 0");
	return 0;
}

static void value_print_time(struct finject_text *out,
			     enum finject_keyword_id id,
			     const struct finject_value *value)
{
	size_t i;

	if (value_is_default(id, value))
		return;
	for (i = 1; i < ARRAY_SIZE(time_units); i++) {
		u32 rest;
		u64 whole = div_u64_rem(value->number, time_units[i].nsec,
					&rest);

		if (rest)
			continue;
		value_put_name(out, id);
		finject_put(out, "=%llu%s", whole, time_units[i].name);
		return;
	}
}

/* A word of a list, and the number that stands for it in a rule. */
struct value_choice {
	const char *name;
	u32 number;
};

#define BY(id, word)		{ (word), FINJECT_BY_##id },
#define DIR(id, word)		{ (word), FINJECT_AT_##id },
#define HOOK(nr, id, word)	{ (word), FINJECT_AT_HOOK + (nr) },
#define FAMILY(id, word)	{ (word), AF_##id },
#define DIST(id, word)		{ (word), FINJECT_DIST_##id },
#define RESET(id, word)		{ (word), FINJECT_RESET_##id },
#define PER(id, word)		{ (word), FINJECT_PER_##id },

/* Each list ends with an empty entry. */
static const struct value_choice by_choices[] = { FINJECT_BY_LIST(BY) { } };
static const struct value_choice dir_choices[] = { FINJECT_DIR_LIST(DIR) { } };
static const struct value_choice hook_choices[] = {
	FINJECT_HOOK_LIST(HOOK, HOOK) { }
};

static const struct value_choice family_choices[] = {
	FINJECT_FAMILY_LIST(FAMILY) { }
};

static const struct value_choice dist_choices[] = {
	FINJECT_DIST_LIST(DIST) { }
};

static const struct value_choice reset_choices[] = {
	FINJECT_RESET_LIST(RESET) { }
};

static const struct value_choice per_choices[] = { FINJECT_PER_LIST(PER) { } };

static const struct value_choice * const value_choices[FINJECT_KINDS] = {
	[FINJECT_KIND_BY] = by_choices,
	[FINJECT_KIND_DIR] = dir_choices,
	[FINJECT_KIND_HOOK] = hook_choices,
	[FINJECT_KIND_FAMILY] = family_choices,
	[FINJECT_KIND_DIST] = dist_choices,
	[FINJECT_KIND_RESET] = reset_choices,
	[FINJECT_KIND_PER] = per_choices,
};

static int value_read_choice(struct finject_reader *r,
			     struct finject_value *value)
{
	const struct value_choice *choice = value_choices[r->key->kind];
	char list[FINJECT_REASON_MAX] = "";
	struct finject_text names = { list, sizeof(list), 0 };

	for (; choice->name; choice++) {
		if (finject_word_is(r->value, choice->name)) {
			value->number = choice->number;
			return 0;
		}
		finject_put(&names, " %s", choice->name);
	}
	return finject_refuse_value(r, r->value, "one of%s", list);
}

static void value_print_choice(struct finject_text *out,
			       enum finject_keyword_id id,
			       const struct finject_value *value)
{
	const struct value_choice *choice;

	if (value_is_default(id, value))
		return;
	choice = value_choices[finject_keywords[id].kind];
	for (; choice->name; choice++) {
		if (choice->number != value->number)
			continue;
		value_put_name(out, id);
		finject_put(out, "=%s", choice->name);
	}
}

static int value_read_tag(struct finject_reader *r, struct finject_value *value)
{
	if (!finject_parse_tag(r->value.text, r->value.len, value->name.text))
		return 0;
	return finject_refuse_value(r, r->value,
				    "a tag is 1 to %d of A-Z a-z 0-9 _ . -, and not - alone",
				    FINJECT_TAG_MAX - 1);
}

static int value_read_device(struct finject_reader *r,
			     struct finject_value *value)
{
	if (!r->value.len || r->value.len >= FINJECT_IFNAME_MAX ||
	    memchr(r->value.text, '/', r->value.len))
		return finject_refuse_value(r, r->value,
					    "a device name is 1 to %d characters without '/'",
					    FINJECT_IFNAME_MAX - 1);
	memcpy(value->name.text, r->value.text, r->value.len);
	return 0;
}

static void value_print_text(struct finject_text *out,
			     enum finject_keyword_id id,
			     const struct finject_value *value)
{
	if (!value->name.text[0])
		return;
	value_put_name(out, id);
	finject_put(out, "=%s", value->name.text);
}

enum { PPM_PER_PERCENT = FINJECT_PPM / 100 };

static int value_read_chance(struct finject_reader *r,
			     struct finject_value *value)
{
	struct finject_word number = r->value, after;

	if (!finject_word_cut(&number, '%', &after) || after.len ||
	    !finject_word_scaled(number, PPM_PER_PERCENT, FINJECT_PPM,
				 &value->number))
		return finject_refuse_value(r, r->value,
					    "a chance is 0%% to 100%%, '%%' included, with four decimals at most");
	return 0;
}

static void value_print_chance(struct finject_text *out,
			       enum finject_keyword_id id,
			       const struct finject_value *value)
{
	u32 ppm = value->number;
	u32 fraction = ppm % PPM_PER_PERCENT;
	int digits = 4;

	if (ppm == FINJECT_PPM)
		return;
	value_put_name(out, id);
	finject_put(out, "=%u", ppm / PPM_PER_PERCENT);
	for (; fraction && !(fraction % 10); digits--)
		fraction /= 10;
	if (fraction)
		finject_put(out, ".%0*u", digits, fraction);
	finject_put(out, "%%");
}

static int value_read_times(struct finject_reader *r,
			    struct finject_value *value)
{
	if (finject_word_is(r->value, "-1")) {
		value->number = (u64)-1;
		return 0;
	}
	if (!finject_word_decimal(r->value, r->key->low, r->key->high,
				  &value->number))
		return finject_refuse_value(r, r->value,
					    "a number from %llu to %llu, or -1 for no limit",
					    r->key->low, r->key->high);
	return 0;
}

static int value_read_seed(struct finject_reader *r,
			   struct finject_value *value)
{
	if (!finject_word_integer(r->value, U64_MAX, &value->seed.value))
		return finject_refuse_value(r, r->value,
					    "a seed is a number of 64 bits, decimal or 0x hex");
	value->seed.given = true;
	return 0;
}

static void value_print_seed(struct finject_text *out,
			     enum finject_keyword_id id,
			     const struct finject_value *value)
{
	if (!value->seed.given)
		return;
	value_put_name(out, id);
	finject_put(out, "=%llu", value->seed.value);
}

static const struct {
	int (*read)(struct finject_reader *r, struct finject_value *value);
	void (*print)(struct finject_text *out, enum finject_keyword_id id,
		      const struct finject_value *value);
} value_kinds[FINJECT_KINDS] = {
	[FINJECT_KIND_BARE] = { value_read_bare, value_print_bare },
	[FINJECT_KIND_FLAG] = { value_read_bare, value_print_flag },
	[FINJECT_KIND_NUMBER] = { value_read_number, value_print_number },
	[FINJECT_KIND_TIMES] = { value_read_times, value_print_number },
	[FINJECT_KIND_SEED] = { value_read_seed, value_print_seed },
	[FINJECT_KIND_TIME] = { value_read_time, value_print_time },
	[FINJECT_KIND_CHANCE] = { value_read_chance, value_print_chance },
	[FINJECT_KIND_BY] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_DIR] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_HOOK] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_FAMILY] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_DIST] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_RESET] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_PER] = { value_read_choice, value_print_choice },
	[FINJECT_KIND_TAG] = { value_read_tag, value_print_text },
	[FINJECT_KIND_DEVICE] = { value_read_device, value_print_text },
	[FINJECT_KIND_PORTS] = { finject_ports_read, finject_ports_print },
	[FINJECT_KIND_NTH] = { finject_nth_read, finject_nth_print },
	[FINJECT_KIND_CLASSES] = { finject_classes_read,
				   finject_classes_print },
	[FINJECT_KIND_CIDR] = { finject_cidr_read, finject_cidr_print },
	[FINJECT_KIND_MARK] = { finject_mark_read, finject_mark_print },
};

/**
 * finject_value_read - read the value of a word
 * @r: the word
 * @value: set to the value
 *
 * Context: any.
 *
 * Return: 0, or -EINVAL with the error of @r set.
 */
int finject_value_read(struct finject_reader *r, struct finject_value *value)
{
	memset(value, 0, sizeof(*value));
	return value_kinds[r->key->kind].read(r, value);
}

/**
 * finject_value_print - print a word and its value
 * @out: text to print to, a blank first
 * @id: the word
 * @value: value of the word; nothing is printed for its default
 *
 * Context: any.
 */
void finject_value_print(struct finject_text *out, enum finject_keyword_id id,
			 const struct finject_value *value)
{
	value_kinds[finject_keywords[id].kind].print(out, id, value);
}
