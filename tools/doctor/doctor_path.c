// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who else stands in the way of a segment, or leads it past the hooks.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netlink.h"
#include "doctor.h"
#include "types.h"

enum { LIST = 160 };

struct list {
	char text[LIST];
	unsigned int count;
};

static void list_add(struct list *list, const char *before, const char *name)
{
	size_t used = strlen(list->text);

	snprintf(list->text + used, sizeof(list->text) - used, "%s%s%s",
		 list->count++ ? " " : "", before, name);
}

/**
 * doctor_conntrack() - look for conntrack, which sees the same segments
 * @found: the finding
 */
void doctor_conntrack(struct finding *found)
{
	char *count = doctor_read("/proc/sys/net/netfilter/nf_conntrack_count");

	if (count)
		finding(found, HEALTH_OK,
			"loaded, %.*s connections here; without hook= a segment is judged before it on the way in and after it on the way out",
			(int)strcspn(count, "\n"), count);
	else
		finding(found, HEALTH_OK, "not loaded");
	free(count);
}

/**
 * doctor_bridge() - check whether bridged segments cross the hooks too
 * @found: the finding
 */
void doctor_bridge(struct finding *found)
{
	static const char * const names[] = {
		"/proc/sys/net/bridge/bridge-nf-call-iptables",
		"/proc/sys/net/bridge/bridge-nf-call-ip6tables",
	};
	bool called = false;

	for (int i = 0; i < 2; i++) {
		char *text = doctor_read(names[i]);

		called = called || (text && *text == '1');
		free(text);
	}
	if (called)
		finding(found, HEALTH_NOTE,
			"br_netfilter hands bridged segments to the hooks: rules meet them too; `sysctl net.bridge.bridge-nf-call-iptables=0' (and -ip6tables) ends that");
	else
		finding(found, HEALTH_OK,
			"bridged segments do not cross the hooks");
}

/**
 * doctor_queue() - look for programs that judge segments through nfnetlink_queue
 * @found: the finding
 */
void doctor_queue(struct finding *found)
{
	char *text = doctor_read("/proc/net/netfilter/nfnetlink_queue");

	if (text && *text)
		finding(found, HEALTH_NOTE,
			"a program takes segments through nfnetlink_queue here: what it keeps looks lost or late, and not by finject; see /proc/net/netfilter/nfnetlink_queue");
	else
		finding(found, HEALTH_OK, "no program takes segments here");
	free(text);
}

static const char *text_of(const struct nlattr *attr)
{
	return attr ? netlink_data(attr) : "?";
}

static void flowtable(const struct nlmsghdr *answer, void *data)
{
	const size_t head = sizeof(struct nfgenmsg);
	char before[64];

	snprintf(before, sizeof(before), "%s/",
		 text_of(netlink_attr(answer, head, NFTA_FLOWTABLE_TABLE)));
	list_add(data, before,
		 text_of(netlink_attr(answer, head, NFTA_FLOWTABLE_NAME)));
}

/* Asks for all objects of a type; @head is the size of the header of one. */
static int dump(int bus, int type, size_t head, netlink_fn add,
		struct list *list)
{
	struct netlink request;

	netlink_begin(&request, type, NLM_F_DUMP, head);
	return netlink_ask(NULL, bus, &request, add, list);
}

static void cannot_list(struct finding *found, const char *what, int error,
			const char *command)
{
	finding(found, HEALTH_NOTE, "%s cannot be listed (%s): look with `%s'",
		what, strerror(-error), command);
}

/**
 * doctor_flowtable() - look for flowtables, which lead segments past the hooks
 * @found: the finding
 */
void doctor_flowtable(struct finding *found)
{
	struct list list = { "", 0 };
	int error = 0;

	/* Asking would load nf_tables. */
	if (!access("/sys/module/nf_flow_table", F_OK) &&
	    !access("/sys/module/nf_tables", F_OK))
		error = dump(NETLINK_NETFILTER,
			     NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETFLOWTABLE,
			     sizeof(struct nfgenmsg), flowtable, &list);
	if (error)
		cannot_list(found, "flowtables", error, "nft list flowtables");
	else if (list.count)
		finding(found, HEALTH_NOTE,
			"nftables has flowtables here: %s; forwarded connections in them pass the hooks by until their FIN (since Linux 7.2 to the end), so half-close data, or the close, may not be seen",
			list.text);
	else
		finding(found, HEALTH_OK, "no flowtables here");
}

/**
 * doctor_ipvs() - look for IPVS, which takes segments before they come to input
 * @found: the finding
 */
void doctor_ipvs(struct finding *found)
{
	/* three lines of headings, then one for each service and server */
	char *text = doctor_read("/proc/net/ip_vs"), *line = text;

	for (int i = 0; line && i < 3; i++) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (line && *line)
		finding(found, HEALTH_NOTE,
			"IPVS has services here: it takes their segments at input, before a rule with hook=input meets them; use dir=in or hook=output");
	else
		finding(found, HEALTH_OK, "no services here");
	free(text);
}

static void link_xdp(const struct nlmsghdr *answer, void *data)
{
	const size_t head = sizeof(struct ifinfomsg);
	const struct nlattr *xdp = netlink_attr(answer, head, IFLA_XDP);
	const struct nlattr *attached;

	attached = xdp ? netlink_inner(xdp, IFLA_XDP_ATTACHED) : NULL;
	if (attached && *(const u8 *)netlink_data(attached) != XDP_ATTACHED_NONE)
		list_add(data, "",
			 text_of(netlink_attr(answer, head, IFLA_IFNAME)));
}

/**
 * doctor_xdp() - look for XDP programs, which see segments before the hooks do
 * @found: the finding
 */
void doctor_xdp(struct finding *found)
{
	struct list list = { "", 0 };
	int error = dump(NETLINK_ROUTE, RTM_GETLINK, sizeof(struct ifinfomsg),
			 link_xdp, &list);

	if (error)
		cannot_list(found, "devices", error, "ip link");
	else if (list.count)
		finding(found, HEALTH_NOTE,
			"XDP programs on %s: what they redirect, answer or drop never comes to the hooks; see `ip link', `bpftool net'",
			list.text);
	else
		finding(found, HEALTH_OK, "no XDP programs here");
}

static void qdisc(const struct nlmsghdr *answer, void *data)
{
	static const char * const kinds[] = { "clsact", "ingress", "netem" };
	const struct tcmsg *head = NLMSG_DATA(answer);
	char device[IF_NAMESIZE] = "?", before[IF_NAMESIZE + 1];
	const char *kind;

	kind = text_of(netlink_attr(answer, sizeof(*head), TCA_KIND));
	if_indextoname(head->tcm_ifindex, device);
	snprintf(before, sizeof(before), "%s:", device);
	for (int i = 0; i < 3; i++)
		if (!strcmp(kind, kinds[i]))
			list_add(data, before, kind);
}

/**
 * doctor_tc() - look for traffic control that loses, delays or redirects segments
 * @found: the finding
 */
void doctor_tc(struct finding *found)
{
	struct list list = { "", 0 };
	int error = dump(NETLINK_ROUTE, RTM_GETQDISC, sizeof(struct tcmsg),
			 qdisc, &list);

	if (error)
		cannot_list(found, "qdiscs", error, "tc qdisc");
	else if (list.count)
		finding(found, HEALTH_NOTE,
			"on %s: netem loses and delays on its own account, and filters and BPF programs of the others may redirect past the hooks; see `tc qdisc', `tc filter show dev DEVICE ingress', `bpftool net'",
			list.text);
	else
		finding(found, HEALTH_OK,
			"no netem and no ingress filters here (tcx and netkit programs: `bpftool net')");
}
