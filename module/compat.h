/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only file that knows how kernels differ. Kbuild looks for the names in
 * the kernel's own headers, for stable kernels get them later than their
 * version number says.
 */
#ifndef FINJECT_COMPAT_H
#define FINJECT_COMPAT_H

#include <linux/hrtimer.h>
#include <linux/netdevice.h>

#ifdef FINJECT_HAS_NET_GSO_H
#include <net/gso.h>
#endif

#ifndef FINJECT_HAS_HRTIMER_SETUP
#define hrtimer_setup(timer, callback, clock, mode)	\
	do {						\
		struct hrtimer *__timer = (timer);	\
							\
		hrtimer_init(__timer, clock, mode);	\
		__timer->function = (callback);		\
	} while (0)
#endif

#endif /* FINJECT_COMPAT_H */
