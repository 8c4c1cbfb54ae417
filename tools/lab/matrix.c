// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cases are run in stages: the closes without a fault tell which segments there
 * are, so which single faults can meet one; those tell the same of pairs. What
 * can meet nothing, or is the same as another case, is not run.
 */
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "matrix.h"
#include "matrix_judge.h"
#include "refuse.h"

enum { STEPS = 20 };	/* of the progress of a stage */

/**
 * struct stage - the cases to be run next
 * @matrix: the matrix
 * @name: what they are
 * @begin: number of the first of them
 * @bed: for each family, opened when it is needed
 */
struct stage {
	struct matrix *matrix;
	const char *name;
	size_t begin;
	struct matrix_bed *bed[FAMILIES];
};

/**
 * matrix_at() - get the place of the number of a case
 * @matrix: the matrix
 * @close: the close
 * @first: the fault that is asked first, or NO_FAULT
 * @second: the other one, or NO_FAULT
 */
int *matrix_at(const struct matrix *matrix, unsigned int close,
	       unsigned int first, unsigned int second)
{
	return &matrix->at[(close * (FAULTS + 1) + first) * (FAULTS + 1) + second];
}

/**
 * matrix_faults() - get the number of faults of a case
 * @one: the case
 */
unsigned int matrix_faults(const struct matrix_case *one)
{
	return (one->fault[0] != NO_FAULT) + (one->fault[1] != NO_FAULT);
}

static struct matrix_case *case_of(const struct matrix *matrix, unsigned int close,
				   unsigned int first, unsigned int second)
{
	int at = *matrix_at(matrix, close, first, second);

	return at < 0 ? NULL : &matrix->one[at];
}

static void case_add(struct matrix *matrix, unsigned int close,
		     unsigned int first, unsigned int second)
{
	struct matrix_case *one;

	matrix->one = grow(matrix->one, matrix->count, &matrix->room,
			   sizeof(*matrix->one));
	one = &matrix->one[matrix->count++];
	memset(one, 0, sizeof(*one));
	one->close = close;
	one->fault[0] = first;
	one->fault[1] = second;
}

/* SplitMix64, as the dice of the kernel. */
static u64 roll(u64 *seed)
{
	u64 x = *seed += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static int by_rank(const void *left, const void *right)
{
	const struct matrix_case *a = left, *b = right;

	for (int i = 0; i < 2; i++)
		if (a->fault[i] != b->fault[i])
			return a->fault[i] - b->fault[i];
	return a->close - b->close;
}

/* Leave the cases of a stage that chance chooses. */
static void stage_choose(struct stage *stage, size_t wanted)
{
	struct matrix *matrix = stage->matrix;
	struct matrix_case *one = matrix->one + stage->begin;
	size_t count = matrix->count - stage->begin;

	if (count <= wanted)
		return;
	for (size_t i = 0; i < wanted; i++) {
		size_t other = i + roll(&matrix->seed) % (count - i);
		struct matrix_case swap = one[i];

		one[i] = one[other];
		one[other] = swap;
	}
	matrix->left_out += count - wanted;
	matrix->count = stage->begin + wanted;
	qsort(one, wanted, sizeof(*one), by_rank);
}

static void progress(const struct stage *stage, size_t before, size_t after)
{
	const struct matrix *matrix = stage->matrix;
	size_t all = matrix->count - stage->begin, bad = 0;

	if (!matrix->progress ||
	    (after < all && before * STEPS / all == after * STEPS / all))
		return;
	for (int i = MATRIX_UNDECIDED + 1; i < MATRIX_RESULTS; i++)
		bad += matrix_count(matrix, 3, i);
	fprintf(matrix->progress, "%s: %zu of %zu, %zu not as they should be\n",
		stage->name, after, all, bad);
	fflush(matrix->progress);
}

/* Say at once which cases are not as they should be: the run may be ended. */
static void progress_bad(const struct stage *stage, struct matrix_case **cases,
			 size_t count)
{
	FILE *out = stage->matrix->progress;
	char name[96];

	for (size_t i = 0; out && i < count; i++) {
		if (!matrix_is_bad(cases[i]->result))
			continue;
		matrix_case_name(cases[i], name, sizeof(name));
		fprintf(out, "%s: %s: %s\n", name,
			matrix_results[cases[i]->result], cases[i]->why);
	}
}

static struct matrix_bed *bed_of(struct stage *stage, unsigned int family)
{
	struct matrix_bed *bed = stage->bed[family];

	if (bed)
		return bed;
	bed = malloc(sizeof(*bed));
	if (!bed)
		abort();
	if (matrix_bed_open(bed, family)) {
		matrix_bed_close(bed);
		free(bed);
		return NULL;
	}
	stage->bed[family] = bed;
	return bed;
}

static int batch_run(struct stage *stage, struct matrix_case **cases,
		     size_t count)
{
	struct matrix_bed *bed = bed_of(stage, matrix_family(cases[0]->close));
	bool suspect;
	int status;

	if (!bed)
		return REFUSED;
	status = matrix_bed_run(bed, cases, count);
	if (!status)
		matrix_judge(bed, stage->matrix->draws);
	if (stage->matrix->log)
		log_print(&bed->run.log, stage->matrix->log);
	suspect = *bed->counters || *bed->left;
	matrix_bed_clear(bed);
	/* counters are the namespace's: find out which case it was */
	for (size_t i = 0; suspect && count > 1 && !status && i < count; i++)
		status = batch_run(stage, &cases[i], 1);
	return status;
}

/* Take the next cases of one family that were not run. */
static size_t batch_fill(const struct stage *stage, unsigned int family,
			 size_t *next, struct matrix_case **cases)
{
	struct matrix *matrix = stage->matrix;
	size_t count = 0;

	for (; *next < matrix->count && count < MATRIX_BATCH; ++*next)
		if (matrix_family(matrix->one[*next].close) == family)
			cases[count++] = &matrix->one[*next];
	return count;
}

static int stage_run(struct stage *stage, const char *name)
{
	struct matrix_case *cases[MATRIX_BATCH];
	struct matrix *matrix = stage->matrix;
	size_t count, done = 0;
	int status;

	stage->name = name;
	for (unsigned int family = 0; family < FAMILIES; family++) {
		size_t next = stage->begin;

		while ((count = batch_fill(stage, family, &next, cases))) {
			status = batch_run(stage, cases, count);
			if (status)
				return status;
			progress_bad(stage, cases, count);
			progress(stage, done, done + count);
			done += count;
		}
	}
	for (size_t i = stage->begin; i < matrix->count; i++)
		*matrix_at(matrix, matrix->one[i].close, matrix->one[i].fault[0],
			   matrix->one[i].fault[1]) = i;
	stage->begin = matrix->count;
	return DONE;
}

static int closes_run(struct stage *stage)
{
	for (unsigned int close = 0; close < CLOSES; close++)
		if (matrix_only_close(&stage->matrix->only, close))
			case_add(stage->matrix, close, NO_FAULT, NO_FAULT);
	return stage_run(stage, "closes without a fault");
}

/* Plan a single fault if it can meet a segment. */
static void single_add(struct matrix *matrix, unsigned int close,
		       unsigned int fault)
{
	const struct matrix_case *bare = case_of(matrix, close, NO_FAULT, NO_FAULT);

	if (!bare || !matrix_only_fault(&matrix->only, fault))
		return;
	if (fault_meets(fault, bare->reached)) {
		case_add(matrix, close, fault, NO_FAULT);
		return;
	}
	*matrix_at(matrix, close, fault, NO_FAULT) = MATRIX_NEVER;
	matrix->never++;
}

/* The fault of the first segment, in the place of one of all. */
static unsigned int fault_first(unsigned int fault)
{
	return matrix_fault(fault_class(fault), NTH_1, fault_action(fault));
}

/*
 * When the fault of the first segment of a class is not followed by a second
 * one, the fault of all of them is the same.
 */
static bool is_same(const struct matrix *matrix, unsigned int close,
		    unsigned int first, unsigned int second)
{
	for (int i = 0; i < 2; i++) {
		unsigned int fault = i ? second : first;
		const struct matrix_case *one;

		if (fault == NO_FAULT || fault_nth(fault) != NTH_ALL)
			continue;
		if (i)
			one = case_of(matrix, close, first, fault_first(second));
		else
			one = case_of(matrix, close, fault_first(first), second);
		if (one && !(one->reached & matrix_bit(fault_class(fault), true)))
			return true;
	}
	return false;
}

/* Leave those out that earlier stages have shown to be the same. */
static void stage_same(struct stage *stage)
{
	struct matrix *matrix = stage->matrix;
	size_t kept = stage->begin;

	for (size_t i = stage->begin; i < matrix->count; i++) {
		const struct matrix_case *one = &matrix->one[i];

		if (is_same(matrix, one->close, one->fault[0], one->fault[1])) {
			*matrix_at(matrix, one->close, one->fault[0],
				   one->fault[1]) = MATRIX_SAME;
			matrix->same++;
			continue;
		}
		matrix->one[kept++] = *one;
	}
	matrix->count = kept;
}

static unsigned int alls(const struct matrix_case *one)
{
	unsigned int count = 0;

	for (int i = 0; i < 2; i++)
		count += one->fault[i] != NO_FAULT &&
			 fault_nth(one->fault[i]) == NTH_ALL;
	return count;
}

/*
 * Run what is planned in three parts: those of all segments of a class last,
 * when is known which of them are the same as those of the first alone.
 */
static int stage_run_parts(struct stage *stage, const char *name)
{
	struct matrix *matrix = stage->matrix;
	size_t count = matrix->count - stage->begin;
	struct matrix_case *planned = calloc(count + 1, sizeof(*planned));
	int status = DONE;

	if (!planned)
		abort();
	memcpy(planned, matrix->one + stage->begin, count * sizeof(*planned));
	matrix->count = stage->begin;
	for (unsigned int part = 0; part <= 2 && !status; part++) {
		for (size_t i = 0; i < count; i++)
			if (alls(&planned[i]) == part)
				case_add(matrix, planned[i].close,
					 planned[i].fault[0],
					 planned[i].fault[1]);
		stage_same(stage);
		status = stage_run(stage, name);
	}
	free(planned);
	return status;
}

static int singles_run(struct stage *stage)
{
	struct matrix *matrix = stage->matrix;

	for (unsigned int close = 0; close < CLOSES; close++)
		for (unsigned int fault = 0; fault < FAULTS; fault++)
			single_add(matrix, close, fault);
	if (matrix->sample)
		stage_choose(stage, matrix->sample);
	return stage_run_parts(stage, "single faults");
}

/* Do both rules meet a segment of their own? */
static bool can_both(const struct matrix *matrix, unsigned int close,
		     unsigned int first, unsigned int second)
{
	const struct matrix_case *under[2];
	bool one_class = fault_class(first) == fault_class(second);

	under[0] = case_of(matrix, close, first, NO_FAULT);
	under[1] = case_of(matrix, close, second, NO_FAULT);
	/* what is the same as one segment alone is told by that */
	if (!under[0] && fault_nth(first) == NTH_ALL)
		under[0] = case_of(matrix, close, fault_first(first), NO_FAULT);
	if (!under[1] && fault_nth(second) == NTH_ALL)
		under[1] = case_of(matrix, close, fault_first(second), NO_FAULT);
	/* the first takes the first segment, the other what comes after it */
	if (one_class && fault_nth(first) == NTH_1)
		return under[0] && under[0]->reached &
				   matrix_bit(fault_class(first), true);
	return (under[0] && fault_meets(second, under[0]->reached)) ||
	       (under[1] && fault_meets(first, under[1]->reached));
}

/* Is a pair one fault, or the same as another pair? */
static bool is_one(unsigned int first, unsigned int second)
{
	if (fault_class(first) != fault_class(second))
		return false;
	return fault_nth(first) == fault_nth(second) ||
	       (fault_nth(second) == NTH_ALL &&
		fault_action(first) == fault_action(second));
}

static void pair_add(struct matrix *matrix, unsigned int close,
		     unsigned int first, unsigned int second)
{
	if (!matrix_only_fault(&matrix->only, first) ||
	    !matrix_only_fault(&matrix->only, second))
		return;
	if (is_one(first, second)) {
		*matrix_at(matrix, close, first, second) = MATRIX_SAME;
		matrix->same++;
	} else if (can_both(matrix, close, first, second)) {
		case_add(matrix, close, first, second);
	} else {
		*matrix_at(matrix, close, first, second) = MATRIX_NEVER;
		matrix->never++;
	}
}

static int pairs_run(struct stage *stage)
{
	struct matrix *matrix = stage->matrix;

	for (unsigned int close = 0; close < CLOSES; close++) {
		if (!matrix_only_close(&matrix->only, close))
			continue;
		for (unsigned int first = 0; first < FAULTS; first++)
			for (unsigned int second = first + 1; second < FAULTS;
			     second++)
				pair_add(matrix, close, first, second);
	}
	if (matrix->pairs > 0)
		stage_choose(stage, matrix->pairs);
	return stage_run_parts(stage, "pairs of faults");
}

/* One case, whether it is known to meet a segment or not. */
static int named_run(struct stage *stage)
{
	struct matrix *matrix = stage->matrix;

	for (unsigned int close = 0; close < CLOSES; close++)
		if (matrix_only_close(&matrix->only, close))
			case_add(matrix, close, matrix->only.fault[0],
				 matrix->only.fault[1]);
	return stage_run(stage, "the case");
}

static int stages_run(struct stage *stage)
{
	int status;

	if (stage->matrix->only.fault[0] != NO_FAULT)
		return named_run(stage);
	status = closes_run(stage);
	if (!status)
		status = singles_run(stage);
	if (!status && stage->matrix->pairs)
		status = pairs_run(stage);
	return status;
}

/**
 * matrix_run() - run the cases
 * @matrix: the matrix: what is wanted is set, the rest is zero
 *
 * Return: 0 when all could be run, whatever came out; or not 0 after a sentence.
 */
int matrix_run(struct matrix *matrix)
{
	struct stage stage = { .matrix = matrix };
	size_t room = (size_t)CLOSES * (FAULTS + 1) * (FAULTS + 1);
	int status;

	matrix->at = malloc(room * sizeof(*matrix->at));
	if (!matrix->at)
		abort();
	for (size_t i = 0; i < room; i++)
		matrix->at[i] = MATRIX_NOT_RUN;
	status = stages_run(&stage);
	for (int i = 0; i < FAMILIES; i++) {
		if (!stage.bed[i])
			continue;
		matrix_bed_close(stage.bed[i]);
		free(stage.bed[i]);
	}
	return status;
}

/**
 * matrix_count() - count cases
 * @matrix: the matrix
 * @faults: of so many faults, 3 for any number
 * @result: that went so, MATRIX_RESULTS for any way
 */
size_t matrix_count(const struct matrix *matrix, unsigned int faults,
		    enum matrix_result result)
{
	size_t count = 0;

	for (size_t i = 0; i < matrix->count; i++) {
		const struct matrix_case *one = &matrix->one[i];

		count += (faults == 3 || matrix_faults(one) == faults) &&
			 (result == MATRIX_RESULTS || one->result == result);
	}
	return count;
}

/**
 * matrix_free() - free all of it
 * @matrix: the matrix
 */
void matrix_free(struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->count; i++) {
		free(matrix->one[i].why);
		free(matrix->one[i].drawing);
		free(matrix->one[i].picture);
	}
	free(matrix->one);
	free(matrix->at);
}
