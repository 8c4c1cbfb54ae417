// SPDX-License-Identifier: GPL-2.0-only
/*
 * Access control, and what the files disclose:
 *
 * 1. the files belong to root, with modes 0600 and 0400
 * 2. the opener of a file, not its writer, needs CAP_NET_ADMIN over the
 *    namespace: a privileged program that writes for a user without it does
 *    not help that user, and a file opened with it can be written without it,
 *    like any file
 * 3. root of a user namespace is not root
 * 4. an open file shows the namespace it was opened in, does not keep it alive,
 *    and fails with ENODEV when it is gone
 * 5. a namespace sees no other
 * 6. no file discloses a kernel address, or has a byte that is not text
 * 7. memory that finject allocates for a user is charged to the user's memory
 *    cgroup
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>

#include "harness.h"

enum {
	NOBODY = 65534,
	KLOG_READ_ALL = 3,
};

#define RULE	"add id=5 seg=fin1 port=9 drop"

static const struct {
	const char *name;
	mode_t mode;
	const char *text;	/* a valid write, NULL if read-only */
} files[] = {
	{ "rules", 0600, RULE },
	{ "held", 0600, "release all" },
	{ "stats", 0600, "zero" },
	{ "flows", 0400 },
	{ "why", 0400 },
	{ "events", 0400 },
	{ "error_log", 0400 },
	{ "namespaces", 0400 },
	{ "flush", 0200, "all" },
};

FIXTURE(access)
{
	struct ns ns;
};

FIXTURE_SETUP(access)
{
	NEED_FINJECT();
	ns_new(&self->ns);
	finject_rules(&self->ns, "# makes the directory known");
}

FIXTURE_TEARDOWN(access)
{
	ns_drop(&self->ns);
}

TEST_F(access, modes)
{
	struct stat st;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		ASSERT_EQ(0, fstatat(finject_dir(), files[i].name, &st, 0));
		EXPECT_EQ(S_IFREG | files[i].mode, st.st_mode)
			TH_LOG("%s", files[i].name);
		EXPECT_EQ(0, st.st_uid);
		EXPECT_EQ(0, st.st_gid);
	}
}

/* Run @find in a child; return its exit status: 0, or an errno. */
static int in_child(int (*find)(const struct ns *ns, int fd),
		    const struct ns *ns, int fd)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(find(ns, fd));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void drop_capability(int which)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		fail("capget: %s", strerror(errno));
	data[which / 32].effective &= ~(1U << which % 32);
	data[which / 32].permitted &= ~(1U << which % 32);
	data[which / 32].inheritable = 0;
	if (syscall(SYS_capset, &head, data))
		fail("capset: %s", strerror(errno));
}

/* Return EPERM if every write fails with it, else the first other result. */
static int write_each(const struct ns *ns)
{
	int error = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (!files[i].text)
			continue;
		error = -finject_write(ns, files[i].name, files[i].text);
		if (error != EPERM)
			break;
	}
	return error;
}

static int write_without_net_admin(const struct ns *ns, int fd)
{
	drop_capability(CAP_NET_ADMIN);
	return write_each(ns);
}

TEST_F(access, root_without_net_admin)
{
	EXPECT_EQ(EPERM, in_child(write_without_net_admin, &self->ns, -1));
	EXPECT_STREQ("", finject_read(&self->ns, "rules"));
	EXPECT_STREQ("", finject_read(&self->ns, "error_log"));
}

static int open_each(int error)
{
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fd = openat(finject_dir(), files[i].name, O_RDONLY);
		if (fd >= 0 || errno != error)
			return fd >= 0 ? 0 : errno;
		if (openat(finject_dir(), files[i].name, O_WRONLY) >= 0)
			return 0;
	}
	return error;
}

static void become(uid_t uid)
{
	if (setgid(uid) || setuid(uid))
		fail("setuid: %s", strerror(errno));
	/* else root keeps /proc/self, and no map can be written there */
	prctl(PR_SET_DUMPABLE, 1);
}

static int open_as_nobody(const struct ns *ns, int fd)
{
	finject_dir();
	become(NOBODY);
	return open_each(EACCES);
}

TEST_F(access, nobody)
{
	EXPECT_EQ(EACCES, in_child(open_as_nobody, &self->ns, -1));
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("%s: %s", path, strerror(errno));
	close(fd);
}

/* Do as unshare -Ur does. */
static bool new_user_ns(int more)
{
	uid_t uid = getuid();
	char map[32];

	if (unshare(CLONE_NEWUSER | more))
		return false;
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	put("/proc/self/uid_map", map);
	put("/proc/self/gid_map", map);
	return true;
}

enum { NO_USER_NS = 200 };

/* Open the files as root of one's own namespaces, unprivileged outside. */
static int open_as_somebodys_root(const struct ns *ns, int fd)
{
	finject_dir();
	become(NOBODY);
	if (!new_user_ns(CLONE_NEWNET | CLONE_NEWNS))
		return NO_USER_NS;
	if (!mount("debugfs", "/tmp", "debugfs", 0, NULL) || errno != EPERM)
		return errno ? errno : EEXIST;
	return open_each(EACCES);
}

TEST_F(access, root_of_a_user_namespace)
{
	int found = in_child(open_as_somebodys_root, &self->ns, -1);

	if (found == NO_USER_NS)
		SKIP(return, "no user namespaces for users");
	EXPECT_EQ(EACCES, found);
}

/* Write as the host's root, in a new user but the old network namespace. */
static int write_as_contained_root(const struct ns *ns, int fd)
{
	ns_enter(ns);
	if (!new_user_ns(0))
		return NO_USER_NS;
	fd = openat(finject_dir(), "rules", O_RDWR);
	if (fd < 0)
		return errno;
	return write(fd, RULE, strlen(RULE)) < 0 ? errno : 0;
}

TEST_F(access, contained_root)
{
	int found = in_child(write_as_contained_root, &self->ns, -1);

	if (found == NO_USER_NS)
		SKIP(return, "no user namespaces");
	EXPECT_EQ(EPERM, found);
	EXPECT_STREQ("", finject_read(&self->ns, "rules"));
}

/* Root may write in a network namespace that its user namespace owns. */
static int write_in_own_namespace(const struct ns *ns, int fd)
{
	char text[4096];
	ssize_t got;

	if (!new_user_ns(CLONE_NEWNET))
		return NO_USER_NS;
	fd = openat(finject_dir(), "rules", O_RDWR);
	if (fd < 0 || write(fd, RULE, strlen(RULE)) < 0)
		return errno;
	fd = openat(finject_dir(), "namespaces", O_RDONLY);
	got = read(fd, text, sizeof(text) - 1);
	if (got < 0)
		return errno;
	text[got] = '\0';
	return strchr(text, '\n') && !strchr(text, '\n')[1] ? 0 : ERANGE;
}

TEST_F(access, root_of_its_own_network)
{
	int found;

	finject_rules(&self->ns, RULE);
	found = in_child(write_in_own_namespace, &self->ns, -1);
	if (found == NO_USER_NS)
		SKIP(return, "no user namespaces");
	EXPECT_EQ(0, found);
	EXPECT_STREQ(RULE "\n", finject_read(&self->ns, "rules"));
}

static void send_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { }, byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(sock, &msg, 0) < 0)
		fail("sendmsg: %s", strerror(errno));
}

static int receive_fd(int sock)
{
	char control[CMSG_SPACE(sizeof(int))] = { }, byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(sock, &msg, 0) < 0 || !CMSG_FIRSTHDR(&msg))
		fail("recvmsg: %s", strerror(errno));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	return fd;
}

static int send_unprivileged(const struct ns *ns, int sock)
{
	int fd;

	drop_capability(CAP_NET_ADMIN);
	fd = ns_open(ns, finject_dir(), "rules", O_RDWR);
	if (fd < 0)
		return -fd;
	send_fd(sock, fd);
	return 0;
}

/* A privileged program writes on behalf of an unprivileged user, into a file
 * that the user opened.
 */
TEST_F(access, deputy)
{
	int pair[2], fd;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	ASSERT_EQ(0, in_child(send_unprivileged, &self->ns, pair[1]));
	fd = receive_fd(pair[0]);
	EXPECT_EQ(-1, write(fd, RULE, strlen(RULE)));
	EXPECT_EQ(EPERM, errno);
	EXPECT_STREQ("", finject_read(&self->ns, "rules"));
	close(fd);
}

static int use_as_nobody(const struct ns *ns, int fd)
{
	become(NOBODY);
	if (!new_user_ns(CLONE_NEWNET))
		unshare(0);
	return write(fd, RULE, strlen(RULE)) < 0 ? errno : 0;
}

/* The reverse: a file that is handed down acts on its opener's namespace. */
TEST_F(access, delegate)
{
	int fd = ns_open(&self->ns, finject_dir(), "rules", O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, in_child(use_as_nobody, &self->ns, fd));
	EXPECT_STREQ(RULE "\n", finject_read(&self->ns, "rules"));
	close(fd);
}

TEST_F(access, opened_elsewhere)
{
	int fd = ns_open(&self->ns, finject_dir(), "rules", O_RDWR);
	struct ns other;

	ASSERT_LE(0, fd);
	ns_new(&other);
	ns_enter(&other);
	EXPECT_EQ((ssize_t)strlen(RULE), write(fd, RULE, strlen(RULE)));
	ns_leave();
	EXPECT_STREQ(RULE "\n", finject_read(&self->ns, "rules"));
	EXPECT_STREQ("", finject_read(&other, "rules"));
	close(fd);
	ns_drop(&other);
}

static bool says_gone(int fd, const char *text)
{
	return write(fd, text, strlen(text)) < 0 && errno == ENODEV;
}

TEST_F(access, outlives_its_namespace)
{
	int fd[ARRAY_SIZE(files)];
	struct pollfd poller;
	char text[4096];
	struct ns ns;
	size_t i;

	ns_new(&ns);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fd[i] = ns_open(&ns, finject_dir(), files[i].name,
				files[i].text ? O_RDWR : O_RDONLY);
		ASSERT_LE(0, fd[i]);
	}
	finject_rules(&ns, RULE);
	ns_drop(&ns);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		if (files[i].text)
			EXPECT_SOON(says_gone(fd[i], files[i].text));
		/* at EOF: a read of events would block in a live namespace */
		poller = (struct pollfd){ .fd = fd[i], .events = POLLIN };
		if (!strcmp(files[i].name, "events")) {
			EXPECT_EQ(1, poll(&poller, 1, 20000));
			EXPECT_TRUE(poller.revents & POLLHUP);
			EXPECT_EQ(0, read(fd[i], text, sizeof(text)));
		}
		if (files[i].mode & 0400)
			EXPECT_LE(0, read(fd[i], text, sizeof(text)));
		EXPECT_EQ(0, close(fd[i]));
	}
}

TEST_F(access, namespaces)
{
	struct ns other, initial;
	char inum[32];

	ns_new(&other);
	ns_hold(&initial, "/proc/1/ns/net");
	finject_rules(&self->ns, RULE);
	finject_rules(&other, RULE);
	snprintf(inum, sizeof(inum), "inum=%lu ", other.inum);
	EXPECT_EQ(NULL, strstr(finject_read(&self->ns, "namespaces"), inum));
	EXPECT_NE(NULL, strstr(finject_read(&other, "namespaces"), inum));
	EXPECT_NE(NULL, strstr(finject_read(&initial, "namespaces"), inum));
	snprintf(inum, sizeof(inum), "inum=%lu ", self->ns.inum);
	EXPECT_NE(NULL, strstr(finject_read(&initial, "namespaces"), inum));
	EXPECT_EQ(NULL, strstr(finject_read(&other, "namespaces"), inum));
	ns_drop(&other);
}

/* Sixteen hex digits in a row are an address, or one hashed by %p. */
static bool has_address(const char *text)
{
	const char *at;
	size_t digits;

	for (at = text; *at; at += digits ? digits : 1) {
		digits = strspn(at, "0123456789abcdefABCDEF");
		if (digits == 16 && (!strncasecmp(at, "ffff", 4) ||
				     !strncmp(at, "00000000", 8)))
			return true;
	}
	return strstr(text, "ptrval") || strstr(text, "(null)");
}

static bool is_text(const char *text)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text) && *text != '\n')
			return false;
	return true;
}

FIXTURE(told)
{
	struct bed bed;
};

FIXTURE_SETUP(told)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET6);
}

FIXTURE_TEARDOWN(told)
{
	EXPECT_BALANCED(&self->bed);
}

static const char *ours_in_the_log(void)
{
	static char text[1 << 18];
	static char ours[1 << 16];
	char *line, *save = NULL;
	size_t len = 0;
	int got = klogctl(KLOG_READ_ALL, text, sizeof(text) - 1);

	text[got > 0 ? got : 0] = '\0';
	ours[0] = '\0';
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (strstr(line, "finject") &&
		    len + strlen(line) + 2 < sizeof(ours))
			len += sprintf(ours + len, "%s\n", line);
	return ours;
}

/* No file is empty; error_log was given bytes that must not be printed. */
BED_TEST(told, no_address)
{
	static const char * const bad[] = {
		"add seg=fin1 %p%p%s%n drop", "add \033[31mseg=\xff\x80 drop",
		"add seg=fin1 drop \x7f\x01", "%p", "del id=99",
	};
	struct bed *bed = &self->bed;
	char text[8192];
	size_t i;
	int fd;

	/* a longer write: none of it may show behind a shorter one */
	finject_write(bed->a.ns, "rules", RULE);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(-EINVAL, finject_write(bed->a.ns, "rules", bad[i]));
	fd = ns_open(bed->a.ns, finject_dir(), "events",
		     O_RDONLY | O_NONBLOCK);
	ASSERT_LE(0, fd);
	bed_connect(bed);
	finject_rules(bed->a.ns, "flush\nadd seg=fin1 nth=1 hold=x max=60s\n"
		      "add seg=ack drop iif=fj0 mark=0x1/0xffffffff seed=7 probability=5%%");
	conn_shut(bed->a.fd);
	ASSERT_SOON(finject_total(bed->a.ns, "parked") == 1);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const char *all;

		if (!strcmp(files[i].name, "events") ||
		    !(files[i].mode & 0400))
			continue;
		all = finject_read(bed->a.ns, files[i].name);
		EXPECT_NE('\0', *all) TH_LOG("%s is empty", files[i].name);
		EXPECT_TRUE(is_text(all)) TH_LOG("%s: %s", files[i].name, all);
		EXPECT_FALSE(has_address(all))
			TH_LOG("%s: %s", files[i].name, all);
	}
	fd = read(fd, text, sizeof(text) - 1);
	ASSERT_LT(0, fd);
	text[fd] = '\0';
	EXPECT_TRUE(is_text(text));
	EXPECT_FALSE(has_address(text)) TH_LOG("events: %s", text);
	EXPECT_FALSE(has_address(ours_in_the_log()))
		TH_LOG("%s", ours_in_the_log());
}

/* has_address() must tell addresses from other numbers. */
TEST(address_is_seen)
{
	EXPECT_TRUE(has_address("x=ffff888004a3b2c1 y"));
	EXPECT_TRUE(has_address("x=00000000deadbeef"));
	EXPECT_FALSE(has_address("t=1767225600000000000 inum=4026531840"));
	EXPECT_FALSE(has_address("[2001:db8:ffff:ffff::1]:80 mark=0xffffffff"));
	EXPECT_FALSE(is_text("a\tb\1"));
}

/* Memory accounting, by cgroup v2. */
#define GROUPS	"/tmp/finject-cgroups"

FIXTURE(memory)
{
	bool mounted;
};

static bool group_make(void)
{
	char controllers[256] = "";
	int fd;

	mkdir(GROUPS, 0700);
	if (mount("none", GROUPS, "cgroup2", 0, NULL))
		return false;
	fd = open(GROUPS "/cgroup.controllers", O_RDONLY);
	if (fd < 0 || read(fd, controllers, sizeof(controllers) - 1) < 0 ||
	    !strstr(controllers, "memory"))
		return false;
	close(fd);
	put(GROUPS "/cgroup.subtree_control", "+memory");
	return !mkdir(GROUPS "/user", 0700) || errno == EEXIST;
}

FIXTURE_SETUP(memory)
{
	NEED_FINJECT();
	self->mounted = group_make();
}

FIXTURE_TEARDOWN(memory)
{
	rmdir(GROUPS "/user");
	umount2(GROUPS, MNT_DETACH);
	rmdir(GROUPS);
}

static long charged(void)
{
	char text[32] = "";
	int fd = open(GROUPS "/user/memory.current", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		fail("memory.current: %s", strerror(errno));
	close(fd);
	return atol(text);
}

/* Charge the caller from here on, but not for finject_dir(). */
static void group_enter(void)
{
	finject_dir();
	put(GROUPS "/user/cgroup.procs", "0");
}

/* Return 64 kB units: an exit status has 8 bits. */
static int charged_for_events(const struct ns *ns, int fd)
{
	long before;

	group_enter();
	before = charged();
	fd = ns_open(ns, finject_dir(), "events", O_RDONLY);
	if (fd < 0)
		return 0;
	return (charged() - before) >> 16;
}

static int charged_for_rules(const struct ns *ns, int fd)
{
	long before;
	int i;

	group_enter();
	before = charged();
	for (i = 0; i < 200; i++)
		finject_rules(ns, "add seg=fin1 port=%d hold=tag%d", i + 1, i);
	return (charged() - before) >> 12;
}

enum { NAMESPACES = 128 };

/* Exact to the byte: memory.current changes in steps of 256 kB. */
static long charged_slab(void)
{
	static const char key[] = "\nslab_unreclaimable ";
	static char text[16384];
	int fd = open(GROUPS "/user/memory.stat", O_RDONLY);
	const char *at;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		fail("memory.stat: %s", strerror(errno));
	close(fd);
	at = strstr(text, key);
	if (!at)
		fail("memory.stat has no slab_unreclaimable");
	return atol(at + strlen(key));
}

/* Open a file in each namespace of the array @first, and leave it open. */
static int charged_for_namespaces(const struct ns *first, int fd)
{
	long before;
	int i;

	group_enter();
	before = charged_slab();
	for (i = 0; i < NAMESPACES; i++)
		ns_open(&first[i], finject_dir(), "rules", O_RDONLY);
	return (charged_slab() - before) >> 12;
}

TEST_F(memory, charged)
{
	struct ns ns, many[NAMESPACES];
	int found, i;

	if (!self->mounted)
		SKIP(return, "no cgroup v2 with memory (CONFIG_MEMCG)");
	ns_new(&ns);
	found = in_child(charged_for_events, &ns, -1);
	TH_LOG("a ring of events: %d kB", found << 6);
	EXPECT_LT(finject_param("max_events") * 100 >> 16, found);
	found = in_child(charged_for_rules, &ns, -1);
	TH_LOG("200 rules: %d kB", found << 2);
	EXPECT_LT(200 * 300 >> 12, found);
	ns_drop(&ns);

	for (i = 0; i < NAMESPACES; i++)
		ns_new(&many[i]);
	found = in_child(charged_for_namespaces, many, -1);
	TH_LOG("%d namespaces: %d kB", NAMESPACES, found << 2);
	EXPECT_LT(NAMESPACES * 1024 >> 12, found);
	for (i = 0; i < NAMESPACES; i++)
		ns_drop(&many[i]);
}

TEST_HARNESS_MAIN
