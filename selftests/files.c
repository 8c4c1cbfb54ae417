// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile root: several processes at once use the files of finject in every
 * possible way, while connections close under the rules that these write.
 *
 * 1. nothing fails with an undocumented errno
 * 2. rules can be written back as they were read, and are the same set again
 * 3. in the end every segment is accounted for, nothing is parked, and the
 *    slabs are empty
 *
 * COUNT is the number of operations in all, SEED chooses them.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "packet.h"
#include "slab.h"

enum {
	COUNT = 20000,
	WORKERS = 3,
	DESCRIPTORS = 24,	/* open at once in each worker */
	TEXT_MAX = 80000,
	WRITE_MAX = 4194304,	/* bytes that one write may have */
	RARE = 150,		/* one in so many is slow: processes, threads */
	FLOWS = 500,		/* a read at a far offset skips all of them */
};

static const char * const files[] = {
	"rules", "rules", "rules", "held", "stats", "why", "flows", "events",
	"error_log", "namespaces", "flush",
};

static const char * const lines[] = {
	"add seg=fin1 delay=1ms jitter=1ms probability=60%",
	"add seg=fin,ack nth=1 delay=3ms jitter=2ms dist=normal probability=50%",
	"add seg=fin2 duplicate=2 gap=1ms",
	"add seg=ack2 duplicate=3 probability=30% seed=7",
	"add seg=fin nth=1 hold=x gather=2 max=20ms",
	"add seg=fin2 hold=y max=15ms\nadd seg=ack1 pass release=y",
	"add seg=fin1 nth=1 reset=both probability=20%",
	"add seg=fin2 reset=sender interval=7",
	"add seg=fin2 dir=in reset=receiver interval=5",
	"add seg=all drop probability=5% per=flow",
	"add seg=ack1 pure nth=1 drop interval=3 times=9 skip=2",
	"add seg=all delay=2ms jitter=2ms dist=pareto hook=input",
	"add seg=fin hook=output delay=1ms probability=40%",
	"add seg=all family=ipv6 src=fd07::/16 port=1-65535 pass",
	"add seg=rst by=passive dir=out iif=lo oif=lo mark=0x1/0xff drop",
	"add id=7 seg=fin delay=5ms timeout=4ms",
	"add id=7 simultaneous addr=10.0.0.0/8 sport=80 dport=8080 drop",
	"del id=7",
	"flush",
	"lease\nadd seg=data delay=1ms",
	"# nothing",
	"release all", "release tag=x", "release id=3",
	"drop all", "drop tag=y",
	"zero",
};

/* The errors that finject.rst and rules.rst document, and those with which the
 * kernel itself refuses a senseless call.
 */
static bool is_documented(int error)
{
	switch (error) {
	case EINVAL:		/* refused text, room for less than a line */
	case E2BIG:
	case ENOSPC:
	case ENOENT:		/* nothing parked there */
	case EEXIST:		/* a lease takes over no rule */
	case ENODEV:		/* the namespace is gone */
	case EAGAIN:		/* no event yet */
	case EBADF:		/* not open for that */
	case ESPIPE:		/* events is a stream */
	case EFAULT:		/* a bad address */
	case EOVERFLOW:		/* sendfile from beyond any file */
		return true;
	default:
		return false;
	}
}

/**
 * struct shared - the results of all workers
 * @done: number of operations
 * @succeeded: number of those that succeeded
 * @error: the first undocumented errno
 * @doing: the operation that failed with it
 * @wrong: a description of the first other fault
 */
struct shared {
	unsigned long done;
	unsigned long succeeded;
	int error;
	const char *doing;
	char wrong[512];
};

/**
 * struct worker - one of the processes
 * @shared: the results, shared by all
 * @dice: its dice
 * @ns: A's namespace, B's, and its own
 * @fd: descriptors, -1 for none
 * @text: buffer for writes and reads
 */
struct worker {
	struct shared *shared;
	struct dice dice;
	struct ns ns[3];
	int fd[DESCRIPTORS];
	char *text;
};

static __u32 roll(struct worker *w, __u32 sides)
{
	return dice_throw(&w->dice, sides);
}

static void outcome(struct worker *w, const char *doing, ssize_t result)
{
	int error = errno;

	__atomic_add_fetch(&w->shared->done, 1, __ATOMIC_RELAXED);
	if (result >= 0) {
		__atomic_add_fetch(&w->shared->succeeded, 1, __ATOMIC_RELAXED);
	} else if (!is_documented(error) && !w->shared->error) {
		w->shared->doing = doing;
		w->shared->error = error;
	}
}

static void wrong(struct worker *w, const char *what, const char *text)
{
	if (!w->shared->wrong[0])
		snprintf(w->shared->wrong, sizeof(w->shared->wrong), "%s: %.400s",
			 what, text);
}

static int any_fd(struct worker *w)
{
	return w->fd[roll(w, DESCRIPTORS)];
}

static int open_in(struct worker *w, const struct ns *ns)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR, O_RDWR,
				     O_RDWR | O_APPEND };
	const char *file = files[roll(w, ARRAY_SIZE(files))];
	int fd = ns_open(ns, finject_dir(), file,
			 modes[roll(w, ARRAY_SIZE(modes))] | O_NONBLOCK);

	if (fd < 0)
		errno = -fd;
	return fd < 0 ? -1 : fd;
}

static void do_open(struct worker *w)
{
	unsigned int slot = roll(w, DESCRIPTORS);

	if (w->fd[slot] >= 0)
		close(w->fd[slot]);
	w->fd[slot] = open_in(w, &w->ns[roll(w, 3)]);
	outcome(w, "open", w->fd[slot]);
}

static size_t good_text(struct worker *w)
{
	unsigned int count = 1 + roll(w, 4);
	size_t len = 0;

	if (roll(w, 3) == 0)
		len += sprintf(w->text, "flush\n");
	while (count--)
		len += sprintf(w->text + len, "%s%s",
			       lines[roll(w, ARRAY_SIZE(lines))],
			       count ? "\n" : "");
	return len;
}

static size_t one_line(struct worker *w)
{
	return sprintf(w->text, "%s", lines[roll(w, ARRAY_SIZE(lines))]);
}

static size_t mutated_text(struct worker *w)
{
	size_t len = good_text(w), at, count = 1 + roll(w, 4);

	while (count--) {
		at = roll(w, len);
		switch (roll(w, 4)) {
		case 0:
			w->text[at] = roll(w, 256);
			break;
		case 1:
			w->text[at] ^= 1 << roll(w, 8);
			break;
		case 2:
			memmove(w->text + at, w->text + at + 1, len - at - 1);
			len -= len > 1;
			break;
		default:
			memmove(w->text + at + 1, w->text + at, len - at);
			len++;
			break;
		}
	}
	return len;
}

static size_t noise_text(struct worker *w)
{
	size_t len = roll(w, 2000), i;

	for (i = 0; i < len; i++)
		w->text[i] = roll(w, 256);
	return len;
}

/* Return a size near a bound: of a line, or, seldom, of a write. */
static size_t huge_text(struct worker *w)
{
	static const size_t sizes[] = { 1022, 1023, 1024, 1025, 4096, 65536,
					TEXT_MAX };
	size_t len = sizes[roll(w, ARRAY_SIZE(sizes))], i;

	if (!roll(w, 20))
		len = WRITE_MAX - 1 + roll(w, 3);
	memset(w->text, "# x\n"[roll(w, len < WRITE_MAX - 1 ? 4 : 3)], len);
	for (i = 0; i + 40 < len && roll(w, 64); i += 30)
		memcpy(w->text + i, "\nadd seg=fin1 drop port=9     ", 30);
	return len;
}

static size_t some_text(struct worker *w)
{
	switch (roll(w, 16)) {
	case 0:
		return huge_text(w);
	case 1:
		return noise_text(w);
	case 2:
	case 3:
		return mutated_text(w);
	case 4:
		return 0;
	case 5:
	case 6:
	case 7:
		return one_line(w);
	default:
		return good_text(w);
	}
}

static void do_write(struct worker *w)
{
	size_t len = some_text(w);

	outcome(w, "write", write(any_fd(w), w->text, len));
}

static void do_pwrite(struct worker *w)
{
	size_t len = some_text(w);

	outcome(w, "pwrite", pwrite(any_fd(w), w->text, len,
				    (__s64)roll(w, 0) << roll(w, 31)));
}

static void do_writev(struct worker *w)
{
	struct iovec iov[4];
	size_t len = some_text(w), step = len / 4 + 1, at = 0;
	int i;

	for (i = 0; i < 4; i++) {
		iov[i].iov_base = w->text + at;
		iov[i].iov_len = len - at < step ? len - at : step;
		at += iov[i].iov_len;
	}
	outcome(w, "writev", writev(any_fd(w), iov, 4));
}

static size_t some_size(struct worker *w)
{
	return roll(w, 3) ? roll(w, 600) : roll(w, TEXT_MAX);
}

/* Every byte that is read is text: no other ever leaves the kernel. */
static void look_at(struct worker *w, ssize_t len)
{
	char text[64];
	ssize_t i;

	for (i = 0; i < len; i++) {
		if (isprint((unsigned char)w->text[i]) || w->text[i] == '\n')
			continue;
		snprintf(text, sizeof(text), "byte %zd is 0x%02x", i,
			 (unsigned char)w->text[i]);
		wrong(w, "what was read", text);
		return;
	}
}

static void do_read(struct worker *w)
{
	ssize_t got = read(any_fd(w), w->text, some_size(w));

	outcome(w, "read", got);
	look_at(w, got);
}

static void do_pread(struct worker *w)
{
	ssize_t got = pread(any_fd(w), w->text, some_size(w),
			    roll(w, 2) ? roll(w, 3000) :
				     (__s64)roll(w, 0) << roll(w, 31));

	outcome(w, "pread", got);
	look_at(w, got);
}

static void do_seek(struct worker *w)
{
	static const int from[] = { SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA,
				    99 };

	outcome(w, "lseek", lseek(any_fd(w),
				  (__s64)(__s32)roll(w, 0) << roll(w, 31),
				  from[roll(w, ARRAY_SIZE(from))]));
}

static void do_poll(struct worker *w)
{
	struct pollfd fds[3];
	int i;

	for (i = 0; i < 3; i++)
		fds[i] = (struct pollfd){ .fd = any_fd(w),
					  .events = roll(w, 1 << 11) };
	outcome(w, "poll", poll(fds, 3, 0));
}

static void do_dup(struct worker *w)
{
	unsigned int slot = roll(w, DESCRIPTORS);
	int fd = dup(any_fd(w));

	if (fd >= 0) {
		if (w->fd[slot] >= 0)
			close(w->fd[slot]);
		w->fd[slot] = fd;
	}
	outcome(w, "dup", fd);
}

static void do_bad_address(struct worker *w)
{
	void *nowhere = mmap(NULL, 4096, PROT_NONE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (roll(w, 2))
		outcome(w, "read to nowhere", read(any_fd(w), nowhere, 4096));
	else
		outcome(w, "write from nowhere", write(any_fd(w), nowhere, 64));
	munmap(nowhere, 4096);
}

static void do_send(struct worker *w)
{
	int pipe_fd[2], from = any_fd(w), to = any_fd(w);

	if (pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK))
		fail("pipe: %s", strerror(errno));
	outcome(w, "sendfile", sendfile(pipe_fd[1], from, NULL,
					some_size(w)));
	outcome(w, "splice from", splice(from, NULL, pipe_fd[1], NULL, 4096,
					 SPLICE_F_NONBLOCK));
	outcome(w, "splice to", splice(pipe_fd[0], NULL, to, NULL, 4096,
				       SPLICE_F_NONBLOCK));
	close(pipe_fd[0]);
	close(pipe_fd[1]);
}

/* Write in a child, perhaps a lease; it dies at once, or with its parent. */
static void do_fork(struct worker *w)
{
	size_t len = good_text(w);
	pid_t pid = fork();
	int status;

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		outcome(w, "write of a child", write(any_fd(w), w->text, len));
		if (roll(w, 2))
			kill(getpid(), SIGKILL);
		_exit(0);
	}
	waitpid(pid, &status, 0);
}

static void *write_on(void *arg)
{
	struct worker *w = arg;
	const char *line = "add id=9 seg=fin1 delay=1ms\nadd id=8 seg=fin drop";
	int fd = w->fd[0], i;

	for (i = 0; i < 8; i++)
		outcome(w, "write of a thread", write(fd, line, strlen(line)));
	return NULL;
}

static void do_threads(struct worker *w)
{
	pthread_t thread[2];
	int i;

	for (i = 0; i < 2; i++)
		if (pthread_create(&thread[i], NULL, write_on, w))
			fail("no thread");
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
}

/* Keep a descriptor that outlives its namespace. */
static void do_orphan(struct worker *w)
{
	unsigned int slot = roll(w, DESCRIPTORS);
	struct ns ns;

	ns_new(&ns);
	if (w->fd[slot] >= 0)
		close(w->fd[slot]);
	w->fd[slot] = open_in(w, &ns);
	outcome(w, "open", w->fd[slot]);
	ns_drop(&ns);
}

static size_t slurp(struct worker *w, const struct ns *ns, char *to)
{
	int fd = ns_open(ns, finject_dir(), "rules", O_RDONLY);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		fail("rules: %s", strerror(-fd));
	while ((got = read(fd, to + len, TEXT_MAX - 1 - len)) > 0)
		len += got;
	close(fd);
	to[len] = '\0';
	return len;
}

/* Write the rules of any namespace into our own, and read them again. */
static void do_round_trip(struct worker *w)
{
	static char text[TEXT_MAX + 8], again[TEXT_MAX];
	struct ns *own = &w->ns[2];
	int error;

	strcpy(text, "flush\n");
	slurp(w, &w->ns[roll(w, 3)], text + 6);
	error = finject_write(own, "rules", text);
	if (error && error != -E2BIG)
		wrong(w, "rules cannot be written back", finject_error(own));
	outcome(w, "rules written back", 0);
	if (error)
		return;
	slurp(w, own, again);
	/* a rule with timeout= may have ended already */
	if (strcmp(text + 6, again) && !strstr(text, "timeout="))
		wrong(w, "rules are not the same again", again);
}

static void (*const operations[])(struct worker *w) = {
	do_open, do_open, do_open, do_write, do_write, do_write, do_write,
	do_pwrite, do_writev, do_read, do_read, do_read, do_pread, do_seek,
	do_poll, do_dup, do_bad_address, do_send,
};

static void (*const rare[])(struct worker *w) = {
	do_fork, do_threads, do_orphan, do_round_trip, do_round_trip,
};

static void work(struct worker *w, unsigned long until)
{
	int i;

	for (i = 0; i < DESCRIPTORS; i++)
		w->fd[i] = -1;
	w->text = malloc(WRITE_MAX + 4096);
	ns_new(&w->ns[2]);
	while (__atomic_load_n(&w->shared->done, __ATOMIC_RELAXED) < until) {
		if (roll(w, RARE))
			operations[roll(w, ARRAY_SIZE(operations))](w);
		else
			rare[roll(w, ARRAY_SIZE(rare))](w);
	}
	if (finject_unbalanced(&w->ns[2]))
		wrong(w, "out of balance", finject_unbalanced(&w->ns[2]));
}

FIXTURE(files)
{
	struct bed bed;
	struct shared *shared;
	pid_t traffic[2];
	long max_flows;
};

/* The server reads to the end and closes, the clients close first. */
static void serve(int listener)
{
	char buf[512];
	int fd;

	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		if (WAIT_FOR(recv(fd, buf, sizeof(buf), MSG_DONTWAIT) == 0,
			     20 * MSEC))
			send(fd, "y", 1, MSG_NOSIGNAL);
		close(fd);
	}
}

static void dial(const struct addr *to)
{
	struct timeval patience = { .tv_usec = 100000 };
	int fd;

	for (;;) {
		fd = socket(to->sa.sa_family, SOCK_STREAM, 0);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
			   sizeof(patience));
		if (!connect(fd, &to->sa, to->len))
			send(fd, "x", 1, MSG_NOSIGNAL);
		close(fd);
		clock_rest(5 * MSEC);
	}
}

static pid_t start(const struct ns *ns)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(0);
		if (ns)
			ns_enter(ns);
	}
	return pid;
}

static void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

FIXTURE_SETUP(files)
{
	struct bed *bed = &self->bed;

	NEED_FINJECT();
	ASSERT_TRUE(slabs_settle());
	bed_open(bed, VETH, AF_INET);
	bed_sysctl(bed, "net/ipv4/tcp_max_tw_buckets", "100");
	bed_sysctl(bed, "net/ipv4/tcp_orphan_retries", "1");
	self->max_flows = finject_param("max_flows");
	finject_param_set("max_flows", FLOWS);
	self->shared = mmap(NULL, sizeof(*self->shared),
			    PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->shared);
}

FIXTURE_TEARDOWN(files)
{
	finject_param_set("max_flows", self->max_flows);
	EXPECT_BALANCED(&self->bed);
	/* RCU, and the end of namespaces, free the last of them; a FIN_WAIT2
	 * may last for a minute
	 */
	EXPECT_TRUE(WAIT_FOR(slabs_idle(), 120 * SEC));
}

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 0) : otherwise;
}

static void traffic_start(struct bed *bed, pid_t traffic[2])
{
	int i;

	traffic[0] = start(bed->b.ns);
	if (!traffic[0]) {
		i = fcntl(bed->listener, F_GETFL);
		fcntl(bed->listener, F_SETFL, i & ~O_NONBLOCK);
		serve(bed->listener);
	}
	traffic[1] = start(bed->a.ns);
	if (!traffic[1])
		dial(&bed->server);
}

static void traffic_stop(pid_t traffic[2])
{
	end_process(traffic[1]);
	end_process(traffic[0]);
}

TEST_F_TIMEOUT(files, hammered, 36000)
{
	unsigned long count = number("COUNT", COUNT);
	pid_t pid[WORKERS];
	int i, status;

	traffic_start(&self->bed, self->traffic);
	for (i = 0; i < WORKERS; i++) {
		pid[i] = start(NULL);
		if (!pid[i]) {
			struct worker w = { .shared = self->shared };

			dice_seed(&w.dice, number("SEED", 1) * 101 + i);
			w.ns[0] = self->bed.ns[0];
			w.ns[1] = self->bed.ns[1];
			work(&w, count);
			_exit(0);
		}
	}
	for (i = 0; i < WORKERS; i++) {
		EXPECT_EQ(pid[i], waitpid(pid[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	traffic_stop(self->traffic);
	EXPECT_EQ(0, self->shared->error)
		TH_LOG("%s: %s", self->shared->doing,
		       strerror(self->shared->error));
	EXPECT_STREQ("", self->shared->wrong);
	EXPECT_LE(count, self->shared->done);
	/* The operations are not mere failures. */
	EXPECT_LT(count / 4, self->shared->succeeded);
	TH_LOG("%lu operations, %lu succeeded", self->shared->done,
	       self->shared->succeeded);
}

TEST_HARNESS_MAIN
