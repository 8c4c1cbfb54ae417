// SPDX-License-Identifier: GPL-2.0-only
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "finject.h"
#include "json_record.h"
#include "open_files.h"

static int print_json(const struct user *user, size_t count, long references)
{
	struct json_object *all = json_object_new_object();
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_object_new_object();

		json_object_object_add(object, "file",
				       json_object_new_string(user[i].file));
		json_object_object_add(object, "pid",
				       json_object_new_int(user[i].pid));
		json_object_object_add(object, "comm",
				       json_object_new_string(user[i].comm));
		json_object_object_add(object, "fd",
				       json_object_new_int(user[i].fd));
		json_object_array_add(array, object);
	}
	json_object_object_add(all, "references",
			       references < 0 ? NULL :
			       json_object_new_int64(references));
	json_object_object_add(all, "users", array);
	return json_print(all, stdout);
}

static void print_text(const struct user *user, size_t count, long references)
{
	if (count)
		printf("%-10s  %7s  %-15s  %s\n", "file", "pid", "comm", "fd");
	for (size_t i = 0; i < count; i++)
		printf("%-10s  %7d  %-15s  %d\n", user[i].file, user[i].pid,
		       user[i].comm, user[i].fd);
	if (references > (long)count)
		printf("uses beyond these: %ld, of perf or BPF programs on finject's tracepoints\n",
		       references - (long)count);
	else if (!count)
		puts("nobody uses the module: `rmmod finject' can unload it");
}

/**
 * verb_users() - print who keeps the module from being unloaded
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: exit status.
 */
int verb_users(const struct options *opt, int argc, char **argv)
{
	int status = DONE;
	long references;
	struct user *user;
	size_t count;

	if (ctl_open(NULL))
		return REFUSED;
	user = users_all(&count);
	references = users_references();
	if (opt->json)
		status = print_json(user, count, references);
	else
		print_text(user, count, references);
	free(user);
	return status;
}
