// SPDX-License-Identifier: GPL-2.0-only
/*
 * The times at which a rule fires, and the length of its delays. An input is a
 * schedule that the parser accepts, the number of matches and the input of the
 * dice.
 */
#include "fuzz.h"
#include "schedule.h"

enum { MATCHES = 256 };

static struct finject_dice_input take_throw(struct bytes *bytes)
{
	return (struct finject_dice_input){
		.seed = bytes_take(bytes, 8),
		.flow = bytes_take(bytes, 2),
		.class = bytes_take(bytes, 1),
		.nth = bytes_take(bytes, 2),
	};
}

static struct finject_schedule take_schedule(struct bytes *bytes)
{
	static const u32 chances[] = { FINJECT_PPM, 0, 1, FINJECT_PPM - 1 };
	u32 chance = bytes_take(bytes, 1);
	struct finject_schedule schedule = {
		.interval = bytes_take(bytes, 1) + 1,
		.skip = bytes_take(bytes, 1),
		.times = bytes_take(bytes, 1) - 1,
		.per_flow = chance & 64,
		.probability = chance < 128 ? chances[chance % 4] :
					      bytes_take(bytes, 4) %
					      (FINJECT_PPM + 1),
	};

	if (!schedule.times)	/* the parser does not accept 0 */
		schedule.times = S32_MAX;
	return schedule;
}

/* Return how often a rule fires without chance. */
static u64 expected(const struct finject_schedule *schedule, u64 matched)
{
	u64 n = matched <= schedule->skip ? 0 :
		(matched - schedule->skip) / schedule->interval;

	if (schedule->times >= 0 && n > (u64)schedule->times)
		n = schedule->times;
	return n;
}

static void claim_tally(const struct finject_schedule *schedule,
			const struct finject_tally *tally)
{
	u64 most = expected(schedule, tally->matched);

	CLAIM(tally->fired <= most);
	if (schedule->probability == FINJECT_PPM)
		CLAIM(tally->fired == most);
	if (!schedule->probability)
		CLAIM(!tally->fired);
}

static void fuzz_fires(struct bytes *bytes)
{
	struct finject_schedule schedule = take_schedule(bytes);
	struct finject_dice_input dice = take_throw(bytes);
	unsigned int matches = bytes_take(bytes, 2) % MATCHES, i;
	struct finject_tally tally = { 0 };

	/* a rule may have matched for years, and never fired */
	if (matches % 2 && schedule.times < 0 && !schedule.probability)
		tally.matched = bytes_take(bytes, 8) >> 1;
	for (i = 0; i < matches; i++) {
		struct finject_tally was = tally;
		bool fires = !finject_schedule_keeps(&schedule, &tally,
						     &dice);

		CLAIM(tally.matched == was.matched + 1);
		CLAIM(tally.fired == was.fired + fires);
		claim_tally(&schedule, &tally);
		dice.nth++;
	}
}

static void claim_near(u64 delay, u64 jitter, enum finject_dist dist, u64 got)
{
	u64 below = dist == FINJECT_DIST_PARETO ? 0 :
		    dist == FINJECT_DIST_NORMAL ? 6 * jitter : jitter;
	u64 above = dist == FINJECT_DIST_PARETO ? 511 * jitter : below;

	CLAIM(got <= FINJECT_NSEC_MAX);
	CLAIM(got >= (delay > below ? delay - below : 0));
	CLAIM(got <= delay + above);
}

static void fuzz_delay(struct bytes *bytes)
{
	u64 delay = bytes_take(bytes, 8) % (FINJECT_NSEC_MAX + 1);
	u64 jitter = bytes_take(bytes, 8) % (FINJECT_NSEC_MAX + 1);
	unsigned int scale = bytes_take(bytes, 1) % 64;
	struct finject_dice_input dice = take_throw(bytes);
	int dist;

	jitter >>= scale;
	for (dist = 0; dist < FINJECT_DISTS; dist++) {
		u64 got = finject_schedule_delay(delay, jitter, dist, &dice);

		claim_near(delay, jitter, dist, got);
		CLAIM(got == finject_schedule_delay(delay, jitter, dist,
						    &dice));
		CLAIM(finject_schedule_delay(delay, 0, dist, NULL) == delay);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };

	if (bytes_take(&bytes, 1) % 2)
		fuzz_fires(&bytes);
	else
		fuzz_delay(&bytes);
	return 0;
}
