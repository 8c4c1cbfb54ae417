// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"
#include "conn.h"
#include "diag.h"
#include "matrix_link.h"
#include "refuse.h"

enum {
	SIZE = 100,		/* of what is sent at once, bytes */
	PATTERN = 251,
};

static const u64 answer = 500 * MSEC;
static const u64 patience = 150 * SEC;	/* more than any fault takes */
static const u64 last_chance = 10 * SEC;

/**
 * matrix_rule_id() - get the id of the rule that makes a fault
 * @link: number of the connection in its batch
 * @fault: 0 or 1
 */
unsigned int matrix_rule_id(size_t link, unsigned int fault)
{
	return 2 * link + fault + 1;
}

/**
 * matrix_link_open() - connect, from A to the listener of B
 * @link: the connection; @one is set
 * @run: the bed
 * @port: of A
 *
 * Return: 0, or not 0 after a sentence.
 */
int matrix_link_open(struct matrix_link *link, struct experiment *run,
		     unsigned int port)
{
	enum matrix_first first = matrix_first(link->one->close);
	int one = 1;

	for (int i = HOST_A; i <= HOST_B; i++) {
		link->end[i] = (struct matrix_end){
			.fd = -1,
			.closes = first == FIRST_BOTH || (int)first == i,
		};
		link->at[i] = run->at[i];
	}
	addr_set_port(&link->at[HOST_A], port);
	if (addr_of(&link->at[HOST_B], run->listener[HOST_B], false))
		return REFUSED;
	link->end[HOST_A].fd = conn_connect(&run->ns[HOST_A], &link->at[HOST_A],
					    &link->at[HOST_B]);
	if (link->end[HOST_A].fd < 0)
		return REFUSED;
	link->end[HOST_B].fd = conn_accept(run->listener[HOST_B]);
	if (link->end[HOST_B].fd < 0)
		return REFUSED;
	for (int i = HOST_A; i <= HOST_B; i++)
		setsockopt(link->end[i].fd, IPPROTO_TCP, TCP_NODELAY, &one,
			   sizeof(one));
	return 0;
}

static void end_send(struct matrix_end *end)
{
	char data[SIZE];
	ssize_t done;

	for (int i = 0; i < SIZE; i++)
		data[i] = (end->sent + i) % PATTERN;
	done = send(end->fd, data, SIZE, MSG_NOSIGNAL);
	if (done > 0)
		end->sent += done;
	else if (errno != EAGAIN && !end->error)
		end->error = errno;
}

/**
 * matrix_link_talk() - let both ends send before anyone closes
 * @link: the connection
 */
void matrix_link_talk(struct matrix_link *link)
{
	end_send(&link->end[HOST_A]);
	end_send(&link->end[HOST_B]);
}

static bool end_is_pattern(const struct matrix_end *end, const char *data,
			   size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] != (char)((end->came + i) % PATTERN))
			return false;
	return true;
}

/* Read all that is there. */
static void end_read(struct matrix_end *end)
{
	char data[4 * SIZE];
	ssize_t got;

	while ((got = recv(end->fd, data, sizeof(data), 0)) > 0) {
		end->altered |= !end_is_pattern(end, data, got);
		end->came += got;
	}
	if (!got)
		end->eof = true;
	else if (errno != EAGAIN)
		end->error = errno;
}

static void end_begin(struct matrix_end *end, enum matrix_how how)
{
	if (how == HOW_SHUTDOWN) {
		shutdown(end->fd, SHUT_WR);
		end->due = clock_now() + patience;
	} else if (how == HOW_LINGER0) {
		conn_reset(&end->fd);
	} else {
		conn_close(&end->fd);
	}
}

/**
 * matrix_link_begin() - read what was sent, and close
 * @link: the connection
 *
 * When both ends close, they do so one right after the other; that they cross
 * is a matter of the rules.
 */
void matrix_link_begin(struct matrix_link *link)
{
	enum matrix_how how = matrix_how(link->one->close);

	for (int i = HOST_A; i <= HOST_B; i++)
		if (!link->end[i].closes || how != HOW_UNREAD)
			end_read(&link->end[i]);
	for (int i = HOST_A; i <= HOST_B; i++) {
		if (link->end[i].closes)
			end_begin(&link->end[i], how);
		else
			link->end[i].due = clock_now() + patience;
	}
}

/**
 * matrix_end_reads() - check whether an end waits for something to read
 * @end: the end
 */
bool matrix_end_reads(const struct matrix_end *end)
{
	return end->fd >= 0 && !end->eof && !end->error;
}

/**
 * matrix_end_ready() - let the program of an end read
 * @link: the connection
 * @host: which end
 *
 * One that closes first closes its half-closed socket when the other end has
 * ended, too. The other one answers an end of file after half a second, and
 * before that, when it may, it sends data into the half-closed connection.
 */
void matrix_end_ready(struct matrix_link *link, enum host host)
{
	struct matrix_end *end = &link->end[host];

	end_read(end);
	if (end->eof && !end->closes) {
		if (matrix_how(link->one->close) == HOW_SHUTDOWN) {
			end_send(end);
			end_send(end);
		}
		end->due = clock_now() + answer;
	} else if (end->eof || end->error) {
		conn_close(&end->fd);
	}
}

/**
 * matrix_end_due() - let the program of an end do what it does of itself
 * @link: the connection
 * @host: which end
 *
 * One that has waited in vain for long asks once by sending, and closes.
 */
void matrix_end_due(struct matrix_link *link, enum host host)
{
	struct matrix_end *end = &link->end[host];

	if (end->fd < 0 || !end->due || clock_now() < end->due)
		return;
	if (end->closes || end->eof || end->error || end->silent) {
		if (!end->eof && !end->error)
			end->gave_up = clock_now();
		conn_close(&end->fd);
		return;
	}
	end->silent = true;
	end_send(end);
	end->due = clock_now() + last_chance;
}

/**
 * matrix_link_gone() - check whether nothing is left of either socket
 * @link: the connection
 * @run: the bed
 */
bool matrix_link_gone(struct matrix_link *link, const struct experiment *run)
{
	bool gone = true;

	for (int i = HOST_A; i <= HOST_B; i++) {
		struct matrix_end *end = &link->end[i];
		struct diag found;

		if (end->fd < 0 && !end->gone)
			end->gone = diag_find(run->diag[i], &link->at[i],
					      &link->at[!i], &found) == -ENOENT;
		gone &= end->gone;
	}
	return gone;
}

/**
 * matrix_link_close() - leave nothing behind
 * @link: the connection
 */
void matrix_link_close(struct matrix_link *link)
{
	for (int i = HOST_A; i <= HOST_B; i++)
		conn_close(&link->end[i].fd);
}
