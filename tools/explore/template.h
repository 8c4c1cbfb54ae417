/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages: each is drawn by itself, from the JSON that stands in it once. It
 * needs nothing but itself.
 */
#ifndef FINJECT_TEMPLATE_H
#define FINJECT_TEMPLATE_H

struct json_object;

extern const char explore_html[], compare_html[];

int template_save(const char *html, struct json_object *data, const char *name);

#endif /* FINJECT_TEMPLATE_H */
