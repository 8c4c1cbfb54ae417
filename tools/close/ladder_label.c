// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ladder.h"
#include "ladder_label.h"

static bool is_ack(const char *class)
{
	return !strncmp(class, "ack", 3);
}

/* "fin2 #1 ack1 #2": what a segment is before what it acknowledges. */
static void classes(const struct ladder_arrow *arrow, bool acks, FILE *out)
{
	const char *class = arrow->seg, *nth = arrow->nth;

	while (*class && *nth) {
		int length = strcspn(class, ","), digits = strcspn(nth, ",");

		if (is_ack(class) == acks)
			fprintf(out, "%.*s #%.*s ", length, class, digits, nth);
		class += length;
		class += *class == ',';
		nth += digits;
		nth += *nth == ',';
	}
}

/**
 * ladder_label() - write the label of an arrow
 * @arrow: the arrow
 * @text: where it is put: "fin2 #1 ack1 #2 FA seq=0 ack=1"
 * @size: how much room there is
 *
 * A segment without ACK acknowledges nothing, whatever its field says.
 *
 * Return: the length of the text.
 */
size_t ladder_label(const struct ladder_arrow *arrow, char *text, size_t size)
{
	FILE *out = fmemopen(text, size, "w");

	if (!out)
		abort();
	classes(arrow, false, out);
	classes(arrow, true, out);
	fprintf(out, "%s seq=%d", arrow->flags, arrow->seq);
	if (strchr(arrow->flags, 'A'))
		fprintf(out, " ack=%d", arrow->ack);
	if (arrow->len)
		fprintf(out, " len=%u", arrow->len);
	fclose(out);
	return strlen(text);
}
