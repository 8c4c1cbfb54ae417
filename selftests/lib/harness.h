/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's harness, and what all programs here add to it.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"

#include "bed.h"
#include "finject.h"
#include "variants.h"

/* In a warp guest alarm() counts virtual time, which jumps: TIME_WAIT, and
 * every deadline of a failing test, must fit.
 */
#define TEST_SECONDS	400

#define BED_TEST(fixture, test)	TEST_F_TIMEOUT(fixture, test, TEST_SECONDS)

/* SKIP() from a setup: the harness of Linux 6.1 would run the test
 * nevertheless, so leave the way a failed assertion does. Since 6.9 setup and
 * test have a process of their own.
 */
#ifdef FIXTURE_TEARDOWN_PARENT
#define SKIP_SETUP(fmt, ...)	SKIP(_exit(0), fmt, ##__VA_ARGS__)
#else
#define SKIP_SETUP(fmt, ...) \
	SKIP(longjmp(_metadata->env, 1), fmt, ##__VA_ARGS__)
#endif

#define NEED_FINJECT() do {						\
	const char *__missing = finject_missing();			\
									\
	if (__missing)							\
		SKIP_SETUP("%s", __missing);				\
} while (0)

/* Open a place of site.h in a setup, or skip. */
#define NEED_SCENE(scene, site, family) do {				\
	const char *__missing;						\
									\
	NEED_FINJECT();							\
	__missing = scene_open(scene, site, family);			\
	if (__missing)							\
		SKIP_SETUP("%s", __missing);				\
} while (0)

/* In a warp guest the host cannot stall a test and cause a retransmission. */
static inline bool in_warp_time(void)
{
	const char *mode = getenv("MODE");

	return mode && !strcmp(mode, "warp");
}

/* There a softirq is a thread, which takes turns with others. */
static inline bool on_realtime_kernel(void)
{
	return !access("/sys/kernel/realtime", F_OK);
}

/* There the work of a segment takes several times as long. */
static inline bool on_debug_kernel(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

/* Expect conservation, at the end of each test. */
#define EXPECT_BALANCED(bed) do {					\
	const char *__unbalanced = bed_close(bed);			\
									\
	EXPECT_EQ(NULL, __unbalanced)					\
		TH_LOG("out of balance: %s", __unbalanced);		\
} while (0)

/* Likewise for the places of site.h. */
#define EXPECT_SCENE_BALANCED(scene) do {				\
	const char *__unbalanced = scene_close(scene);			\
									\
	EXPECT_EQ(NULL, __unbalanced)					\
		TH_LOG("out of balance: %s", __unbalanced);		\
} while (0)

/* Expect no frame that nobody should have sent. */
#define EXPECT_NOTHING_STRANGE(scene) do {				\
	const char *__strange = scene_strange(scene);			\
									\
	EXPECT_EQ(NULL, __strange)					\
		TH_LOG("%s", __strange);				\
} while (0)

/* Expect that an expression becomes true within PATIENCE. */
#define EXPECT_SOON(cond)	EXPECT_TRUE(WAIT_FOR(cond, PATIENCE))
#define ASSERT_SOON(cond)	ASSERT_TRUE(WAIT_FOR(cond, PATIENCE))

#define EXPECT_BETWEEN(low, high, seen) do {				\
	__typeof__(low) __between = (seen);				\
									\
	EXPECT_LE(low, __between);					\
	EXPECT_GE(high, __between);					\
} while (0)

/* Expect the states that an end took, by its events. */
/*
 * A socket may be gone before its last state is a record: a timer writes it
 * where no segment follows.
 */
#define EXPECT_PATH(path, end) do {					\
	const char *__path = (path);					\
	__typeof__(end) __end = (end);					\
									\
	(void)WAIT_FOR(!strcmp(__path, end_path(__end)), PATIENCE);	\
	EXPECT_STREQ(__path, end_path(__end));				\
} while (0)

#define PATH_ACTIVE	"ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT"
#define PATH_PASSIVE	"ESTABLISHED CLOSE_WAIT LAST_ACK CLOSE"
#define PATH_SIMULTANEOUS	"ESTABLISHED FIN_WAIT1 CLOSING TIME_WAIT"

#endif /* HARNESS_H */
