/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_KERNELS_H
#define FINJECT_KERNELS_H

#include "types.h"

/**
 * struct kernels - versions of Linux, as kernels_version() counts them
 * @from: the first
 * @to: the last
 */
struct kernels {
	u32 from;
	u32 to;
};

extern const struct kernels kernels_all;

bool kernels_read(struct kernels *kernels, const char *text);
bool kernels_has(const struct kernels *kernels, u32 version);
u32 kernels_version(void);

#endif /* FINJECT_KERNELS_H */
