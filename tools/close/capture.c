// SPDX-License-Identifier: GPL-2.0-only
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture.h"
#include "capture_file.h"
#include "capture_link.h"
#include "capture_order.h"
#include "capture_progress.h"
#include "capture_table.h"
#include "log.h"
#include "pcapng_read.h"
#include "refuse.h"

/* The clock is asked once in so many packets. */
enum { PROGRESS = 4096 };

/**
 * struct capture - a capture that is being read
 * @name: of the file
 * @in: the file, which is @pcap's
 * @pcap: libpcap's reader; NULL when the file was read already, since it has
 *	records of finject in it
 * @type: DLT_* of its packets
 * @interfaces: it begins with more than one interface
 * @emptied: no packet is left in the file
 * @ended: nothing is left
 * @order: segments that wait for earlier ones
 * @table: closes that are under way
 * @packets: number of packets of each kind
 * @all: number of packets
 * @progress: a line for the user
 * @status: DONE, or USAGE
 */
struct capture {
	const char *name;
	FILE *in;
	pcap_t *pcap;
	int type;
	bool interfaces;
	bool emptied;
	bool ended;
	struct capture_order order;
	struct capture_table table;
	u64 packets[CAPTURE_KINDS];
	u64 all;
	struct capture_progress progress;
	int status;
};

static void refuse(struct capture *capture, const char *why)
{
	fail("%s: %s", capture->name, why);
	capture->status = USAGE;
	capture->ended = true;
}

static void check_type(struct capture *capture)
{
	const char *name;

	capture->type = pcap_datalink(capture->pcap);
	if (capture_link_known(capture->type))
		return;
	name = pcap_datalink_val_to_name(capture->type);
	fail("%s: packets of link type %s cannot be read", capture->name,
	     name ? name : "unknown");
	capture->status = USAGE;
	capture->ended = true;
}

static void open_pcap(struct capture *capture)
{
	pcap_t *(*const open_ns)(FILE *in, u_int precision, char *error) =
		pcap_fopen_offline_with_tstamp_precision;
	char error[PCAP_ERRBUF_SIZE];

	capture->pcap = open_ns(capture->in, PCAP_TSTAMP_PRECISION_NANO, error);
	if (capture->pcap)
		check_type(capture);
	else
		refuse(capture, error);
}

/* Is it finject's own? Then its comments say more than its packets. */
static bool read_own(struct capture *capture, struct log *log)
{
	bool own = pcapng_log(capture->in, log);

	rewind(capture->in);
	if (own)
		return true;
	capture->interfaces = pcapng_interfaces(capture->in) > 1;
	rewind(capture->in);
	return false;
}

static u64 size_of(FILE *in)
{
	struct stat status;

	return !fstat(fileno(in), &status) && S_ISREG(status.st_mode) ?
		status.st_size : 0;
}

/**
 * capture_open() - begin to read a capture
 * @name: of the file, or `-` for standard input; it stays the caller's
 * @log: the records that finject itself put into the file are added here;
 *	otherwise nothing is
 *
 * Return: the capture; NULL when the file is none, or is not there.
 */
struct capture *capture_open(const char *name, struct log *log)
{
	struct capture *capture;
	bool pcapng;
	FILE *in = capture_file(name, &pcapng);

	if (!in)
		return NULL;
	capture = calloc(1, sizeof(*capture));
	if (!capture)
		abort();
	capture->name = name;
	capture->in = in;
	progress_begin(&capture->progress, name, size_of(in));
	capture->ended = pcapng && read_own(capture, log);
	if (!capture->ended)
		open_pcap(capture);
	return capture;
}

static void take_waiting(struct capture *capture)
{
	struct capture_segment segment;

	if (capture_order_take(&capture->order, &segment))
		capture_table_take(&capture->table, &segment,
				   capture->interfaces);
}

static void take_packet(struct capture *capture,
			const struct pcap_pkthdr *head, const u8 *bytes)
{
	struct capture_span span = { bytes, head->caplen, head->len };
	struct capture_segment segment;
	enum capture_kind kind;

	if (span.length < span.caught)
		span.length = span.caught;
	kind = capture_packet(capture->type, span, &segment);
	capture->packets[kind]++;
	if (kind != CAPTURE_SEGMENT)
		return;
	segment.t = head->ts.tv_sec * 1000000000ull + head->ts.tv_usec;
	if (capture_order_is_full(&capture->order))
		take_waiting(capture);
	capture_order_add(&capture->order, &segment);
}

/* What was read before an error stays of use. */
static void end_packets(struct capture *capture, int got)
{
	capture->emptied = true;
	progress_end(&capture->progress);
	if (got != PCAP_ERROR)
		return;
	if (capture->all)
		fprintf(stderr, "%s: note: %s; the %llu packets before it are used\n",
			capture->name, pcap_geterr(capture->pcap), capture->all);
	else
		refuse(capture, pcap_geterr(capture->pcap));
}

static void read_packet(struct capture *capture)
{
	struct pcap_pkthdr *head;
	const u8 *bytes;
	int got = pcap_next_ex(capture->pcap, &head, &bytes);

	if (got != 1) {
		end_packets(capture, got);
		return;
	}
	take_packet(capture, head, bytes);
	if (++capture->all % PROGRESS == 0)
		progress_show(&capture->progress, ftello(capture->in),
			      capture->table.flows);
}

static void read_on(struct capture *capture)
{
	if (!capture->emptied)
		read_packet(capture);
	else if (capture->order.count)
		take_waiting(capture);
	else
		capture->ended = !capture_table_drain(&capture->table);
}

/**
 * capture_read() - read on
 * @capture: the capture
 * @log: closes that are over, or have been silent for long, are added here,
 *	each as a whole; not sorted
 * @enough: stop when this number of observations is in @log
 *
 * Return: true when there is more.
 */
bool capture_read(struct capture *capture, struct log *log, size_t enough)
{
	capture->table.log = log;
	while (!capture->ended && log->count < enough)
		read_on(capture);
	return !capture->ended;
}

/**
 * capture_counts() - tell what is in a capture
 * @capture: the capture
 *
 * Return: the numbers so far.
 */
struct capture_count capture_counts(const struct capture *capture)
{
	struct capture_count count = {
		.twice = capture->table.twice,
		.refused = capture->table.refused,
		.late = capture->order.late,
		.early = capture->table.early,
	};

	memcpy(count.packets, capture->packets, sizeof(count.packets));
	return count;
}

static void tell(const struct capture *capture, u64 number, const char *text)
{
	if (number)
		fprintf(stderr, "%s: note: %llu %s\n", capture->name, number,
			text);
}

static void tell_all(const struct capture *capture)
{
	struct capture_count count = capture_counts(capture);

	tell(capture, count.packets[CAPTURE_FRAGMENT],
	     "fragments of IP packets were left out");
	tell(capture, count.packets[CAPTURE_SHORT],
	     "packets were captured too short, or are malformed, and were left out");
	tell(capture, count.late,
	     "segments are too far out of order to be sorted");
	tell(capture, count.early,
	     "closes were judged before they were over: there are too many");
}

/**
 * capture_close() - end reading a capture
 * @capture: the capture
 *
 * What was left out is told on standard error.
 *
 * Return: DONE, or USAGE when it could not be read, which was told before.
 */
int capture_close(struct capture *capture)
{
	int status = capture->status;

	tell_all(capture);
	capture_order_free(&capture->order);
	capture_table_free(&capture->table);
	if (capture->pcap)
		pcap_close(capture->pcap);
	else
		fclose(capture->in);
	free(capture);
	return status;
}
