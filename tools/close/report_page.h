/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_REPORT_PAGE_H
#define FINJECT_REPORT_PAGE_H

#include <stdio.h>

struct closes;
struct log;
struct rule_texts;

void report_page(const struct closes *closes, const struct log *log,
		 const struct rule_texts *rules, FILE *out);

#endif /* FINJECT_REPORT_PAGE_H */
