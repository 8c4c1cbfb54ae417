// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule language with random rules, always the same ones: good rules survive
 * being printed and read, damaged ones are refused with a place.
 */
#include <kunit/test.h>

#include "parse_bytes.h"

#ifdef __KERNEL__
enum { RULES = 1000 };		/* an emulated kernel with KASAN is slow */
#else
enum { RULES = 25000 };
#endif

static u64 chaos = 1;

static u32 random_below(u32 n)
{
	chaos = chaos * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(chaos >> 32) % n;
}

struct line {
	char text[FINJECT_LINE_MAX + 1];
	size_t len;
};

static __printf(2, 3) void add_word(struct line *line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line->text[line->len++] = random_below(8) ? ' ' : '\t';
	line->len += vscnprintf(line->text + line->len,
				sizeof(line->text) - line->len, fmt, args);
	va_end(args);
}

static void add_seg(struct line *line)
{
	static const char * const names[] = {
		"fin1", "ack1", "fin2", "ack2", "rst", "data", "syn", "early",
		"earlyack", "open", "fin", "ack", "all",
	};
	u32 n = random_below(4);

	add_word(line, "seg=%s", names[random_below(ARRAY_SIZE(names))]);
	while (n--)
		line->len += scnprintf(line->text + line->len, 16, ",%s",
				       names[random_below(ARRAY_SIZE(names))]);
}

static void add_time(struct line *line, const char *key)
{
	static const char * const units[] = { "ns", "us", "ms", "s", "min" };
	u32 unit = random_below(ARRAY_SIZE(units));
	u32 most = unit == 4 ? 500000 : 30000000;	/* about a year */

	if (unit && random_below(2))
		add_word(line, "%s=%u.%03u%s", key, random_below(most),
			 random_below(1000), units[unit]);
	else
		add_word(line, "%s=%u%s", key, 1 + random_below(most),
			 units[unit]);
}

static void add_numbers(struct line *line, const char *key, bool open)
{
	u32 min = 1 + random_below(65535);

	if (!random_below(3))
		add_word(line, "%s=%u", key, min);
	else if (open && random_below(2))
		add_word(line, "%s=%u-", key, min);
	else
		add_word(line, "%s=%u-%u", key, min,
			 min + random_below(65536 - min));
}

static void add_ports(struct line *line, const char *key)
{
	u32 more = random_below(FINJECT_PORTS_MAX);

	add_numbers(line, key, false);
	while (more--)
		line->len += scnprintf(line->text + line->len, 8, ",%u",
				       1 + random_below(65535));
}

static void add_address(struct line *line, const char *key, bool v6)
{
	u16 group[8] = { 0 };
	int i;

	for (i = 0; i < 8; i++)
		if (random_below(2))
			group[i] = random_below(65536);
	if (v6)
		add_word(line, "%s=%x:%x:%x:%x:%x:%x:%x:%x", key, group[0],
			 group[1], group[2], group[3], group[4], group[5],
			 group[6], group[7]);
	else
		add_word(line, "%s=%u.%u.%u.%u", key, group[0] & 0xff,
			 group[1] & 0xff, group[2] & 0xff, group[3] & 0xff);
	if (random_below(2))
		line->len += scnprintf(line->text + line->len, 8, "/%u",
				       random_below(v6 ? 129 : 33));
}

static void add_action(struct line *line)
{
	static const char * const resets[] = { "sender", "receiver", "both" };
	static const char * const dists[] = { "uniform", "normal", "pareto" };

	switch (random_below(FINJECT_ACTIONS)) {
	case FINJECT_PASS:
		add_word(line, "pass");
		break;
	case FINJECT_DROP:
		add_word(line, "drop");
		break;
	case FINJECT_DELAY:
		add_time(line, "delay");
		if (random_below(2))
			break;
		add_time(line, "jitter");
		if (random_below(2))
			add_word(line, "dist=%s", dists[random_below(3)]);
		break;
	case FINJECT_DUPLICATE:
		add_word(line, "duplicate=%u", 1 + random_below(1024));
		if (random_below(2))
			add_time(line, "gap");
		break;
	case FINJECT_HOLD:
		add_word(line, "hold=t%u", random_below(1000));
		if (random_below(2))
			add_word(line, "gather=%u", 1 + random_below(65535));
		if (random_below(2))
			add_time(line, "max");
		break;
	case FINJECT_RESET:
		add_word(line, "reset=%s", resets[random_below(3)]);
		break;
	}
}

static void add_matches(struct line *line)
{
	static const char * const hooks[] = {
		"prerouting", "input", "forward", "output", "postrouting",
	};
	bool v6 = random_below(2);

	if (random_below(2))
		add_seg(line);
	if (!random_below(4))
		add_word(line, "pure");
	if (!random_below(4))
		add_numbers(line, "nth", true);
	if (!random_below(4))
		add_numbers(line, "flow", true);
	if (!random_below(4))
		add_word(line, random_below(2) ? "by=active" : "by=passive");
	if (!random_below(4))
		add_word(line, "simultaneous");
	if (!random_below(4))
		add_word(line, random_below(2) ? "dir=in" : "dir=out");
	else if (!random_below(4))
		add_word(line, "hook=%s", hooks[random_below(5)]);
	if (!random_below(4))
		add_word(line, v6 ? "family=ipv6" : "family=ipv4");
	if (!random_below(4))
		add_address(line, "src", v6);
	if (!random_below(4))
		add_address(line, "dst", v6);
	if (!random_below(4))
		add_address(line, "addr", v6);
	if (!random_below(4))
		add_ports(line, "sport");
	if (!random_below(4))
		add_ports(line, "dport");
	if (!random_below(4))
		add_ports(line, "port");
	if (!random_below(4))
		add_word(line, "iif=eth%u", random_below(100));
	if (!random_below(4))
		add_word(line, "oif=wg%u", random_below(100));
	if (!random_below(4))
		add_word(line, "mark=0x%x/%u", random_below(256), 0xff);
}

static void add_schedule(struct line *line)
{
	if (!random_below(4))
		add_word(line, "release=r.%u", random_below(1000));
	if (!random_below(4))
		add_word(line, "probability=%u.%04u%%", random_below(100),
			 random_below(10000));
	if (!random_below(4))
		add_word(line, "interval=%u", 1 + random_below(U32_MAX));
	if (!random_below(4))
		add_word(line, "times=%d", (int)random_below(S32_MAX) + 1);
	if (!random_below(4))
		add_word(line, "skip=%u", random_below(U32_MAX));
	if (!random_below(4))
		add_word(line, "per=flow");
	if (!random_below(4))
		add_word(line, "seed=0x%x%08x", random_below(U32_MAX),
			 random_below(U32_MAX));
	if (!random_below(4))
		add_time(line, "timeout");
	if (!random_below(4))
		add_word(line, "id=%u", 1 + random_below(U32_MAX));
}

static void make_rule(struct line *line)
{
	line->len = scnprintf(line->text, sizeof(line->text), "add");
	if (random_below(2)) {
		add_action(line);
		add_matches(line);
		add_schedule(line);
	} else {
		add_schedule(line);
		add_matches(line);
		add_action(line);
	}
}

static void every_rule_survives_being_printed_and_read(struct kunit *test)
{
	/* static, because a kernel stack is small */
	static struct finject_command cmd, again;
	static char text[FINJECT_LINE_MAX + 1], twice[FINJECT_LINE_MAX + 1];
	static struct finject_error err;
	static struct line line;
	unsigned int i, survived = 0;

	for (i = 0; i < RULES; i++) {
		int len;

		cond_resched();
		make_rule(&line);
		if (parse_bytes(line.text, line.len, &cmd, &err)) {
			KUNIT_ASSERT_EQ_MSG(test,
					    !strstr(err.reason, "never true"),
					    0, "%.*s: %s", (int)line.len,
					    line.text, err.reason);
			continue;
		}
		survived++;
		len = finject_spec_print(&cmd.spec, text, sizeof(text));
		KUNIT_ASSERT_EQ_MSG(test, parse_bytes(text, len, &again, &err),
				    0, "%s: %s", text, err.reason);
		KUNIT_ASSERT_EQ_MSG(test, memcmp(&cmd, &again, sizeof(cmd)), 0,
				    "%.*s: %s", (int)line.len, line.text, text);
		finject_spec_print(&again.spec, twice, sizeof(twice));
		KUNIT_ASSERT_STREQ(test, twice, text);
	}
	KUNIT_EXPECT_GT(test, survived, RULES / 2);
}

/* Replace, remove or insert one to four bytes of a good line. */
static void damage(struct line *line)
{
	static const char bytes[] = "=-/,.:%# \t0123456789afinckSXms\x01\xff";
	u32 n = 1 + random_below(4);

	while (n-- && line->len > 1) {
		u32 at = random_below(line->len - 1);
		char byte = bytes[random_below(sizeof(bytes))];

		if (random_below(2)) {
			line->text[at] = byte;
		} else if (random_below(2)) {
			line->len--;
			memmove(line->text + at, line->text + at + 1,
				line->len - at);
		} else if (line->len < FINJECT_LINE_MAX) {
			memmove(line->text + at + 1, line->text + at,
				line->len - at);
			line->text[at] = byte;
			line->len++;
		}
	}
}

static void
every_damaged_rule_is_read_or_refused_with_a_place(struct kunit *test)
{
	static struct finject_command cmd;
	static struct finject_error err;
	static struct line line;
	unsigned int i, refused = 0;

	for (i = 0; i < 2 * RULES; i++) {
		cond_resched();
		make_rule(&line);
		damage(&line);
		if (!parse_bytes(line.text, line.len, &cmd, &err))
			continue;
		refused++;
		KUNIT_ASSERT_NE(test, err.width, 0);
		KUNIT_ASSERT_LE_MSG(test, err.column + err.width, line.len,
				    "%.*s: %s", (int)line.len, line.text,
				    err.reason);
		KUNIT_ASSERT_NE(test, err.reason[0], 0);
		KUNIT_ASSERT_LT(test, strlen(err.reason),
				FINJECT_REASON_MAX - 1);
	}
	KUNIT_EXPECT_GT(test, refused, RULES);
}

static struct kunit_case random_cases[] = {
	KUNIT_CASE(every_rule_survives_being_printed_and_read),
	KUNIT_CASE(every_damaged_rule_is_read_or_refused_with_a_place),
	{ }
};

static struct kunit_suite random_suite = {
	.name = "finject_random",
	.test_cases = random_cases,
};

kunit_test_suite(random_suite);
