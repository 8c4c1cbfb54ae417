// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device.h"
#include "fail.h"
#include "finject.h"
#include "site.h"
#include "stream.h"

#define ROUTED	{ "10.7.2.1", "fd07:2::1" }

/* Modules that ESP requests by name, where a request cannot load them. */
#define ESP_MODULES \
	"cryptomgr esp4 esp6 gcm ctr ghash_generic seqiv drbg hmac sha512_generic"

enum {
	TRANSLATED_PORT = 9090,
	FRAME_MAX = 1514,
	WARMING = 3000,		/* bytes each way on the first connection */
};

/* Shell functions that print lines for ip -batch; they describe a site. The two
 * ends are 10.7.0.1 and 10.7.0.2 where they share a link, 10.7.1.1 and 10.7.2.1
 * on the left and right of a router, as bed_open(ROUTER) has them; the wire
 * below a tunnel has 192.0.2.1 and 192.0.2.2.
 */
static const char words[] =
	"ip() { echo \"$*\"; }\n"
	"up() { ip link set $1 up; }\n"
	"join() { ip link set $1 master $2; }\n"
	"veth() { ip link add $1 type veth peer name $2 netns $3; }\n"
	"cable() { veth fj0 fj0 $B; }\n"
	"both() { ip addr add $2 dev $1; ip addr add $3 dev $1 nodad; up $1; }\n"
	"host() { both $1 10.7.0.$2/24 fd07::$2/64; }\n"
	"outer() { both fj0 192.0.2.$1/24 2001:db8::$1/64; }\n"
	"at_left() { both $1 10.7.1.$2/24 fd07:1::$3/64; }\n"
	"at_right() { both $1 10.7.2.$2/24 fd07:2::$3/64; }\n"
	"gate() { ip route add default $1 $2; ip route add ::/0 $1 $3; }\n"
	"routed_a() { at_left fj0 1 1; gate via 10.7.1.254 fd07:1::fe; }\n"
	"routed_b() { at_right fj0 1 1; gate via 10.7.2.254 fd07:2::fe; }\n"
	"ports() { veth left fj0 $A; veth right fj0 $B; }\n"
	"router() { ports; at_left left 254 fe; at_right right 254 fe; }\n"
	"bridge() { ip link add br0 type bridge; up br0; }\n"
	"vrf() { ip link add $1 type vrf table $2; up $1; }\n"
	"upon() { ip link add link p0 name fj0 netns $A type $*; }\n"
	"lower() { veth p0 fj0 $B; up p0; }\n"
	"pair() { cable; veth fj1 fj1 $B; }\n"
	"sa() { echo xfrm state add src $2 dst $3 proto esp spi $4 mode $1 \\\n"
	"\"aead 'rfc4106(gcm(aes))' 0123456789abcdef0123 128\"; }\n"
	"sp() { ip xfrm policy add src $3 dst $4 proto 6 dir $2 \\\n"
	"tmpl src $3 dst $4 proto esp mode $1; }\n"
	"esp() {\n"
	"sa $1 10.7.0.1 10.7.0.2 0x101; sa $1 10.7.0.2 10.7.0.1 0x102\n"
	"sa $1 fd07::1 fd07::2 0x103; sa $1 fd07::2 fd07::1 0x104\n"
	"sp $1 $2 10.7.0.1 10.7.0.2; sp $1 $3 10.7.0.2 10.7.0.1\n"
	"sp $1 $2 fd07::1 fd07::2; sp $1 $3 fd07::2 fd07::1; }\n";

static bool team_mode(struct scene *scene)
{
	return device_team(scene->bed.a.ns, "team0", "roundrobin") &&
	       device_team(&scene->bed.ns[AT_B], "team0", "roundrobin");
}

static bool wireguard(struct scene *scene)
{
	return device_wireguard(&scene->bed.ns[AT_A], "192.0.2.1",
				&scene->bed.ns[AT_B], "192.0.2.2");
}

static bool xdp(struct scene *scene)
{
	return device_xdp(&scene->bed.ns[AT_B], "fj0");
}

static bool ipvs(struct scene *scene)
{
	int v6 = scene->family == AF_INET6;
	struct addr service, real;

	addr_set(&service, scene->site->to[v6], BED_PORT);
	addr_set(&real, scene->site->at[v6], BED_PORT);
	return device_ipvs(&scene->bed.ns[AT_M], &service, &real);
}

static bool cable(struct scene *scene, bool ether)
{
	scene->helper = device_cable(&scene->bed.ns[AT_A],
				     &scene->bed.ns[AT_B], "fj0", ether);
	return scene->helper > 0;
}

static bool tun_cable(struct scene *scene)
{
	return cable(scene, false);
}

static bool tap_cable(struct scene *scene)
{
	return cable(scene, true);
}

/* M is a router, and has the rules. */
#define ROUTER_SITE							\
	.links = { "routed_a", "routed_b", "router" },			\
	.forwards = true,						\
	.judge = AT_M

static const struct site sites[] = {
	{
		.name = "veth",
		.option = "VETH",
		.links = { "cable; host fj0 1", "host fj0 2" },
		.bulk = true,
	},
	/* A bridge forwards segments of other hosts: with br_netfilter they
	 * pass prerouting, forward and postrouting of IP there.
	 */
	{
		.name = "bridge",
		.option = "BRIDGE_NETFILTER",
		.modules = "br_netfilter",
		.links = {
			"host fj0 1", "host fj0 2",
			"bridge; veth pa fj0 $A; join pa br0; up pa\n"
			"veth pb fj0 $B; join pb br0; up pb",
		},
		.judge = AT_M,
		.bulk = true,
	},
	/* Local segments that use a bridge. */
	{
		.name = "bridge_local",
		.option = "BRIDGE_NETFILTER",
		.modules = "br_netfilter",
		.links = {
			"cable; host fj0 1",
			"bridge; join fj0 br0; up fj0; host br0 2",
		},
		.judge = AT_B,
		.bulk = true,
	},
	/* The host of a container routes from a bridge to another link. */
	{
		.name = "bridge_routed",
		.option = "BRIDGE_NETFILTER",
		.modules = "br_netfilter",
		.links = {
			"routed_a", "routed_b",
			"ports; bridge; join left br0; up left\n"
			"at_left br0 254 fe; at_right right 254 fe",
		},
		.forwards = true,
		.judge = AT_M,
		.at = ROUTED,
	},
	{
		.name = "vrf_server",
		.option = "NET_VRF",
		.links = {
			"cable; host fj0 1",
			"vrf red 10; join fj0 red; host fj0 2",
		},
		.judge = AT_B,
		.vrf = { NULL, "red" },
		.unlinked = { "red" },
		.bulk = true,
	},
	{
		.name = "vrf_client",
		.option = "NET_VRF",
		.links = {
			"cable; vrf red 10; join fj0 red; host fj0 1",
			"host fj0 2",
		},
		.vrf = { "red", NULL },
		.unlinked = { "red" },
		.bulk = true,
	},
	{
		.name = "vrf_router",
		.option = "NET_VRF",
		.links = {
			"routed_a", "routed_b",
			"ports; vrf red 10; join left red; join right red\n"
			"at_left left 254 fe; at_right right 254 fe",
		},
		.forwards = true,
		.judge = AT_M,
		.at = ROUTED,
		.unlinked = { "red" },
	},
	/* B has two VRFs: A in red, and M, with A's address, in blue. */
	{
		.name = "twins",
		.option = "NET_VRF",
		.links = {
			"cable; host fj0 1",
			"vrf red 10; join fj0 red; host fj0 2\n"
			"vrf blue 11; join fj1 blue; host fj1 2",
			"veth fj0 fj1 $B; host fj0 1",
		},
		.judge = AT_B,
		.vrf = { NULL, "red" },
		.unlinked = { "red", "blue" },
	},
	{
		.name = "macvlan",
		.option = "MACVLAN",
		.links = {
			"host fj0 1", "host fj0 2",
			"lower; upon macvlan mode bridge",
		},
	},
	{
		.name = "ipvlan_l2",
		.option = "IPVLAN",
		.links = {
			"host fj0 1", "host fj0 2",
			"lower; upon ipvlan mode l2",
		},
	},
	{
		.name = "ipvlan_l3",
		.option = "IPVLAN",
		.links = {
			"at_left fj0 1 1; gate dev fj0 fj0", "routed_b",
			"lower; at_right p0 254 fe; upon ipvlan mode l3",
		},
		.at = ROUTED,
	},
	/* Packets for A leave the host's stack below its hooks; packets from A
	 * are local ones of the host.
	 */
	{
		.name = "ipvlan_l3_host",
		.option = "IPVLAN",
		.links = {
			"at_left fj0 1 1; gate dev fj0 fj0", "routed_b",
			"lower; at_right p0 254 fe; upon ipvlan mode l3",
		},
		.judge = AT_M,
		.at = ROUTED,
		.misses = MISSES(FIN1, IN) | MISSES(FIN2, IN) |
			  MISSES(FIN2, OUT),
	},
	/* A packet for A passes the hooks of its host, not A's own. */
	{
		.name = "ipvlan_l3s",
		.option = "IPVLAN_L3S",
		.links = {
			"at_left fj0 1 1; gate dev fj0 fj0", "routed_b",
			"lower; at_right p0 254 fe; upon ipvlan mode l3s",
		},
		.dev = { "", NULL },
		.at = ROUTED,
		.misses = MISSES(FIN2, IN),
	},
	{
		.name = "ipvlan_l3s_host",
		.option = "IPVLAN_L3S",
		.links = {
			"at_left fj0 1 1; gate dev fj0 fj0", "routed_b",
			"lower; at_right p0 254 fe; upon ipvlan mode l3s",
		},
		.judge = AT_M,
		.dev = { "", NULL },
		.at = ROUTED,
		.misses = MISSES(FIN1, IN) | MISSES(FIN2, OUT),
	},
	{
		.name = "vlan",
		.option = "VLAN_8021Q",
		.links = {
			"cable; up fj0\n"
			"ip link add link fj0 name v7 type vlan id 7; host v7 1",
			"up fj0\n"
			"ip link add link fj0 name v7 type vlan id 7; host v7 2",
		},
		.dev = { "v7", "v7" },
		.bulk = true,
	},
	{
		.name = "bond",
		.option = "BONDING",
		.links = {
			"pair; ip link add bond0 type bond mode balance-rr miimon 10\n"
			"join fj0 bond0; join fj1 bond0; host bond0 1",
			"ip link add bond0 type bond mode balance-rr miimon 10\n"
			"join fj0 bond0; join fj1 bond0; host bond0 2",
		},
		.dev = { "bond0", "bond0" },
	},
	{
		.name = "team",
		.option = "NET_TEAM",
		.links = {
			"pair; ip link add team0 type team",
			"ip link add team0 type team",
		},
		.finish = team_mode,
		.last = {
			"join fj0 team0; join fj1 team0; host team0 1",
			"join fj0 team0; join fj1 team0; host team0 2",
		},
		.dev = { "team0", "team0" },
	},
	{
		.name = "tun",
		.option = "TUN",
		.modules = "tun",
		.finish = tun_cable,
		.last = { "host fj0 1", "host fj0 2" },
	},
	{
		.name = "tap",
		.option = "TUN",
		.modules = "tun",
		.finish = tap_cable,
		.last = { "host fj0 1", "host fj0 2" },
		.bulk = true,
	},
	{
		.name = "ipip",
		.option = "NET_IPIP",
		.links = {
			"cable; outer 1\n"
			"ip link add tn type ipip local 192.0.2.1 remote 192.0.2.2\n"
			"host tn 1",
			"outer 2\n"
			"ip link add tn type ipip local 192.0.2.2 remote 192.0.2.1\n"
			"host tn 2",
		},
		.dev = { "tn", "tn" },
		.outer = IPPROTO_IPIP,
	},
	{
		.name = "ip6ip6",
		.option = "IPV6_TUNNEL",
		.links = {
			"cable; outer 1; ip link add tn type ip6tnl mode ip6ip6 \\\n"
			"local 2001:db8::1 remote 2001:db8::2 encaplimit none\n"
			"host tn 1",
			"outer 2; ip link add tn type ip6tnl mode ip6ip6 \\\n"
			"local 2001:db8::2 remote 2001:db8::1 encaplimit none\n"
			"host tn 2",
		},
		.dev = { "tn", "tn" },
		.outer = IPPROTO_IPV6,
	},
	{
		.name = "gre",
		.option = "NET_IPGRE",
		.links = {
			"cable; outer 1\n"
			"ip link add tn type gre local 192.0.2.1 remote 192.0.2.2\n"
			"host tn 1",
			"outer 2\n"
			"ip link add tn type gre local 192.0.2.2 remote 192.0.2.1\n"
			"host tn 2",
		},
		.dev = { "tn", "tn" },
		.outer = IPPROTO_GRE,
	},
	{
		.name = "vxlan",
		.option = "VXLAN",
		.links = {
			"cable; outer 1\n"
			"ip link add tn type vxlan id 7 remote 192.0.2.2 dstport 4789\n"
			"host tn 1",
			"outer 2\n"
			"ip link add tn type vxlan id 7 remote 192.0.2.1 dstport 4789\n"
			"host tn 2",
		},
		.dev = { "tn", "tn" },
		.outer = IPPROTO_UDP,
		.bulk = true,
	},
	{
		.name = "wireguard",
		.option = "WIREGUARD",
		.links = {
			"cable; outer 1; ip link add wg0 type wireguard\n"
			"host wg0 1",
			"outer 2; ip link add wg0 type wireguard; host wg0 2",
		},
		.finish = wireguard,
		.dev = { "wg0", "wg0" },
		.outer = IPPROTO_UDP,
	},
	/* No device shows the bare packet of transport mode. */
	{
		.name = "xfrm_transport",
		.option = "INET_ESP",
		.modules = ESP_MODULES,
		.links = {
			"cable; host fj0 1; esp transport out in",
			"host fj0 2; esp transport in out",
		},
		.dev = { "", "" },
		.outer = IPPROTO_ESP,
	},
	{
		.name = "xfrm_tunnel",
		.option = "INET_ESP",
		.modules = ESP_MODULES,
		.links = {
			"cable; host fj0 1; esp tunnel out in",
			"host fj0 2; esp tunnel in out",
		},
		.outer = IPPROTO_ESP,
	},
	/* A flow in the table bypasses all hooks: up to Linux 6.12 until its
	 * first FIN or RST, which removes it from the table; later to its end.
	 */
	{
		.name = "flowtable",
		.option = "NFT_FLOW_OFFLOAD",
		ROUTER_SITE,
		.more[AT_M] = "nft -f - <<E\n"
			"table inet t {\n"
			"flowtable f { hook ingress priority 0; devices = { left, right }; }\n"
			"chain c { type filter hook forward priority 0;\n"
			"tcp flags & fin == fin counter; tcp dport 8080 flow add @f; }\n"
			"}\nE\n",
		.proof = "{ conntrack -L; conntrack -L -f ipv6; } 2>/dev/null |\n"
			"grep -q OFFLOAD",
		.bypass = "nft list table inet t | grep -q 'counter packets 0 '",
		.at = ROUTED,
		.bulk = true,
	},
	/* The director translates the segment between its two hooks: it steals
	 * it at input, before finject.
	 */
	{
		.name = "ipvs",
		.option = "IP_VS",
		.modules = "ip_vs ip_vs_rr",
		.links = {
			"routed_a", "routed_b",
			"router; both left 10.7.1.250/32 fd07:1::fa/128",
		},
		.finish = ipvs,
		.proof = "grep -q ESTABLISHED /proc/net/ip_vs_conn",
		.forwards = true,
		.judge = AT_M,
		.at = ROUTED,
		.to = { "10.7.1.250", "fd07:1::fa" },
	},
	{
		.name = "tproxy",
		.option = "NFT_TPROXY",
		ROUTER_SITE,
		.more[AT_M] = "nft -f - <<E\n"
			"table inet t { chain c { type filter hook prerouting priority -150;\n"
			"tcp dport 8080 tproxy to :8080 meta mark set 1 accept; }; }\nE\n"
			"ip rule add fwmark 1 lookup 100\n"
			"ip -6 rule add fwmark 1 lookup 100\n"
			"ip route add local default dev lo table 100\n"
			"ip -6 route add local default dev lo table 100\n",
		.server = AT_M,
		.dev = { "fj0", "left" },
		.at = { "0.0.0.0", "::" },
		.to = ROUTED,
	},
	{
		.name = "redirect",
		.option = "NFT_REDIR",
		ROUTER_SITE,
		.more[AT_M] = "nft -f - <<E\n"
			"table inet t { chain c { type nat hook prerouting priority -100;\n"
			"tcp dport 9090 redirect to :8080; }; }\nE\n",
		.server = AT_M,
		.dev = { "fj0", "left" },
		.at = { "0.0.0.0", "::" },
		.to = ROUTED,
		.port = TRANSLATED_PORT,
	},
	/* A asks the router for a service, which B has. */
	{
		.name = "dnat",
		.option = "NFT_NAT",
		ROUTER_SITE,
		.more[AT_M] = "nft -f - <<E\n"
			"table inet t { chain c { type nat hook prerouting priority -100;\n"
			"ip daddr 10.7.1.254 tcp dport 9090 dnat ip to 10.7.2.1:8080\n"
			"ip6 daddr fd07:1::fe tcp dport 9090 dnat ip6 to [fd07:2::1]:8080\n"
			"}; }\nE\n",
		.at = ROUTED,
		.to = { "10.7.1.254", "fd07:1::fe" },
		.port = TRANSLATED_PORT,
	},
	/* The router has one address on the right, and gives each connection
	 * another port.
	 */
	{
		.name = "masquerade",
		.option = "NFT_MASQ",
		ROUTER_SITE,
		.more[AT_M] = "nft -f - <<E\n"
			"table inet t { chain c { type nat hook postrouting priority 100;\n"
			"oifname right meta l4proto tcp masquerade to :20000-29999; }; }\nE\n",
		.at = ROUTED,
	},
	/* A node translates its own connections to a service: to B, and from
	 * another port.
	 */
	{
		.name = "service",
		.option = "NFT_MASQ",
		.links = {
			"cable; host fj0 1; ip route add 10.9.9.9 via 10.7.0.2\n"
			"ip route add fd09::9 via fd07::2",
			"host fj0 2",
		},
		.more[AT_A] = "nft -f - <<E\n"
			"table inet t { chain c { type nat hook output priority -100;\n"
			"ip daddr 10.9.9.9 tcp dport 9090 dnat ip to 10.7.0.2:8080\n"
			"ip6 daddr fd09::9 tcp dport 9090 dnat ip6 to [fd07::2]:8080\n"
			"}; chain d { type nat hook postrouting priority 100;\n"
			"meta l4proto tcp masquerade to :20000-29999; }; }\nE\n",
		.to = { "10.9.9.9", "fd09::9" },
		.port = TRANSLATED_PORT,
	},
	/* The director tells conntrack of its translation. */
	{
		.name = "ipvs_conntrack",
		.option = "IP_VS_NFCT",
		.modules = "ip_vs ip_vs_rr",
		.links = {
			"routed_a", "routed_b",
			"router; both left 10.7.1.250/32 fd07:1::fa/128",
		},
		.more[AT_M] = "nft -f - <<E\n"
			"table inet t { chain c { type filter hook forward priority 0;\n"
			"ct state established accept; }; }\nE\n"
			"echo 1 >/proc/sys/net/ipv4/vs/conntrack\n",
		.finish = ipvs,
		.proof = "grep -q ESTABLISHED /proc/net/ip_vs_conn",
		.forwards = true,
		.judge = AT_M,
		.at = ROUTED,
		.to = { "10.7.1.250", "fd07:1::fa" },
	},
	/* The route back is only for packets from B's address. */
	{
		.name = "policy",
		.option = "IP_MULTIPLE_TABLES",
		.links = {
			"routed_a",
			"at_right fj0 1 1\n"
			"ip route add default via 10.7.2.254 table 100\n"
			"ip route add ::/0 via fd07:2::fe table 100",
			"router",
		},
		.more[AT_B] = "ip rule add from 10.7.2.1 lookup 100\n"
			"ip -6 rule add from fd07:2::1 lookup 100\n",
		.forwards = true,
		.judge = AT_B,
		.at = ROUTED,
	},
	{
		.name = "rps",
		.option = "RPS",
		.links = { "cable; host fj0 1", "host fj0 2" },
		.more[AT_B] = "cpus=1; [ $(nproc) = 1 ] || cpus=3\n"
			"unshare -m sh -c \"mount -t sysfs none /sys &&\n"
			"echo $cpus >/sys/class/net/fj0/queues/rx-0/rps_cpus\"\n",
		.judge = AT_B,
		.bulk = true,
	},
	/* A router merges segments that it receives, and splits them again. */
	{
		.name = "gro",
		.option = "VETH",
		ROUTER_SITE,
		.more = {
			"ethtool -K fj0 tso off gso off\n",
			"ethtool -K fj0 gro on\n",
			"ethtool -K left gro on\nethtool -K right gro on\n",
		},
		.merges = true,
		.at = ROUTED,
		.bulk = true,
	},
	{
		.name = "gro_list",
		.option = "VETH",
		ROUTER_SITE,
		.more = {
			[AT_A] = "ethtool -K fj0 tso off gso off\n",
			[AT_M] = "ethtool -K left gro on rx-gro-list on\n"
				 "ethtool -K right gro on rx-gro-list on\n",
		},
		.merges = true,
		.at = ROUTED,
		.coarse = true,
		.bulk = true,
	},
	/* Without DF the router fragments packets, behind postrouting. */
	{
		.name = "fragments",
		.option = "VETH",
		ROUTER_SITE,
		.more = {
			[AT_A] = "echo 1 >/proc/sys/net/ipv4/ip_no_pmtu_disc\n",
			[AT_M] = "ip link set right mtu 600\n",
		},
		.proof = "awk '/^Ip: [0-9]/ { made = $20 } END { exit !made }' \\\n"
			"/proc/net/snmp",
		.loses = true,
		.at = ROUTED,
		.bulk = true,
	},
	/* With DF, A gets an ICMP error. B's packets are short enough. */
	{
		.name = "pmtu",
		.option = "VETH",
		ROUTER_SITE,
		.more[AT_M] = "ip link set right mtu 1300\n",
		.last[AT_B] =
			"ip route change default via 10.7.2.254 mtu 1300 advmss 1460\n"
			"ip route change ::/0 via fd07:2::fe mtu 1300 advmss 1440",
		.at = ROUTED,
		.bulk = true,
	},
	{
		.name = "ifb",
		.option = "IFB",
		.links = {
			"cable; host fj0 1",
			"ip link add ifb0 type ifb; up ifb0; host fj0 2",
		},
		.more[AT_B] = "tc -b - <<E\n"
			"qdisc add dev fj0 ingress\n"
			"filter add dev fj0 ingress matchall action mirred egress redirect dev ifb0\nE\n",
		.judge = AT_B,
		.bulk = true,
	},
	/* M forwards by tc alone: its IP sees nothing. */
	{
		.name = "redirected",
		.option = "NET_ACT_MIRRED",
		.links = {
			"host fj0 1", "host fj0 2",
			"veth left fj0 $A; up left; veth right fj0 $B; up right",
		},
		.more[AT_M] = "tc -b - <<E\n"
			"qdisc add dev left ingress\n"
			"filter add dev left ingress matchall action mirred egress redirect dev right\n"
			"qdisc add dev right ingress\n"
			"filter add dev right ingress matchall action mirred egress redirect dev left\nE\n",
		.judge = AT_M,
		.misses = MISSES_ALL,
	},
	{
		.name = "xdp",
		.option = "BPF_SYSCALL",
		.links = { "cable; host fj0 1", "host fj0 2" },
		.finish = xdp,
		.judge = AT_B,
		.bulk = true,
	},
};

static const struct site *site_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(sites) / sizeof(*sites); i++)
		if (!strcmp(sites[i].name, name))
			return &sites[i];
	fail("no site %s", name);
}

/* Export $A, $B and $M, the namespaces, to the commands of a site. */
static void tell_names(const struct bed *bed)
{
	static const char names[] = "ABM";
	char path[64], name[2] = "";
	int i;

	for (i = 0; i < bed->count; i++) {
		name[0] = names[i];
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", getpid(),
			 bed->ns[i].fd);
		setenv(name, path, 1);
	}
}

/* Run a command in each namespace, M's first: devices come from there. */
static bool run_all(const struct scene *scene, const char *const *what,
		    const char *before, const char *after)
{
	static const enum site_ns order[] = { AT_M, AT_A, AT_B };
	char command[4096];
	size_t i;

	for (i = 0; i < SITE_NS; i++) {
		if (!what[order[i]])
			continue;
		snprintf(command, sizeof(command), "%s%s%s", before,
			 what[order[i]], after);
		if (ns_run(&scene->bed.ns[order[i]], command))
			return false;
	}
	return true;
}

static bool run_batch(const struct scene *scene, const char *const *what)
{
	char before[sizeof(words) + 16];

	snprintf(before, sizeof(before), "%s{\n", words);
	return run_all(scene, what, before, "\n} | command ip -batch -\n");
}

static void load_modules(const struct site *site)
{
	char command[256];

	if (!site->modules)
		return;
	snprintf(command, sizeof(command),
		 "for m in %s; do modprobe -q $m; done 2>/dev/null", site->modules);
	/* a built-in module cannot be loaded */
	if (system(command))
		return;
}

static void set_switches(struct scene *scene)
{
	struct ns *m = &scene->bed.ns[AT_M];

	/* The RST that answers a late ACK must not end TIME_WAIT. */
	bed_sysctl(&scene->bed, "net/ipv4/tcp_rfc1337", "1");
	if (!scene->site->forwards)
		return;
	ns_sysctl(m, "net/ipv4/ip_forward", "1");
	ns_sysctl(m, "net/ipv6/conf/all/forwarding", "1");
	/* the link addresses that the witness knows must not change */
	ns_sysctl(m, "net/ipv4/conf/all/send_redirects", "0");
}

static bool build(struct scene *scene)
{
	const struct site *site = scene->site;

	load_modules(site);
	tell_names(&scene->bed);
	set_switches(scene);
	return run_batch(scene, site->links) &&
	       run_all(scene, site->more, "set -e\n", "") &&
	       (!site->finish || site->finish(scene)) &&
	       run_batch(scene, site->last);
}

/* Let the listener accept connections to foreign addresses. */
static void be_transparent(const struct scene *scene)
{
	bool v4 = scene->family == AF_INET;
	int one = 1;

	if (setsockopt(scene->bed.listener, v4 ? SOL_IP : SOL_IPV6,
		       v4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &one,
		       sizeof(one)))
		fail("no transparent socket");
}

static void serve(struct scene *scene)
{
	static const char * const at[] = { "10.7.0.2", "fd07::2" };
	const struct site *site = scene->site;
	int v6 = scene->family == AF_INET6;
	struct bed *bed = &scene->bed;

	bed->ns[AT_A].vrf = site->vrf[0];
	bed->ns[AT_B].vrf = site->vrf[1];
	bed_serve(bed, &bed->ns[site->server ? site->server : AT_B],
		  site->at[v6] ? site->at[v6] : at[v6]);
	if (site->server)
		be_transparent(scene);
	if (site->to[v6])
		addr_set(&bed->server, site->to[v6],
			 site->port ? site->port : BED_PORT);
}

static void watch(struct scene *scene)
{
	struct bed *bed = &scene->bed;
	int i;

	for (i = 0; i < bed->count; i++) {
		census_take(&scene->laws.census, &bed->ns[i]);
		witness_open(&scene->witness[i], &bed->ns[i]);
	}
	intake_open(&scene->intake[0], bed->a.ns, scene->family);
	intake_open(&scene->intake[1], bed->b.ns, scene->family);
	scene->laws.outer = scene->site->outer;
	scene->laws.wire = "fj0";
	scene->laws.coarse = scene->site->coarse;
	memcpy(scene->laws.unlinked, scene->site->unlinked,
	       sizeof(scene->laws.unlinked));
}

/* Make a first connection over the new links, so that later ones know the
 * neighbours and the path MTU.
 */
static void warm_up(struct scene *scene)
{
	struct bed *bed = &scene->bed;
	struct stream there = { .seed = 1 }, back = { .seed = 2 };

	bed_reconnect(bed, false);
	stream_write(&there, bed->a.fd, WARMING);
	stream_write(&back, bed->b.fd, WARMING);
	if (!stream_read(&there, bed->b.fd) || !stream_read(&back, bed->a.fd))
		fail("a connection does not carry what it should");
	if (scene->site->proof && ns_run(scene->judge, scene->site->proof))
		fail("%s is not at work", scene->site->name);
	if (scene->site->bypass) {
		conn_shut(bed->a.fd);
		if (conn_read(bed->b.fd, PATIENCE) != CONN_EOF)
			fail("a connection does not end");
		if (!ns_run(scene->judge, scene->site->bypass))
			scene->misses = MISSES_ALL;
	}
	bed_hangup(bed);
}

/* Return why the place cannot be built as described, or NULL. */
static const char *lacking(struct scene *scene)
{
	const struct site *site = scene->site;
	static char why[128];

	snprintf(why, sizeof(why), "no %s here (CONFIG_%s)", site->name,
		 site->option);
	if (!build(scene))
		return why;
	serve(scene);
	watch(scene);
	warm_up(scene);
	if (site->merges &&
	    witness_longest(&scene->witness[AT_M], "left") <= FRAME_MAX)
		return "this device merges nothing (veth: Linux 5.13)";
	return NULL;
}

/**
 * scene_open - build a place, and connect
 * @scene: filled in
 * @name: name of the place
 * @family: AF_INET or AF_INET6
 *
 * Return: NULL, or the reason why there can be no such place here.
 */
const char *scene_open(struct scene *scene, const char *name, int family)
{
	const char *why;

	memset(scene, 0, sizeof(*scene));
	scene->site = site_find(name);
	scene->family = family;
	scene->misses = scene->site->misses;
	bed_bare(&scene->bed, scene->site->links[AT_M] ? 3 : 2);
	scene->judge = &scene->bed.ns[scene->site->judge];
	why = lacking(scene);
	if (!why)
		events_open(scene_events(scene), scene->judge);
	return why;
}

/**
 * scene_connect - hang up, connect A to B, clear the witnesses
 * @scene: the place
 */
void scene_connect(struct scene *scene)
{
	int i;

	bed_reconnect(&scene->bed, false);
	for (i = 0; i < scene->bed.count; i++)
		witness_forget(&scene->witness[i]);
	intake_forget(&scene->intake[0]);
	intake_forget(&scene->intake[1]);
}

/**
 * scene_events - get the events of the namespace of the rules
 * @scene: the place
 *
 * Return: its stream.
 */
struct events *scene_events(struct scene *scene)
{
	return &scene->bed.ev[scene->site->judge];
}

/**
 * scene_strange - look for a frame that nobody should have sent
 * @scene: the place
 *
 * Return: NULL, or a fault and its frame as text, valid until the next call.
 */
const char *scene_strange(struct scene *scene)
{
	static const char names[] = "ABM";
	static char text[512];
	const struct frame *frame;
	const char *why;
	int i;

	for (i = 0; i < scene->bed.count; i++) {
		frame = witness_strange(&scene->witness[i], &scene->laws, &why);
		if (!frame)
			continue;
		snprintf(text, sizeof(text), "%s at %c: %s", why, names[i],
			 frame_text(frame));
		return text;
	}
	return NULL;
}

/**
 * scene_close - take a place down, check that nothing is left
 * @scene: the place
 *
 * Return: as of bed_close().
 */
const char *scene_close(struct scene *scene)
{
	int i;

	for (i = 0; i < scene->bed.count; i++)
		witness_close(&scene->witness[i]);
	intake_close(&scene->intake[0]);
	intake_close(&scene->intake[1]);
	if (scene->helper > 0) {
		kill(scene->helper, SIGKILL);
		waitpid(scene->helper, NULL, 0);
	}
	return bed_close(&scene->bed);
}
