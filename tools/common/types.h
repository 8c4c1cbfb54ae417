/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TYPES_H
#define FINJECT_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

#endif /* FINJECT_TYPES_H */
