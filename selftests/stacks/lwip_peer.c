// SPDX-License-Identifier: GPL-2.0-only
/*
 * lwip_peer ADDRESS PEER listen ADDRESS:PORT STEP... | connect LOCAL REMOTE
 * STEP...: one end of a connection on lwIP, which has ADDRESS/24 behind the tap
 * device that PRECONFIGURED_TAPIF names; PEER is the kernel's address there. See
 * steps_run().
 */
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lwip/api.h>
#include <lwip/netif.h>
#include <lwip/tcpip.h>
#include <netif/tapif.h>

#include "steps.h"

static struct netif lwip_netif;
static struct netconn *lwip_conn;

/* Split "ADDRESS:PORT". */
static u16_t lwip_resolve(const char *text, ip_addr_t *address)
{
	char host[64], *port;

	if (strlen(text) >= sizeof(host))
		errx(1, "%s: too long", text);
	strcpy(host, text);
	port = strrchr(host, ':');
	if (!port)
		errx(1, "%s: no port", text);
	*port++ = '\0';
	if (!ipaddr_aton(host, address))
		errx(1, "%s: no address", text);
	return atoi(port);
}

static void lwip_expect(err_t status, const char *what)
{
	if (status != ERR_OK)
		errx(1, "lwIP: %s: error %d", what, status);
}

static void lwip_open(const char *local, const char *remote)
{
	struct netconn *listener = netconn_new(NETCONN_TCP);
	ip_addr_t address;
	u16_t port;

	if (strcmp(local, "-")) {
		port = lwip_resolve(local, &address);
		lwip_expect(netconn_bind(listener, &address, port), "bind");
	}
	if (remote) {
		lwip_conn = listener;
		port = lwip_resolve(remote, &address);
		lwip_expect(netconn_connect(lwip_conn, &address, port),
			    "connect");
		return;
	}
	lwip_expect(netconn_listen(listener), "listen");
	lwip_expect(netconn_accept(listener, &lwip_conn), "accept");
}

static void lwip_send(size_t bytes)
{
	static const char text[65536];
	size_t some;

	for (; bytes; bytes -= some) {
		some = bytes < sizeof(text) ? bytes : sizeof(text);
		if (netconn_write(lwip_conn, text, some, NETCONN_COPY)) {
			warnx("lwIP: write");
			return;
		}
	}
}

static long lwip_receive(void)
{
	struct netbuf *buf;
	err_t status = netconn_recv(lwip_conn, &buf);
	long bytes;

	if (status)
		return status == ERR_CLSD ? 0 : -1;
	bytes = netbuf_len(buf);
	netbuf_delete(buf);
	return bytes;
}

static void lwip_shut(void)
{
	if (netconn_shutdown(lwip_conn, 0, 1))
		warnx("lwIP: shutdown");
}

static void lwip_finish(void)
{
	netconn_delete(lwip_conn);
	lwip_conn = NULL;
}

static void lwip_quit(void)
{
	lwip_conn->linger = 0;
	lwip_finish();
}

/* Bring the interface up; tcpip_init() runs this in lwIP's own thread. */
static void lwip_begin(void *arg)
{
	char **address = arg;
	ip4_addr_t at, peer, mask;

	if (!ip4addr_aton(address[0], &at) || !ip4addr_aton(address[1], &peer))
		errx(1, "%s %s: no addresses", address[0], address[1]);
	IP4_ADDR(&mask, 255, 255, 255, 0);
	netif_add(&lwip_netif, &at, &mask, &peer, NULL, tapif_init,
		  tcpip_input);
	netif_set_default(&lwip_netif);
	netif_set_up(&lwip_netif);
	netif_set_link_up(&lwip_netif);
}

int main(int argc, char **argv)
{
	static const struct steps_stack stack = {
		.open = lwip_open, .send = lwip_send,
		.receive = lwip_receive, .shut = lwip_shut,
		.close = lwip_finish, .abort = lwip_quit,
	};

	if (argc < 4)
		errx(2, "lwip_peer ADDRESS PEER STEP...");
	tcpip_init(lwip_begin, argv + 1);
	sleep(1);
	return steps_run(&stack, argv + 3);
}
