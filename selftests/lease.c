// SPDX-License-Identifier: GPL-2.0-only
/*
 * lease: the rules of an open file live no longer than it does.
 *
 * 1. closing it removes them and releases the segments they parked, however its
 *    holder ends
 * 2. they end with the file, not with the process that opened it
 * 3. each file has its own lease; rules without a lease stay, and no lease
 *    takes over the rule of another
 * 4. a file may outlive its namespace
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "harness.h"

FIXTURE(lease)
{
	struct bed bed;
	struct ns *ns;
};

FIXTURE_SETUP(lease)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
	bed_connect(&self->bed);
	self->ns = self->bed.a.ns;
}

FIXTURE_TEARDOWN(lease)
{
	EXPECT_BALANCED(&self->bed);
}

static int open_rules(const struct ns *ns)
{
	int fd = ns_open(ns, finject_dir(), "rules", O_RDWR);

	if (fd < 0)
		fail("rules: %s", strerror(-fd));
	return fd;
}

/* Write once; return 0 or -errno. */
static int say(int fd, const char *text)
{
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

/* Return the ids of all rules, in their order: "1 2 7". */
static const char *ids(const struct ns *ns)
{
	static char list[256];
	const char *at = finject_read(ns, "rules");
	size_t len = 0;

	list[0] = '\0';
	for (; (at = strstr(at, "add id=")); at++)
		len += snprintf(list + len, sizeof(list) - len, "%s%.*s",
				len ? " " : "", (int)strcspn(at + 7, " "),
				at + 7);
	return list;
}

BED_TEST(lease, ends_at_close)
{
	int fd = open_rules(self->ns);

	EXPECT_EQ(0, say(fd, "lease\nadd id=1 seg=fin1 drop\n"
			 "add id=2 seg=fin1 pass\n"));
	EXPECT_STREQ("1 2", ids(self->ns));
	close(fd);
	EXPECT_STREQ("", ids(self->ns));
}

/* After `lease` all rules that the file adds are leased. */
BED_TEST(lease, later_writes)
{
	int fd = open_rules(self->ns);

	EXPECT_EQ(0, say(fd, "add id=1 seg=rst pass"));
	EXPECT_EQ(0, say(fd, "# from here on\n\nlease\n"));
	EXPECT_EQ(0, say(fd, "add id=2 seg=rst pass"));
	EXPECT_EQ(0, say(fd, "lease\nadd id=3 seg=rst pass"));
	EXPECT_STREQ("1 2 3", ids(self->ns));
	close(fd);
	EXPECT_STREQ("1", ids(self->ns));
}

BED_TEST(lease, several_files)
{
	int one = open_rules(self->ns), two = open_rules(self->ns);

	EXPECT_EQ(0, say(one, "lease\nadd id=1 seg=rst pass\n"
			 "add id=4 seg=rst pass"));
	EXPECT_EQ(0, say(two, "lease\nadd id=2 seg=rst pass"));
	finject_rules(self->ns, "add id=3 seg=rst pass");
	/* A lease does not protect its rules from others. */
	EXPECT_EQ(0, say(two, "add id=5 seg=rst pass\ndel id=4"));
	EXPECT_STREQ("1 2 3 5", ids(self->ns));
	close(one);
	EXPECT_STREQ("2 3 5", ids(self->ns));
	close(two);
	EXPECT_STREQ("3", ids(self->ns));
}

/*
 * Another file may take a leased rule over, if it changes it; a lease takes
 * nothing over, because at its end the rule of another would be lost.
 */
BED_TEST(lease, taking_over)
{
	int fd = open_rules(self->ns), other = open_rules(self->ns);

	finject_rules(self->ns, "add id=1 seg=rst pass\nadd id=2 seg=rst pass");
	EXPECT_EQ(-EEXIST, say(fd, "lease\nadd id=3 seg=rst pass\n"
			       "add id=1 seg=rst drop"));
	EXPECT_NE(NULL, strstr(finject_error(self->ns),
			       "rule id=1 is there, and not leased by this file"));
	EXPECT_EQ(-EEXIST, say(fd, "lease\nadd id=2 seg=rst pass"));
	EXPECT_STREQ("1 2", ids(self->ns));
	EXPECT_EQ(0, say(fd, "lease\ndel id=1\nadd id=1 seg=rst drop\n"
			 "add id=3 seg=rst pass\nadd id=4 seg=rst pass\n"));
	EXPECT_EQ(-EEXIST, say(other, "lease\nadd id=4 seg=rst drop"));
	EXPECT_EQ(0, say(fd, "add id=3 seg=rst drop"));
	finject_rules(self->ns, "add id=3 seg=rst pass\nadd id=4 seg=rst pass");
	close(fd);
	EXPECT_STREQ("2 3", ids(self->ns));
	close(other);
}

/* After a flush by another file a lease has nothing to remove. */
BED_TEST(lease, flushed)
{
	int fd = open_rules(self->ns);

	EXPECT_EQ(0, say(fd, "lease\nadd id=1 seg=rst pass"));
	finject_rules(self->ns, "flush\nadd id=1 seg=rst pass");
	close(fd);
	EXPECT_STREQ("1", ids(self->ns));
}

BED_TEST(lease, refused)
{
	int fd = open_rules(self->ns);

	EXPECT_EQ(-EINVAL, say(fd, "lease\nadd id=1 sge=fin1 drop"));
	EXPECT_NE(NULL, strstr(finject_error(self->ns), "line 2:"));
	EXPECT_STREQ("", ids(self->ns));
	/* The whole write was refused, including its first line. */
	EXPECT_EQ(0, say(fd, "add id=1 seg=rst pass"));
	EXPECT_EQ(-EINVAL, say(fd, "add id=2 seg=rst pass\nlease"));
	EXPECT_NE(NULL, strstr(finject_error(self->ns),
			       "line 2: 'lease' must be the first line"));
	EXPECT_EQ(-EINVAL, say(fd, "lease now"));
	close(fd);
	EXPECT_STREQ("1", ids(self->ns));
}

/* Start a process that only waits; it inherits every open descriptor. */
static pid_t start_holder(void)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static void end_holder(struct __test_metadata *_metadata, pid_t pid)
{
	int status;

	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
}

/* Killing the holder of rules releases the segments they parked. */
BED_TEST(lease, killed)
{
	struct end *a = &self->bed.a, *b = &self->bed.b;
	int fd = open_rules(self->ns);
	pid_t holder;

	EXPECT_EQ(0, say(fd, "lease\n"
			 "add id=1 seg=fin1 nth=1 hold=x max=1000s\n"
			 "add id=2 seg=fin1 nth=2 delay=1000s\n"
			 "add id=3 seg=fin1 nth=3 duplicate=1 gap=1000s\n"
			 "add id=4 seg=ack1 drop\n"));
	holder = start_holder();
	close(fd);
	conn_shut(a->fd);
	ASSERT_SOON(finject_total(self->ns, "copies_parked") == 1);
	EXPECT_EQ(2, finject_total(self->ns, "parked"));
	EXPECT_TRUE(end_reaches(b, CLOSE_WAIT));
	EXPECT_EQ(FIN_WAIT1, end_state(a));
	EXPECT_STREQ("1 2 3 4", ids(self->ns));

	end_holder(_metadata, holder);
	EXPECT_STREQ("", ids(self->ns));
	EXPECT_SOON(!finject_total(self->ns, "parked"));
	EXPECT_EQ(2, finject_total(self->ns, "released"));
	EXPECT_EQ(1, finject_total(self->ns, "copies_released"));
	EXPECT_EQ(0, finject_total(self->ns, "purged"));
	EXPECT_EQ(0, finject_total(self->ns, "copies_purged"));
	EXPECT_STREQ("", finject_read(self->ns, "held"));
	/* B answers each late FIN with an ACK. */
	EXPECT_TRUE(end_reaches(a, FIN_WAIT2));
	conn_close(&b->fd);
	EXPECT_TRUE(end_reaches(b, GONE));
	EXPECT_TRUE(end_reaches(a, TIME_WAIT));
	EXPECT_PATH(PATH_ACTIVE, a);
}

/* The lease ends with the last descriptor of the file, in any process. */
BED_TEST(lease, inherited)
{
	int fd = open_rules(self->ns), other;
	pid_t first, second;

	EXPECT_EQ(0, say(fd, "lease\nadd id=1 seg=fin1 hold=x"));
	first = start_holder();
	second = start_holder();
	other = dup(fd);
	conn_shut(self->bed.a.fd);
	EXPECT_SOON(finject_total(self->ns, "parked") == 1);
	end_holder(_metadata, first);
	EXPECT_STREQ("1", ids(self->ns));
	close(fd);
	EXPECT_STREQ("1", ids(self->ns));
	close(other);
	EXPECT_STREQ("1", ids(self->ns));
	EXPECT_EQ(ESTABLISHED, end_state(&self->bed.b));
	end_holder(_metadata, second);
	EXPECT_STREQ("", ids(self->ns));
	EXPECT_EQ(CONN_EOF, conn_read(self->bed.b.fd, PATIENCE));
}

/* Closing a file without a lease removes nothing. */
BED_TEST(lease, not_leased)
{
	int fd = open_rules(self->ns);
	pid_t holder;

	EXPECT_EQ(0, say(fd, "add id=1 seg=rst pass"));
	holder = start_holder();
	close(fd);
	end_holder(_metadata, holder);
	EXPECT_STREQ("1", ids(self->ns));
}

/* Rules belong to the namespace in which the file was opened. */
BED_TEST(lease, other_namespace)
{
	const struct ns *other = self->bed.b.ns;
	int fd = open_rules(self->ns);

	finject_rules(other, "add id=1 seg=rst pass");
	ns_enter(other);
	EXPECT_EQ(0, say(fd, "lease\nadd id=1 seg=rst pass"));
	close(fd);
	ns_leave();
	EXPECT_STREQ("", ids(self->ns));
	EXPECT_STREQ("1", ids(other));
}

static bool lists_flows(int fd)
{
	char text[64];

	return pread(fd, text, sizeof(text), 0) > 0;
}

/*
 * Neither a lease nor its parked segments keep the namespace alive; an open
 * file keeps no flows.
 */
BED_TEST(lease, outlives_namespace)
{
	struct bed *bed = &self->bed;
	int flows = ns_open(bed->b.ns, finject_dir(), "flows", O_RDONLY);
	int fd = open_rules(bed->b.ns), late;
	struct ns initial;
	char inum[32];

	ns_hold(&initial, "/proc/1/ns/net");
	snprintf(inum, sizeof(inum), "%lu", bed->b.ns->inum);
	EXPECT_EQ(0, say(fd, "lease\nadd id=1 seg=fin1 hold=x"));
	late = open_rules(bed->b.ns);
	conn_shut(bed->a.fd);
	EXPECT_SOON(finject_total(bed->b.ns, "parked") == 1);
	EXPECT_TRUE(lists_flows(flows));
	EXPECT_EQ(1, finject_record(&initial, "namespaces", "ns", "inum", inum,
				    NULL));

	conn_reset(&bed->b.fd);
	conn_close(&bed->listener);
	events_close(bed->b.ev);
	ns_drop(bed->b.ns);
	bed->count = 1;
	EXPECT_SOON(!finject_record(&initial, "namespaces", "ns", "inum", inum,
				    NULL));
	EXPECT_SOON(say(fd, "add id=2 seg=rst pass") == -ENODEV);
	EXPECT_EQ(-ENODEV, say(late, "lease\nadd id=2 seg=rst pass"));
	EXPECT_EQ(-ENODEV, say(fd, "flush"));
	EXPECT_SOON(!lists_flows(flows));
	close(flows);
	close(late);
	close(fd);
	ns_drop(&initial);
}

TEST_HARNESS_MAIN
