// SPDX-License-Identifier: GPL-2.0-only
/*
 * When rules fire, exactly, and what the dice throw, in distribution.
 *
 * The statistics are of fixed seeds: they fail always or never. Their bounds
 * are some five standard deviations of what is estimated.
 */
#include <math.h>

#include "kselftest_harness.h"
#include "schedule.h"

static bool fires(const struct finject_schedule *schedule,
		  struct finject_tally *tally, u32 nth)
{
	struct finject_throw throw = { .seed = 7, .flow = 1, .nth = nth };

	return finject_schedule_fires(schedule, tally, &throw);
}

TEST(fires_as_the_words_say)
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
			EXPECT_EQ(nth, tally.matched);
			EXPECT_EQ(fired, tally.fired);
		}
		EXPECT_STREQ(rows[i].matches, seen)
			TH_LOG("row %zu: %s", i, rows[i].words);
	}
}

TEST(certain_rules_roll_no_dice)
{
	static const struct finject_schedule always = { 1000000, 1, -1, 0 };
	static const struct finject_schedule never = { 0, 1, -1, 0 };
	struct finject_tally tally = { 0 };

	EXPECT_TRUE(finject_schedule_fires(&always, &tally, NULL));
	EXPECT_FALSE(finject_schedule_fires(&never, &tally, NULL));
	EXPECT_EQ(5, finject_schedule_delay(5, 0, FINJECT_DIST_NORMAL, NULL));
}

TEST(interval_holds_beyond_32_bits_of_matches)
{
	static const struct finject_schedule schedule = { 1000000, 10, -1, 7 };
	struct finject_tally tally = { .matched = 7 + (1ULL << 40) / 10 * 10 };
	unsigned int i;

	for (i = 1; i < 10; i++)
		EXPECT_FALSE(finject_schedule_fires(&schedule, &tally, NULL));
	EXPECT_TRUE(finject_schedule_fires(&schedule, &tally, NULL));
}

TEST(chance_that_lets_pass_uses_up_no_times)
{
	static const struct finject_schedule schedule = { 200000, 1, 3, 0 };
	struct finject_tally tally = { 0 };
	u32 nth;

	for (nth = 1; nth < 200; nth++)
		fires(&schedule, &tally, nth);
	EXPECT_EQ(3, tally.fired);
}

/* As probable as said: sigma is sqrt(n p (1 - p)), n = 10^6. */
TEST(probability)
{
	static const struct {
		u32 ppm;
		s64 sigma;
	} rows[] = {
		{ 1, 1 }, { 500, 23 }, { 10000, 100 }, { 200000, 400 },
		{ 500000, 500 }, { 999000, 32 }, { 999999, 1 },
	};
	size_t i;
	u32 nth;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finject_schedule schedule = { rows[i].ppm, 1, -1, 0 };
		struct finject_tally tally = { 0 };

		for (nth = 1; nth <= FINJECT_PPM; nth++)
			fires(&schedule, &tally, nth);
		EXPECT_LE(llabs((s64)tally.fired - rows[i].ppm),
			  5 * rows[i].sigma)
			TH_LOG("%u ppm fired %llu times of a million",
			       rows[i].ppm, tally.fired);
	}
}

TEST(probability_to_the_last_part)
{
	struct finject_throw throw = { .seed = 7, .flow = 1 };
	struct finject_schedule schedule = { 0, 1, -1, 0 };
	struct finject_tally tally = { 0 };

	for (throw.nth = 1; throw.nth < 1000; throw.nth++) {
		u64 roll = finject_dice_roll(&throw, FINJECT_DICE_CHANCE, 0);

		schedule.probability = roll % FINJECT_PPM;
		EXPECT_FALSE(finject_schedule_fires(&schedule, &tally, &throw));
		schedule.probability++;
		EXPECT_TRUE(finject_schedule_fires(&schedule, &tally, &throw));
	}
}

/* Seeds are written down: what they throw must never change. */
TEST(dice_fall_alike_everywhere)
{
	static const struct {
		struct finject_throw throw;
		enum finject_dice purpose;
		unsigned int roll;
		u64 value;
	} rows[] = {
		{ { 0, 0, 0, 0 }, FINJECT_DICE_CHANCE, 0, 0x2130748aaac80268ULL },
		{ { 7, 1, 0, 1 }, FINJECT_DICE_CHANCE, 0, 0x1aef7af4f5bd11ffULL },
		{ { 7, 1, 0, 1 }, FINJECT_DICE_JITTER, 0, 0x2aedb3c92f8c82e5ULL },
		{ { 7, 1, 0, 1 }, FINJECT_DICE_JITTER, 1, 0x4e4387b9e6f0c6baULL },
		{ { 7, 1, 0, 2 }, FINJECT_DICE_CHANCE, 0, 0x46dac02a08aaea2cULL },
		{ { 7, 1, 3, 1 }, FINJECT_DICE_CHANCE, 0, 0x1b0920e044e066a4ULL },
		{ { 7, 2, 0, 1 }, FINJECT_DICE_CHANCE, 0, 0x203dee4d64306c53ULL },
		{ { U64_MAX, U64_MAX, 6, U32_MAX }, FINJECT_DICE_JITTER,
		  U32_MAX, 0xfc1a0a52f0a49a07ULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		EXPECT_EQ(rows[i].value,
			  finject_dice_roll(&rows[i].throw, rows[i].purpose,
					    rows[i].roll))
			TH_LOG("row %zu", i);
}

/* Neighbours in every argument differ in half of the bits: 32 +- 4 of 64. */
TEST(each_argument_throws_other_dice)
{
	u64 bits[6] = { 0 };
	size_t i;
	u32 n;

	for (n = 0; n < 10000; n++) {
		struct finject_throw at = { n, n + 1, n % 7, n * 3 + 1 };
		const struct finject_throw seed = { n + 1, n + 1, n % 7,
						    n * 3 + 1 };
		const struct finject_throw flow = { n, n + 2, n % 7,
						    n * 3 + 1 };
		const struct finject_throw class = { n, n + 1, n % 7 + 1,
						     n * 3 + 1 };
		const struct finject_throw nth = { n, n + 1, n % 7,
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
			bits[i] += __builtin_popcountll(x ^ others[i]);
	}
	/* sigma of the sum is sqrt(10000 * 16) = 400 */
	for (i = 0; i < ARRAY_SIZE(bits); i++)
		EXPECT_LE(llabs((s64)bits[i] - 320000), 2000)
			TH_LOG("argument %zu: %llu", i, bits[i]);
}

TEST(each_bit_is_as_likely_0_as_1)
{
	u32 ones[64] = { 0 };
	u32 n;
	int i;

	for (n = 0; n < 100000; n++) {
		const struct finject_throw throw = { 1, 1, 0, n };
		const u64 x = finject_dice_roll(&throw, 0, 0);

		for (i = 0; i < 64; i++)
			ones[i] += x >> i & 1;
	}
	/* sigma is sqrt(100000 / 4) = 158 */
	for (i = 0; i < 64; i++)
		EXPECT_LE(abs((int)ones[i] - 50000), 790)
			TH_LOG("bit %d: %u", i, ones[i]);
}

/* Statistics of a delay, in units of its jitter, over many throws. */

enum {
	THROWS = 200000,
	MSEC = 1000000,
};

struct sample {
	double mean, sd, least, most;
	double beyond[10];	/* share further than n jitters above delay */
	double far[7];		/* share further than n jitters off delay */
};

static void draw(struct sample *s, enum finject_dist dist, u64 delay,
		 u64 jitter, u64 seed)
{
	double sum = 0, squares = 0;
	u32 nth;
	int i;

	*s = (struct sample){ .least = 1e9, .most = -1e9 };
	for (nth = 0; nth < THROWS; nth++) {
		const struct finject_throw throw = { seed, 1, 0, nth };
		u64 nsec = finject_schedule_delay(delay, jitter, dist, &throw);
		double x = ((double)nsec - (double)delay) / jitter;

		sum += x;
		squares += x * x;
		s->least = x < s->least ? x : s->least;
		s->most = x > s->most ? x : s->most;
		for (i = 0; i < 10; i++)
			s->beyond[i] += (x > i) / (double)THROWS;
		for (i = 0; i < 7; i++)
			s->far[i] += (x > i || x < -i) / (double)THROWS;
	}
	s->mean = sum / THROWS;
	s->sd = sqrt(squares / THROWS - s->mean * s->mean);
}

static bool near(double want, double seen, double by)
{
	if (fabs(seen - want) < by)
		return true;
	printf("# %f, not %f +- %f\n", seen, want, by);
	return false;
}

TEST(uniform_is_even_between_its_ends)
{
	struct sample s;

	draw(&s, FINJECT_DIST_UNIFORM, 250 * MSEC, 50 * MSEC, 1);
	EXPECT_TRUE(near(0, s.mean, 0.0065));		/* 5 / sqrt(3 n) */
	EXPECT_TRUE(near(0.57735, s.sd, 0.003));
	EXPECT_GE(s.least, -1.0);
	EXPECT_LE(s.most, 1.0);
	EXPECT_LT(s.least, -0.9998);
	EXPECT_GT(s.most, 0.9998);
	EXPECT_TRUE(near(0.5, s.beyond[0], 0.0056));
}

TEST(uniform_reaches_both_its_ends)
{
	u32 count[7] = { 0 };
	u32 nth;
	int i;

	for (nth = 0; nth < 70000; nth++) {
		const struct finject_throw throw = { 3, 1, 0, nth };
		u64 nsec = finject_schedule_delay(10, 3, FINJECT_DIST_UNIFORM,
						  &throw);

		ASSERT_GE(nsec, 7);
		ASSERT_LE(nsec, 13);
		count[nsec - 7]++;
	}
	for (i = 0; i < 7; i++)
		EXPECT_LE(abs((int)count[i] - 10000), 470)
			TH_LOG("%d ns: %u", i + 7, count[i]);
}

TEST(normal_has_its_mean_and_deviation)
{
	struct sample s;

	draw(&s, FINJECT_DIST_NORMAL, 1000 * MSEC, 50 * MSEC, 2);
	EXPECT_TRUE(near(0, s.mean, 0.0112));		/* 5 / sqrt(n) */
	EXPECT_TRUE(near(1, s.sd, 0.008));		/* 5 / sqrt(2 n) */
	EXPECT_TRUE(near(0.5, s.beyond[0], 0.0056));
	EXPECT_TRUE(near(0.3173, s.far[1], 0.008));
	EXPECT_TRUE(near(0.0455, s.far[2], 0.003));
	EXPECT_TRUE(near(0.0020, s.far[3], 0.0005));
	EXPECT_GT(s.far[4], 0);
	EXPECT_EQ(0, s.far[6]);
}

TEST(pareto_is_least_at_its_delay_and_has_a_tail)
{
	struct sample s;
	int n;

	draw(&s, FINJECT_DIST_PARETO, 250 * MSEC, 50 * MSEC, 3);
	EXPECT_GE(s.least, 0.0);
	EXPECT_LT(s.least, 0.0001);
	EXPECT_TRUE(near(0.5, s.mean, 0.0097));	/* 5 * 0.866 / sqrt(n) */
	for (n = 1; n < 10; n++) {
		double p = 1.0 / ((1 + n) * (1 + n) * (1 + n));
		double sigma = sqrt(p * (1 - p) / THROWS);

		EXPECT_TRUE(near(p, s.beyond[n], 5 * sigma));
	}
	EXPECT_GT(s.most, 30);
	EXPECT_LE(s.most, 511);
}

/* How many of @throws delays are cut off: at @end, none beyond it. */
static u32 count_at(u64 end, u64 jitter, enum finject_dist dist, u32 throws)
{
	u32 nth, count = 0;

	for (nth = 0; nth < throws; nth++) {
		const struct finject_throw throw = { 4, 1, 0, nth };
		u64 nsec = finject_schedule_delay(end, jitter, dist, &throw);

		if (nsec > FINJECT_NSEC_MAX)
			return 0;
		count += nsec == end;
	}
	return count;
}

TEST(delay_is_cut_off_at_both_ends)
{
	static const u64 jitters[] = { 1, MSEC, FINJECT_NSEC_MAX };
	enum finject_dist dist;
	size_t i;

	for (dist = 0; dist < FINJECT_DISTS; dist++) {
		for (i = 0; i < ARRAY_SIZE(jitters); i++) {
			if (dist != FINJECT_DIST_PARETO)
				EXPECT_GT(count_at(0, jitters[i], dist, 20000),
					  9000);
			EXPECT_GT(count_at(FINJECT_NSEC_MAX, jitters[i], dist,
					   20000), 9000);
		}
	}
}

TEST(delay_is_repeated_from_its_throw)
{
	const struct finject_throw throw = { 9, 2, 1, 3 };
	enum finject_dist dist;

	for (dist = 0; dist < FINJECT_DISTS; dist++)
		EXPECT_EQ(finject_schedule_delay(1000000, 999, dist, &throw),
			  finject_schedule_delay(1000000, 999, dist, &throw));
}

TEST_HARNESS_MAIN
