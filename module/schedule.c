// SPDX-License-Identifier: GPL-2.0-only
/*
 * The schedule of a rule, and the dice it rolls.
 *
 * The order of the tests and their names are those of the kernel's own fault
 * injection (lib/fault-inject.c). The dice differ: they have no state. A roll
 * is a function of its input, so one segment more or less elsewhere changes no
 * other roll, and a run can be repeated from its seed.
 */
#include "schedule.h"

/* The step and finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
static u64 dice_mix(u64 x)
{
	x += 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/**
 * finject_dice_roll - roll a die
 * @dice: input of the roll
 * @purpose: purpose of the die; each has a die of its own
 * @roll: ordinal of the roll of this die, from 0
 *
 * Context: any.
 *
 * Return: 64 bits, each as likely 0 as 1, the same for the same arguments on
 * every machine and kernel.
 */
u64 finject_dice_roll(const struct finject_dice_input *dice,
		      enum finject_die purpose, unsigned int roll)
{
	u64 x = dice_mix(dice->seed);

	x = dice_mix(x ^ dice->flow);
	x = dice_mix(x ^ ((u64)dice->class << 32 | dice->nth));
	return dice_mix(x ^ ((u64)purpose << 32 | roll));
}

static u32 dice_roll32(const struct finject_dice_input *dice, unsigned int roll)
{
	return finject_dice_roll(dice, FINJECT_DIE_JITTER, roll) >> 32;
}

/* With per=flow the roll is one of the flow: no segment has an nth of 0. */
static bool schedule_lucky(const struct finject_schedule *schedule,
			   const struct finject_dice_input *dice)
{
	struct finject_dice_input input;
	u32 part;

	if (schedule->probability >= FINJECT_PPM)
		return true;
	if (!schedule->probability)
		return false;
	input = *dice;
	if (schedule->per_flow) {
		input.class = 0;
		input.nth = 0;
	}
	div_u64_rem(finject_dice_roll(&input, FINJECT_DIE_CHANCE, 0),
		    FINJECT_PPM, &part);
	return part < schedule->probability;
}

static bool schedule_nth_of_interval(u64 n, u32 interval)
{
	u32 rest;

	div_u64_rem(n, interval, &rest);
	return !rest;
}

/**
 * finject_schedule_keeps - count a match and decide whether the rule fires
 * @schedule: the rule's schedule; @interval is at least 1
 * @tally: counters of the rule or, with per=flow, of the flow; updated
 * @dice: input of the dice; read only when 0% < probability < 100%
 *
 * The tests, in order: the first @skip matches pass; of the later ones, each
 * @interval-th is kept; then chance decides; then at most @times fire. So
 * matches that chance lets pass do not use up @times.
 *
 * Context: any; the caller serialises calls on one @tally.
 *
 * Return: the first word that keeps the rule from firing, or
 * FINJECT_KEPT_BY_NONE when it fires.
 */
enum finject_keeper
finject_schedule_keeps(const struct finject_schedule *schedule,
		       struct finject_tally *tally,
		       const struct finject_dice_input *dice)
{
	tally->matched++;
	if (tally->matched <= schedule->skip)
		return FINJECT_KEPT_BY_SKIP;
	if (!schedule_nth_of_interval(tally->matched - schedule->skip,
				      schedule->interval))
		return FINJECT_KEPT_BY_INTERVAL;
	if (!schedule_lucky(schedule, dice))
		return FINJECT_KEPT_BY_CHANCE;
	if (schedule->times >= 0 && tally->fired >= (u64)schedule->times)
		return FINJECT_KEPT_BY_TIMES;
	tally->fired++;
	return FINJECT_KEPT_BY_NONE;
}

/* delay - jitter .. delay + jitter, each nanosecond as likely as the next. */
static s64 schedule_uniform(u64 jitter, const struct finject_dice_input *dice)
{
	u64 roll = finject_dice_roll(dice, FINJECT_DIE_JITTER, 0);

	return mul_u64_u64_shr(roll, 2 * jitter + 1, 64) - jitter;
}

/*
 * The sum of twelve numbers in [0, 1) has mean 6 and standard deviation 1, and
 * is near enough to normal: its excess is at most 6 jitters, and is beyond 3
 * jitters with 0.20 % instead of 0.27 %. Each number is 32 bits behind the
 * point.
 */
static s64 schedule_normal(u64 jitter, const struct finject_dice_input *dice)
{
	const s64 mean = 6LL << 32;
	s64 sum = 0;
	unsigned int roll;

	for (roll = 0; roll < 12; roll++)
		sum += dice_roll32(dice, roll);
	if (sum < mean)
		return -(s64)mul_u64_u64_shr(jitter, mean - sum, 32);
	return mul_u64_u64_shr(jitter, sum - mean, 32);
}

/*
 * The largest of three numbers m_i in (0, 1] is distributed as the cube root
 * of one, so 1 / max(m_i) - 1 is a Pareto excess of shape 3 (Lomax) without a
 * root to take. max(m_i) is at least 2^-9, which bounds the excess by 511
 * jitters; the bound applies once in 2^27 rolls.
 */
static s64 schedule_pareto(u64 jitter, const struct finject_dice_input *dice)
{
	const u64 one = 1ULL << 32;
	u64 most = one >> 9;
	unsigned int roll;

	for (roll = 0; roll < 3; roll++)
		most = max_t(u64, most, dice_roll32(dice, roll) + 1ULL);
	return min_t(u64, FINJECT_NSEC_MAX,
		     mul_u64_u64_shr(jitter,
				     div64_u64((one - most) << 31, most), 31));
}

/**
 * finject_schedule_delay - compute the delay of a segment
 * @delay: ns, at most FINJECT_NSEC_MAX
 * @jitter: ns, at most FINJECT_NSEC_MAX; with 0 no dice are rolled
 * @dist: distribution of the jitter
 * @dice: input of the dice
 *
 * - uniform: @delay - @jitter to @delay + @jitter, all equally likely.
 * - normal: mean @delay, standard deviation @jitter, never more than
 *   6 * @jitter away.
 * - pareto: @delay is the least; the part above it exceeds n * @jitter with
 *   probability (1 + n)^-3: half of all are beyond 0.26 * @jitter, one in a
 *   thousand beyond 9 * @jitter, the mean is @jitter / 2.
 *
 * Context: any.
 *
 * Return: ns, cut off at 0 and at FINJECT_NSEC_MAX.
 */
u64 finject_schedule_delay(u64 delay, u64 jitter, enum finject_dist dist,
			   const struct finject_dice_input *dice)
{
	s64 sum = delay;

	if (!jitter)
		return delay;
	if (dist == FINJECT_DIST_NORMAL)
		sum += schedule_normal(jitter, dice);
	else if (dist == FINJECT_DIST_PARETO)
		sum += schedule_pareto(jitter, dice);
	else
		sum += schedule_uniform(jitter, dice);
	return clamp_t(s64, sum, 0, FINJECT_NSEC_MAX);
}
