// SPDX-License-Identifier: GPL-2.0-only
#define CREATE_TRACE_POINTS
#include "trace.h"

#include <linux/netfilter.h>

/* perf and trace-cmd read plain numbers: check them against the kernel's. */
#define IS_HOOK(nr, id, word)	NF_INET_##id == (nr) &&
static_assert(FINJECT_HOOK_LIST(IS_HOOK, IS_HOOK) true);
static_assert(FINJECT_CLASSES == 10); /* in the print format of nth */
