/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LATE_H
#define LATE_H

#include "addr.h"

void late_measure(int listener, const struct addr *to, int count, int together);

#endif /* LATE_H */
