// SPDX-License-Identifier: GPL-2.0-only
/*
 * When rules fire, exactly, and the distribution of the dice.
 *
 * The statistics are of fixed seeds: they fail always or never. Their bounds
 * are about five standard deviations of the estimate, in integers, because a
 * kernel has no other numbers.
 */
#include <kunit/test.h>

#include "schedule.h"

#ifdef __KERNEL__
enum { TRIALS = 100000 };	/* an emulated kernel with KASAN is slow */
#else
enum { TRIALS = 1000000 };
#endif

/* Test the sum of @n trials of @variance each: five standard deviations. */
static bool is_near(s64 sum, s64 mean, u64 n, u64 variance)
{
	u64 off = sum > mean ? sum - mean : mean - sum;

	return off <= U32_MAX && off * off <= 25 * n * variance;
}

/* Test the number of successes in @n trials of chance @p of @all. */
static bool is_likely(u64 count, u64 n, u64 p, u64 all)
{
	return is_near(count * all, n * p, n, p * (all - p));
}

static bool fires(const struct finject_schedule *schedule,
		  struct finject_tally *tally, u32 nth)
{
	struct finject_dice_input dice = { .seed = 7, .flow = 1, .nth = nth };

	return !finject_schedule_keeps(schedule, tally, &dice);
}

static void fires_as_the_words_say(struct kunit *test)
{
	static const struct {
		const char *words;
		struct finject_schedule schedule;
		const char *matches;	/* x fires, . passes */
	} rows[] = {
		{ "",			{ 1000000, 1, -1, 0 }, "xxxxxxxx" },
		{ "times=1",		{ 1000000, 1, 1, 0 },  "x......." },
		{ "times=3",		{ 1000000, 1, 3, 0 },  "xxx....." },
		{ "skip=1",		{ 1000000, 1, -1, 1 }, ".xxxxxxx" },
		{ "skip=3 times=2",	{ 1000000, 1, 2, 3 },  "...xx..." },
		{ "interval=2",		{ 1000000, 2, -1, 0 }, ".x.x.x.x" },
		{ "interval=3",		{ 1000000, 3, -1, 0 }, "..x..x.." },
		{ "interval=3 skip=1",	{ 1000000, 3, -1, 1 }, "...x..x." },
		{ "interval=2 times=2",	{ 1000000, 2, 2, 0 },  ".x.x...." },
		{ "interval=2 skip=2 times=1",
					{ 1000000, 2, 1, 2 },  "...x...." },
		{ "skip=4294967295",	{ 1000000, 1, -1, U32_MAX },
							       "........" },
		{ "interval=4294967295", { 1000000, U32_MAX, -1, 0 },
							       "........" },
		{ "probability=0%",	{ 0, 1, -1, 0 },       "........" },
		{ "probability=0% times=1", { 0, 1, 1, 0 },    "........" },
	};
	size_t i;
	u32 nth;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finject_tally tally = { 0 };
		char seen[16] = "";
		u64 fired = 0;

		for (nth = 1; nth <= strlen(rows[i].matches); nth++) {
			bool hit = fires(&rows[i].schedule, &tally, nth);

			seen[nth - 1] = hit ? 'x' : '.';
			fired += hit;
			KUNIT_EXPECT_EQ(test, tally.matched, nth);
			KUNIT_EXPECT_EQ(test, tally.fired, fired);
		}
		KUNIT_EXPECT_STREQ_MSG(test, seen, rows[i].matches,
				       "row %zu: %s", i, rows[i].words);
	}
}

static void certain_rules_roll_no_dice(struct kunit *test)
{
	static const struct finject_schedule always = { 1000000, 1, -1, 0 };
	static const struct finject_schedule never = { 0, 1, -1, 0 };
	struct finject_tally tally = { 0 };

	KUNIT_EXPECT_EQ(test, 0, finject_schedule_keeps(&always, &tally, NULL));
	KUNIT_EXPECT_EQ(test, FINJECT_KEPT_BY_CHANCE,
			finject_schedule_keeps(&never, &tally, NULL));
	KUNIT_EXPECT_EQ(test,
			finject_schedule_delay(5, 0, FINJECT_DIST_NORMAL, NULL),
			5);
}

static void interval_holds_beyond_32_bits_of_matches(struct kunit *test)
{
	static const struct finject_schedule schedule = { 1000000, 10, -1, 7 };
	struct finject_tally tally = { .matched = 7 + (1ULL << 40) / 10 * 10 };
	unsigned int i;

	for (i = 1; i < 10; i++)
		KUNIT_EXPECT_EQ(test, FINJECT_KEPT_BY_INTERVAL,
				finject_schedule_keeps(&schedule, &tally, NULL));
	KUNIT_EXPECT_EQ(test, 0,
			finject_schedule_keeps(&schedule, &tally, NULL));
}

static void chance_that_lets_pass_uses_up_no_times(struct kunit *test)
{
	static const struct finject_schedule schedule = { 200000, 1, 3, 0 };
	struct finject_tally tally = { 0 };
	u32 nth;

	for (nth = 1; nth < 200; nth++)
		fires(&schedule, &tally, nth);
	KUNIT_EXPECT_EQ(test, tally.fired, 3);
}

static void probability(struct kunit *test)
{
	static const u32 ppm[] = { 1, 500, 10000, 200000, 500000, 999000,
				   999999 };
	size_t i;
	u32 nth;

	for (i = 0; i < ARRAY_SIZE(ppm); i++) {
		struct finject_schedule schedule = { ppm[i], 1, -1, 0 };
		struct finject_tally tally = { 0 };

		for (nth = 1; nth <= TRIALS; nth++)
			fires(&schedule, &tally, nth);
		KUNIT_EXPECT_TRUE_MSG(test,
				      is_likely(tally.fired, TRIALS, ppm[i],
						FINJECT_PPM),
				      "%u ppm fired %llu times of %u", ppm[i],
				      tally.fired, TRIALS);
		cond_resched();
	}
}

static void probability_to_the_last_part(struct kunit *test)
{
	struct finject_dice_input dice = { .seed = 7, .flow = 1 };
	struct finject_schedule schedule = { 0, 1, -1, 0 };
	struct finject_tally tally = { 0 };

	for (dice.nth = 1; dice.nth < 1000; dice.nth++) {
		u64 roll = finject_dice_roll(&dice, FINJECT_DIE_CHANCE, 0);

		schedule.probability = roll % FINJECT_PPM;
		KUNIT_EXPECT_EQ(test, FINJECT_KEPT_BY_CHANCE,
				finject_schedule_keeps(&schedule, &tally, &dice));
		schedule.probability++;
		KUNIT_EXPECT_EQ(test, 0,
				finject_schedule_keeps(&schedule, &tally, &dice));
	}
}

/* 20 % of the flows, each wholly or not at all, whatever the class and nth. */
static void chance_per_flow_is_one_of_the_flow(struct kunit *test)
{
	static const struct finject_schedule schedule = {
		200000, 1, -1, 0, .per_flow = true,
	};
	struct finject_dice_input dice = { .seed = 7 };
	u64 lucky = 0;

	for (dice.flow = 1; dice.flow <= 10000; dice.flow++) {
		struct finject_tally tally = { 0 };
		unsigned int i, fired = 0;

		for (i = 0; i < 12; i++) {
			dice.class = i % 4;
			dice.nth = 1 + i / 4;
			fired += !finject_schedule_keeps(&schedule, &tally,
							 &dice);
		}
		KUNIT_EXPECT_EQ_MSG(test, fired % 12, 0, "flow %llu",
				    dice.flow);
		lucky += fired / 12;
	}
	KUNIT_EXPECT_TRUE(test, is_likely(lucky, 10000, 20, 100));
}

/* The first word that keeps a match from firing is the one that is told. */
static void the_keeper_is_told(struct kunit *test)
{
	static const struct finject_schedule schedule = { 1000000, 2, 2, 2 };
	struct finject_tally tally = { 0 };
	static const enum finject_keeper wanted[] = {
		FINJECT_KEPT_BY_SKIP, FINJECT_KEPT_BY_SKIP,
		FINJECT_KEPT_BY_INTERVAL, FINJECT_KEPT_BY_NONE,
		FINJECT_KEPT_BY_INTERVAL, FINJECT_KEPT_BY_NONE,
		FINJECT_KEPT_BY_INTERVAL, FINJECT_KEPT_BY_TIMES,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    finject_schedule_keeps(&schedule, &tally,
							   NULL),
				    wanted[i], "match %zu", i + 1);
}

/* Users write seeds down: the rolls of a seed must never change. */
static void dice_fall_alike_everywhere(struct kunit *test)
{
	static const struct {
		struct finject_dice_input dice;
		enum finject_die purpose;
		unsigned int roll;
		u64 value;
	} rows[] = {
		{ { 0, 0, 0, 0 }, FINJECT_DIE_CHANCE, 0, 0x2130748aaac80268ULL },
		{ { 7, 1, 0, 1 }, FINJECT_DIE_CHANCE, 0, 0x1aef7af4f5bd11ffULL },
		{ { 7, 1, 0, 1 }, FINJECT_DIE_JITTER, 0, 0x2aedb3c92f8c82e5ULL },
		{ { 7, 1, 0, 1 }, FINJECT_DIE_JITTER, 1, 0x4e4387b9e6f0c6baULL },
		{ { 7, 1, 0, 2 }, FINJECT_DIE_CHANCE, 0, 0x46dac02a08aaea2cULL },
		{ { 7, 1, 3, 1 }, FINJECT_DIE_CHANCE, 0, 0x1b0920e044e066a4ULL },
		{ { 7, 2, 0, 1 }, FINJECT_DIE_CHANCE, 0, 0x203dee4d64306c53ULL },
		{ { U64_MAX, U64_MAX, 6, U32_MAX }, FINJECT_DIE_JITTER,
		  U32_MAX, 0xfc1a0a52f0a49a07ULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    finject_dice_roll(&rows[i].dice,
						      rows[i].purpose,
						      rows[i].roll),
				    rows[i].value, "row %zu", i);
}

/* Neighbours in every argument differ in half of the bits: 32 +- 4 of 64. */
static void each_argument_throws_other_dice(struct kunit *test)
{
	u64 bits[6] = { 0 };
	size_t i;
	u32 n;

	for (n = 0; n < 10000; n++) {
		struct finject_dice_input at = { n, n + 1, n % 7, n * 3 + 1 };
		const struct finject_dice_input seed = { n + 1, n + 1, n % 7,
						    n * 3 + 1 };
		const struct finject_dice_input flow = { n, n + 2, n % 7,
						    n * 3 + 1 };
		const struct finject_dice_input class = { n, n + 1, n % 7 + 1,
						     n * 3 + 1 };
		const struct finject_dice_input nth = { n, n + 1, n % 7,
						   n * 3 + 2 };
		const u64 x = finject_dice_roll(&at, 0, 0);
		const u64 others[] = {
			finject_dice_roll(&seed, 0, 0),
			finject_dice_roll(&flow, 0, 0),
			finject_dice_roll(&class, 0, 0),
			finject_dice_roll(&nth, 0, 0),
			finject_dice_roll(&at, 1, 0),
			finject_dice_roll(&at, 0, 1),
		};

		for (i = 0; i < ARRAY_SIZE(others); i++)
			bits[i] += hweight64(x ^ others[i]);
	}
	for (i = 0; i < ARRAY_SIZE(bits); i++)
		KUNIT_EXPECT_TRUE_MSG(test, is_near(bits[i], 320000, 10000, 16),
				      "argument %zu: %llu", i, bits[i]);
}

static void each_bit_is_as_likely_0_as_1(struct kunit *test)
{
	u32 ones[64] = { 0 };
	u32 n;
	int i;

	for (n = 0; n < 100000; n++) {
		const struct finject_dice_input dice = { 1, 1, 0, n };
		const u64 x = finject_dice_roll(&dice, 0, 0);

		for (i = 0; i < 64; i++)
			ones[i] += x >> i & 1;
	}
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_TRUE_MSG(test, is_likely(ones[i], 100000, 1, 2),
				      "bit %d: %u", i, ones[i]);
}

/* Statistics of a delay over many rolls, in millionths of its jitter. */

enum {
	THROWS = 200000,
	MSEC = 1000000,
	JITTER = 1000000,
};

struct sample {
	s64 sum, least, most;
	u64 squares;		/* in millionths: no use with a long tail */
	u32 beyond[10];		/* more than n jitters above delay */
	u32 far[7];		/* more than n jitters off delay */
};

static void draw(struct sample *s, enum finject_dist dist, u64 delay,
		 u32 jitter, u64 seed)
{
	u32 nth;
	int i;

	*s = (struct sample){ .least = (s64)FINJECT_NSEC_MAX,
			      .most = -(s64)FINJECT_NSEC_MAX };
	for (nth = 0; nth < THROWS; nth++) {
		const struct finject_dice_input dice = { seed, 1, 0, nth };
		u64 nsec = finject_schedule_delay(delay, jitter, dist, &dice);
		s64 x = div_s64((s64)(nsec - delay) * JITTER, jitter);

		s->sum += x;
		s->squares += div_u64(x * x, JITTER);
		s->least = x < s->least ? x : s->least;
		s->most = x > s->most ? x : s->most;
		for (i = 0; i < 10; i++)
			s->beyond[i] += x > i * JITTER;
		for (i = 0; i < 7; i++)
			s->far[i] += x > i * JITTER || x < -i * JITTER;
	}
	cond_resched();
}

/* Test a sum of squares, in millionths, of a variance and a fourth moment. */
static bool is_spread(u64 squares, u64 variance, u64 moment)
{
	return is_near(squares, THROWS * variance, THROWS,
		       moment * JITTER - variance * variance);
}

static bool is_share(u32 count, u32 ppm, u32 by)
{
	return is_near((s64)count * FINJECT_PPM, (s64)THROWS * ppm, 1,
		       (u64)THROWS * by / 5 * ((u64)THROWS * by / 5));
}

static void uniform_is_even_between_its_ends(struct kunit *test)
{
	struct sample s;

	draw(&s, FINJECT_DIST_UNIFORM, 250 * MSEC, 50 * MSEC, 1);
	KUNIT_EXPECT_TRUE(test, is_near(s.sum, 0, THROWS, 333333333333));
	KUNIT_EXPECT_TRUE(test, is_spread(s.squares, 333333, 200000));
	KUNIT_EXPECT_GE(test, s.least, -JITTER);
	KUNIT_EXPECT_LE(test, s.most, JITTER);
	KUNIT_EXPECT_LT(test, s.least, -JITTER + 40 * JITTER / THROWS);
	KUNIT_EXPECT_GT(test, s.most, JITTER - 40 * JITTER / THROWS);
	KUNIT_EXPECT_TRUE(test, is_likely(s.beyond[0], THROWS, 1, 2));
}

static void uniform_reaches_both_its_ends(struct kunit *test)
{
	u32 count[7] = { 0 };
	u32 nth;
	int i;

	for (nth = 0; nth < 70000; nth++) {
		const struct finject_dice_input dice = { 3, 1, 0, nth };
		u64 nsec = finject_schedule_delay(10, 3, FINJECT_DIST_UNIFORM,
						  &dice);

		KUNIT_ASSERT_GE(test, nsec, 7);
		KUNIT_ASSERT_LE(test, nsec, 13);
		count[nsec - 7]++;
	}
	for (i = 0; i < 7; i++)
		KUNIT_EXPECT_TRUE_MSG(test, is_likely(count[i], 70000, 1, 7),
				      "%d ns: %u", i + 7, count[i]);
}

static void normal_has_its_mean_and_deviation(struct kunit *test)
{
	struct sample s;

	draw(&s, FINJECT_DIST_NORMAL, 1000 * MSEC, 50 * MSEC, 2);
	KUNIT_EXPECT_TRUE(test, is_near(s.sum, 0, THROWS, 1000000000000));
	KUNIT_EXPECT_TRUE(test, is_spread(s.squares, 1000000, 3000000));
	KUNIT_EXPECT_TRUE(test, is_likely(s.beyond[0], THROWS, 1, 2));
	KUNIT_EXPECT_TRUE(test, is_share(s.far[1], 317300, 8000));
	KUNIT_EXPECT_TRUE(test, is_share(s.far[2], 45500, 3000));
	KUNIT_EXPECT_TRUE(test, is_share(s.far[3], 2000, 500));
	KUNIT_EXPECT_GT(test, s.far[4], 0);
	KUNIT_EXPECT_EQ(test, s.far[6], 0);
}

static void pareto_is_least_at_its_delay_and_has_a_tail(struct kunit *test)
{
	struct sample s;
	int n;

	draw(&s, FINJECT_DIST_PARETO, 250 * MSEC, 50 * MSEC, 3);
	KUNIT_EXPECT_GE(test, s.least, 0);
	KUNIT_EXPECT_LT(test, s.least, 20 * JITTER / THROWS);
	KUNIT_EXPECT_TRUE(test, is_near(s.sum, THROWS * (JITTER / 2LL), THROWS,
					750000000000));
	for (n = 1; n < 10; n++)
		KUNIT_EXPECT_TRUE_MSG(test,
				      is_likely(s.beyond[n], THROWS, 1,
						(1 + n) * (1 + n) * (1 + n)),
				      "beyond %d: %u", n, s.beyond[n]);
	KUNIT_EXPECT_GT(test, s.most, 30LL * JITTER);
	KUNIT_EXPECT_LE(test, s.most, 511LL * JITTER);
}

/* Count the delays of @throws that are cut off at @end; 0 if any is beyond. */
static u32 count_at(u64 end, u64 jitter, enum finject_dist dist, u32 throws)
{
	u32 nth, count = 0;

	for (nth = 0; nth < throws; nth++) {
		const struct finject_dice_input dice = { 4, 1, 0, nth };
		u64 nsec = finject_schedule_delay(end, jitter, dist, &dice);

		if (nsec > FINJECT_NSEC_MAX)
			return 0;
		count += nsec == end;
	}
	return count;
}

static void delay_is_cut_off_at_both_ends(struct kunit *test)
{
	static const u64 jitters[] = { 1, MSEC, FINJECT_NSEC_MAX };
	enum finject_dist dist;
	size_t i;

	for (dist = 0; dist < FINJECT_DISTS; dist++) {
		for (i = 0; i < ARRAY_SIZE(jitters); i++) {
			if (dist != FINJECT_DIST_PARETO)
				KUNIT_EXPECT_GT(test,
						count_at(0, jitters[i], dist, 20000),
						9000);
			KUNIT_EXPECT_GT(test,
					count_at(FINJECT_NSEC_MAX, jitters[i], dist, 20000),
					9000);
		}
	}
}

static void delay_is_repeated_from_its_throw(struct kunit *test)
{
	const struct finject_dice_input dice = { 9, 2, 1, 3 };
	enum finject_dist dist;

	for (dist = 0; dist < FINJECT_DISTS; dist++)
		KUNIT_EXPECT_EQ(test,
				finject_schedule_delay(1000000, 999, dist, &dice),
				finject_schedule_delay(1000000, 999, dist, &dice));
}

static struct kunit_case schedule_cases[] = {
	KUNIT_CASE(fires_as_the_words_say),
	KUNIT_CASE(certain_rules_roll_no_dice),
	KUNIT_CASE(interval_holds_beyond_32_bits_of_matches),
	KUNIT_CASE(chance_that_lets_pass_uses_up_no_times),
	KUNIT_CASE(probability),
	KUNIT_CASE(probability_to_the_last_part),
	KUNIT_CASE(chance_per_flow_is_one_of_the_flow),
	KUNIT_CASE(the_keeper_is_told),
	KUNIT_CASE(dice_fall_alike_everywhere),
	KUNIT_CASE(each_argument_throws_other_dice),
	KUNIT_CASE(each_bit_is_as_likely_0_as_1),
	KUNIT_CASE(uniform_is_even_between_its_ends),
	KUNIT_CASE(uniform_reaches_both_its_ends),
	KUNIT_CASE(normal_has_its_mean_and_deviation),
	KUNIT_CASE(pareto_is_least_at_its_delay_and_has_a_tail),
	KUNIT_CASE(delay_is_cut_off_at_both_ends),
	KUNIT_CASE(delay_is_repeated_from_its_throw),
	{ }
};

static struct kunit_suite schedule_suite = {
	.name = "finject_schedule",
	.test_cases = schedule_cases,
};

kunit_test_suite(schedule_suite);
