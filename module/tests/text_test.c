// SPDX-License-Identifier: GPL-2.0-only
/* Text that is printed into a buffer: all of it, or as much as there is room for. */
#include <kunit/test.h>

#include "text.h"

enum { ROOM = 64, MARK = 0x5a };

static char buffer[ROOM];

/* Nothing is written behind the buffer, and the text ends within it. */
static void expect_text(struct kunit *test, const struct finject_text *out,
			const char *whole)
{
	size_t len = min_t(size_t, strlen(whole), out->size - 1);

	KUNIT_EXPECT_EQ(test, out->len, len);
	KUNIT_EXPECT_EQ(test, memcmp(buffer, whole, len), 0);
	KUNIT_EXPECT_EQ(test, buffer[len], 0);
	KUNIT_EXPECT_EQ(test, buffer[out->size], MARK);
}

static struct finject_text text_of(size_t size)
{
	memset(buffer, MARK, sizeof(buffer));
	return (struct finject_text){ .buf = buffer, .size = size };
}

static void cuts_off_the_rest(struct kunit *test)
{
	size_t size;

	for (size = 1; size < ROOM; size++) {
		struct finject_text out = text_of(size);

		finject_put_bytes(&out, "seg", 3);
		finject_put_bytes(&out, " t=", 3);
		finject_put_number(&out, 1234567890123ULL);
		finject_put_string(&out, " verdict=pass");
		finject_put(&out, " len=%d", 1448);
		expect_text(test, &out,
			    "seg t=1234567890123 verdict=pass len=1448");
	}
}

static void expect_number(struct kunit *test, u64 number)
{
	struct finject_text out = text_of(ROOM - 1);
	char digits[FINJECT_DIGITS + 1];

	snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	finject_put_number(&out, number);
	expect_text(test, &out, digits);
}

static void numbers_have_all_their_digits(struct kunit *test)
{
	u64 number, power;

	for (number = 0; number <= 1000; number++)
		expect_number(test, number);
	for (power = 1; power <= U64_MAX / 10; power *= 10) {
		expect_number(test, power - 1);
		expect_number(test, power);
		expect_number(test, power * 9 + power / 2);
	}
	expect_number(test, U32_MAX);
	expect_number(test, U32_MAX + 1ULL);
	expect_number(test, U64_MAX);
}

static struct kunit_case text_cases[] = {
	KUNIT_CASE(cuts_off_the_rest),
	KUNIT_CASE(numbers_have_all_their_digits),
	{ }
};

static struct kunit_suite text_suite = {
	.name = "finject_text",
	.test_cases = text_cases,
};

kunit_test_suite(text_suite);
