/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_EVENT_COMPARE_H
#define FINJECT_EVENT_COMPARE_H

#include <stdbool.h>

struct event;

bool event_is_reverse(const struct event *event);
int event_compare_pair(const struct event *a, const struct event *b);
int event_compare_segment(const struct event *a, const struct event *b);

#endif /* FINJECT_EVENT_COMPARE_H */
