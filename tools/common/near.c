// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "near.h"

enum { NEAR_MAX = 24 };

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * The number of edits that make one word of the other: a letter more, less or
 * another, or two neighbours swapped.
 */
static unsigned int distance(const char *a, size_t a_len, const char *b,
			     size_t b_len)
{
	unsigned int d[NEAR_MAX + 1][NEAR_MAX + 1];

	for (size_t i = 0; i <= a_len; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b_len; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a_len; i++)
		for (size_t j = 1; j <= b_len; j++) {
			unsigned int other = a[i - 1] != b[j - 1];

			d[i][j] = least(d[i - 1][j - 1] + other,
					least(d[i - 1][j], d[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a_len][b_len];
}

/**
 * near_enough() - tell whether a word is likely to be a typo
 * @typed: the word
 * @name: the word that may have been meant
 *
 * Return: true when @typed is the beginning of @name, or when one edit makes
 * @name of it, or two where @name has six letters or more.
 */
bool near_enough(const char *typed, const char *name)
{
	size_t typed_len = strlen(typed), len = strlen(name);

	if (!typed_len || typed_len > NEAR_MAX || len > NEAR_MAX)
		return false;
	if (typed_len >= 2 && !strncmp(typed, name, typed_len))
		return true;
	return distance(typed, typed_len, name, len) <= (len < 6 ? 1 : 2);
}
