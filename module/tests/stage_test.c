// SPDX-License-Identifier: GPL-2.0-only
/*
 * Closes of every shape, segment by segment, and the classes of each.
 *
 * Sequence numbers are relative: the next byte of either side is 1, so a FIN
 * without payload ends at 2. Every close runs with either side as direction 0
 * and from sequence numbers around each edge of 32-bit arithmetic.
 */
#include <kunit/test.h>

#include "stage.h"

struct segment {
	char from;		/* A, the active closer, or B */
	const char *flags;
	u32 seq, len, ack;
	const char *classes;	/* "*" in front of a new incarnation */
	const char *shape;	/* afterwards; NULL: not looked at */
};

static u8 read_flags(const char *flags)
{
	static const char letters[] = "FSRPAUEC";
	u8 bits = 0;

	for (; *flags; flags++)
		bits |= BIT(strchr(letters, *flags) - letters);
	return bits;
}

static const char *name_classes(u16 classes, bool fresh, char *buf, size_t size)
{
	size_t len = scnprintf(buf, size, "%s", fresh ? "*" : "");
	const char *sep = "";
	unsigned int i;

	for (i = 0; i < FINJECT_CLASSES; i++) {
		if (!(classes & BIT(i)))
			continue;
		len += scnprintf(buf + len, size - len, "%s%s", sep,
				 finject_class_names[i]);
		sep = ",";
	}
	return buf;
}

struct close {
	const char *name;
	struct segment segments[16];
	bool early;
};

static const struct close closes[] = {
	{ "from_its_handshake", {
		{ 'A', "S",  0, 0, 0, "open", "open" },
		{ 'A', "S",  0, 0, 0, "open" },
		{ 'B', "SA", 0, 0, 1, "open" },
		{ 'A', "A",  1, 0, 1, "open" },
		{ 'A', "PA", 1, 10, 1, "early" },
		{ 'B', "A",  1, 0, 11, "earlyack" },
		{ 'B', "PA", 1, 5, 11, "early", "open" },
		{ 'A', "FA", 11, 0, 6, "fin1", "closing" },
		{ 'A', "PA", 1, 10, 1, "data" },
		{ 'B', "FA", 6, 0, 12, "ack1,fin2", "three" },
		{ 'A', "A",  12, 0, 7, "ack2" },
		{ 'A', "S",  100, 0, 0, "syn,open" },
		{ 'B', "SA", 100, 0, 101, "open" },
		{ 'A', "PA", 101, 5, 101, "early" },
		{ 'A', "FA", 106, 0, 101, "*fin1", "closing" },
	}, true },
	{ "from_the_middle", {
		{ 'B', "PA", 50, 5, 40, "early" },
		{ 'A', "A",  40, 0, 55, "earlyack" },
		{ 'A', "R",  40, 0, 0, "rst", "reset" },
		{ 'B', "PA", 55, 5, 40, "" },
	}, true },
	{ "never_and_open_again", {
		{ 'A', "S",  0, 0, 0, "open" },
		{ 'B', "SA", 0, 0, 1, "open" },
		{ 'A', "A",  1, 0, 1, "open" },
		{ 'A', "S",  500, 0, 0, "*open", "open" },
		{ 'B', "SA", 700, 0, 501, "open" },
		{ 'A', "A",  501, 0, 701, "open" },
	}, true },
	{ "in_four_segments", {
		{ 'A', "FA", 1, 0, 1, "fin1", "closing" },
		{ 'B', "A",  1, 0, 2, "ack1", "half-closed" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2", "four" },
		{ 'A', "A",  2, 0, 2, "ack2", "four" },
	} },
	{ "in_three_segments", {
		{ 'A', "FA", 1, 0, 1, "fin1", "closing" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2", "three" },
		{ 'A', "A",  2, 0, 2, "ack2", "three" },
	} },
	{ "simultaneous", {
		{ 'A', "FA", 1, 0, 1, "fin1", "closing" },
		{ 'B', "FA", 1, 0, 1, "fin2", "simultaneous" },
		{ 'A', "A",  2, 0, 2, "ack2", "simultaneous" },
		{ 'B', "A",  2, 0, 2, "ack1", "simultaneous" },
	} },
	{ "simultaneous_fin_sent_again_from_closing", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 1, "fin2" },
		{ 'A', "FA", 1, 0, 2, "fin1,ack2" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2", "simultaneous" },
	} },
	{ "fin_without_ack_covers_nothing", {
		{ 'A', "F",  1, 0, 0, "fin1", "closing" },
		{ 'B', "F",  1, 0, 2, "fin2", "simultaneous" },
	} },
	{ "payload_of_fin1_is_not_half_close_data", {
		{ 'A', "PA",  1, 100, 1, "", "open" },
		{ 'A', "FPA", 101, 50, 1, "fin1", "closing" },
		{ 'B', "A",   1, 0, 151, "", "closing" },
		{ 'B', "A",   1, 0, 152, "ack1", "half-closed" },
	} },
	{ "fin1_sent_again_with_more_or_less_payload", {
		{ 'A', "FPA", 101, 50, 1, "fin1" },
		{ 'A', "FPA", 101, 50, 1, "fin1" },
		{ 'A', "FPA", 1, 150, 1, "fin1" },
		{ 'A', "FA",  151, 0, 1, "fin1", "closing" },
	} },
	{ "half_close_data_acknowledges_fin1", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "PA", 1, 10, 2, "ack1,data", "half-closed" },
		{ 'A', "A",  2, 0, 11, "" },
		{ 'B', "FPA", 11, 5, 2, "ack1,fin2,data", "four" },
		{ 'A', "A",  2, 0, 11, "" },
		{ 'A', "A",  2, 0, 17, "ack2", "four" },
	} },
	{ "half_close_data_that_crossed_fin1", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "PA", 1, 10, 1, "data", "closing" },
		{ 'B', "A",  11, 0, 2, "ack1", "half-closed" },
	} },
	{ "data_sent_again_before_fin1_is_data", {
		{ 'A', "FA", 101, 0, 1, "fin1" },
		{ 'A', "PA", 1, 100, 1, "data" },
	} },
	{ "fin2_with_payload_that_crossed_fin1", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FPA", 1, 10, 1, "fin2,data", "simultaneous" },
	} },
	{ "last_ack_sent_again_from_time_wait", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "A",  2, 0, 2, "ack2" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "A",  2, 0, 2, "ack2", "three" },
	} },
	{ "old_ack_covers_nothing", {
		{ 'A', "FA", 1000, 0, 1, "fin1" },
		{ 'B', "A",  1, 0, 1000, "" },
		{ 'B', "A",  1, 0, 1, "", "closing" },
	} },
	{ "ack_before_any_fin_is_of_no_class", {
		{ 'A', "A",  1, 0, 1, "", "open" },
		{ 'B', "PA", 1, 9, 1, "", "open" },
	} },
	{ "stray_fin_of_the_same_side_is_no_fin", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'A', "FA", 500, 0, 1, "" },
		{ 'B', "A",  1, 0, 2, "ack1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'B', "FPA", 700, 3, 2, "ack1,data", "four" },
	} },
	/* Seen at two crossings, with the same classes both times. */
	{ "stray_fin_ends_no_close", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "A",  1, 0, 2, "ack1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "FA", 900, 0, 2, "ack2", "four" },
		{ 'A', "FA", 900, 0, 2, "ack2", "four" },
		{ 'A', "A",  2, 0, 2, "ack2", "four" },
	} },
	{ "data_in_the_place_of_fin1_disproves_it", {
		{ 'A', "FA", 1, 0, 9999, "fin1", "closing" },
		{ 'A', "PA", 1, 10, 1, "", "open" },
		{ 'B', "A",  1, 0, 11, "", "open" },
		{ 'A', "FA", 11, 0, 1, "fin1", "closing" },
		{ 'B', "FA", 1, 0, 12, "ack1,fin2", "three" },
		{ 'A', "A",  12, 0, 2, "ack2", "three" },
	} },
	{ "payload_of_the_true_fin_disproves_the_other", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'A', "FPA", 1, 10, 1, "fin1", "closing" },
		{ 'B', "A",  1, 0, 12, "ack1", "half-closed" },
	} },
	{ "fin_where_the_receiver_expects_it", {
		{ 'A', "FA", 90000, 0, 1, "fin1", "closing" },
		{ 'A', "PA", 1, 10, 1, "data" },
		{ 'B', "A",  1, 0, 11, "", "closing" },
		{ 'A', "FA", 11, 0, 1, "fin1", "closing" },
		{ 'B', "A",  1, 0, 12, "ack1", "half-closed" },
	} },
	{ "false_fin2_before_the_true_one", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 9999, "ack1,fin2" },
		{ 'B', "PA", 1, 10, 2, "ack1,data", "half-closed" },
		{ 'A', "A",  2, 0, 11, "" },
		{ 'B', "FA", 11, 0, 2, "ack1,fin2", "four" },
		{ 'A', "A",  2, 0, 12, "ack2", "four" },
	} },
	{ "true_fin_of_the_other_side_becomes_fin1", {
		{ 'A', "FA", 1, 0, 9999, "fin1" },
		{ 'B', "FA", 1, 0, 1, "fin2", "simultaneous" },
		{ 'A', "PA", 1, 10, 1, "data", "closing" },
		{ 'A', "A",  11, 0, 2, "ack1", "half-closed" },
		{ 'A', "FA", 11, 0, 2, "ack1,fin2", "four" },
		{ 'B', "A",  2, 0, 12, "ack2", "four" },
	} },
	{ "acknowledged_fin_is_never_disproved", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "A",  1, 0, 2, "ack1", "half-closed" },
		{ 'A', "PA", 1, 10, 1, "data", "half-closed" },
		{ 'A', "FA", 2, 0, 1, "", "half-closed" },
	} },
	{ "data_far_beyond_disproves_nothing", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'A', "PA", 500, 10, 1, "data", "closing" },
		{ 'B', "A",  1, 0, 2, "ack1", "half-closed" },
	} },
	{ "cut_short_by_a_reset", {
		{ 'A', "FA", 1, 0, 1, "fin1", "closing" },
		{ 'B', "RA", 1, 0, 2, "rst", "reset" },
		{ 'B', "R",  1, 0, 0, "rst", "reset" },
	} },
	{ "reset_of_a_flow_without_fin", {
		{ 'B', "R", 1, 0, 0, "rst", "reset" },
	} },
	{ "reset_with_fin_or_payload_is_a_reset_alone", {
		{ 'A', "FA",  1, 0, 1, "fin1" },
		{ 'B', "FRA", 1, 0, 2, "rst" },
		{ 'B', "RPA", 1, 8, 2, "rst", "reset" },
	} },
	{ "reset_after_it_keeps_its_shape", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "A",  2, 0, 2, "ack2", "three" },
		{ 'B', "R",  2, 0, 0, "rst", "three" },
	} },
	{ "reset_that_was_ignored_is_outlived", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "R",  9, 0, 0, "rst", "reset" },
		{ 'B', "A",  1, 0, 2, "ack1", "reset" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2", "reset" },
		{ 'A', "A",  2, 0, 2, "ack2", "four" },
	} },
	{ "malformed_changes_nothing", {
		{ 'A', "FA",  1, 0, 1, "fin1" },
		{ 'B', "SFA", 1, 0, 2, "" },
		{ 'B', "SR",  1, 0, 2, "" },
		{ 'B', "SFR", 1, 0, 2, "" },
		{ 'B', "",    1, 0, 2, "" },
		{ 'B', "PUEC", 1, 4, 2, "", "closing" },
	} },
	{ "urgent_and_ecn_bits_mean_nothing", {
		{ 'A', "FPAUEC", 1, 0, 1, "fin1" },
		{ 'B', "AUEC", 1, 0, 2, "ack1", "half-closed" },
	} },
	{ "syn_without_a_close_is_of_no_class", {
		{ 'A', "S",  0, 0, 0, "", "open" },
		{ 'B', "SA", 0, 0, 1, "", "open" },
		{ 'A', "A",  1, 0, 1, "", "open" },
	} },
	{ "tuple_reused_and_closed_anew", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "A",  2, 0, 2, "ack2" },
		{ 'A', "SEC", 70000, 0, 0, "syn" },
		{ 'A', "SEC", 70000, 0, 0, "syn" },
		{ 'B', "SA", 90000, 0, 70001, "" },
		{ 'A', "A",  70001, 0, 90001, "" },
		{ 'A', "PA", 70001, 9, 90001, "" },
		{ 'B', "PA", 90001, 9, 70010, "" },
		{ 'A', "FA", 70010, 0, 90010, "*fin1", "closing" },
		{ 'B', "FA", 90010, 0, 70011, "ack1,fin2", "three" },
		{ 'A', "A",  70011, 0, 90011, "ack2" },
	} },
	{ "reused_and_closed_by_the_other_side", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "A",  1, 0, 2, "ack1" },
		{ 'A', "S",  70000, 0, 0, "syn" },
		{ 'B', "SA", 90000, 0, 70001, "" },
		{ 'B', "FA", 90001, 0, 70001, "*fin1", "closing" },
		{ 'A', "FA", 70001, 0, 90002, "ack1,fin2", "three" },
	} },
	{ "reused_before_it_was_finished", {
		{ 'A', "FA", 1, 0, 1, "fin1", "closing" },
		{ 'A', "S",  70000, 0, 0, "syn" },
		{ 'B', "SA", 90000, 0, 70001, "" },
		{ 'A', "FA", 70001, 0, 90001, "*fin1", "closing" },
	} },
	{ "ghosts_of_the_old_one_after_a_syn", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "A",  2, 0, 2, "ack2" },
		{ 'A', "S",  70000, 0, 0, "syn" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'A', "A",  2, 0, 2, "ack2" },
		{ 'B', "A",  2, 0, 2, "ack1" },
		{ 'B', "RA", 2, 0, 2, "rst" },
		{ 'B', "A",  2, 0, 3, "" },
	} },
	{ "late_first_fin2_after_a_syn", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "A",  1, 0, 2, "ack1" },
		{ 'A', "S",  70000, 0, 0, "syn" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2", "four" },
	} },
	{ "reused_although_nobody_saw_the_syn", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2" },
		{ 'A', "A",  2, 0, 2, "ack2", "three" },
		{ 'B', "FA", 5000, 0, 6000, "*fin1", "closing" },
		{ 'A', "A",  6000, 0, 5001, "ack1", "half-closed" },
	} },
	{ "anew_after_a_reset", {
		{ 'A', "FA", 1, 0, 1, "fin1" },
		{ 'B', "R",  1, 0, 0, "rst", "reset" },
		{ 'A', "FA", 5000, 0, 1, "*fin1", "closing" },
	} },
	{ "anew_after_a_reset_without_fin", {
		{ 'A', "R",  1, 0, 0, "rst", "reset" },
		{ 'A', "S",  7000, 0, 0, "syn" },
		{ 'B', "SA", 9000, 0, 7001, "" },
		{ 'B', "FA", 9001, 0, 7001, "*fin1", "closing" },
	} },
	{ "of_a_flow_with_a_stray_reset_before", {
		{ 'A', "R",  1, 0, 0, "rst", "reset" },
		{ 'A', "FA", 1, 0, 1, "fin1", "reset" },
		{ 'B', "FA", 1, 0, 2, "ack1,fin2", "reset" },
		{ 'A', "A",  2, 0, 2, "ack2", "three" },
	} },
};

static void name_close(const struct close *close, char *desc)
{
	scnprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s", close->name);
}

KUNIT_ARRAY_PARAM(close, closes, name_close);

static const u32 origins[] = {
	0, 1, 0x7fffff00, 0x7ffffffd, 0x7ffffffe, 0x7fffffff, 0x80000000,
	0xffff0000, 0xffffff68, 0xfffffffd, 0xfffffffe, 0xffffffff,
};

static void run_close(struct kunit *test, const struct close *close,
		      unsigned int a_dir, const u32 origin[2])
{
	struct finject_stage stage = { .early = close->early };
	const struct segment *first = close->segments;
	const struct segment *seg;

	for (seg = first; seg->from; seg++) {
		unsigned int dir = seg->from == 'A' ? a_dir : !a_dir;
		struct finject_wire wire = {
			.seq = seg->seq + origin[seg->from == 'B'],
			.ack = seg->ack + origin[seg->from == 'A'],
			.len = seg->len,
			.flags = read_flags(seg->flags),
		};
		char classes[64];
		bool fresh;
		u16 found = finject_stage_classify(&stage, &wire, dir, &fresh);

		name_classes(found, fresh, classes, sizeof(classes));
		KUNIT_EXPECT_STREQ_MSG(test, classes, seg->classes,
				       "segment %td, origins %#x %#x, A is %u",
				       seg - first + 1, origin[0], origin[1],
				       a_dir);
		if (seg->shape)
			KUNIT_EXPECT_STREQ_MSG(test,
					       finject_shape_names[finject_stage_shape(&stage)],
					       seg->shape, "segment %td",
					       seg - first + 1);
	}
}

static void classes(struct kunit *test)
{
	const struct close *close = test->param_value;
	unsigned int i, j, dir;

	for (i = 0; i < ARRAY_SIZE(origins); i++)
		for (j = 0; j < ARRAY_SIZE(origins); j++)
			for (dir = 0; dir < 2; dir++)
				run_close(test, close, dir,
					  (u32[]){ origins[i], origins[j] });
}

static void finished_with_both_fins_acknowledged_or_a_reset(struct kunit *test)
{
	const struct finject_wire fin1 = { 1, 1, 0, read_flags("FA") };
	const struct finject_wire fin2 = { 1, 2, 0, read_flags("FA") };
	const struct finject_wire ack2 = { 2, 2, 0, read_flags("A") };
	const struct finject_wire rst = { 2, 2, 0, read_flags("R") };
	struct finject_stage stage = { 0 }, cut;
	bool fresh;

	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&stage));
	finject_stage_classify(&stage, &fin1, 0, &fresh);
	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&stage));
	finject_stage_classify(&stage, &fin2, 1, &fresh);
	KUNIT_EXPECT_FALSE(test, finject_stage_finished(&stage));
	cut = stage;
	finject_stage_classify(&cut, &rst, 1, &fresh);
	KUNIT_EXPECT_TRUE(test, finject_stage_finished(&cut));
	finject_stage_classify(&stage, &ack2, 0, &fresh);
	KUNIT_EXPECT_TRUE(test, finject_stage_finished(&stage));
}

static void highest_ack_is_kept_across_the_wrap(struct kunit *test)
{
	static const struct {
		const char *flags;
		u32 ack;
		u32 highest;
	} acks[] = {
		{ "A",  0xfffffff0, 0xfffffff0 },
		{ "A",  0x00000010, 0x00000010 },
		{ "A",  0xfffffff8, 0x00000010 },
		{ "RA", 0x00000100, 0x00000010 },
		{ "SA", 0x00000100, 0x00000010 },
		{ "F",  0x00000100, 0x00000010 },
		{ "FA", 0x00000011, 0x00000011 },
	};
	struct finject_stage stage = { 0 };
	bool fresh;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(acks); i++) {
		struct finject_wire wire = {
			.seq = 7, .ack = acks[i].ack,
			.flags = read_flags(acks[i].flags),
		};

		finject_stage_classify(&stage, &wire, 1, &fresh);
		KUNIT_EXPECT_EQ_MSG(test, stage.ack_max[1], acks[i].highest,
				    "row %zu", i);
		KUNIT_EXPECT_TRUE(test, stage.ack_seen == BIT(1));
	}
}

#define FIN1	BIT(FINJECT_FIN1)
#define ACK1	BIT(FINJECT_ACK1)
#define FIN2	BIT(FINJECT_FIN2)
#define ACK2	BIT(FINJECT_ACK2)
#define RST	BIT(FINJECT_RST)
#define DATA	BIT(FINJECT_DATA)
#define SYN	BIT(FINJECT_SYN)

static void pure_as_the_matched_classes_ask(struct kunit *test)
{
	static const struct {
		u16 classes;
		const char *flags;
		u32 len;
		bool pure;
	} rows[] = {
		{ FIN1, "FA", 0, true },
		{ FIN1, "FA", 1, false },
		{ FIN2, "FA", 0, true },
		{ FIN2, "FPA", 9, false },
		{ FIN2 | ACK1, "FA", 0, true },
		{ ACK1, "FA", 0, false },
		{ ACK1, "A", 0, true },
		{ ACK1, "PAUEC", 0, true },
		{ ACK2, "A", 0, true },
		{ ACK2, "A", 1, false },
		{ ACK2, "FA", 0, false },
		{ RST, "RA", 0, true },
		{ RST, "R", 5, false },
		{ RST, "FR", 0, true },
		{ SYN, "S", 0, true },
		{ SYN, "S", 5, false },
		{ DATA, "PA", 5, true },
		{ DATA, "FPA", 5, false },
		{ DATA | ACK1, "PA", 5, true },
		{ DATA | FIN2, "FPA", 5, false },
		{ 0, "A", 0, false },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finject_wire wire = {
			.len = rows[i].len,
			.flags = read_flags(rows[i].flags),
		};

		KUNIT_EXPECT_EQ_MSG(test,
				    finject_stage_pure(rows[i].classes, &wire),
				    rows[i].pure, "row %zu: %s, %u bytes", i,
				    rows[i].flags, rows[i].len);
	}
}

static void end_of_a_segment_counts_syn_and_fin(struct kunit *test)
{
	static const struct finject_wire rows[] = {
		{ 10, 0, 0, FINJECT_TCP_ACK },
		{ 9, 0, 0, FINJECT_TCP_FIN },
		{ 9, 0, 0, FINJECT_TCP_SYN },
		{ 0, 0, 9, FINJECT_TCP_FIN },
		{ 0xfffffffe, 0, 11, FINJECT_TCP_FIN },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ_MSG(test, finject_wire_end(&rows[i]), 10,
				    "row %zu", i);
}

static void restarts_the_classes_of_a_forgotten_fin(struct kunit *test)
{
	struct finject_stage was = { .fin_end = { 2, 2 }, .fin_seen = 1 };
	struct finject_stage now = was;

	KUNIT_EXPECT_EQ(test, finject_stage_restarts(&was, &now), 0);
	now.fin_seen = 0;
	KUNIT_EXPECT_EQ(test, finject_stage_restarts(&was, &now),
			FIN1 | ACK1 | DATA);
	now.fin_seen = 1;
	now.fin_end[0] = 9;
	KUNIT_EXPECT_EQ(test, finject_stage_restarts(&was, &now),
			FIN1 | ACK1 | DATA);
	was.fin_seen = 3;
	now = was;
	now.fin_end[1] = 9;
	KUNIT_EXPECT_EQ(test, finject_stage_restarts(&was, &now), FIN2 | ACK2);
	now = was;
	now.fin_seen = 2;
	now.closer = 1;
	KUNIT_EXPECT_EQ(test, finject_stage_restarts(&was, &now),
			FIN1 | ACK1 | FIN2 | ACK2 | DATA);
}

/* The window is 100 to 200; 50 was sent, of which 40 is acknowledged. */
static void accepts_what_a_socket_accepts(struct kunit *test)
{
	static const struct {
		u32 seq, len, ack;
		const char *flags;
		bool accepted;
	} rows[] = {
		{ 100, 0, 40, "FA", true },
		{ 100, 0, 50, "FA", true },
		{ 100, 0, 51, "FA", false },
		{ 100, 0, 9999, "FA", false },
		{ 100, 0, 9999, "F", true },
		{ 99, 0, 50, "FA", true },
		{ 98, 0, 50, "FA", false },
		{ 90, 20, 50, "FPA", true },
		{ 200, 0, 50, "FA", true },
		{ 201, 0, 50, "FA", false },
		{ 100100, 0, 50, "FA", false },
	};
	size_t i, j;

	for (j = 0; j < ARRAY_SIZE(origins); j++)
		for (i = 0; i < ARRAY_SIZE(rows); i++) {
			const struct finject_window window = {
				.left = 100 + origins[j],
				.right = 200 + origins[j],
				.sent = 50 - origins[j],
			};
			const struct finject_wire wire = {
				.seq = rows[i].seq + origins[j],
				.ack = rows[i].ack - origins[j],
				.len = rows[i].len,
				.flags = read_flags(rows[i].flags),
			};

			KUNIT_EXPECT_EQ_MSG(test,
					    finject_stage_acceptable(&window, &wire),
					    rows[i].accepted, "row %zu", i);
		}
}

/* The second FIN is the first that was seen. */
static void resumed_behind_the_first_fin(struct kunit *test)
{
	const struct finject_wire fin2 = { 1, 2, 0, read_flags("FA") };
	const struct finject_wire fin1 = { 1, 1, 0, read_flags("FA") };
	const struct finject_wire ack2 = { 2, 2, 0, read_flags("A") };
	struct finject_stage stage = { .reused = 1 };
	unsigned int dir;
	bool fresh;

	for (dir = 0; dir < 2; dir++) {
		finject_stage_resume(&stage, dir, 2);
		KUNIT_EXPECT_TRUE(test, stage.partial && !stage.reused);
		KUNIT_EXPECT_EQ(test, finject_stage_classify(&stage, &fin2,
							     !dir, &fresh),
				FIN2 | ACK1);
		KUNIT_EXPECT_EQ(test, finject_stage_classify(&stage, &fin1, dir,
							     &fresh), FIN1);
		KUNIT_EXPECT_EQ(test, finject_stage_classify(&stage, &ack2, dir,
							     &fresh), ACK2);
		KUNIT_EXPECT_FALSE(test, fresh);
		KUNIT_EXPECT_TRUE(test, finject_stage_finished(&stage));
		KUNIT_EXPECT_TRUE(test, stage.partial);
	}
	finject_stage_reset(&stage);
	KUNIT_EXPECT_FALSE(test, stage.partial);
	stage.self = 1;
	finject_stage_resume(&stage, 0, 2);
	KUNIT_EXPECT_FALSE(test, stage.fin_seen);
}

/* A single end has one sequence space: its FIN crosses itself. */
static void connected_to_itself(struct kunit *test)
{
	struct finject_wire fin = { .seq = 1, .ack = 1,
				    .flags = FINJECT_TCP_FIN | FINJECT_TCP_ACK };
	struct finject_wire ack = { .seq = 2, .ack = 2,
				    .flags = FINJECT_TCP_ACK };
	struct finject_stage stage = { .self = 1 };
	unsigned int i;
	bool fresh;

	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_EQ(test, finject_stage_classify(&stage, &fin, 0,
							     &fresh),
				FINJECT_FIN_CLASSES);
		KUNIT_EXPECT_FALSE(test, finject_stage_finished(&stage));
	}
	KUNIT_EXPECT_EQ(test, finject_stage_classify(&stage, &ack, 0, &fresh),
			FINJECT_ACK_CLASSES);
	KUNIT_EXPECT_TRUE(test, finject_stage_finished(&stage));
	KUNIT_EXPECT_STREQ(test, finject_shape_names[finject_stage_shape(&stage)], "simultaneous");
	/* the next connection on the tuple */
	fin.seq = 100;
	fin.ack = 100;
	KUNIT_EXPECT_EQ(test, finject_stage_classify(&stage, &fin, 0, &fresh),
			FINJECT_FIN_CLASSES);
	KUNIT_EXPECT_TRUE(test, fresh);
	KUNIT_EXPECT_TRUE(test, stage.self);
}

static struct kunit_case stage_cases[] = {
	KUNIT_CASE(connected_to_itself),
	KUNIT_CASE_PARAM(classes, close_gen_params),
	KUNIT_CASE(finished_with_both_fins_acknowledged_or_a_reset),
	KUNIT_CASE(highest_ack_is_kept_across_the_wrap),
	KUNIT_CASE(pure_as_the_matched_classes_ask),
	KUNIT_CASE(end_of_a_segment_counts_syn_and_fin),
	KUNIT_CASE(restarts_the_classes_of_a_forgotten_fin),
	KUNIT_CASE(accepts_what_a_socket_accepts),
	KUNIT_CASE(resumed_behind_the_first_fin),
	{ }
};

static struct kunit_suite stage_suite = {
	.name = "finject_stage",
	.test_cases = stage_cases,
};

kunit_test_suite(stage_suite);
