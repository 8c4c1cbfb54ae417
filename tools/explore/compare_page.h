/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_COMPARE_PAGE_H
#define FINJECT_COMPARE_PAGE_H

struct changes;

int compare_page(const struct changes *changes, const char *name);

#endif /* FINJECT_COMPARE_PAGE_H */
