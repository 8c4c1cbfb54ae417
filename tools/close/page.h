/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PAGE_H
#define FINJECT_PAGE_H

/* The files in page/, as texts. */
extern const char page_html[];
extern const char page_css[];
extern const char page_js[];
extern const char ladder_css[];

#endif /* FINJECT_PAGE_H */
