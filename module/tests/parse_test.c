// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule language: lines that are accepted, and how they are printed; lines
 * that are refused, and the reasons given.
 */
#include <kunit/test.h>

#include "parse_bytes.h"

static int parse(const char *line, struct finject_command *cmd,
		 struct finject_error *err)
{
	return parse_bytes(line, strlen(line), cmd, err);
}

/* Get the rule of @line in canonical text, or the reason of its refusal. */
static const char *canonical(const char *line)
{
	static char buf[FINJECT_LINE_MAX + 1];
	struct finject_command cmd;
	struct finject_error err;

	if (parse(line, &cmd, &err))
		scnprintf(buf, sizeof(buf), "%u+%u: %s", err.column, err.width,
			  err.reason);
	else
		finject_spec_print(&cmd.spec, buf, sizeof(buf));
	return buf;
}

static const char *join(const char * const *words, size_t n)
{
	static char buf[FINJECT_LINE_MAX + 1];
	size_t i, len = 0;

	for (i = 0; i < n; i++)
		len += scnprintf(buf + len, sizeof(buf) - len, "%s%s",
				 i ? " " : "", words[i]);
	return buf;
}

struct accepted {
	const char *line;
	const char *text;	/* of the rule, canonical; NULL: the same */
};

static void accept_rows(struct kunit *test,
			const struct accepted *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const char *text = rows[i].text ? rows[i].text : rows[i].line;

		KUNIT_EXPECT_STREQ_MSG(test, canonical(rows[i].line), text,
				       "row %zu: %s", i, rows[i].line);
		KUNIT_EXPECT_STREQ_MSG(test, canonical(text), text,
				       "row %zu: %s, again", i, rows[i].line);
	}
}

static void accepts_rules_of_the_handbook(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add seg=fin1 dport=8080 drop times=2" },
		{ "add seg=ack2 port=443 delay=250ms jitter=50ms probability=20% seed=7" },
		{ "add seg=fin nth=1 hold=close gather=2" },
		{ "add seg=fin2 duplicate=1 gap=61s" },
		{ "add id=1 seg=fin1 dport=8080 delay=250ms probability=20% times=2 seed=7" },
		{ "add drop", "add seg=fin,ack drop" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

/* What help shows for each word is a rule with that word. */
static void accepts_the_example_of_each_word(struct kunit *test)
{
#define EXAMPLE(id, rule)	{ FINJECT_KEYWORD_##id, "add " rule },
	static const struct {
		enum finject_keyword_id id;
		const char *rule;
	} examples[] = {
		FINJECT_EXAMPLE_LIST(EXAMPLE)
	};
	struct finject_command cmd;
	struct finject_error err;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, ARRAY_SIZE(examples), FINJECT_KEYWORDS);
	for (i = 0; i < FINJECT_KEYWORDS; i++) {
		const char *rule = examples[i].rule;

		KUNIT_EXPECT_EQ_MSG(test, examples[i].id, i, "%s", rule);
		KUNIT_EXPECT_EQ_MSG(test, parse(rule, &cmd, &err), 0, "%s", rule);
		KUNIT_EXPECT_EQ_MSG(test, !strstr(rule, finject_keywords[i].name),
				    0, "%s", rule);
	}
}

static void accepts_any_order_blanks_and_comments(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add drop times=2 seg=rst id=9", "add id=9 seg=rst drop times=2" },
		{ "\t add\t\tdrop  ", "add seg=fin,ack drop" },
		{ "add drop # lost, \xe2\x86\x92 gone", "add seg=fin,ack drop" },
		{ "add drop #", "add seg=fin,ack drop" },
		{ "add drop\t#id=x", "add seg=fin,ack drop" },
		{ "add hold=a release=a", "add seg=fin,ack hold=a release=a" },
		{ "add jitter=1s delay=2s dist=normal",
		  "add seg=fin,ack delay=2s jitter=1s dist=normal" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

static void accepts_matches(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add id=4294967295 seg=fin1 drop" },
		{ "add seg=ack1 drop" },
		{ "add seg=all drop" },
		{ "add seg=ack drop" },
		{ "add seg=data,syn drop" },
		{ "add seg=fin,ack drop" },
		{ "add seg=ack2,ack1,fin2,fin1 drop", "add seg=fin,ack drop" },
		{ "add seg=syn,fin drop", "add seg=fin1,fin2,syn drop" },
		{ "add seg=fin,fin1,fin drop", "add seg=fin drop" },
		{ "add seg=fin,ack,rst,data,syn drop", "add seg=all drop" },
		{ "add seg=fin,rst pure drop", "add seg=fin1,fin2,rst pure drop" },
		{ "add seg=fin nth=1 drop" },
		{ "add seg=fin nth=2- drop" },
		{ "add seg=fin nth=1- drop" },
		{ "add seg=fin nth=2-2 drop", "add seg=fin nth=2 drop" },
		{ "add seg=fin nth=2-65535 drop", "add seg=fin nth=2- drop" },
		{ "add seg=fin nth=65535- drop", "add seg=fin nth=65535 drop" },
		{ "add seg=fin by=active drop" },
		{ "add seg=fin by=passive simultaneous drop" },
		{ "add seg=fin dir=in drop" },
		{ "add seg=fin dir=out drop" },
		{ "add seg=fin hook=prerouting drop" },
		{ "add seg=fin hook=input drop" },
		{ "add seg=fin hook=forward drop" },
		{ "add seg=fin hook=output drop" },
		{ "add seg=fin hook=postrouting drop" },
		{ "add seg=fin family=ipv4 drop" },
		{ "add seg=fin family=ipv6 src=::1 drop" },
		{ "add seg=fin sport=1 dport=1000-2000 port=2000-65535 drop" },
		{ "add seg=fin port=80-80 drop", "add seg=fin port=80 drop" },
		{ "add seg=fin port=080 drop", "add seg=fin port=80 drop" },
		{ "add seg=fin port=1-65535 drop" },
		{ "add seg=fin port=443,80,8000-8999,80 drop" },
		{ "add seg=fin sport=1,2,3,4,5,6,7,8 dport=1-2,4-4 drop",
		  "add seg=fin sport=1,2,3,4,5,6,7,8 dport=1-2,4 drop" },
		{ "add seg=fin hook=forward iif=eth0.5 oif=a23456789012345 drop" },
		{ "add seg=fin mark=0x1 drop" },
		{ "add seg=fin mark=16/255 drop", "add seg=fin mark=0x10/0xff drop" },
		{ "add seg=fin mark=0X1F drop", "add seg=fin mark=0x1f drop" },
		{ "add seg=fin mark=0 drop", "add seg=fin mark=0x0 drop" },
		{ "add seg=fin mark=1/0xffffffff drop", "add seg=fin mark=0x1 drop" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

static void accepts_addresses(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add seg=fin src=10.0.0.1 dst=10.0.0.2 addr=10.0.0.2 drop" },
		{ "add seg=fin src=10.0.0.0/8 drop" },
		{ "add seg=fin src=0.0.0.0/0 drop" },
		{ "add seg=fin src=10.1.2.3/32 drop", "add seg=fin src=10.1.2.3 drop" },
		{ "add seg=fin src=10.1.255.3/17 drop",
		  "add seg=fin src=10.1.128.0/17 drop" },
		{ "add seg=fin src=255.255.255.255/1 drop",
		  "add seg=fin src=128.0.0.0/1 drop" },
		{ "add seg=fin src=2001:db8::1 drop" },
		{ "add seg=fin src=2001:DB8:0:0:0:0:0:1 drop",
		  "add seg=fin src=2001:db8::1 drop" },
		{ "add seg=fin src=::/0 drop" },
		{ "add seg=fin src=:: drop" },
		{ "add seg=fin src=::1 drop" },
		{ "add seg=fin src=1:: drop" },
		{ "add seg=fin src=1:2:3:4:5:6:7:8 drop" },
		{ "add seg=fin src=1:0:3:4:5:6:7:8 drop" },
		{ "add seg=fin src=1:0:0:4:0:0:7:8 drop",
		  "add seg=fin src=1::4:0:0:7:8 drop" },
		{ "add seg=fin src=1:0:0:4:0:0:0:8 drop",
		  "add seg=fin src=1:0:0:4::8 drop" },
		{ "add seg=fin src=0:0:1:0:0:0:1:0 drop",
		  "add seg=fin src=0:0:1::1:0 drop" },
		{ "add seg=fin src=::ffff:1.2.3.4 drop",
		  "add seg=fin src=::ffff:102:304 drop" },
		{ "add seg=fin src=2001:db8:ffff::1/33 drop",
		  "add seg=fin src=2001:db8:8000::/33 drop" },
		{ "add seg=fin src=ffff::/15 drop", "add seg=fin src=fffe::/15 drop" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

static void accepts_actions(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add seg=fin pass" },
		{ "add seg=fin drop" },
		{ "add seg=fin delay=0s" },
		{ "add seg=fin delay=365s" },
		{ "add seg=fin delay=1.5s", "add seg=fin delay=1500ms" },
		{ "add seg=fin delay=1000ns", "add seg=fin delay=1us" },
		{ "add seg=fin delay=1001ns" },
		{ "add seg=fin delay=0.000000001s", "add seg=fin delay=1ns" },
		{ "add seg=fin delay=8760000s" },
		{ "add seg=fin delay=1s jitter=1ms" },
		{ "add seg=fin delay=1s jitter=0s", "add seg=fin delay=1s" },
		{ "add seg=fin delay=1s jitter=0s dist=pareto", "add seg=fin delay=1s" },
		{ "add seg=fin delay=1s jitter=1ms dist=uniform",
		  "add seg=fin delay=1s jitter=1ms" },
		{ "add seg=fin delay=1s jitter=1ms dist=normal" },
		{ "add seg=fin delay=1s jitter=1ms dist=pareto" },
		{ "add seg=fin duplicate=1" },
		{ "add seg=fin duplicate=1024 gap=1ms" },
		{ "add seg=fin duplicate=1 gap=0s", "add seg=fin duplicate=1" },
		{ "add seg=fin hold=a" },
		{ "add seg=fin hold=close.x_Y-9" },
		{ "add seg=fin hold=a234567890123456789012345678901" },
		{ "add seg=fin hold=a gather=65535 max=3600s" },
		{ "add seg=fin hold=a max=60s", "add seg=fin hold=a" },
		{ "add seg=fin hold=a max=60000ms", "add seg=fin hold=a" },
		{ "add seg=fin hold=a max=1ns" },
		{ "add seg=fin reset=sender" },
		{ "add seg=fin reset=receiver" },
		{ "add seg=fin reset=both" },
		{ "add seg=syn pass release=a" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

static void accepts_schedules(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add seg=fin drop probability=0%" },
		{ "add seg=fin drop probability=100%", "add seg=fin drop" },
		{ "add seg=fin drop probability=100.0000%", "add seg=fin drop" },
		{ "add seg=fin drop probability=20%" },
		{ "add seg=fin drop probability=0.05%" },
		{ "add seg=fin drop probability=99.9999%" },
		{ "add seg=fin drop probability=0.0001%" },
		{ "add seg=fin drop probability=12.50%",
		  "add seg=fin drop probability=12.5%" },
		{ "add seg=fin drop probability=1.00000%",
		  "add seg=fin drop probability=1%" },
		{ "add seg=fin drop interval=4294967295" },
		{ "add seg=fin drop interval=1", "add seg=fin drop" },
		{ "add seg=fin drop times=2147483647" },
		{ "add seg=fin drop times=-1", "add seg=fin drop" },
		{ "add seg=fin drop skip=4294967295" },
		{ "add seg=fin drop skip=0", "add seg=fin drop" },
		{ "add seg=fin drop per=flow" },
		{ "add seg=fin drop seed=0" },
		{ "add seg=fin drop seed=18446744073709551615" },
		{ "add seg=fin drop seed=0xffffffffffffffff",
		  "add seg=fin drop seed=18446744073709551615" },
		{ "add seg=fin drop timeout=1ns" },
		{ "add seg=fin drop timeout=31536000s" },
		{ "add seg=fin drop timeout=5min", "add seg=fin drop timeout=300s" },
		{ "add seg=fin delay=0.5min", "add seg=fin delay=30s" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

struct refused {
	const char *line;
	const char *caret;	/* under the word at fault */
	const char *reason;
};

static void refuse_rows(struct kunit *test,
			const struct refused *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct finject_command cmd;
		struct finject_error err;

		KUNIT_EXPECT_EQ_MSG(test, parse(rows[i].line, &cmd, &err),
				    -EINVAL, "row %zu: %s", i, rows[i].line);
		KUNIT_EXPECT_STREQ_MSG(test, err.reason, rows[i].reason,
				       "row %zu: %s", i, rows[i].line);
		KUNIT_EXPECT_EQ_MSG(test, err.column,
				    strspn(rows[i].caret, " "), "row %zu: %s",
				    i, rows[i].line);
		KUNIT_EXPECT_EQ_MSG(test, err.column + err.width,
				    strlen(rows[i].caret), "row %zu: %s", i,
				    rows[i].line);
	}
}

#define ALL_WORDS	"'finject add -h' lists all words"

static void refuses_unknown_words(struct kunit *test)
{
	static const struct refused rows[] = {
		{ "add sge=fin1 drop",
		  "    ^^^^^^^^",
		  "unknown key 'sge'; did you mean 'seg='?" },
		{ "add seg=fin1 dropp",
		  "             ^^^^^",
		  "unknown word 'dropp'; did you mean 'drop'?" },
		{ "add drp",
		  "    ^^^",
		  "unknown word 'drp'; did you mean 'drop'?" },
		{ "add drop prot=80",
		  "         ^^^^^^^",
		  "unknown key 'prot'; did you mean 'port='?" },
		{ "add drop prob=20%",
		  "         ^^^^^^^^",
		  "unknown key 'prob'; did you mean 'probability='?" },
		{ "add dup=2",
		  "    ^^^^^",
		  "unknown key 'dup'; did you mean 'duplicate='?" },
		{ "add simul drop",
		  "    ^^^^^",
		  "unknown word 'simul'; did you mean 'simultaneous'?" },
		{ "add loss=20%",
		  "    ^^^^^^^^",
		  "unknown key 'loss'; did you mean 'drop' with 'probability='?" },
		{ "add corrupt",
		  "    ^^^^^^^",
		  "unknown word 'corrupt'; no action changes a segment; tc-netem(8) can" },
		{ "add drop dest=10.0.0.1",
		  "         ^^^^^^^^^^^^^",
		  "unknown key 'dest'; did you mean 'dst='?" },
		{ "add drop colour=red",
		  "         ^^^^^^^^^^",
		  "unknown key 'colour'; " ALL_WORDS },
		{ "add drop gently",
		  "         ^^^^^^",
		  "unknown word 'gently'; " ALL_WORDS },
		{ "add drop SEG=fin",
		  "         ^^^^^^^",
		  "unknown key 'SEG'; " ALL_WORDS },
		{ "add drop =",
		  "         ^",
		  "unknown key ''; " ALL_WORDS },
		{ "add drop an-unknown-word-that-goes-on-and-on-and-on",
		  "         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
		  "unknown word 'an-unknown-word-that-goes-on-and'; " ALL_WORDS },
		{ "add drop a#b",
		  "         ^^^",
		  "unknown word 'a#b'; " ALL_WORDS },
		{ "add drop a\x07z",
		  "          ^",
		  "byte \\x07 in a word; words are printable ASCII" },
		{ "add drop\r",
		  "        ^",
		  "byte \\x0d in a word; words are printable ASCII" },
		{ "add drop \x7f",
		  "         ^",
		  "byte \\x7f in a word; words are printable ASCII" },
		{ "add hold=\xc3\xa9",
		  "         ^",
		  "byte \\xc3 in a word; words are printable ASCII" },
	};

	refuse_rows(test, rows, ARRAY_SIZE(rows));
}

static void refuses_unknown_commands(struct kunit *test)
{
	static const struct refused rows[] = {
		{ "ad drop",
		  "^^",
		  "unknown command 'ad'; one of add del flush lease" },
		{ "  seg=fin drop",
		  "  ^^^^^^^",
		  "unknown command 'seg=fin'; one of add del flush lease" },
		{ "del",
		  "^^^",
		  "'del' wants the number of a rule: del id=N" },
		{ "del 3",
		  "    ^",
		  "'del' wants the number of a rule: del id=N" },
		{ "del id=0",
		  "       ^",
		  "id=0: a number from 1 to 4294967295" },
		{ "del id=",
		  "    ^^^",
		  "id=: a number from 1 to 4294967295" },
		{ "del id=1 id=2",
		  "         ^^^^",
		  "'id=2' after a 'del', which stands alone" },
		{ "flush all",
		  "      ^^^",
		  "'all' after a 'flush', which stands alone" },
		{ "lease 60s",
		  "      ^^^",
		  "'60s' after a 'lease', which stands alone" },
	};

	refuse_rows(test, rows, ARRAY_SIZE(rows));
}

static void refuses_words_that_do_not_go_together(struct kunit *test)
{
	static const struct refused rows[] = {
		{ "add seg=fin",
		  "^^^",
		  "no action: one of pass, drop, delay=, duplicate=, hold=, reset=" },
		{ "add",
		  "^^^",
		  "no action: one of pass, drop, delay=, duplicate=, hold=, reset=" },
		{ "add drop pass",
		  "         ^^^^",
		  "'pass' beside 'drop'; a rule has one action" },
		{ "add delay=1s drop",
		  "             ^^^^",
		  "'drop' beside 'delay'; a rule has one action" },
		{ "add drop drop",
		  "         ^^^^",
		  "'drop' is here twice" },
		{ "add dport=1 drop dport=2",
		  "                 ^^^^^^^",
		  "'dport' is here twice" },
		{ "add drop=1",
		  "    ^^^^^^",
		  "'drop' takes no value" },
		{ "add drop pure=",
		  "         ^^^^^",
		  "'pure' takes no value" },
		{ "add delay",
		  "    ^^^^^",
		  "'delay' wants a value: delay=..." },
		{ "add drop jitter=1ms",
		  "         ^^^^^^^^^^",
		  "'jitter' means nothing without 'delay'" },
		{ "add dist=normal drop",
		  "    ^^^^^^^^^^^",
		  "'dist' means nothing without 'jitter'" },
		{ "add delay=1s dist=normal",
		  "             ^^^^^^^^^^^",
		  "'dist' means nothing without 'jitter'" },
		{ "add drop gap=1s",
		  "         ^^^^^^",
		  "'gap' means nothing without 'duplicate'" },
		{ "add drop gather=2",
		  "         ^^^^^^^^",
		  "'gather' means nothing without 'hold'" },
		{ "add max=1s drop",
		  "    ^^^^^^",
		  "'max' means nothing without 'hold'" },
		{ "add drop hook=input dir=in",
		  "                    ^^^^^^",
		  "'dir' beside 'hook'; each says where, keep one" },
		{ "add drop src=1.2.3.4 dst=::1",
		  "                     ^^^^^^^",
		  "'dst' is of family ipv6, another word of ipv4" },
		{ "add drop addr=1.2.3.4 family=ipv6",
		  "         ^^^^^^^^^^^^",
		  "'addr' is of family ipv4, another word of ipv6" },
		{ "add drop dst=1.2.3.4 addr=1::/16",
		  "                     ^^^^^^^^^^^",
		  "'addr' is of family ipv6, another word of ipv4" },
	};

	refuse_rows(test, rows, ARRAY_SIZE(rows));
}

#define CLOSERS	"'by' is never true with 'seg': the active closer sends fin1 and " \
		"ack2, the passive one ack1 and fin2"
#define NO_IIF	"segments there are sent here and came in by no device"
#define NO_PAIR	"both are known only with hook=forward or dir=out"
#define NO_PORT	"neither sport= nor dport= admits such a port"
#define NO_OIF	"the route, and so the output device, is not known there"

static void refuses_words_that_are_never_true_together(struct kunit *test)
{
	static const struct refused rows[] = {
		{ "add oif=a dir=in drop",
		  "    ^^^^^", "'oif' is never true with 'dir': " NO_OIF },
		{ "add oif=a hook=prerouting drop",
		  "    ^^^^^", "'oif' is never true with 'hook': " NO_OIF },
		{ "add hook=input oif=a drop",
		  "               ^^^^^",
		  "'oif' is never true with 'hook': " NO_OIF },
		{ "add iif=a hook=output drop",
		  "    ^^^^^",
		  "'iif' is never true with 'hook': " NO_IIF },
		{ "add iif=a oif=b drop",
		  "          ^^^^^",
		  "'oif' is never true with 'iif': " NO_PAIR },
		{ "add seg=fin1 by=passive drop", "             ^^^^^^^^^^", CLOSERS },
		{ "add seg=fin1,ack2 by=passive drop",
		  "                  ^^^^^^^^^^", CLOSERS },
		{ "add by=active seg=ack1 drop", "    ^^^^^^^^^", CLOSERS },
		{ "add by=active seg=fin2 drop", "    ^^^^^^^^^", CLOSERS },
		{ "add sport=1 dport=2,5-9 port=3-4,10 drop",
		  "                        ^^^^^^^^^^^",
		  "'port' is never true with 'sport': " NO_PORT },
		{ "add src=10.0.0.0/8 dst=10.1.0.0/16 addr=11.0.0.0/8 drop",
		  "                                   ^^^^^^^^^^^^^^^",
		  "'addr' is never true with 'src': neither src= nor dst= admits such an address" },
	};

	refuse_rows(test, rows, ARRAY_SIZE(rows));
}

/* The rest of the table: what looks alike and can be true. */
static void accepts_words_that_can_be_true_together(struct kunit *test)
{
	static const struct accepted rows[] = {
		{ "add seg=fin iif=a drop" },
		{ "add seg=fin oif=a drop" },
		{ "add seg=fin dir=in iif=a drop" },
		{ "add seg=fin hook=input iif=a drop" },
		{ "add seg=fin hook=output oif=a drop" },
		{ "add seg=fin dir=out iif=a oif=b drop" },
		{ "add seg=fin hook=postrouting iif=a oif=b drop" },
		{ "add seg=fin hook=forward iif=a oif=b drop" },
		{ "add seg=fin by=active drop" },
		{ "add seg=ack by=passive drop" },
		{ "add seg=fin1 by=active drop" },
		{ "add seg=ack1 by=passive drop" },
		{ "add seg=rst by=passive drop" },
		{ "add seg=fin1,data by=passive drop" },
		{ "add seg=fin2,syn by=active drop" },
		{ "add seg=fin sport=1 port=2 drop" },
		{ "add seg=fin sport=1 dport=2-4 port=4-9 drop" },
		{ "add seg=fin src=10.0.0.0/8 dst=11.0.0.0/8 addr=11.1.0.0/16 drop" },
		{ "add seg=fin src=10.0.0.0/9 dst=11.0.0.0/8 addr=10.0.0.0/7 drop" },
	};

	accept_rows(test, rows, ARRAY_SIZE(rows));
}

#define SEGS	"; one of fin1 ack1 fin2 ack2 rst data syn early earlyack open fin ack all"
#define PORT	"a port is 1 to 65535, or a range N-M; commas between several"
#define COUNT	"a count is 1 to 65535, or a range N-M or N-"
#define ADDRESS	"an address or ADDRESS/BITS, as 10.0.0.0/8 or 2001:db8::/32"
#define MARK	"a mark is V or V/M of 32 bits, decimal or 0x hex"

static void refuses_values_of_matches(struct kunit *test)
{
	static const struct refused rows[] = {
		{ "add seg=fin3 drop",
		  "        ^^^^",
		  "seg=fin3: unknown class 'fin3'" SEGS },
		{ "add seg=fin1,akc,rst drop",
		  "             ^^^",
		  "seg=fin1,akc,rst: unknown class 'akc'" SEGS },
		{ "add seg= drop",
		  "    ^^^^",
		  "seg=: unknown class ''" SEGS },
		{ "add seg=fin, drop",
		  "    ^^^^^^^^",
		  "seg=fin,: unknown class ''" SEGS },
		{ "add seg=,fin drop",
		  "    ^^^^^^^^",
		  "seg=,fin: unknown class ''" SEGS },
		{ "add seg=FIN drop",
		  "        ^^^",
		  "seg=FIN: unknown class 'FIN'" SEGS },
		{ "add drop id=0",
		  "            ^",
		  "id=0: a number from 1 to 4294967295" },
		{ "add drop id=4294967296",
		  "            ^^^^^^^^^^",
		  "id=4294967296: a number from 1 to 4294967295" },
		{ "add drop id=0x10",
		  "            ^^^^",
		  "id=0x10: a number from 1 to 4294967295" },
		{ "add drop id=+1",
		  "            ^^",
		  "id=+1: a number from 1 to 4294967295" },
		{ "add drop nth=0",
		  "             ^",
		  "nth=0: " COUNT },
		{ "add drop nth=-2",
		  "         ^^^^^^",
		  "nth=-2: " COUNT },
		{ "add drop nth=65536-",
		  "             ^^^^^",
		  "nth=65536-: " COUNT },
		{ "add drop nth=3-2",
		  "             ^^^",
		  "nth=3-2: the range ends before it begins" },
		{ "add drop nth=1-2-3",
		  "               ^^^",
		  "nth=1-2-3: " COUNT },
		{ "add drop by=activ",
		  "            ^^^^^",
		  "by=activ: one of active passive" },
		{ "add drop dir=both",
		  "             ^^^^",
		  "dir=both: one of in out" },
		{ "add drop hook=ingress",
		  "              ^^^^^^^",
		  "hook=ingress: one of prerouting input forward output postrouting" },
		{ "add drop family=4",
		  "                ^",
		  "family=4: one of ipv4 ipv6" },
		{ "add drop dport=70000",
		  "               ^^^^^",
		  "dport=70000: " PORT },
		{ "add drop port=0",
		  "              ^",
		  "port=0: " PORT },
		{ "add drop sport=http",
		  "               ^^^^",
		  "sport=http: " PORT },
		{ "add drop port=80-",
		  "         ^^^^^^^^",
		  "port=80-: " PORT },
		{ "add drop port=80-99999",
		  "                 ^^^^^",
		  "port=80-99999: " PORT },
		{ "add drop port=90-80",
		  "              ^^^^^",
		  "port=90-80: the range ends before it begins" },
		{ "add drop port=80,9x",
		  "                 ^^",
		  "port=80,9x: " PORT },
		{ "add drop port=80,",
		  "         ^^^^^^^^",
		  "port=80,: " PORT },
		{ "add drop port=80,9-8",
		  "                 ^^^",
		  "port=80,9-8: the range ends before it begins" },
		{ "add drop port=1,2,3,4,5,6,7,8,9",
		  "                              ^",
		  "port=1,2,3,4,5,6,7,8,9: a list has 8 ports and ranges at most" },
		{ "add drop src=",
		  "         ^^^^",
		  "src=: " ADDRESS },
		{ "add drop src=10.0.0",
		  "             ^^^^^^",
		  "src=10.0.0: " ADDRESS },
		{ "add drop src=10.0.0.256",
		  "             ^^^^^^^^^^",
		  "src=10.0.0.256: " ADDRESS },
		{ "add drop src=10.0.0.1:80",
		  "             ^^^^^^^^^^^",
		  "src=10.0.0.1:80: " ADDRESS },
		{ "add drop src=localhost/8",
		  "             ^^^^^^^^^",
		  "src=localhost/8: " ADDRESS },
		{ "add drop src=1:2:3:4:5:6:7:8:9",
		  "             ^^^^^^^^^^^^^^^^^",
		  "src=1:2:3:4:5:6:7:8:9: " ADDRESS },
		{ "add drop src=1::2::3",
		  "             ^^^^^^^",
		  "src=1::2::3: " ADDRESS },
		{ "add drop dst=10.0.0.0/33",
		  "                      ^^",
		  "dst=10.0.0.0/33: a prefix of 32 bits at most" },
		{ "add drop dst=10.0.0.0/",
		  "         ^^^^^^^^^^^^^",
		  "dst=10.0.0.0/: a prefix of 32 bits at most" },
		{ "add drop dst=10.0.0.0/255.0.0.0",
		  "                      ^^^^^^^^^",
		  "dst=10.0.0.0/255.0.0.0: a prefix of 32 bits at most" },
		{ "add drop addr=::/129",
		  "                 ^^^",
		  "addr=::/129: a prefix of 128 bits at most" },
		{ "add drop iif=a234567890123456",
		  "             ^^^^^^^^^^^^^^^^",
		  "iif=a234567890123456: a device name is 1 to 15 characters without '/'" },
		{ "add drop oif=a/b",
		  "             ^^^",
		  "oif=a/b: a device name is 1 to 15 characters without '/'" },
		{ "add drop mark=0x",
		  "              ^^",
		  "mark=0x: " MARK },
		{ "add drop mark=4294967296",
		  "              ^^^^^^^^^^",
		  "mark=4294967296: " MARK },
		{ "add drop mark=1/2/3",
		  "              ^^^^^",
		  "mark=1/2/3: " MARK },
		{ "add drop mark=ff",
		  "              ^^",
		  "mark=ff: " MARK },
		{ "add drop mark=0/0",
		  "                ^",
		  "mark=0/0: a mask of 0 compares nothing" },
		{ "add drop mark=0x100/0xff",
		  "              ^^^^^^^^^^",
		  "mark=0x100/0xff: V has bits outside M, so nothing would match" },
	};

	refuse_rows(test, rows, ARRAY_SIZE(rows));
}

#define TIME	"a time is a number and its unit, ns us ms s min: 250ms, 1.5s; at most 365 days"
#define TAG	"a tag is 1 to 31 of A-Z a-z 0-9 _ . -, and not - alone"
#define CHANCE	"a chance is 0% to 100%, '%' included, with four decimals at most"

static void refuses_values_of_actions_and_schedules(struct kunit *test)
{
	static const struct refused rows[] = {
		{ "add delay=250",
		  "          ^^^",
		  "delay=250: " TIME },
		{ "add hold=a max=1h",
		  "               ^^",
		  "max=1h: " TIME },
		{ "add delay=0",
		  "          ^",
		  "delay=0: " TIME },
		{ "add delay=31536001s",
		  "          ^^^^^^^^^",
		  "delay=31536001s: " TIME },
		{ "add delay=1s jitter=.5s",
		  "                    ^^^",
		  "jitter=.5s: " TIME },
		{ "add delay=1s jitter=1s dist=gauss",
		  "                            ^^^^^",
		  "dist=gauss: one of uniform normal pareto" },
		{ "add duplicate=0",
		  "              ^",
		  "duplicate=0: a number from 1 to 1024" },
		{ "add duplicate=1025",
		  "              ^^^^",
		  "duplicate=1025: a number from 1 to 1024" },
		{ "add hold=",
		  "    ^^^^^",
		  "hold=: " TAG },
		{ "add hold=-",
		  "         ^",
		  "hold=-: " TAG },
		{ "add hold=a/b",
		  "         ^^^",
		  "hold=a/b: " TAG },
		{ "add drop release=a2345678901234567890123456789012",
		  "                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
		  "release=a2345678901234567890123456789012: " TAG },
		{ "add drop release=a23456789012345678901234567890123",
		  "                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
		  "release=a2345678901234567890123456789012...: " TAG },
		{ "add hold=a gather=0",
		  "                  ^",
		  "gather=0: a number from 1 to 65535" },
		{ "add hold=a max=0s",
		  "               ^^",
		  "max=0s: a time above 0" },
		{ "add reset=all",
		  "          ^^^",
		  "reset=all: one of sender receiver both" },
		{ "add drop probability=20",
		  "                     ^^",
		  "probability=20: " CHANCE },
		{ "add drop probability=%",
		  "                     ^",
		  "probability=%: " CHANCE },
		{ "add drop probability=100.0001%",
		  "                     ^^^^^^^^^",
		  "probability=100.0001%: " CHANCE },
		{ "add drop probability=101%",
		  "                     ^^^^",
		  "probability=101%: " CHANCE },
		{ "add drop probability=0.00001%",
		  "                     ^^^^^^^^",
		  "probability=0.00001%: " CHANCE },
		{ "add drop probability=1.%",
		  "                     ^^^",
		  "probability=1.%: " CHANCE },
		{ "add drop probability=5%%",
		  "                     ^^^",
		  "probability=5%%: " CHANCE },
		{ "add drop probability=-5%",
		  "                     ^^^",
		  "probability=-5%: " CHANCE },
		{ "add drop interval=0",
		  "                  ^",
		  "interval=0: a number from 1 to 4294967295" },
		{ "add drop times=0",
		  "               ^",
		  "times=0: a number from 1 to 2147483647, or -1 for no limit" },
		{ "add drop times=-2",
		  "               ^^",
		  "times=-2: a number from 1 to 2147483647, or -1 for no limit" },
		{ "add drop skip=4294967296",
		  "              ^^^^^^^^^^",
		  "skip=4294967296: a number from 0 to 4294967295" },
		{ "add drop per=rule",
		  "             ^^^^",
		  "per=rule: one of flow" },
		{ "add drop seed=18446744073709551616",
		  "              ^^^^^^^^^^^^^^^^^^^^",
		  "seed=18446744073709551616: a seed is a number of 64 bits, decimal or 0x hex" },
		{ "add drop seed=0x10000000000000000",
		  "              ^^^^^^^^^^^^^^^^^^^",
		  "seed=0x10000000000000000: a seed is a number of 64 bits, decimal or 0x hex" },
		{ "add drop timeout=0s",
		  "                 ^^",
		  "timeout=0s: a time above 0" },
	};

	refuse_rows(test, rows, ARRAY_SIZE(rows));
}

static void reads_commands(struct kunit *test)
{
	static const struct {
		const char *line;
		enum finject_verb verb;
		u32 id;
	} rows[] = {
		{ "", FINJECT_VERB_NONE, 0 },
		{ " \t ", FINJECT_VERB_NONE, 0 },
		{ "# add drop", FINJECT_VERB_NONE, 0 },
		{ "\t#\x01\xff", FINJECT_VERB_NONE, 0 },
		{ "add drop", FINJECT_VERB_ADD, 0 },
		{ "del id=7", FINJECT_VERB_DEL, 7 },
		{ "del id=4294967295 # last", FINJECT_VERB_DEL, U32_MAX },
		{ "flush", FINJECT_VERB_FLUSH, 0 },
		{ " lease # mine", FINJECT_VERB_LEASE, 0 },
	};
	struct finject_command cmd;
	struct finject_error err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, parse(rows[i].line, &cmd, &err), 0);
		KUNIT_EXPECT_EQ_MSG(test, cmd.verb, rows[i].verb, "row %zu: %s",
				    i, rows[i].line);
		KUNIT_EXPECT_EQ_MSG(test, cmd.id, rows[i].id, "row %zu: %s", i,
				    rows[i].line);
	}
}

static void refuses_a_line_of_more_than_1024_bytes(struct kunit *test)
{
	char line[FINJECT_LINE_MAX + 1];
	struct finject_command cmd;
	struct finject_error err;

	memset(line, ' ', sizeof(line));
	memcpy(line, "add drop", 8);
	KUNIT_EXPECT_EQ(test, parse_bytes(line, FINJECT_LINE_MAX, &cmd, &err),
			0);
	KUNIT_EXPECT_EQ(test, parse_bytes(line, sizeof(line), &cmd, &err),
			-E2BIG);
	KUNIT_EXPECT_STREQ(test, err.reason,
			   "1025 bytes in a line; 1024 are read at most");
	KUNIT_EXPECT_EQ(test, err.column + err.width, FINJECT_LINE_MAX);

	memset(line, 'x', sizeof(line));
	KUNIT_EXPECT_EQ(test, parse_bytes(line, FINJECT_LINE_MAX, &cmd, &err),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, err.width, FINJECT_LINE_MAX);
}

static void reads_what_the_words_left_out_mean(struct kunit *test)
{
	struct finject_command cmd;
	struct finject_error err;
	const struct finject_spec *spec = &cmd.spec;

	KUNIT_ASSERT_EQ(test, parse("add hold=x", &cmd, &err), 0);
	KUNIT_EXPECT_EQ(test, spec->id, 0);
	KUNIT_EXPECT_EQ(test, spec->seg,
			FINJECT_FIN_CLASSES | FINJECT_ACK_CLASSES);
	KUNIT_EXPECT_EQ(test, spec->nth.max, 0);
	KUNIT_EXPECT_EQ(test, spec->at, FINJECT_AT_FIRST);
	KUNIT_EXPECT_EQ(test, spec->family, 0);
	KUNIT_EXPECT_EQ(test, spec->mark.mask, 0);
	KUNIT_EXPECT_EQ(test, spec->max, 60000000000ULL);
	KUNIT_EXPECT_EQ(test, spec->schedule.probability, FINJECT_PPM);
	KUNIT_EXPECT_EQ(test, spec->schedule.interval, 1);
	KUNIT_EXPECT_EQ(test, spec->schedule.times, -1);
	KUNIT_EXPECT_EQ(test, spec->schedule.skip, 0);
	KUNIT_EXPECT_FALSE(test, spec->seed.given);
	KUNIT_EXPECT_EQ(test, spec->timeout, 0);
}

static void reads_every_key_into_its_field(struct kunit *test)
{
	static const char * const words[] = {
		"add", "id=5", "seg=fin2", "pure", "nth=2-3", "by=passive",
		"simultaneous", "hook=forward", "family=ipv4",
		"src=10.1.2.3/16", "sport=1-2,9", "dport=3", "port=2-5", "iif=a",
		"oif=b", "mark=1/3", "delay=2s", "jitter=3ms", "dist=pareto",
		"release=r", "probability=0.5%", "interval=6", "times=7",
		"skip=8", "per=flow", "seed=9", "timeout=10s",
	};
	static const u8 net[16] = { 10, 1 };
	struct finject_command cmd;
	struct finject_error err;
	const struct finject_spec *spec = &cmd.spec;

	KUNIT_ASSERT_EQ(test, parse(join(words, ARRAY_SIZE(words)), &cmd, &err),
			0);
	KUNIT_EXPECT_EQ(test, spec->id, 5);
	KUNIT_EXPECT_EQ(test, spec->seg, BIT(FINJECT_FIN2));
	KUNIT_EXPECT_TRUE(test, spec->pure);
	KUNIT_EXPECT_EQ(test, spec->nth.min, 2);
	KUNIT_EXPECT_EQ(test, spec->nth.max, 3);
	KUNIT_EXPECT_EQ(test, spec->by, FINJECT_BY_PASSIVE);
	KUNIT_EXPECT_TRUE(test, spec->simultaneous);
	KUNIT_EXPECT_EQ(test, spec->at, FINJECT_AT_HOOK + 2);
	KUNIT_EXPECT_EQ(test, spec->family, AF_INET);
	KUNIT_EXPECT_EQ(test, spec->src.family, AF_INET);
	KUNIT_EXPECT_EQ(test, spec->src.len, 16);
	KUNIT_EXPECT_EQ(test, memcmp(net, spec->src.addr, sizeof(net)), 0);
	KUNIT_EXPECT_EQ(test, spec->dst.family, 0);
	KUNIT_EXPECT_EQ(test, spec->sport.range[0].min, 1);
	KUNIT_EXPECT_EQ(test, spec->sport.range[0].max, 2);
	KUNIT_EXPECT_EQ(test, spec->dport.range[0].min, 3);
	KUNIT_EXPECT_EQ(test, spec->dport.range[0].max, 3);
	KUNIT_EXPECT_EQ(test, spec->sport.range[1].min, 9);
	KUNIT_EXPECT_EQ(test, spec->sport.range[1].max, 9);
	KUNIT_EXPECT_EQ(test, spec->sport.range[2].max, 0);
	KUNIT_EXPECT_EQ(test, spec->port.range[0].min, 2);
	KUNIT_EXPECT_EQ(test, spec->port.range[0].max, 5);
	KUNIT_EXPECT_STREQ(test, spec->iif.text, "a");
	KUNIT_EXPECT_STREQ(test, spec->oif.text, "b");
	KUNIT_EXPECT_TRUE(test, spec->mark.mask);
	KUNIT_EXPECT_EQ(test, spec->mark.value, 1);
	KUNIT_EXPECT_EQ(test, spec->mark.mask, 3);
	KUNIT_EXPECT_EQ(test, spec->action, FINJECT_DELAY);
	KUNIT_EXPECT_EQ(test, spec->delay, 2000000000);
	KUNIT_EXPECT_EQ(test, spec->jitter, 3000000);
	KUNIT_EXPECT_EQ(test, spec->dist, FINJECT_DIST_PARETO);
	KUNIT_EXPECT_EQ(test, spec->max, 0);
	KUNIT_EXPECT_STREQ(test, spec->release.text, "r");
	KUNIT_EXPECT_EQ(test, spec->schedule.probability, 5000);
	KUNIT_EXPECT_EQ(test, spec->schedule.interval, 6);
	KUNIT_EXPECT_EQ(test, spec->schedule.times, 7);
	KUNIT_EXPECT_EQ(test, spec->schedule.skip, 8);
	KUNIT_EXPECT_TRUE(test, spec->schedule.per_flow);
	KUNIT_EXPECT_TRUE(test, spec->seed.given);
	KUNIT_EXPECT_EQ(test, spec->seed.value, 9);
	KUNIT_EXPECT_EQ(test, spec->timeout, 10000000000ULL);
}

static void reads_actions_into_their_fields(struct kunit *test)
{
	struct finject_command cmd;
	struct finject_error err;
	const struct finject_spec *spec = &cmd.spec;

	KUNIT_ASSERT_EQ(test, parse("add duplicate=3 gap=1us", &cmd, &err), 0);
	KUNIT_EXPECT_EQ(test, spec->action, FINJECT_DUPLICATE);
	KUNIT_EXPECT_EQ(test, spec->copies, 3);
	KUNIT_EXPECT_EQ(test, spec->gap, 1000);
	KUNIT_ASSERT_EQ(test, parse("add hold=t gather=2 max=5s", &cmd, &err),
			0);
	KUNIT_EXPECT_EQ(test, spec->action, FINJECT_HOLD);
	KUNIT_EXPECT_STREQ(test, spec->hold.text, "t");
	KUNIT_EXPECT_EQ(test, spec->gather, 2);
	KUNIT_EXPECT_EQ(test, spec->max, 5000000000ULL);
	KUNIT_ASSERT_EQ(test, parse("add reset=both", &cmd, &err), 0);
	KUNIT_EXPECT_EQ(test, spec->action, FINJECT_RESET);
	KUNIT_EXPECT_EQ(test, spec->reset,
			FINJECT_RESET_SENDER | FINJECT_RESET_RECEIVER);
	KUNIT_ASSERT_EQ(test, parse("add pass", &cmd, &err), 0);
	KUNIT_EXPECT_EQ(test, spec->action, FINJECT_PASS);
	KUNIT_ASSERT_EQ(test, parse("add drop", &cmd, &err), 0);
	KUNIT_EXPECT_EQ(test, spec->action, FINJECT_DROP);
}

static void reads_times(struct kunit *test)
{
	static const struct {
		const char *word;
		u64 nsec;
	} rows[] = {
		{ "0s", 0 },
		{ "0ns", 0 },
		{ "1ns", 1 },
		{ "1us", 1000 },
		{ "250ms", 250000000 },
		{ "1.5s", 1500000000 },
		{ "61s", 61000000000ULL },
		{ "0.000000001s", 1 },
		{ "0.0000000010s", 1 },
		{ "1.0ns", 1 },
		{ "1.001us", 1001 },
		{ "31536000s", FINJECT_NSEC_MAX },
		{ "5min", 300000000000ULL },
		{ "1.5min", 90000000000ULL },
		{ "525600min", FINJECT_NSEC_MAX },
		{ "31536000000000000ns", FINJECT_NSEC_MAX },
		{ "31535999.999999999s", FINJECT_NSEC_MAX - 1 },
		{ "0000000000000000000000000000000001s", 1000000000 },
	};
	static const char * const wrong[] = {
		"", "0", "1", "s", ".s", ".5s", "1.s", "1..5s", "1.5.5s", "-1s",
		"+1s", "1 s", "1S", "1m", "1h", "1mins", "525601min",
		"525600.000000001min", "0.0000000001min", "1sec", "1.5ns", "0.5ns",
		"1.0001us", "0.0000000001s", "31536001s", "31536000.000000001s",
		"31536000000000001ns", "18446744073709551616ns",
		"99999999999999999999999999s", "1e3s", "0x10s", "1s1s",
	};
	size_t i;
	u64 nsec;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ_MSG(test,
				    finject_parse_time(rows[i].word, strlen(rows[i].word), &nsec),
				    0, "%s", rows[i].word);
		KUNIT_EXPECT_EQ_MSG(test, nsec, rows[i].nsec, "%s",
				    rows[i].word);
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    finject_parse_time(wrong[i], strlen(wrong[i]), &nsec),
				    -EINVAL, "%s", wrong[i]);
}

static void reads_tags(struct kunit *test)
{
	static const char * const right[] = {
		"a", "Z", "0", "_", ".", "a-b", "--",
		"1234567890123456789012345678901",
	};
	static const char * const wrong[] = {
		"", "-", "a b", "a=b", "a/b", "\xc3\xa9", "a,b",
		"12345678901234567890123456789012",
	};
	char tag[FINJECT_TAG_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(right); i++) {
		memset(tag, 'x', sizeof(tag));
		KUNIT_EXPECT_EQ(test,
				finject_parse_tag(right[i], strlen(right[i]), tag),
				0);
		KUNIT_EXPECT_STREQ(test, tag, right[i]);
		KUNIT_EXPECT_EQ(test, tag[sizeof(tag) - 1], 0);
	}
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    finject_parse_tag(wrong[i], strlen(wrong[i]), tag),
				    -EINVAL, "'%s'", wrong[i]);
}

static void knows_which_rules_roll_dice(struct kunit *test)
{
	static const struct {
		const char *line;
		bool dices;
	} rows[] = {
		{ "add drop", false },
		{ "add drop probability=100%", false },
		{ "add drop probability=0%", false },
		{ "add drop probability=0.0001%", true },
		{ "add drop probability=99.9999%", true },
		{ "add drop seed=1 interval=2 times=3 skip=4", false },
		{ "add delay=1s", false },
		{ "add delay=1s jitter=0s", false },
		{ "add delay=1s jitter=1ns", true },
	};
	struct finject_command cmd;
	struct finject_error err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_ASSERT_EQ(test, parse(rows[i].line, &cmd, &err), 0);
		KUNIT_EXPECT_EQ_MSG(test, finject_spec_dices(&cmd.spec),
				    rows[i].dices, "%s", rows[i].line);
	}
}

static void print_is_cut_off_at_the_size_of_its_buffer(struct kunit *test)
{
	struct finject_command cmd;
	struct finject_error err;
	char whole[128], part[128];
	size_t len, size;

	KUNIT_ASSERT_EQ(test,
			parse("add id=1 seg=rst src=10.0.0.0/8 drop", &cmd, &err),
			0);
	len = finject_spec_print(&cmd.spec, whole, sizeof(whole));
	KUNIT_EXPECT_EQ(test, len, strlen(whole));
	for (size = 1; size <= len + 1; size++) {
		memset(part, 'x', sizeof(part));
		KUNIT_EXPECT_EQ(test, finject_spec_print(&cmd.spec, part, size),
				size - 1);
		KUNIT_EXPECT_EQ(test, strlen(part), size - 1);
		KUNIT_EXPECT_EQ(test, strncmp(whole, part, size - 1), 0);
		KUNIT_EXPECT_EQ(test, part[size], 'x');
	}
	KUNIT_EXPECT_EQ(test, finject_spec_print(&cmd.spec, part, 0), 0);
}

#define TWO	"10000-20000,10000-20000"
#define EIGHT	TWO "," TWO "," TWO "," TWO

static void longest_rule_fits_a_line(struct kunit *test)
{
	static const char * const words[] = {
		"add", "id=4294967295", "seg=fin1,ack1,fin2,ack2,rst,data",
		"pure", "nth=10000-20000", "by=passive", "simultaneous",
		"hook=postrouting", "family=ipv6",
		"src=aaaa:bbbb:cccc:dddd:eeee:ffff:1111:2220/124",
		"dst=aaaa:bbbb:cccc:dddd:eeee:ffff:1111:2220/124",
		"addr=aaaa:bbbb:cccc:dddd:eeee:ffff:1111:2220/124",
		"sport=" EIGHT, "dport=" EIGHT, "port=" EIGHT,
		"iif=a23456789012345", "oif=a23456789012345",
		"mark=0xfffffffe/0xfffffffe",
		"hold=a234567890123456789012345678901", "gather=65535",
		"max=31535999999999999ns",
		"release=a234567890123456789012345678901",
		"probability=99.9999%", "interval=4294967295",
		"times=2147483647", "skip=4294967295", "per=flow",
		"seed=18446744073709551615", "timeout=31535999999999999ns",
	};
	const char *longest = join(words, ARRAY_SIZE(words));

	KUNIT_EXPECT_LT(test, strlen(longest), FINJECT_LINE_MAX);
	KUNIT_EXPECT_STREQ(test, canonical(longest), longest);
}

static struct kunit_case parse_cases[] = {
	KUNIT_CASE(accepts_rules_of_the_handbook),
	KUNIT_CASE(accepts_the_example_of_each_word),
	KUNIT_CASE(accepts_any_order_blanks_and_comments),
	KUNIT_CASE(accepts_matches),
	KUNIT_CASE(accepts_addresses),
	KUNIT_CASE(accepts_actions),
	KUNIT_CASE(accepts_schedules),
	KUNIT_CASE(refuses_unknown_words),
	KUNIT_CASE(refuses_unknown_commands),
	KUNIT_CASE(refuses_words_that_do_not_go_together),
	KUNIT_CASE(refuses_words_that_are_never_true_together),
	KUNIT_CASE(accepts_words_that_can_be_true_together),
	KUNIT_CASE(refuses_values_of_matches),
	KUNIT_CASE(refuses_values_of_actions_and_schedules),
	KUNIT_CASE(reads_commands),
	KUNIT_CASE(refuses_a_line_of_more_than_1024_bytes),
	KUNIT_CASE(reads_what_the_words_left_out_mean),
	KUNIT_CASE(reads_every_key_into_its_field),
	KUNIT_CASE(reads_actions_into_their_fields),
	KUNIT_CASE(reads_times),
	KUNIT_CASE(reads_tags),
	KUNIT_CASE(knows_which_rules_roll_dice),
	KUNIT_CASE(print_is_cut_off_at_the_size_of_its_buffer),
	KUNIT_CASE(longest_rule_fits_a_line),
	{ }
};

static struct kunit_suite parse_suite = {
	.name = "finject_parse",
	.test_cases = parse_cases,
};

kunit_test_suite(parse_suite);
