// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planted faults: loaded with plant=NAME this module commits one of them, so
 * that selftests/qemu/planted.sh can check that the guest fails. It is never a
 * part of finject.ko; never load it into a kernel that is still needed.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *plant = "nothing";
module_param(plant, charp, 0400);
MODULE_PARM_DESC(plant, "the fault to commit");

static DEFINE_SPINLOCK(lock_a);
static DEFINE_SPINLOCK(lock_b);

/* Hidden from the compiler, which would warn of the intended fault. */
static int four = 4;
static int thirty_two = 32;
static int small_table[4];

static void plant_nothing(void)
{
}

static void plant_leak(void)
{
	char *lost = kmalloc(100, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(lost);
}

static void plant_stale(void)
{
	int *stale = kmalloc(100, GFP_KERNEL);

	if (!stale)
		return;
	kfree(stale);
	OPTIMIZER_HIDE_VAR(stale);
	pr_info("stale: %d\n", READ_ONCE(*stale));
}

static void plant_sleep(void)
{
	spin_lock(&lock_a);
	kfree(kmalloc(100, GFP_KERNEL));
	spin_unlock(&lock_a);
}

static void plant_inversion(void)
{
	spin_lock(&lock_a);
	spin_lock(&lock_b);
	spin_unlock(&lock_b);
	spin_unlock(&lock_a);

	spin_lock(&lock_b);
	spin_lock(&lock_a);
	spin_unlock(&lock_a);
	spin_unlock(&lock_b);
}

static void plant_rcu(void)
{
	static int __rcu *shared;

	pr_info("shared: %p\n", rcu_dereference(shared));
}

static void plant_bounds(void)
{
	pr_info("beyond: %d\n", small_table[READ_ONCE(four)]);
}

static void plant_shift(void)
{
	pr_info("shifted: %d\n", 1 << READ_ONCE(thirty_two));
}

static void plant_refcount(void)
{
	refcount_t gone = REFCOUNT_INIT(0);

	refcount_inc(&gone);
}

static void timer_expired(struct timer_list *timer)
{
}

static void plant_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, timer_expired, 0);
	mod_timer(timer, jiffies + HZ);
	kfree(timer);
}

/* Remove a device while a reference to it is held. */
static void plant_device(void)
{
	netdevice_tracker tracker;
	struct net_device *dev;

	dev = alloc_netdev(0, "planted%d", NET_NAME_ENUM, ether_setup);
	if (!dev)
		return;
	netdev_hold(dev, &tracker, GFP_KERNEL);
	free_netdev(dev);
}

static void plant_slab(void)
{
	struct kmem_cache *cache = kmem_cache_create("planted", 64, 0, 0, NULL);

	if (!cache)
		return;
	kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
}

static unsigned long raced;

static int racer(void *unused)
{
	while (!kthread_should_stop()) {
		raced++;
		cond_resched();
	}
	return 0;
}

static void plant_race(void)
{
	struct task_struct *racers[2];
	int i;

	for (i = 0; i < 2; i++)
		racers[i] = kthread_run(racer, NULL, "racer");
	msleep(2000);
	for (i = 0; i < 2; i++)
		if (!IS_ERR(racers[i]))
			kthread_stop(racers[i]);
}

static const struct {
	const char *name;
	void (*commit)(void);
} plants[] = {
	{ "nothing", plant_nothing },
	{ "leak", plant_leak },
	{ "stale", plant_stale },
	{ "sleep", plant_sleep },
	{ "inversion", plant_inversion },
	{ "rcu", plant_rcu },
	{ "bounds", plant_bounds },
	{ "shift", plant_shift },
	{ "refcount", plant_refcount },
	{ "timer", plant_timer },
	{ "device", plant_device },
	{ "slab", plant_slab },
	{ "race", plant_race },
};

static int __init planted_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(plants); i++)
		if (!strcmp(plants[i].name, plant)) {
			plants[i].commit();
			return 0;
		}
	return -EINVAL;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults that the checks of a debug kernel must find");
