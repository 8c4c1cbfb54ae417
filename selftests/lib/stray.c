// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "addr.h"
#include "fail.h"
#include "stray.h"

/**
 * stray_fins - send FINs to nobody, each of its own connection
 * @ns: the sending namespace, of a bed over veth
 * @port: source port of the first; the others follow
 * @count: number of FINs
 */
void stray_fins(const struct ns *ns, unsigned int port, unsigned int count)
{
	struct tcphdr fin = {
		.th_dport = htons(9), .th_off = 5, .th_flags = TH_FIN | TH_ACK,
	};
	struct addr to;
	int fd;

	if (ns_run(ns, "ip neigh replace " STRAY_TO
		   " lladdr 02:00:00:00:00:09 dev fj0 nud permanent"))
		fail("no neighbour " STRAY_TO);
	addr_set(&to, STRAY_TO, 0);
	ns_enter(ns);
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	ns_leave();
	for (; count; count--, port++) {
		fin.th_sport = htons(port);
		if (sendto(fd, &fin, sizeof(fin), 0, &to.sa, to.len) < 0)
			fail("raw socket: %s", strerror(errno));
	}
	close(fd);
}
