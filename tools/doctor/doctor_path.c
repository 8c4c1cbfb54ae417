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

#include "doctor.h"
#include "netlink.h"
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

static int flowtable(const struct nlmsghdr *answer, void *data)
{
	const char *table = "?", *name = "?";
	struct nlattr *attr;
	char before[64];

	mnl_attr_for_each(attr, answer, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) == NFTA_FLOWTABLE_TABLE)
			table = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == NFTA_FLOWTABLE_NAME)
			name = mnl_attr_get_str(attr);
	}
	snprintf(before, sizeof(before), "%s/", table);
	list_add(data, before, name);
	return MNL_CB_OK;
}

/* Asks for all objects of a type; @head is the size of the header of one. */
static int dump(int bus, int type, size_t head, mnl_cb_t add, struct list *list)
{
	char room[NETLINK_ROOM] = { 0 };
	struct nlmsghdr *request = mnl_nlmsg_put_header(room);

	request->nlmsg_type = type;
	mnl_nlmsg_put_extra_header(request, head);
	return netlink_dump(bus, request, add, list);
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

static int link_xdp(const struct nlmsghdr *answer, void *data)
{
	const char *name = "?";
	struct nlattr *attr, *inner;
	bool attached = false;

	mnl_attr_for_each(attr, answer, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_IFNAME)
			name = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) != IFLA_XDP)
			continue;
		mnl_attr_for_each_nested(inner, attr)
			if (mnl_attr_get_type(inner) == IFLA_XDP_ATTACHED)
				attached = mnl_attr_get_u8(inner) !=
					   XDP_ATTACHED_NONE;
	}
	if (attached)
		list_add(data, "", name);
	return MNL_CB_OK;
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

static int qdisc(const struct nlmsghdr *answer, void *data)
{
	static const char * const kinds[] = { "clsact", "ingress", "netem" };
	const struct tcmsg *head = mnl_nlmsg_get_payload(answer);
	char device[IF_NAMESIZE] = "?", before[IF_NAMESIZE + 1];
	const char *kind = "";
	struct nlattr *attr;

	mnl_attr_for_each(attr, answer, sizeof(*head))
		if (mnl_attr_get_type(attr) == TCA_KIND)
			kind = mnl_attr_get_str(attr);
	if_indextoname(head->tcm_ifindex, device);
	snprintf(before, sizeof(before), "%s:", device);
	for (int i = 0; i < 3; i++)
		if (!strcmp(kind, kinds[i]))
			list_add(data, before, kind);
	return MNL_CB_OK;
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
