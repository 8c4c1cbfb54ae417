// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of two files of results: one matrix, in each cell what either has.
 */
#include <json-c/json.h>

#include "changes.h"
#include "compare_page.h"
#include "template.h"

/**
 * compare_page() - write the page
 * @changes: the files, compared
 * @name: the page's file
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int compare_page(const struct changes *changes, const char *name)
{
	struct json_object *data = json_object_new_object();
	struct json_object *files = json_object_new_array();
	int status;

	for (int i = 0; i < 2; i++) {
		struct json_object *file = json_object_new_object();

		json_object_object_add(file, "name",
				       json_object_new_string(changes->name[i]));
		json_object_object_add(file, "head",
				       json_object_get(changes->head[i]));
		json_object_array_add(files, file);
	}
	json_object_object_add(data, "files", files);
	json_object_object_add(data, "pairs", json_object_get(changes->list));
	status = template_save(&compare_template, data, name);
	json_object_put(data);
	return status;
}
