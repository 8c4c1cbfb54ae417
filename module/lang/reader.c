// SPDX-License-Identifier: GPL-2.0-only
#include "lang/reader.h"

/**
 * finject_refuse - refuse a word and tell the fault
 * @r: the word that is being read
 * @at: the word, or the part of it that is at fault
 * @fmt: one sentence that names it
 *
 * Context: any.
 *
 * Return: -EINVAL.
 */
int finject_refuse(struct finject_reader *r, struct finject_word at,
		   const char *fmt, ...)
{
	va_list args;

	r->err->column = at.text - r->line;
	r->err->width = max_t(size_t, at.len, 1);
	va_start(args, fmt);
	vscnprintf(r->err->reason, sizeof(r->err->reason), fmt, args);
	va_end(args);
	return -EINVAL;
}

/**
 * finject_refuse_value - refuse the value of a key and tell the fault
 * @r: the word that is being read
 * @part: the part of the value that is at fault; the whole word is when empty
 * @fmt: the accepted values; the reason begins with the key and the value
 *
 * Context: any.
 *
 * Return: -EINVAL.
 */
int finject_refuse_value(struct finject_reader *r, struct finject_word part,
			 const char *fmt, ...)
{
	char why[FINJECT_REASON_MAX];
	va_list args;

	va_start(args, fmt);
	vscnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	return finject_refuse(r, part.len ? part : r->word, "%s=%.*s%s: %s",
			      r->key->name, finject_word_shown(r->value),
			      r->value.text,
			      r->value.len > FINJECT_WORD_SHOWN ? "..." : "",
			      why);
}
