/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CAPTURE_LINK_H
#define FINJECT_CAPTURE_LINK_H

#include "capture_span.h"

bool capture_link_known(int type);
int capture_link(int type, struct capture_span *span, u32 *hash);

#endif /* FINJECT_CAPTURE_LINK_H */
