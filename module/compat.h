/* SPDX-License-Identifier: GPL-2.0-only */
/* The only file that knows kernel versions. */
#ifndef FINJECT_COMPAT_H
#define FINJECT_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define hrtimer_setup(timer, callback, clock, mode)	\
	do {						\
		struct hrtimer *__timer = (timer);	\
							\
		hrtimer_init(__timer, clock, mode);	\
		__timer->function = (callback);		\
	} while (0)
#endif

#endif /* FINJECT_COMPAT_H */
