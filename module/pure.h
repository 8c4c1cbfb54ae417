/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's names that the pure files (stage, schedule, parse) use, and the
 * same names for a userspace build: unit tests and fuzzers compile those
 * files on the host.
 */
#ifndef FINJECT_PURE_H
#define FINJECT_PURE_H

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include "tests/host.h"
#endif

#ifndef __flatten	/* Linux 5.10, and the host */
#define __flatten	__attribute__((flatten))
#endif

#endif /* FINJECT_PURE_H */
