// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever looks for the reason of broken closes looks into the kernel log. Two
 * lines for each time that a namespace has rules, however many, and rules that
 * come and go by the hundred fill no log: above the limit neither line of a
 * pair is printed, and the next pair says how many were not.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "notice.h"

#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <net/net_namespace.h>

#include "lang/parse.h"

enum { NOTICE_TEXT_MAX = 128 };

/* ten pairs in five seconds */
static DEFINE_RATELIMIT_STATE(notice_limit, 5 * HZ, 10);

/* pairs that were not printed since the last one that was */
static atomic_t notice_missed = ATOMIC_INIT(0);

/**
 * finject_notice_init - prepare to print
 */
void finject_notice_init(void)
{
	/* the kernel's own word on what it suppressed is a warning */
	ratelimit_set_flags(&notice_limit, RATELIMIT_MSG_ON_RELEASE);
}

static void notice_begin(const struct finject_net *fnet,
			 const struct finject_rule *rule)
{
	const struct finject_author *author = &rule->author;
	unsigned int missed = atomic_xchg(&notice_missed, 0);
	char text[NOTICE_TEXT_MAX];
	bool cut;

	cut = finject_spec_print(&rule->spec, text, sizeof(text)) ==
	      sizeof(text) - 1;
	if (missed)
		pr_info("rules came and went %u times, not logged one by one\n",
			missed);
	pr_info("netns %u: first rule, by %s[%d]: %s%s\n", fnet->net->ns.inum,
		author->comm, pid_nr(author->pid), text, cut ? "..." : "");
}

/**
 * finject_notice_change - log the first rule of a namespace, and the last
 * @fnet: the namespace
 * @old: the set that was current
 * @set: the set that is current now
 *
 * Context: process, under fnet->mutex; fnet->net is not NULL.
 */
void finject_notice_change(struct finject_net *fnet,
			   const struct finject_ruleset *old,
			   const struct finject_ruleset *set)
{
	if (!set->count) {
		finject_notice_end(fnet);
		return;
	}
	if (old->count)
		return;
	fnet->noticed = __ratelimit(&notice_limit);
	if (fnet->noticed)
		notice_begin(fnet, set->rule[0]);
	else
		atomic_inc(&notice_missed);
}

/**
 * finject_notice_end - log that a namespace has no rules any more
 * @fnet: the namespace; if its first rule was not logged, nothing is printed
 *
 * Context: process, under fnet->mutex; fnet->net is not NULL.
 */
void finject_notice_end(struct finject_net *fnet)
{
	if (fnet->noticed)
		pr_info("netns %u: no rules any more\n", fnet->net->ns.inum);
	fnet->noticed = false;
}
