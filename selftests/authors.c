// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose rules are these, and how to be rid of them.
 *
 * 1. stats names the process that added each rule, as its reader may know it
 * 2. the kernel log names the first rule of a namespace and the end of the last,
 *    and is not flooded
 * 3. the file `flush` removes the rules of any namespace that its opener may
 *    know of, and of no other
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

enum { KLOG_READ_ALL = 3 };

FIXTURE(authors)
{
	struct ns ns, other, initial;
};

FIXTURE_SETUP(authors)
{
	NEED_FINJECT();
	ns_new(&self->ns);
	ns_new(&self->other);
	ns_hold(&self->initial, "/proc/1/ns/net");
}

FIXTURE_TEARDOWN(authors)
{
	ns_drop(&self->ns);
	ns_drop(&self->other);
	ns_drop(&self->initial);
}

static struct record rule_of(const struct ns *ns, const char *id)
{
	struct record record;

	if (finject_record(ns, "stats", "rule", "id", id, &record) != 1)
		fail("stats has no rule id=%s", id);
	return record;
}

/* Add a rule in a child of that name; return its process id. */
static pid_t add_as(const struct ns *ns, const char *name, const char *rule)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		prctl(PR_SET_NAME, name);
		_exit(-finject_write(ns, "rules", rule));
	}
	if (waitpid(pid, &status, 0) != pid || status)
		fail("a child could not add '%s'", rule);
	return pid;
}

BED_TEST(authors, named)
{
	struct record record;
	char comm[32];
	pid_t pid;

	pid = add_as(&self->ns, "adder", "add id=1 seg=fin1 drop");
	finject_rules(&self->ns, "add id=2 seg=fin1 drop");
	record = rule_of(&self->ns, "1");
	EXPECT_EQ(pid, record_num(&record, "pid"));
	EXPECT_STREQ("adder", record_get(&record, "comm", comm, sizeof(comm)));
	EXPECT_EQ(0, record_num(&record, "lease"));
	EXPECT_LE(0, record_num(&record, "age"));
	record = rule_of(&self->ns, "2");
	EXPECT_EQ(getpid(), record_num(&record, "pid"));

	/* The same text changes nothing; another is another's. */
	finject_rules(&self->ns, "add id=1 seg=fin1 drop");
	record = rule_of(&self->ns, "1");
	EXPECT_EQ(pid, record_num(&record, "pid"));
	finject_rules(&self->ns, "add id=1 seg=fin2 drop");
	record = rule_of(&self->ns, "1");
	EXPECT_EQ(getpid(), record_num(&record, "pid"));
	EXPECT_STREQ("add id=1 seg=fin2 drop\nadd id=2 seg=fin1 drop\n",
		     finject_read(&self->ns, "rules"));
}

/* Age is the time since the rule was added, whoever asks for it. */
BED_TEST(authors, age)
{
	const struct timespec second = { 1, 0 };
	struct record record;

	finject_rules(&self->ns, "add id=1 seg=fin1 drop");
	record = rule_of(&self->ns, "1");
	EXPECT_GT(1000000000, record_num(&record, "age"));
	nanosleep(&second, NULL);
	finject_rules(&self->ns, "add id=2 seg=fin1 drop");
	record = rule_of(&self->ns, "1");
	EXPECT_LE(1000000000, record_num(&record, "age"));
	record = rule_of(&self->ns, "2");
	EXPECT_GT(1000000000, record_num(&record, "age"));
}

BED_TEST(authors, leased)
{
	static const char text[] = "lease\nadd id=1 seg=fin1 drop";
	int fd = ns_open(&self->ns, finject_dir(), "rules", O_RDWR);
	struct record record;

	ASSERT_LE(0, fd);
	ASSERT_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	finject_rules(&self->ns, "add id=2 seg=fin1 drop");
	record = rule_of(&self->ns, "1");
	EXPECT_EQ(1, record_num(&record, "lease"));
	record = rule_of(&self->ns, "2");
	EXPECT_EQ(0, record_num(&record, "lease"));
	close(fd);
}

/* Names that would not fit into a record. */
BED_TEST(authors, odd_names)
{
	static const char * const names[][2] = {
		{ "a b\tc\n", "a?b?c?" }, { "\xc3\xa9\xff\x7f", "????" },
		{ "x=y#", "x=y#" }, { "-", "?" }, { "", "?" },
		{ "0123456789abcdefg", "0123456789abcde" },
	};
	struct record record;
	char comm[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		finject_rules(&self->ns, "flush");
		add_as(&self->ns, names[i][0], "add id=1 seg=fin1 drop");
		record = rule_of(&self->ns, "1");
		EXPECT_STREQ(names[i][1], record_get(&record, "comm", comm,
						     sizeof(comm)));
	}
}

/* Read the pid of rule 1 in a new pid namespace; 255 for a failure. */
static int pid_seen_inside(const struct ns *ns)
{
	struct record record;
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (unshare(CLONE_NEWPID))
			_exit(255);
		pid = fork();
		if (!pid) {
			finject_rules(ns, "add id=2 seg=fin1 drop");
			record = rule_of(ns, "2");
			if (record_num(&record, "pid") != 1)
				_exit(255);
			record = rule_of(ns, "1");
			_exit(record_num(&record, "pid") != 0);
		}
		_exit(waitpid(pid, &status, 0) == pid && WIFEXITED(status) ?
		      WEXITSTATUS(status) : 255);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 255;
	return WEXITSTATUS(status);
}

BED_TEST(authors, pid_namespace)
{
	struct record record;

	finject_rules(&self->ns, "add id=1 seg=fin1 drop");
	EXPECT_EQ(0, pid_seen_inside(&self->ns));
	/* and here, a number of here, though that process has ended */
	record = rule_of(&self->ns, "2");
	EXPECT_LT(1, record_num(&record, "pid"));
}

/* Count the lines of the kernel log with both texts. */
static int logged(const char *one, const char *two)
{
	static char text[1 << 20];
	int got = klogctl(KLOG_READ_ALL, text, sizeof(text) - 1), count = 0;
	char *line, *save = NULL;

	text[got > 0 ? got : 0] = '\0';
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		count += strstr(line, one) && strstr(line, two);
	return count;
}

static const char *heading(const struct ns *ns)
{
	static char name[32];

	snprintf(name, sizeof(name), "netns %lu:", ns->inum);
	return name;
}

/* Let the limit of the log forget what others did. */
static void log_rests(void)
{
	const struct timespec rest = { 6, 0 };

	nanosleep(&rest, NULL);
}

BED_TEST(authors, log)
{
	const char *name = heading(&self->ns);
	char by[64];
	pid_t pid;

	log_rests();
	pid = add_as(&self->ns, "adder", "add id=7 seg=fin1 drop\n"
		     "add id=8 seg=fin1 drop");
	snprintf(by, sizeof(by), "first rule, by adder[%d]: add id=7 seg=fin1 drop",
		 pid);
	EXPECT_EQ(1, logged(name, "finject: "));
	EXPECT_EQ(1, logged(name, by));
	finject_rules(&self->ns, "add id=9 seg=fin1 drop");
	finject_rules(&self->ns, "flush\nadd id=9 seg=fin2 drop");
	finject_write(&self->ns, "rules", "nonsense");
	EXPECT_EQ(1, logged(name, "finject: "));
	finject_rules(&self->ns, "flush");
	EXPECT_EQ(2, logged(name, "finject: "));
	EXPECT_EQ(1, logged(name, "no rules any more"));
	finject_rules(&self->ns, "flush");
	EXPECT_EQ(2, logged(name, "finject: "));
}

/* The namespace ends with its rules. */
BED_TEST(authors, log_of_end)
{
	const char *name = heading(&self->other);

	log_rests();
	finject_rules(&self->other, "add seg=fin1 drop");
	ns_drop(&self->other);
	EXPECT_SOON(logged(name, "no rules any more") == 1);
	EXPECT_EQ(2, logged(name, "finject: "));
}

/* Rules come and go by the hundred: pairs stay pairs, and are few. */
BED_TEST(authors, log_not_flooded)
{
	enum { TURNS = 300 };
	const char *name = heading(&self->ns);
	time_t began;
	int i, first, most;
	char missed[64];

	log_rests();
	began = time(NULL);
	for (i = 0; i < TURNS; i++) {
		finject_rules(&self->ns, "add seg=fin1 drop");
		finject_rules(&self->ns, "flush");
	}
	most = 10 * ((time(NULL) - began) / 5 + 2);
	first = logged(name, "first rule");
	TH_LOG("%d of %d logged, in %ld s", first, TURNS,
	       (long)(time(NULL) - began));
	EXPECT_LE(10, first);
	EXPECT_GE(most, first);
	EXPECT_GT(TURNS, first);
	EXPECT_EQ(first, logged(name, "no rules any more"));
	EXPECT_EQ(0, logged("finject", "suppressed"));
	log_rests();
	finject_rules(&self->ns, "add seg=fin1 drop");
	EXPECT_EQ(first + 1, logged(name, "first rule"));
	/* where the window was renewed meanwhile, in several lines */
	snprintf(missed, sizeof(missed), "rules came and went %d times",
		 TURNS - first);
	EXPECT_LE(1, logged("finject: ", first == 10 ? missed :
			    "rules came and went"));
}

#define RULE	"add id=1 seg=fin1 drop\n"

static int flush(const struct ns *from, const struct ns *which)
{
	char text[32];

	snprintf(text, sizeof(text), "inum=%lu\n", which->inum);
	return finject_write(from, "flush", text);
}

BED_TEST(authors, flush_one)
{
	finject_rules(&self->ns, RULE);
	finject_rules(&self->other, RULE);
	/* A namespace knows only itself, but the initial one all. */
	EXPECT_EQ(-ENOENT, flush(&self->other, &self->ns));
	EXPECT_NE(NULL, strstr(finject_error(&self->other),
			       "there is no such namespace"));
	EXPECT_STREQ(RULE, finject_read(&self->ns, "rules"));
	EXPECT_EQ(0, flush(&self->initial, &self->ns));
	EXPECT_STREQ("", finject_read(&self->ns, "rules"));
	EXPECT_STREQ(RULE, finject_read(&self->other, "rules"));
	EXPECT_EQ(0, flush(&self->other, &self->other));
	EXPECT_STREQ("", finject_read(&self->other, "rules"));
}

BED_TEST(authors, flush_all)
{
	finject_rules(&self->ns, RULE);
	finject_rules(&self->other, RULE);
	EXPECT_EQ(0, finject_write(&self->other, "flush", "all"));
	EXPECT_STREQ("", finject_read(&self->other, "rules"));
	EXPECT_STREQ(RULE, finject_read(&self->ns, "rules"));
	finject_rules(&self->other, RULE);
	EXPECT_EQ(0, finject_write(&self->initial, "flush", "all\n"));
	EXPECT_STREQ("", finject_read(&self->ns, "rules"));
	EXPECT_STREQ("", finject_read(&self->other, "rules"));
}

BED_TEST(authors, flush_refused)
{
	static const char * const bad[] = {
		"", " ", "al", "all all", "inum", "inum=", "inum=0", "inum=x",
		"inum=-1", "inum=4294967296", "inum=1 all", "netns=1",
	};
	size_t i;

	finject_rules(&self->ns, RULE);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, finject_write(&self->ns, "flush", bad[i]))
			TH_LOG("text %zu", i);
	EXPECT_NE(NULL, strstr(finject_error(&self->ns), "all, inum=N"));
	EXPECT_EQ(-ENOENT, finject_write(&self->initial, "flush", "inum=1"));
	EXPECT_STREQ(RULE, finject_read(&self->ns, "rules"));
}

/* What a command prints first. */
static const char *first_line(const char *command)
{
	static char line[512];
	FILE *out = popen(command, "r");

	line[0] = '\0';
	if (!out || !fgets(line, sizeof(line), out))
		line[0] = '\0';
	if (out)
		pclose(out);
	return line;
}

/*
 * Nothing but a socket keeps the namespace: the tool finds it, and enters by
 * it.
 */
BED_TEST(authors, kept_by_socket)
{
	unsigned long inum = self->other.inum;
	char command[128], holder[64];
	int fd;

	if (system("command -v finject >/dev/null"))
		SKIP(return, "there is no finject");
	finject_rules(&self->other, RULE);
	fd = ns_socket(&self->other, AF_INET, SOCK_STREAM, 0);
	ASSERT_LE(0, fd);
	ns_drop(&self->other);

	snprintf(command, sizeof(command), "finject -n %lu list", inum);
	EXPECT_EQ(0, strncmp(first_line(command), RULE, strlen(RULE) - 1));
	snprintf(command, sizeof(command), "finject namespaces | grep ^%lu",
		 inum);
	snprintf(holder, sizeof(holder), " %d  authors  /proc/%d/fd/%d\n",
		 getpid(), getpid(), fd);
	EXPECT_NE(NULL, strstr(first_line(command), holder))
		TH_LOG("%s", first_line(command));
	close(fd);
	EXPECT_SOON(!*first_line(command));
}

TEST_HARNESS_MAIN
