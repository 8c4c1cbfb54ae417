// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two threads read one descriptor of events, best on several CPUs: each record
 * is read once, and the end of file only when the namespace is gone.
 */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "harness.h"

enum { CLOSES = 60 };

struct reader {
	pthread_t thread;
	int fd;
	size_t records;
	size_t ends;		/* reads that returned 0 */
};

static void *read_on(void *arg)
{
	struct reader *reader = arg;
	char text[600];
	ssize_t got, i;

	while ((got = read(reader->fd, text, sizeof(text))) > 0)
		for (i = 0; i < got; i++)
			reader->records += text[i] == '\n';
	reader->ends += got == 0;
	return NULL;
}

FIXTURE(readers)
{
	struct bed bed;
};

FIXTURE_SETUP(readers)
{
	NEED_FINJECT();
	bed_open(&self->bed, VETH, AF_INET);
}

FIXTURE_TEARDOWN(readers)
{
	EXPECT_BALANCED(&self->bed);
}

BED_TEST(readers, of_one_descriptor)
{
	struct bed *bed = &self->bed;
	struct reader reader[2] = { };
	size_t want, i;

	bed_connect(bed);
	reader[0].fd = ns_open(bed->a.ns, finject_dir(), "events", O_RDONLY);
	ASSERT_LE(0, reader[0].fd);
	events_forget(bed->a.ev);
	for (i = 0; i < 2; i++) {
		reader[i].fd = reader[0].fd;
		ASSERT_EQ(0, pthread_create(&reader[i].thread, NULL, read_on,
					    &reader[i]));
	}
	for (i = 0; i < CLOSES; i++) {
		conn_close(&bed->a.fd);
		conn_close(&bed->b.fd);
		bed->a.fd = conn_connect(bed->a.ns, NULL, &bed->server);
		bed->b.fd = conn_accept(bed->listener);
	}
	events_count(bed->a.ev, NULL, FIN1);
	want = bed->a.ev->count;
	EXPECT_LT(CLOSES, want);
	EXPECT_SOON(reader[0].records + reader[1].records >= want);
	EXPECT_EQ(want, reader[0].records + reader[1].records);
	EXPECT_EQ(0, reader[0].ends + reader[1].ends);
	for (i = 0; i < 2; i++)
		pthread_cancel(reader[i].thread);
	for (i = 0; i < 2; i++)
		pthread_join(reader[i].thread, NULL);
	close(reader[0].fd);
}

TEST_HARNESS_MAIN
