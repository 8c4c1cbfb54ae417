// SPDX-License-Identifier: GPL-2.0-only
#define CREATE_TRACE_POINTS
#include "trace.h"

static_assert(BIT(FINJECT_FIN1) == 0x01 && BIT(FINJECT_ACK1) == 0x02 &&
	      BIT(FINJECT_FIN2) == 0x04 && BIT(FINJECT_ACK2) == 0x08 &&
	      BIT(FINJECT_RST) == 0x10 && BIT(FINJECT_DATA) == 0x20 &&
	      BIT(FINJECT_SYN) == 0x40 && FINJECT_CLASSES == 7);
static_assert(NF_INET_PRE_ROUTING == 0 && NF_INET_LOCAL_IN == 1 &&
	      NF_INET_FORWARD == 2 && NF_INET_LOCAL_OUT == 3 &&
	      NF_INET_POST_ROUTING == 4);
static_assert(FINJECT_PASSED == 0 && FINJECT_DROPPED == 1 &&
	      FINJECT_DELAYED == 2 && FINJECT_DUPLICATED == 3 &&
	      FINJECT_HELD == 4 && FINJECT_RESETTED == 5 &&
	      FINJECT_RELEASED == 6 && FINJECT_PURGED == 7);
