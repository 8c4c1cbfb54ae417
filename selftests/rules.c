// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files, as a user writes and reads them.
 *
 * 1. the text of `rules` can be written back and reads the same
 * 2. one write is one transaction: with a bad line anywhere nothing changes
 * 3. each refusal names line and word and points at the word
 * 4. limits hold, ids and order are kept, an unchanged rule is left alone
 * 5. a file shows the namespace of its opener, in any process
 * 6. a write needs CAP_NET_ADMIN, a read does not
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "harness.h"

FIXTURE(rules)
{
	struct bed bed;
	struct ns *ns, *other;
};

FIXTURE_SETUP(rules)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
	self->ns = &self->bed.ns[0];
	self->other = &self->bed.ns[1];
}

FIXTURE_TEARDOWN(rules)
{
	EXPECT_BALANCED(&self->bed);
}

/* Each word once; module/tests/parse_test.c has all spellings. */
static const struct {
	const char *written, *printed;
} spellings[] = {
	{ "  add\tdrop  # lost", "add id=1 seg=fin,ack drop" },
	{ "add id=4294967295 seg=rst,fin1 nth=2-5 pure by=active drop",
	  "add id=4294967295 seg=fin1,rst pure nth=2-5 by=active drop" },
	{ "add src=10.1.2.3/8 dst=10.1.2.3 addr=10.1.2.3 family=ipv4 drop",
	  "add id=1 seg=fin,ack family=ipv4 src=10.0.0.0/8 dst=10.1.2.3 addr=10.1.2.3 drop" },
	{ "add sport=1024-65535 dport=80 port=80-80 dir=in drop",
	  "add id=1 seg=fin,ack dir=in sport=1024-65535 dport=80 port=80 drop" },
	{ "add port=443,80,8000-8999 delay=1.5min",
	  "add id=1 seg=fin,ack port=443,80,8000-8999 delay=90s" },
	{ "add iif=eth0 oif=eth1 mark=1/255 hook=forward drop",
	  "add id=1 seg=fin,ack hook=forward iif=eth0 oif=eth1 mark=0x1/0xff drop" },
	{ "add interval=3 times=2 skip=4 per=flow timeout=1000s drop",
	  "add id=1 seg=fin,ack drop interval=3 times=2 skip=4 per=flow timeout=1000s" },
	{ "add simultaneous seg=ack hook=forward addr=2001:DB8:0:0::1/32 drop",
	  "add id=1 seg=ack simultaneous hook=forward addr=2001:db8::/32 drop" },
	{ "add delay=1s dist=pareto jitter=1ms seed=3",
	  "add id=1 seg=fin,ack delay=1s jitter=1ms dist=pareto seed=3" },
	{ "add duplicate=1 gap=61s", "add id=1 seg=fin,ack duplicate=1 gap=61s" },
	{ "add hold=a.b-c_9 gather=2 max=5s",
	  "add id=1 seg=fin,ack hold=a.b-c_9 gather=2 max=5s" },
	{ "add reset=both", "add id=1 seg=fin,ack reset=both" },
	{ "add pass release=x", "add id=1 seg=fin,ack pass release=x" },
	{ "add probability=20% seed=7 drop",
	  "add id=1 seg=fin,ack drop probability=20% seed=7" },
};

/* Each in its own namespace, because each begins with id=1. */
BED_TEST(rules, round_trip)
{
	char want[512], first[512];
	struct ns fresh;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(spellings); i++) {
		ns_new(&fresh);
		EXPECT_EQ(0, finject_write(&fresh, "rules",
					   spellings[i].written))
			TH_LOG("%s", finject_error(&fresh));
		snprintf(want, sizeof(want), "%s\n", spellings[i].printed);
		snprintf(first, sizeof(first), "%s",
			 finject_read(&fresh, "rules"));
		EXPECT_STREQ(want, first);
		EXPECT_EQ(0, finject_write(&fresh, "rules", "flush"));
		EXPECT_STREQ("", finject_read(&fresh, "rules"));
		EXPECT_EQ(0, finject_write(&fresh, "rules", first));
		EXPECT_STREQ(want, finject_read(&fresh, "rules"));
		EXPECT_EQ(NULL, finject_unbalanced(&fresh));
		ns_drop(&fresh);
	}
}

/* A seed is drawn only for a rule with dice, and is shown. */
BED_TEST(rules, drawn_seed)
{
	char first[512];

	finject_rules(self->ns, "add probability=50%% drop");
	snprintf(first, sizeof(first), "%s", finject_read(self->ns, "rules"));
	ASSERT_NE(NULL, strstr(first, " probability=50% seed="));
	finject_rules(self->ns, "flush\n%s", first);
	EXPECT_STREQ(first, finject_read(self->ns, "rules"));
}

#define THREE	"add id=1 seg=fin1 drop\n"				\
		"add id=2 seg=ack1 pass\n"				\
		"add id=3 seg=fin2 delay=1s\n"

BED_TEST(rules, transaction)
{
	static const char * const bad[] = {
		"flush\nadd seg=fin1 drop\nadd sge=fin1 drop\n",
		"add sge=fin1 drop\nflush\n",
		"del id=1\ndel id=1\n",
		"del id=9\n",
		"add id=2 drop\nadd id=5 pass\nnonsense",
		"flush\nlease\n",
	};
	long long generation;
	size_t i;

	finject_rules(self->ns, "%s", THREE);
	generation = finject_total(self->ns, "generation");
	EXPECT_GT(generation, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, finject_write(self->ns, "rules", bad[i]));
		EXPECT_STREQ(THREE, finject_read(self->ns, "rules"));
	}
	EXPECT_EQ(generation, finject_total(self->ns, "generation"));

	EXPECT_EQ(0, finject_write(self->ns, "rules",
				   "# anew\n\nflush\nadd id=9 pass\n"));
	EXPECT_STREQ("add id=9 seg=fin,ack pass\n",
		     finject_read(self->ns, "rules"));
	EXPECT_EQ(generation + 1, finject_total(self->ns, "generation"));
}

BED_TEST(rules, ids)
{
	finject_rules(self->ns, "add drop\nadd pass\nadd drop");
	EXPECT_STREQ("add id=1 seg=fin,ack drop\nadd id=2 seg=fin,ack pass\n"
		     "add id=3 seg=fin,ack drop\n",
		     finject_read(self->ns, "rules"));

	/* A rule is replaced in its place. */
	finject_rules(self->ns, "add id=2 seg=rst drop");
	EXPECT_STREQ("add id=1 seg=fin,ack drop\nadd id=2 seg=rst drop\n"
		     "add id=3 seg=fin,ack drop\n",
		     finject_read(self->ns, "rules"));

	/* An id is not reused. */
	finject_rules(self->ns, "del id=2\nadd pass");
	EXPECT_STREQ("add id=1 seg=fin,ack drop\nadd id=3 seg=fin,ack drop\n"
		     "add id=4 seg=fin,ack pass\n",
		     finject_read(self->ns, "rules"));
}

BED_TEST(rules, kept_when_unchanged)
{
	struct bed *bed = &self->bed;

	finject_rules(self->ns, "add id=1 seg=fin1 pass");
	bed_connect(bed);
	conn_shut(bed->a.fd);
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	EXPECT_EQ(1, finject_rule(self->ns, 1, "fired"));
	finject_rules(self->ns, "add seg=fin1 id=1 pass  # the same");
	EXPECT_EQ(1, finject_rule(self->ns, 1, "fired"));
	finject_rules(self->ns, "add id=1 seg=fin1 nth=1 pass");
	EXPECT_EQ(0, finject_rule(self->ns, 1, "fired"));
}

/*
 * Refused text, with the faulty word in brackets: at the start, at the end,
 * within a word, in a set of rules. module/tests/parse_test.c has all reasons.
 */
static const char * const refusals[] = {
	"add [sge=fin1] drop",
	"add drop seg=fin1,[fin3]",
	"[add] seg=fin1",
	"[del] ",
	"del [id=5]",
	"add dr[\x01]op",
};

/* Remove the brackets from @marked; return the place of the first. */
static size_t unbracket(const char *marked, char *text, size_t *width)
{
	const char *open = strchr(marked, '['), *end = strchr(marked, ']');

	*width = end - open - 1;
	sprintf(text, "%.*s%.*s%s", (int)(open - marked), marked, (int)*width,
		open + 1, end + 1);
	return open - marked;
}

static void expect_refusal(struct __test_metadata *_metadata,
			   const struct ns *ns, const char *marked)
{
	size_t column, width, i;
	char text[256], got[1024], *line, *tail;

	column = unbracket(marked, text, &width);
	ASSERT_EQ(-EINVAL, finject_write(ns, "rules", text))
		TH_LOG("taken: %s", text);
	snprintf(got, sizeof(got), "%s", finject_error(ns));
	line = strstr(got, " line 1: ");
	ASSERT_NE(NULL, line);
	line = strchr(line, '\n');
	ASSERT_NE(NULL, line);
	/* The echo may replace a byte that is not printable. */
	tail = strchr(line + 1, '\n');
	ASSERT_NE(NULL, tail);
	if (!strchr(text, '\x01')) {
		*tail = '\0';
		EXPECT_STREQ(text, line + 3);
	}
	for (i = 0; i < column + 2; i++)
		EXPECT_EQ(' ', tail[1 + i]);
	EXPECT_EQ('^', tail[1 + i])
		TH_LOG("of '%s' it points to: %s", text, tail + 1);
	EXPECT_EQ(width - 1, strspn(tail + 2 + i, "~"));
}

BED_TEST(rules, refusals)
{
	size_t i;

	finject_rules(self->ns, "%s", THREE);
	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		expect_refusal(_metadata, self->ns, refusals[i]);
	EXPECT_STREQ(THREE, finject_read(self->ns, "rules"));

	/* The parser does not know the rules: this reason is not its own. */
	EXPECT_EQ(-EINVAL, finject_write(self->ns, "rules", "del id=5"));
	EXPECT_NE(NULL, strstr(finject_error(self->ns),
			       "there is no rule with id=5"));
}

/* The documented example, to the letter. */
BED_TEST(rules, error_log)
{
	int i;

	EXPECT_STREQ("", finject_read(self->ns, "error_log"));
	EXPECT_EQ(-EINVAL, finject_write(self->ns, "rules",
					 "\nadd drop\nadd pass nonsense"));
	EXPECT_STREQ("#1 line 3: unknown word 'nonsense'; 'finject add -h' lists all words\n"
		     "  add pass nonsense\n"
		     "           ^~~~~~~~\n",
		     finject_read(self->ns, "error_log"));

	/* error_log keeps the last 16 entries, the newest last. */
	for (i = 0; i < 19; i++)
		EXPECT_EQ(-EINVAL, finject_write(self->ns, "rules", "x"));
	EXPECT_EQ(0, strncmp(finject_read(self->ns, "error_log"), "#5 ", 3));
	EXPECT_EQ(0, strncmp(finject_error(self->ns), "#20 ", 4));
	EXPECT_STREQ("", finject_read(self->other, "error_log"));
}

static void repeat(char *to, const char *line, size_t times)
{
	size_t len = strlen(line);

	for (; times--; to += len)
		memcpy(to, line, len);
	*to = '\0';
}

BED_TEST(rules, most_rules)
{
	long max = finject_param("max_rules");
	static char text[1 << 16];

	ASSERT_LT((max + 1) * 9, (long)sizeof(text))
		TH_LOG("max_rules=%ld does not fit into one write", max);
	repeat(text, "add drop\n", max + 1);
	EXPECT_EQ(-ENOSPC, finject_write(self->ns, "rules", text));
	EXPECT_STREQ("", finject_read(self->ns, "rules"));
	EXPECT_NE(NULL, strstr(finject_error(self->ns), "max_rules"));
	EXPECT_LE(1, finject_limit(self->ns, "rules", "refused"));

	repeat(text, "add drop\n", max);
	EXPECT_EQ(0, finject_write(self->ns, "rules", text));
	EXPECT_EQ(max, finject_limit(self->ns, "rules", "now"));
	EXPECT_EQ(max, finject_limit(self->ns, "rules", "max"));
	EXPECT_EQ(-ENOSPC, finject_write(self->ns, "rules", "add drop"));
	/* A rule deleted in the same write makes room. */
	EXPECT_EQ(0, finject_write(self->ns, "rules", "del id=1\nadd pass"));
	EXPECT_EQ(max, finject_limit(self->ns, "rules", "now"));
	EXPECT_EQ(max, finject_limit(self->ns, "rules", "peak"));
}

BED_TEST(rules, most_text)
{
	static char text[(1 << 22) + 64];

	finject_rules(self->ns, "%s", THREE);
	repeat(text, "#######\n", (1 << 22) / 8);
	EXPECT_EQ(0, finject_write(self->ns, "rules", text));
	strcat(text, "#");
	EXPECT_EQ(-E2BIG, finject_write(self->ns, "rules", text));
	repeat(text, " ", 1100);
	strcat(text, "flush");
	EXPECT_EQ(-E2BIG, finject_write(self->ns, "rules", text));
	EXPECT_STREQ(THREE, finject_read(self->ns, "rules"));
}

/* Read an open file in the caller's current namespace. */
static const char *read_fd(int fd)
{
	static char text[4096];
	ssize_t got = read(fd, text, sizeof(text) - 1);

	text[got < 0 ? 0 : got] = '\0';
	return text;
}

/* Count the records of @which in `namespaces`, as read in @reader. */
static int listed(const struct ns *reader, const struct ns *which)
{
	char inum[32];

	snprintf(inum, sizeof(inum), "%lu", which->inum);
	return finject_record(reader, "namespaces", "ns", "inum", inum, NULL);
}

BED_TEST(rules, namespaces)
{
	struct ns initial;
	int fd;

	ns_hold(&initial, "/proc/1/ns/net");
	EXPECT_EQ(0, listed(&initial, self->ns));
	finject_rules(self->ns, "add id=1 seg=fin1 drop");
	EXPECT_STREQ("", finject_read(self->other, "rules"));
	/* The initial namespace lists all namespaces, any other only itself. */
	EXPECT_EQ(1, listed(&initial, self->ns));
	EXPECT_EQ(1, listed(self->ns, self->ns));
	EXPECT_EQ(0, listed(self->other, self->ns));
	EXPECT_EQ(0, listed(&initial, self->other));

	/* The file is opened in one namespace, and used in the other. */
	fd = ns_open(self->ns, finject_dir(), "rules", O_RDWR);
	ASSERT_LE(0, fd);
	ns_enter(self->other);
	EXPECT_EQ(23, write(fd, "add id=2 seg=fin2 pass\n", 23));
	EXPECT_STREQ("add id=1 seg=fin1 drop\nadd id=2 seg=fin2 pass\n",
		     read_fd(fd));
	ns_leave();
	close(fd);
	EXPECT_STREQ("", finject_read(self->other, "rules"));

	finject_rules(self->ns, "flush");
	EXPECT_EQ(0, listed(&initial, self->ns));
	ns_drop(&initial);
}

BED_TEST(rules, zero)
{
	struct bed *bed = &self->bed;

	finject_rules(self->ns, "add id=1 seg=all pass");
	bed_connect(bed);
	conn_shut(bed->a.fd);
	EXPECT_TRUE(end_reaches(&bed->a, FIN_WAIT2));
	EXPECT_LT(0, finject_total(self->ns, "seen"));
	EXPECT_EQ(-EINVAL, finject_write(self->ns, "stats", "one"));
	EXPECT_LT(0, finject_total(self->ns, "seen"));
	EXPECT_EQ(0, finject_write(self->ns, "stats", "zero"));
	EXPECT_EQ(0, finject_total(self->ns, "seen"));
	EXPECT_EQ(0, finject_rule(self->ns, 1, "matched"));
}

static void drop_net_admin(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		fail("capget: %s", strerror(errno));
	data[0].effective &= ~(1U << CAP_NET_ADMIN);
	data[0].permitted &= ~(1U << CAP_NET_ADMIN);
	if (syscall(SYS_capset, &head, data))
		fail("capset: %s", strerror(errno));
}

/* Write without CAP_NET_ADMIN, in a child; return 0 if all is refused. */
static int writes_unprivileged(const struct ns *ns)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		drop_net_admin();
		_exit(finject_write(ns, "rules", "flush") != -EPERM ||
		      finject_write(ns, "stats", "zero") != -EPERM ||
		      finject_write(ns, "held", "drop all") != -EPERM ||
		      !strstr(finject_read(ns, "rules"), "id=1"));
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		fail("a child went astray");
	return WEXITSTATUS(status);
}

BED_TEST(rules, capability)
{
	finject_rules(self->ns, "%s", THREE);
	EXPECT_EQ(0, writes_unprivileged(self->ns));
	EXPECT_STREQ(THREE, finject_read(self->ns, "rules"));
}

TEST_HARNESS_MAIN
