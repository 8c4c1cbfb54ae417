// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <linux/genetlink.h>
#include <linux/if_link.h>
#include <linux/if_team.h>
#include <linux/if_tun.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/wireguard.h>

#include "device.h"
#include "fail.h"
#include "link.h"
#include "netlink.h"

enum {
	WIREGUARD_PORT = 51820,
	STRING_TYPE = 5,	/* NLA_STRING, which is not in the UAPI */
	/* from linux/if_link.h, too new for many hosts */
	GSO_MAX_SIZE = 41,
	GSO_IPV4_MAX_SIZE = 63,
};

static const void *attr_of(const struct nlmsghdr *msg, int type)
{
	const struct nlattr *attr = netlink_attr(msg, GENL_HDRLEN, type);

	return attr ? netlink_data(attr) : NULL;
}

static void family_each(const struct nlmsghdr *msg, void *arg)
{
	const __u16 *id = attr_of(msg, CTRL_ATTR_FAMILY_ID);

	if (id)
		*(int *)arg = *id;
}

static struct genlmsghdr *genl_begin(struct netlink *nl, int type, int cmd,
				     int version, int flags)
{
	struct genlmsghdr *head = netlink_begin(nl, type, flags, sizeof(*head));

	head->cmd = cmd;
	head->version = version;
	return head;
}

/* Return the id of a generic netlink family, 0 if the kernel has none. */
static int genl_family(const struct ns *ns, const char *name)
{
	struct netlink nl;
	int id = 0;

	genl_begin(&nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0);
	netlink_put(&nl, CTRL_ATTR_FAMILY_NAME, name, strlen(name) + 1);
	/* the acknowledgment follows the answer */
	netlink_ask(ns, NETLINK_GENERIC, &nl, family_each, &id);
	return id;
}

static void put_u8(struct netlink *nl, int type, __u8 value)
{
	netlink_put(nl, type, &value, sizeof(value));
}

static void put_u16(struct netlink *nl, int type, __u16 value)
{
	netlink_put(nl, type, &value, sizeof(value));
}

static void put_u32(struct netlink *nl, int type, __u32 value)
{
	netlink_put(nl, type, &value, sizeof(value));
}

static void put_text(struct netlink *nl, int type, const char *text)
{
	netlink_put(nl, type, text, strlen(text) + 1);
}

/**
 * struct asked - a number of a device
 * @type: IFLA_*
 * @value: receives the number
 */
struct asked {
	int type;
	unsigned int value;
};

static void number_each(const struct nlmsghdr *msg, void *arg)
{
	struct asked *asked = arg;
	const struct nlattr *attr = netlink_attr(msg, sizeof(struct ifinfomsg),
						 asked->type);

	if (attr)
		asked->value = *(const __u32 *)netlink_data(attr);
}

static unsigned int device_says(const struct ns *ns, const char *name, int type)
{
	struct asked asked = { .type = type };
	struct ifinfomsg *info;
	struct netlink nl;

	info = netlink_begin(&nl, RTM_GETLINK, 0, sizeof(*info));
	info->ifi_index = link_index(ns, name);
	netlink_ask(ns, NETLINK_ROUTE, &nl, number_each, &asked);
	return asked.value;
}

/**
 * device_big - allow packets on a device that are longer than IP can say
 * @ns: its namespace
 * @name: its name
 * @family: AF_INET or AF_INET6
 * @size: the maximum size
 *
 * Return: false where the kernel has no BIG TCP of that family.
 */
bool device_big(const struct ns *ns, const char *name, int family,
		unsigned int size)
{
	struct ifinfomsg *info;
	struct netlink nl;
	int type;

	info = netlink_begin(&nl, RTM_NEWLINK, 0, sizeof(*info));
	info->ifi_index = link_index(ns, name);
	put_u32(&nl, GSO_MAX_SIZE, size);
	put_u32(&nl, GSO_IPV4_MAX_SIZE, size);
	if (netlink_ask(ns, NETLINK_ROUTE, &nl, NULL, NULL))
		return false;
	/* an older kernel ignores an unknown attribute */
	type = family == AF_INET ? GSO_IPV4_MAX_SIZE : GSO_MAX_SIZE;
	return device_says(ns, name, type) == size;
}

/**
 * device_team - set the mode by which a team chooses its ports
 * @ns: its namespace
 * @name: its name; it has no port yet
 * @mode: the mode
 *
 * Return: false where the kernel has no such thing.
 */
bool device_team(const struct ns *ns, const char *name, const char *mode)
{
	int error, family = genl_family(ns, TEAM_GENL_NAME);
	struct nlattr *list, *item;
	struct netlink nl;

	if (!family)
		return false;
	genl_begin(&nl, family, TEAM_CMD_OPTIONS_SET, TEAM_GENL_VERSION, 0);
	put_u32(&nl, TEAM_ATTR_TEAM_IFINDEX, link_index(ns, name));
	list = netlink_nest(&nl, TEAM_ATTR_LIST_OPTION);
	item = netlink_nest(&nl, TEAM_ATTR_ITEM_OPTION);
	put_text(&nl, TEAM_ATTR_OPTION_NAME, "mode");
	put_u8(&nl, TEAM_ATTR_OPTION_TYPE, STRING_TYPE);
	put_text(&nl, TEAM_ATTR_OPTION_DATA, mode);
	netlink_unnest(&nl, item);
	netlink_unnest(&nl, list);
	error = netlink_ask(ns, NETLINK_GENERIC, &nl, NULL, NULL);
	/* ESRCH: it is set, but nobody listens to the notification */
	return !error || error == -ESRCH;
}

static void key_each(const struct nlmsghdr *msg, void *arg)
{
	const void *key = attr_of(msg, WGDEVICE_A_PUBLIC_KEY);

	if (key)
		memcpy(arg, key, WG_KEY_LEN);
}

/* Set the private key of wg0; get the public key that the kernel derives. */
static bool wireguard_key(const struct ns *ns, int family, int seed,
			  unsigned char *public)
{
	unsigned char private[WG_KEY_LEN];
	struct netlink nl;

	memset(private, seed, sizeof(private));
	genl_begin(&nl, family, WG_CMD_SET_DEVICE, WG_GENL_VERSION, 0);
	put_text(&nl, WGDEVICE_A_IFNAME, "wg0");
	netlink_put(&nl, WGDEVICE_A_PRIVATE_KEY, private, sizeof(private));
	put_u16(&nl, WGDEVICE_A_LISTEN_PORT, WIREGUARD_PORT);
	if (netlink_ask(ns, NETLINK_GENERIC, &nl, NULL, NULL))
		return false;
	genl_begin(&nl, family, WG_CMD_GET_DEVICE, WG_GENL_VERSION, NLM_F_DUMP);
	put_text(&nl, WGDEVICE_A_IFNAME, "wg0");
	return !netlink_ask(ns, NETLINK_GENERIC, &nl, key_each, public);
}

static void allow_all(struct netlink *nl, int family, size_t len)
{
	struct nlattr *allowed = netlink_nest(nl, 0);
	unsigned char any[16] = { 0 };

	put_u16(nl, WGALLOWEDIP_A_FAMILY, family);
	netlink_put(nl, WGALLOWEDIP_A_IPADDR, any, len);
	put_u8(nl, WGALLOWEDIP_A_CIDR_MASK, 0);
	netlink_unnest(nl, allowed);
}

static bool wireguard_peer(const struct ns *ns, int family,
			   const unsigned char *public, const char *ip)
{
	struct nlattr *peers, *peer, *allowed;
	struct netlink nl;
	struct addr at;

	addr_set(&at, ip, WIREGUARD_PORT);
	genl_begin(&nl, family, WG_CMD_SET_DEVICE, WG_GENL_VERSION, 0);
	put_text(&nl, WGDEVICE_A_IFNAME, "wg0");
	peers = netlink_nest(&nl, WGDEVICE_A_PEERS);
	peer = netlink_nest(&nl, 0);
	netlink_put(&nl, WGPEER_A_PUBLIC_KEY, public, WG_KEY_LEN);
	netlink_put(&nl, WGPEER_A_ENDPOINT, &at.sa, at.len);
	allowed = netlink_nest(&nl, WGPEER_A_ALLOWEDIPS);
	allow_all(&nl, AF_INET, 4);
	allow_all(&nl, AF_INET6, 16);
	netlink_unnest(&nl, allowed);
	netlink_unnest(&nl, peer);
	netlink_unnest(&nl, peers);
	return !netlink_ask(ns, NETLINK_GENERIC, &nl, NULL, NULL);
}

/**
 * device_wireguard - make two wg0 peers of each other
 * @a: namespace of the one
 * @a_ip: its address on the wire
 * @b: namespace of the other
 * @b_ip: its address on the wire
 *
 * Return: false if the kernel refuses.
 */
bool device_wireguard(const struct ns *a, const char *a_ip,
		      const struct ns *b, const char *b_ip)
{
	unsigned char of_a[WG_KEY_LEN], of_b[WG_KEY_LEN];
	int family = genl_family(a, WG_GENL_NAME);

	return family && wireguard_key(a, family, 1, of_a) &&
	       wireguard_key(b, family, 2, of_b) &&
	       wireguard_peer(a, family, of_b, b_ip) &&
	       wireguard_peer(b, family, of_a, a_ip);
}

static int load_pass(void)
{
	const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (unsigned long)pass,
		.insn_cnt = sizeof(pass) / sizeof(*pass),
		.license = (unsigned long)"GPL",
	};

	return syscall(__NR_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

/**
 * device_xdp - attach an XDP program that passes each packet
 * @ns: namespace of the device
 * @name: its name
 *
 * The stack runs it, not the driver.
 *
 * Return: false if the kernel has no XDP.
 */
bool device_xdp(const struct ns *ns, const char *name)
{
	int error, prog = load_pass();
	struct ifinfomsg *info;
	struct nlattr *xdp;
	struct netlink nl;

	if (prog < 0)
		return false;
	info = netlink_begin(&nl, RTM_SETLINK, 0, sizeof(*info));
	info->ifi_index = link_index(ns, name);
	xdp = netlink_nest(&nl, IFLA_XDP);
	put_u32(&nl, IFLA_XDP_FD, prog);
	put_u32(&nl, IFLA_XDP_FLAGS, XDP_FLAGS_SKB_MODE);
	netlink_unnest(&nl, xdp);
	error = netlink_ask(ns, NETLINK_ROUTE, &nl, NULL, NULL);
	close(prog);
	return !error;
}

static void put_ip(struct netlink *nl, int type, const struct addr *addr)
{
	unsigned char ip[16] = { 0 };
	size_t len;
	const void *raw = addr_raw(addr, &len);

	memcpy(ip, raw, len);
	netlink_put(nl, type, ip, sizeof(ip));
}

static void put_service(struct netlink *nl, const struct addr *service)
{
	struct nlattr *nest = netlink_nest(nl, IPVS_CMD_ATTR_SERVICE);
	bool v4 = service->sa.sa_family == AF_INET;
	struct ip_vs_flags flags = { .mask = ~0 };

	put_u16(nl, IPVS_SVC_ATTR_AF, service->sa.sa_family);
	put_u16(nl, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
	put_ip(nl, IPVS_SVC_ATTR_ADDR, service);
	put_u16(nl, IPVS_SVC_ATTR_PORT, htons(addr_port(service)));
	put_text(nl, IPVS_SVC_ATTR_SCHED_NAME, "rr");
	netlink_put(nl, IPVS_SVC_ATTR_FLAGS, &flags, sizeof(flags));
	put_u32(nl, IPVS_SVC_ATTR_TIMEOUT, 0);
	put_u32(nl, IPVS_SVC_ATTR_NETMASK, v4 ? htonl(INADDR_BROADCAST) : 128);
	netlink_unnest(nl, nest);
}

static void put_real(struct netlink *nl, const struct addr *real)
{
	struct nlattr *nest = netlink_nest(nl, IPVS_CMD_ATTR_DEST);

	put_u16(nl, IPVS_DEST_ATTR_ADDR_FAMILY, real->sa.sa_family);
	put_ip(nl, IPVS_DEST_ATTR_ADDR, real);
	put_u16(nl, IPVS_DEST_ATTR_PORT, htons(addr_port(real)));
	put_u32(nl, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_MASQ);
	put_u32(nl, IPVS_DEST_ATTR_WEIGHT, 1);
	put_u32(nl, IPVS_DEST_ATTR_U_THRESH, 0);
	put_u32(nl, IPVS_DEST_ATTR_L_THRESH, 0);
	netlink_unnest(nl, nest);
}

/**
 * device_ipvs - balance a service over one server, by NAT
 * @ns: the director's namespace
 * @service: the address that clients connect to
 * @real: the server
 *
 * Return: false where the kernel has no IPVS.
 */
bool device_ipvs(const struct ns *ns, const struct addr *service,
		 const struct addr *real)
{
	int family = genl_family(ns, IPVS_GENL_NAME);
	struct netlink nl;

	if (!family)
		return false;
	genl_begin(&nl, family, IPVS_CMD_NEW_SERVICE, IPVS_GENL_VERSION, 0);
	put_service(&nl, service);
	if (netlink_ask(ns, NETLINK_GENERIC, &nl, NULL, NULL))
		return false;
	genl_begin(&nl, family, IPVS_CMD_NEW_DEST, IPVS_GENL_VERSION, 0);
	put_service(&nl, service);
	put_real(&nl, real);
	return !netlink_ask(ns, NETLINK_GENERIC, &nl, NULL, NULL);
}

/* Make one end of a cable; a tap accepts whole GSO packets, like a VM's. */
static int plug(const struct ns *ns, const char *name, bool ether)
{
	struct ifreq ifr = {
		.ifr_flags = IFF_NO_PI | IFF_VNET_HDR |
			     (ether ? IFF_TAP : IFF_TUN),
	};
	unsigned int can = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;
	int fd = ns_open(ns, AT_FDCWD, "/dev/net/tun", O_RDWR | O_NONBLOCK);

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (fd < 0)
		return -1;
	if (ioctl(fd, TUNSETIFF, &ifr) ||
	    ioctl(fd, TUNSETOFFLOAD, ether ? can : 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void carry(int from, int to)
{
	static unsigned char packet[1 << 17];
	ssize_t got;

	while ((got = read(from, packet, sizeof(packet))) > 0)
		if (write(to, packet, got) != got)
			return;
}

static void carry_on(int a, int b)
{
	struct pollfd ends[] = {
		{ .fd = a, .events = POLLIN },
		{ .fd = b, .events = POLLIN },
	};

	while (poll(ends, 2, -1) >= 0) {
		carry(a, b);
		carry(b, a);
	}
}

/**
 * device_cable - connect two namespaces by tun or tap devices, and a process
 * that carries packets between them
 * @a: one namespace
 * @b: the other
 * @name: name of the device, in both
 * @ether: tap, not tun
 *
 * Return: the process, for kill(2), which ends with its parent; -1 without such
 * devices.
 */
pid_t device_cable(const struct ns *a, const struct ns *b, const char *name,
		   bool ether)
{
	int at_a = plug(a, name, ether), at_b = plug(b, name, ether);
	pid_t pid = -1;

	if (at_a >= 0 && at_b >= 0)
		pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		carry_on(at_a, at_b);
		_exit(1);
	}
	close(at_a);
	close(at_b);
	return pid;
}
