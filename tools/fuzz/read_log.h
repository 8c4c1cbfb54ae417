/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FUZZ_READ_LOG_H
#define FUZZ_READ_LOG_H

#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "record.h"

/* Read the text from memory that ends where the text does. */
static inline void read_log(struct log *log, const char *text, size_t size)
{
	char *copy = malloc(size + 1), *rest = copy, *line;

	memcpy(copy, text, size);
	copy[size] = '\0';
	while ((line = record_line(&rest)))
		log_line(log, line);
	free(copy);
}

#endif /* FUZZ_READ_LOG_H */
