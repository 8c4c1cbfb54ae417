/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PCAPNG_PACKET_H
#define FINJECT_PCAPNG_PACKET_H

#include "log.h"

enum { PCAPNG_HEADERS = 60 };

u32 pcapng_headers(const struct event *event, u8 *bytes);

#endif /* FINJECT_PCAPNG_PACKET_H */
