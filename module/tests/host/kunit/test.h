/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of KUnit as the suites of the pure files use, for a build on the
 * host: each of them is a program there, its TAP printed by kselftest.h.
 */
#ifndef FINJECT_TESTS_HOST_KUNIT_TEST_H
#define FINJECT_TESTS_HOST_KUNIT_TEST_H

#include <setjmp.h>

#include "kselftest.h"
#include "pure.h"

struct kunit {
	const void *param_value;
	bool failed;
	jmp_buf end;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(fn)			{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_PARAM(fn, gen)	{ fn, #fn, gen }

enum { KUNIT_PARAM_DESC_SIZE = 128 };

#define KUNIT_ARRAY_PARAM(name, array, get_desc)			\
static const void *name##_gen_params(const void *prev, char *desc)	\
{									\
	__auto_type first = &(array)[0];				\
	typeof(first) next = prev;					\
									\
	next = next ? next + 1 : first;					\
	if (next == first + sizeof(array) / sizeof(*first))		\
		return NULL;						\
	get_desc(next, desc);						\
	return next;							\
}

static inline void kunit_begin_failure(struct kunit *test, const char *file,
				       int line, const char *expected)
{
	test->failed = true;
	printf("# %s:%d: expected %s\n", file, line, expected);
}

static inline __printf(3, 4) void
kunit_end_failure(struct kunit *test, bool ends, const char *fmt, ...)
{
	va_list args;

	if (fmt) {
		printf("#   ");
		va_start(args, fmt);
		vprintf(fmt, args);
		va_end(args);
		printf("\n");
	}
	if (ends)
		longjmp(test->end, 1);
}

#define KUNIT_BOOL(test, is, wanted, ends, ...)				\
do {									\
	struct kunit *kunit_test = (test);				\
	bool kunit_is = (is);						\
									\
	if (kunit_is == (wanted))					\
		break;							\
	kunit_begin_failure(kunit_test, __FILE__, __LINE__,		\
			    #is " to be " #wanted);			\
	kunit_end_failure(kunit_test, ends, __VA_ARGS__);		\
} while (0)

#define KUNIT_COMPARE(test, left, op, right, ends, ...)			\
do {									\
	struct kunit *kunit_test = (test);				\
	typeof(left) kunit_left = (left);				\
	typeof(right) kunit_right = (right);				\
									\
	if (kunit_left op kunit_right)					\
		break;							\
	kunit_begin_failure(kunit_test, __FILE__, __LINE__,		\
			    #left " " #op " " #right);			\
	printf("#   left is %lld, right is %lld\n",			\
	       (long long)kunit_left, (long long)kunit_right);		\
	kunit_end_failure(kunit_test, ends, __VA_ARGS__);		\
} while (0)

#define KUNIT_STRINGS(test, left, right, ends, ...)			\
do {									\
	struct kunit *kunit_test = (test);				\
	const char *kunit_left = (left), *kunit_right = (right);	\
									\
	if (!strcmp(kunit_left, kunit_right))				\
		break;							\
	kunit_begin_failure(kunit_test, __FILE__, __LINE__,		\
			    #left " == " #right);			\
	printf("#   left is '%s'\n#   right is '%s'\n", kunit_left,	\
	       kunit_right);						\
	kunit_end_failure(kunit_test, ends, __VA_ARGS__);		\
} while (0)

#define KUNIT_ASSERT_EQ_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, ==, right, true, __VA_ARGS__)
#define KUNIT_ASSERT_EQ(test, left, right)		\
	KUNIT_ASSERT_EQ_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_GE_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, >=, right, true, __VA_ARGS__)
#define KUNIT_ASSERT_GE(test, left, right)		\
	KUNIT_ASSERT_GE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_LE_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, <=, right, true, __VA_ARGS__)
#define KUNIT_ASSERT_LE(test, left, right)		\
	KUNIT_ASSERT_LE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_LT_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, <, right, true, __VA_ARGS__)
#define KUNIT_ASSERT_LT(test, left, right)		\
	KUNIT_ASSERT_LT_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_NE_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, !=, right, true, __VA_ARGS__)
#define KUNIT_ASSERT_NE(test, left, right)		\
	KUNIT_ASSERT_NE_MSG(test, left, right, NULL)
#define KUNIT_ASSERT_NOT_NULL(test, is)		\
	KUNIT_BOOL(test, (is) != NULL, true, true, NULL)
#define KUNIT_ASSERT_STREQ_MSG(test, left, right, ...)	\
	KUNIT_STRINGS(test, left, right, true, __VA_ARGS__)
#define KUNIT_ASSERT_STREQ(test, left, right)	\
	KUNIT_ASSERT_STREQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_EQ_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, ==, right, false, __VA_ARGS__)
#define KUNIT_EXPECT_EQ(test, left, right)		\
	KUNIT_EXPECT_EQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_FALSE_MSG(test, is, ...)	\
	KUNIT_BOOL(test, is, false, false, __VA_ARGS__)
#define KUNIT_EXPECT_FALSE(test, is)		\
	KUNIT_EXPECT_FALSE_MSG(test, is, NULL)
#define KUNIT_EXPECT_GE_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, >=, right, false, __VA_ARGS__)
#define KUNIT_EXPECT_GE(test, left, right)		\
	KUNIT_EXPECT_GE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_GT_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, >, right, false, __VA_ARGS__)
#define KUNIT_EXPECT_GT(test, left, right)		\
	KUNIT_EXPECT_GT_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_LE_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, <=, right, false, __VA_ARGS__)
#define KUNIT_EXPECT_LE(test, left, right)		\
	KUNIT_EXPECT_LE_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_LT_MSG(test, left, right, ...)	\
	KUNIT_COMPARE(test, left, <, right, false, __VA_ARGS__)
#define KUNIT_EXPECT_LT(test, left, right)		\
	KUNIT_EXPECT_LT_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_STREQ_MSG(test, left, right, ...)	\
	KUNIT_STRINGS(test, left, right, false, __VA_ARGS__)
#define KUNIT_EXPECT_STREQ(test, left, right)	\
	KUNIT_EXPECT_STREQ_MSG(test, left, right, NULL)
#define KUNIT_EXPECT_TRUE_MSG(test, is, ...)	\
	KUNIT_BOOL(test, is, true, false, __VA_ARGS__)
#define KUNIT_EXPECT_TRUE(test, is)		\
	KUNIT_EXPECT_TRUE_MSG(test, is, NULL)

#define hweight64(word)		__builtin_popcountll(word)
#define div_s64(a, b)		((a) / (b))
#define cond_resched()		do { } while (0)

static inline void kunit_report(const struct kunit_suite *suite,
				const struct kunit_case *one,
				const char *desc, const struct kunit *test)
{
	ksft_test_result(!test->failed, "%s.%s%s%s\n", suite->name, one->name,
			 desc[0] ? "." : "", desc);
}

static inline void kunit_run(const struct kunit_suite *suite,
			     const struct kunit_case *one,
			     const void *param, const char *desc)
{
	struct kunit test = { .param_value = param };

	if (!setjmp(test.end))
		one->run_case(&test);
	kunit_report(suite, one, desc, &test);
}

/* One test for each case, or for each parameter of a case. */
static inline unsigned int kunit_each(const struct kunit_suite *suite, bool run)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const struct kunit_case *one;
	const void *param = NULL;
	unsigned int count = 0;

	for (one = suite->test_cases; one->run_case; one++) {
		do {
			desc[0] = '\0';
			if (one->generate_params)
				param = one->generate_params(param, desc);
			if (one->generate_params && !param)
				break;
			count++;
			if (run)
				kunit_run(suite, one, param, desc);
		} while (param);
	}
	return count;
}

/* What kunit_test_suite() names. */
extern const struct kunit_suite * const kunit_the_suite;

#define kunit_test_suite(suite)	\
	const struct kunit_suite * const kunit_the_suite = &(suite)

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	ksft_print_header();
	ksft_set_plan(kunit_each(kunit_the_suite, false));
	kunit_each(kunit_the_suite, true);
	ksft_finished();
	return 0;
}

#endif /* FINJECT_TESTS_HOST_KUNIT_TEST_H */
