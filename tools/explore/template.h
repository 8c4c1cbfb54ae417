/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages: each is drawn by itself, from the JSON that stands in it once. It
 * needs nothing but itself.
 */
#ifndef FINJECT_TEMPLATE_H
#define FINJECT_TEMPLATE_H

struct json_object;

/**
 * struct template - what a page has of its own
 * @title: its title
 * @head: elements above the matrix
 * @script: what draws it
 */
struct template {
	const char *title;
	const char *head;
	const char *script;
};

extern const struct template explore_template, compare_template;

int template_save(const struct template *page, struct json_object *data,
		  const char *name);

#endif /* FINJECT_TEMPLATE_H */
