// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>

#include "matrix_table.h"

static void text_add(struct json_object *object, const char *key,
		     const char *text)
{
	if (text)
		json_object_object_add(object, key, json_object_new_string(text));
}

static struct json_object *case_json(const struct matrix_case *one)
{
	struct json_object *object = json_object_new_object();
	struct json_object *faults = json_object_new_array();
	char name[32];

	text_add(object, "family",
		 matrix_words[KEY_FAMILY].values[matrix_family(one->close)]);
	text_add(object, "first",
		 matrix_words[KEY_FIRST].values[matrix_first(one->close)]);
	text_add(object, "how",
		 matrix_words[KEY_HOW].values[matrix_how(one->close)]);
	for (int i = 0; i < 2; i++) {
		if (one->fault[i] == NO_FAULT)
			continue;
		matrix_fault_name(one->fault[i], name, sizeof(name));
		json_object_array_add(faults, json_object_new_string(name));
	}
	json_object_object_add(object, "faults", faults);
	text_add(object, "result", matrix_results[one->result]);
	text_add(object, "rule", one->rule);
	text_add(object, "why", one->why);
	return object;
}

/**
 * matrix_json() - print the cases as JSON, an object a line in one array
 * @matrix: the matrix
 * @out: where to
 */
void matrix_json(const struct matrix *matrix, FILE *out)
{
	fputs("[", out);
	for (size_t i = 0; i < matrix->count; i++) {
		struct json_object *object = case_json(&matrix->one[i]);

		fprintf(out, "%s\n%s", i ? "," : "",
			json_object_to_json_string_ext(object,
						       JSON_C_TO_STRING_PLAIN));
		json_object_put(object);
	}
	fputs("\n]\n", out);
}
