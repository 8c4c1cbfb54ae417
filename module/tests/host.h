/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's names that the pure files use, for a build on the host.
 * For pure.h only.
 */
#ifndef FINJECT_TESTS_HOST_H
#define FINJECT_TESTS_HOST_H

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
typedef long long s64;

#define U8_MAX	((u8)~0U)
#define U16_MAX	((u16)~0U)
#define U32_MAX	((u32)~0U)
#define U64_MAX	((u64)~0ULL)
#define S32_MAX	((s32)(U32_MAX >> 1))

#define likely(x)		__builtin_expect(!!(x), 1)

#define BIT(nr)			(1UL << (nr))
#define BUILD_BUG_ON(wrong)	static_assert(!(wrong), #wrong)

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif

#ifndef __printf
#define __printf(fmt, args)	__attribute__(			\
	(format(printf, fmt, args)))
#endif

#define min_t(type, x, y) ({			\
	type min_x = (x), min_y = (y);		\
	min_x < min_y ? min_x : min_y; })
#define max_t(type, x, y) ({			\
	type max_x = (x), max_y = (y);		\
	max_x > max_y ? max_x : max_y; })
#define clamp_t(type, x, low, high)	min_t(type, max_t(type, x, low), high)

/* The number of the highest bit that is set, from 1; 0 without one. */
static inline int fls64(u64 value)
{
	return value ? 64 - __builtin_clzll(value) : 0;
}

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *rest)
{
	*rest = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

/* In 32-bit halves: a 32-bit compiler has no type for the product. */
static inline u64 mul_u64_u64_shr(u64 a, u64 b, unsigned int shift)
{
	u64 low = (a & U32_MAX) * (b & U32_MAX);
	u64 mid = (a >> 32) * (b & U32_MAX) + (low >> 32);
	u64 mid2 = (a & U32_MAX) * (b >> 32) + (mid & U32_MAX);
	u64 high = (a >> 32) * (b >> 32) + (mid >> 32) + (mid2 >> 32);

	low = mid2 << 32 | (low & U32_MAX);
	if (!shift)
		return low;
	if (shift >= 64)
		return high >> (shift - 64);
	return low >> shift | high << (64 - shift);
}

static inline __printf(3, 0)
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	if (!size)
		return 0;
	return (size_t)len < size ? len : (int)size - 1;
}

static inline __printf(3, 4)
int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

/* Like the kernel's without a delimiter: *@end is the first byte not read. */
static inline int host_pton(int family, const char *src, int len, u8 *dst,
			    const char **end)
{
	const char *bytes = family == AF_INET ? "0123456789." :
						"0123456789abcdefABCDEF:.";
	char text[INET6_ADDRSTRLEN];
	int n = 0;

	while (n < len && src[n] && strchr(bytes, src[n]))
		n++;
	*end = src + n;
	if (n >= (int)sizeof(text))
		return 0;
	memcpy(text, src, n);
	text[n] = '\0';
	return inet_pton(family, text, dst) == 1;
}

static inline int in4_pton(const char *src, int len, u8 *dst, int delim,
			   const char **end)
{
	(void)delim;
	return host_pton(AF_INET, src, len, dst, end);
}

static inline int in6_pton(const char *src, int len, u8 *dst, int delim,
			   const char **end)
{
	(void)delim;
	return host_pton(AF_INET6, src, len, dst, end);
}

#endif /* FINJECT_TESTS_HOST_H */
