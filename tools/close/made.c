// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSTs that a rule made (reset=) and those of a stack look alike where they
 * come. One that a rule made never left the end that it claims to be from.
 */
#include <string.h>

#include "made.h"

/* A rule makes them with no flag but R, and where they begin nobody sees. */
static bool may_be_made(const struct ladder_arrow *arrow)
{
	return !strcmp(arrow->flags, "R") && !arrow->out && arrow->in;
}

/* Its number is the one that finject_reset_for_sender() and its like choose. */
static bool fits(const struct ladder_arrow *reset,
		 const struct ladder_arrow *rst)
{
	if (strcmp(reset->verdict, "reset"))
		return false;
	if (reset->from == rst->from)
		return rst->seq >= reset->seq;
	return strchr(reset->flags, 'A') && rst->seq == reset->ack;
}

/* Something else that a stack, which nobody watches, may have answered. */
static bool may_be_answered(const struct ladder_arrow *arrow,
			    const struct ladder_arrow *rst)
{
	return arrow->from != rst->from && arrow->unseen &&
	       strcmp(arrow->verdict, "reset");
}

/**
 * made_from() - find the segment for which a rule made a RST
 * @ladder: the close
 * @rst: an arrow of it
 *
 * Where the end that @rst claims to be from was not watched, its stack may have
 * sent it. Then it counts as made only if nothing else has left for that end
 * since the rule fired.
 *
 * Return: the segment that was dropped for it; NULL when a stack sent it, or
 * when it is no RST.
 */
const struct ladder_arrow *made_from(const struct ladder *ladder,
				     const struct ladder_arrow *rst)
{
	size_t others = 0;

	if (!may_be_made(rst))
		return NULL;
	for (size_t i = rst - ladder->arrow; i--;) {
		const struct ladder_arrow *arrow = &ladder->arrow[i];

		if (may_be_answered(arrow, rst))
			return NULL;
		if (arrow->from == rst->from && may_be_made(arrow))
			others++;
		else if (fits(arrow, rst) && !others--)
			return arrow;
	}
	return NULL;
}
