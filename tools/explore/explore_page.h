/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_EXPLORE_PAGE_H
#define FINJECT_EXPLORE_PAGE_H

struct session;

int explore_page(const struct session *session);

#endif /* FINJECT_EXPLORE_PAGE_H */
