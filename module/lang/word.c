// SPDX-License-Identifier: GPL-2.0-only
/*
 * A word of rule text, cut and read as a number.
 *
 * The kernel's kstrto*() want terminated strings; these read pieces of a line
 * where they stand.
 */
#include "lang/word.h"

/**
 * finject_word_is - compare a word with a string
 * @word: the word
 * @name: the string
 *
 * Context: any.
 *
 * Return: true when they are the same, byte by byte.
 */
bool finject_word_is(struct finject_word word, const char *name)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (word.text[i] != name[i] || !name[i])
			return false;
	return !name[i];
}

/**
 * finject_word_near - test whether a word is likely to be a typo
 * @word: the word
 * @name: the word that may have been meant
 *
 * Context: any.
 *
 * Return: true with one byte too many, one too few, one wrong, or two swapped
 * neighbours.
 */
bool finject_word_near(struct finject_word word, const char *name)
{
	size_t len = strlen(name);

	while (word.len && len && *word.text == *name) {
		word.text++;
		word.len--;
		name++;
		len--;
	}
	while (word.len && len && word.text[word.len - 1] == name[len - 1]) {
		word.len--;
		len--;
	}
	if (word.len == 2 && len == 2)
		return word.text[0] == name[1] && word.text[1] == name[0];
	return word.len <= 1 && len <= 1;
}

/**
 * finject_word_begins - test whether a word is the beginning of another
 * @word: the word
 * @name: the word that may have been meant
 *
 * Context: any.
 *
 * Return: true with three bytes or more that @name begins with.
 */
bool finject_word_begins(struct finject_word word, const char *name)
{
	return word.len >= 3 && word.len < strlen(name) &&
	       !memcmp(word.text, name, word.len);
}

/**
 * finject_word_cut - cut a word in two
 * @word: the word; afterwards the part before the first @at
 * @at: separator
 * @after: set to the part after the first @at; empty without one
 *
 * Context: any.
 *
 * Return: false, with @word unchanged, when there is no @at in it.
 */
bool finject_word_cut(struct finject_word *word, char at,
		      struct finject_word *after)
{
	const char *sep = memchr(word->text, at, word->len);

	*after = (struct finject_word){ word->text + word->len, 0 };
	if (!sep)
		return false;
	*after = (struct finject_word){ sep + 1, after->text - sep - 1 };
	word->len = sep - word->text;
	return true;
}

static int word_digit(char c)
{
	if (finject_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static bool word_read_digits(struct finject_word word, unsigned int base,
			     u64 high,
			     u64 *n)
{
	u64 sum = 0;
	size_t i;

	for (i = 0; i < word.len; i++) {
		unsigned int digit = word_digit(word.text[i]);

		if (digit >= base || digit > high ||
		    sum > div_u64(high - digit, base))
			return false;
		sum = sum * base + digit;
	}
	*n = sum;
	return word.len;
}

/**
 * finject_word_decimal - read a decimal number
 * @word: digits only, at least one
 * @low: least value
 * @high: greatest value
 * @n: set to the number
 *
 * Context: any.
 *
 * Return: false when @word is no number, or one out of range.
 */
bool finject_word_decimal(struct finject_word word, u64 low, u64 high, u64 *n)
{
	return word_read_digits(word, 10, high, n) && *n >= low;
}

/**
 * finject_word_integer - read a number, decimal or in hexadecimal after 0x
 * @word: the number and nothing else
 * @high: greatest value
 * @n: set to the number
 *
 * Context: any.
 *
 * Return: false when @word is no number, or one above @high.
 */
bool finject_word_integer(struct finject_word word, u64 high, u64 *n)
{
	if (word.len > 2 && word.text[0] == '0' &&
	    (word.text[1] == 'x' || word.text[1] == 'X')) {
		word.text += 2;
		word.len -= 2;
		return word_read_digits(word, 16, high, n);
	}
	return word_read_digits(word, 10, high, n);
}

/**
 * finject_word_scaled - read a decimal fraction as a whole number of parts
 * @word: `W` or `W.F`
 * @unit: parts in 1, a power of ten
 * @high: the most parts
 * @n: set to the parts
 *
 * Context: any.
 *
 * Return: false when @word is no such number, is above @high, or is not a
 * whole number of parts.
 */
bool finject_word_scaled(struct finject_word word, u32 unit, u64 high, u64 *n)
{
	struct finject_word fraction;
	bool point = finject_word_cut(&word, '.', &fraction);
	size_t i;

	if (!finject_word_decimal(word, 0, div_u64(high, unit), n))
		return false;
	*n *= unit;
	for (i = 0; i < fraction.len; i++) {
		unit /= 10;
		if (!finject_is_digit(fraction.text[i]) ||
		    (!unit && fraction.text[i] != '0'))
			return false;
		*n += (u64)unit * (fraction.text[i] - '0');
	}
	return (!point || fraction.len) && *n <= high;
}
