// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ranges of kernel versions: `6.1`, `5.10..6.8`, `..6.8`, `6.12..`.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "kernels.h"

const struct kernels kernels_all = { 0, ~0U };

/* Read `6.12` up to @end. Return: false when it is no version. */
static bool version_read(const char *text, const char *end, u32 *version)
{
	unsigned long major, minor;
	char *dot, *stop;

	if (!isdigit((unsigned char)*text))
		return false;
	major = strtoul(text, &dot, 10);
	if (*dot != '.' || !isdigit((unsigned char)dot[1]))
		return false;
	minor = strtoul(dot + 1, &stop, 10);
	if ((end && stop != end) || major > 0xffff || minor > 0xffff)
		return false;
	*version = major << 16 | minor;
	return true;
}

/**
 * kernels_read() - read a range of versions
 * @kernels: where to
 * @text: a version, or the first and the last with `..` between them, either of
 *	which may be missing
 *
 * Return: false when it is none, or ends before it begins.
 */
bool kernels_read(struct kernels *kernels, const char *text)
{
	const char *dots = strstr(text, "..");
	const char *end = text + strlen(text);

	*kernels = kernels_all;
	if (!dots) {
		if (!version_read(text, end, &kernels->from))
			return false;
		kernels->to = kernels->from;
		return true;
	}
	if (end - text == 2 ||
	    (dots > text && !version_read(text, dots, &kernels->from)) ||
	    (dots[2] && !version_read(dots + 2, end, &kernels->to)))
		return false;
	return kernels->from <= kernels->to;
}

/**
 * kernels_has() - test whether a version is in a range
 * @kernels: the range
 * @version: from kernels_version()
 */
bool kernels_has(const struct kernels *kernels, u32 version)
{
	return version >= kernels->from && version <= kernels->to;
}

/**
 * kernels_version() - get the version of the running kernel
 *
 * Return: its first number times 65536, plus its second.
 */
u32 kernels_version(void)
{
	struct utsname name;
	u32 version = 0;

	if (!uname(&name))
		version_read(name.release, NULL, &version);
	return version;
}
