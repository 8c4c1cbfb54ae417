// SPDX-License-Identifier: GPL-2.0-only
/*
 * finject's hooks at prerouting and output come before conntrack's, so a
 * segment has no entry there: it is looked up in conntrack's table.
 *
 * The module must not depend on nf_conntrack, nor keep it from being unloaded.
 * So the address of the lookup is taken while nf_conntrack is there, and the
 * reference is held for each lookup alone. The module's structure is freed after
 * a grace period (free_module()), so under RCU it is there to be asked. Once
 * nf_conntrack is to go, no reference can be taken any more, and its hash table
 * goes after the last one.
 */
#include "conn.h"

#include <linux/module.h>
#include <net/netfilter/nf_conntrack_core.h>

struct finject_conn_lookup finject_conn_lookup;

static unsigned int conn_set_tuple(struct finject_tuple *tuple,
				   const struct nf_conntrack_tuple *from,
				   u32 dev, u16 zone)
{
	unsigned int sender;

	sender = finject_tuple_set(tuple, from->src.l3num, &from->src.u3,
				   from->src.u.tcp.port, &from->dst.u3,
				   from->dst.u.tcp.port);
	tuple->dev = dev;
	tuple->zone = zone;
	return sender;
}

static bool conn_is_translated(const struct nf_conntrack_tuple *orig,
			       const struct nf_conntrack_tuple *reply)
{
	return orig->src.u.all != reply->dst.u.all ||
	       orig->dst.u.all != reply->src.u.all ||
	       !nf_inet_addr_cmp(&orig->src.u3, &reply->dst.u3) ||
	       !nf_inet_addr_cmp(&orig->dst.u3, &reply->src.u3);
}

/*
 * Note whether the other end closed first. Conntrack writes its numbers under a
 * lock that is not taken here: they are those from before a segment that is in
 * conntrack just now, or from after it.
 */
static void conn_set_prior(struct finject_conn *conn, const struct nf_conn *ct,
			   enum ip_conntrack_dir dir)
{
	const struct ip_ct_tcp_state *other = &ct->proto.tcp.seen[!dir];

	if (nf_ct_protonum(ct) != IPPROTO_TCP ||
	    !(READ_ONCE(other->flags) & IP_CT_TCP_FLAG_CLOSE_INIT))
		return;
	conn->prior = true;
	conn->prior_end = READ_ONCE(other->td_end);
}

static void conn_set(struct finject_conn *conn, const struct nf_conn *ct,
		     enum ip_conntrack_dir dir, u32 dev)
{
	const struct nf_conntrack_zone *zone = nf_ct_zone(ct);
	const struct nf_conntrack_tuple *orig, *reply;
	u16 there = nf_ct_zone_id(zone, IP_CT_DIR_ORIGINAL);
	u16 back = nf_ct_zone_id(zone, IP_CT_DIR_REPLY);

	orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	conn_set_prior(conn, ct, dir);
	if (!there && !back && !conn_is_translated(orig, reply))
		return;
	conn->known = true;
	conn->dir = dir;
	conn->opener[0] = conn_set_tuple(&conn->tuple[0], orig, dev, there);
	conn->opener[1] = !conn_set_tuple(&conn->tuple[1], reply, dev, back);
}

static void conn_key(struct nf_conntrack_tuple *key,
		     const struct finject_tuple *tuple, unsigned int sender)
{
	memset(key, 0, sizeof(*key));
	key->src.l3num = tuple->family;
	key->src.u3 = tuple->addr[sender];
	key->src.u.tcp.port = tuple->port[sender];
	key->dst.u3 = tuple->addr[!sender];
	key->dst.u.tcp.port = tuple->port[!sender];
	key->dst.protonum = IPPROTO_TCP;
}

static void conn_look_up(struct finject_conn *conn,
			 const struct finject_conn_lookup *lookup, struct net *net,
			 const struct finject_tuple *tuple, unsigned int sender)
{
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_tuple key;
	struct nf_conn *ct;

	conn_key(&key, tuple, sender);
	hash = lookup->find(net, &nf_ct_zone_dflt, &key);
	if (!hash)
		return;
	ct = nf_ct_tuplehash_to_ctrack(hash);
	conn_set(conn, ct, NF_CT_DIRECTION(hash), tuple->dev);
	nf_conntrack_put(&ct->ct_general);
}

/**
 * finject_conn_find - look for a connection in conntrack's table
 * @conn: zeroed; filled in if it is there, and translated
 * @net: the namespace
 * @tuple: tuple of a segment of it, as conntrack would see it
 * @sender: end of @tuple that sent it
 *
 * Only the default zone is looked up: none is known before conntrack.
 *
 * Context: any.
 */
void finject_conn_find(struct finject_conn *conn, struct net *net,
		       const struct finject_tuple *tuple, unsigned int sender)
{
	struct finject_conn_lookup lookup;

	rcu_read_lock();
	/* pairs with conn_take_address() */
	lookup.find = smp_load_acquire(&finject_conn_lookup.find);
	lookup.module = finject_conn_lookup.module;
	if (lookup.find && try_module_get(lookup.module)) {
		conn_look_up(conn, &lookup, net, tuple, sender);
		module_put(lookup.module);
	}
	rcu_read_unlock();
}

/**
 * finject_conn_read - get the tuples of a segment's connection
 * @conn: zeroed; filled in if they differ
 * @skb: the segment
 * @net: the namespace
 * @segment: the segment as read
 * @find: look it up where conntrack has not seen the segment yet
 *
 * Context: under RCU.
 */
void finject_conn_read(struct finject_conn *conn, const struct sk_buff *skb,
		       struct net *net, const struct finject_segment *segment,
		       bool find)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct = nf_ct_get(skb, &ctinfo);

	if (ct && !nf_ct_is_template(ct))
		conn_set(conn, ct, CTINFO2DIR(ctinfo), segment->tuple.dev);
	else if (find && ctinfo != IP_CT_UNTRACKED)
		finject_conn_find(conn, net, &segment->tuple, segment->dir);
}

/* The set of all modules' kobjects, which only built-in code knows by name. */
#ifdef MODULE
#define conn_modules()	(THIS_MODULE->mkobj.kobj.kset)
#elif defined(CONFIG_SYSFS)
#define conn_modules()	module_kset
#else
#define conn_modules()	NULL
#endif

/*
 * Find nf_conntrack, which is there: it has a kobject in that set, with or
 * without a struct module.
 */
static bool conn_find_module(struct module **module)
{
	struct kset *modules = conn_modules();
	struct kobject *kobj = NULL;

	if (modules)		/* CONFIG_SYSFS */
		kobj = kset_find_obj(modules, "nf_conntrack");
	if (!kobj)
		return false;
	*module = container_of(kobj, struct module_kobject, kobj)->mod;
	kobject_put(kobj);
	return true;
}

static void conn_take_address(void)
{
	typeof(finject_conn_lookup.find) find;

	find = symbol_get(nf_conntrack_find_get);
	if (!find)
		return;
	/* before the reference goes: after it the module may go, too */
	if (conn_find_module(&finject_conn_lookup.module))
		/* pairs with finject_conn_find() */
		smp_store_release(&finject_conn_lookup.find, find);
	symbol_put(nf_conntrack_find_get);
}

static int conn_notify(struct notifier_block *block, unsigned long state,
		       void *data)
{
	const struct module *module = data;

	if (strcmp(module->name, "nf_conntrack"))
		return NOTIFY_DONE;
	if (state == MODULE_STATE_LIVE)
		conn_take_address();
	else if (state == MODULE_STATE_GOING)
		WRITE_ONCE(finject_conn_lookup.find, NULL);
	return NOTIFY_DONE;
}

static struct notifier_block conn_notifier = { .notifier_call = conn_notify };

/**
 * finject_conn_init - follow nf_conntrack, whether it is loaded now or later
 *
 * Return: 0 or a negative errno.
 */
int finject_conn_init(void)
{
	int err = register_module_notifier(&conn_notifier);

	if (!err)
		conn_take_address();
	return err;
}

/**
 * finject_conn_exit - follow nf_conntrack no longer
 */
void finject_conn_exit(void)
{
	unregister_module_notifier(&conn_notifier);
}
