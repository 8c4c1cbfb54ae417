// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "doctor.h"
#include "file.h"
#include "finject.h"
#include "json_record.h"

static const struct {
	const char *name;
	check_fn *look;
	bool files;
} checks[] = {
	{ "privilege", doctor_privilege, false },
	{ "lockdown", doctor_lockdown, false },
	{ "debugfs", doctor_debugfs, false },
	{ "module", doctor_module, false },
	{ "files", doctor_files, true },
	{ "taint", doctor_taint, false },
	{ "conntrack", doctor_conntrack, false },
	{ "bridge", doctor_bridge, false },
	{ "queue", doctor_queue, false },
	{ "flowtable", doctor_flowtable, false },
	{ "ipvs", doctor_ipvs, false },
	{ "xdp", doctor_xdp, false },
	{ "tc", doctor_tc, false },
	{ "sockets", doctor_sockets, true },
	{ "limits", doctor_limits, true },
	{ "skipped", doctor_skipped, true },
	{ "refused", doctor_refused, true },
	{ "namespaces", doctor_namespaces, true },
	{ "users", doctor_users, true },
};

enum { CHECKS = sizeof(checks) / sizeof(*checks) };

/* For people and for programs. */
static const char * const verdicts[][2] = {
	[HEALTH_OK] = { "ok", "ok" },
	[HEALTH_NOTE] = { "note", "note" },
	[HEALTH_BAD] = { "NOT OK", "not ok" },
};

/**
 * finding() - write down what a check found
 * @finding: where it goes
 * @health: how grave it is
 * @format: the text
 */
void finding(struct finding *finding, enum health health, const char *format,
	     ...)
{
	va_list args;

	finding->health = health;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

/**
 * finding_add() - append to the text of a finding
 * @finding: the finding
 * @format: the text; what does not fit is left out
 */
void finding_add(struct finding *finding, const char *format, ...)
{
	size_t used = strlen(finding->text);
	va_list args;

	va_start(args, format);
	vsnprintf(finding->text + used, sizeof(finding->text) - used, format,
		  args);
	va_end(args);
}

/**
 * doctor_read() - read a small file of the kernel
 * @path: its name
 *
 * Return: its text for the caller to free, or NULL.
 */
char *doctor_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;

	if (fd < 0)
		return NULL;
	text = file_slurp(fd);
	close(fd);
	return text;
}

static struct json_object *check_json(const char *name,
				      const struct finding *found)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "check", json_object_new_string(name));
	json_object_object_add(object, "verdict",
			       json_object_new_string(verdicts[found->health][1]));
	json_object_object_add(object, "text",
			       json_object_new_string(found->text));
	return object;
}

static bool look(struct json_object *array)
{
	bool ready = true, files = ctl_look() == CTL_READY;

	for (int i = 0; i < CHECKS; i++) {
		struct finding found = { HEALTH_OK, "" };

		if (checks[i].files && !files)
			continue;
		checks[i].look(&found);
		ready = ready && found.health != HEALTH_BAD;
		if (array)
			json_object_array_add(array, check_json(checks[i].name,
								&found));
		else
			printf("%-6s  %-10s  %s\n", verdicts[found.health][0],
			       checks[i].name, found.text);
	}
	return ready;
}

static int look_json(bool *ready)
{
	struct json_object *all = json_object_new_object();
	struct json_object *array = json_object_new_array();

	*ready = look(array);
	json_object_object_add(all, "ready", json_object_new_boolean(*ready));
	json_object_object_add(all, "checks", array);
	return json_print(all, stdout);
}

/**
 * verb_doctor() - check that this machine is ready for finject
 * @opt: options
 * @argc: 0
 * @argv: unused
 *
 * Return: DONE when no check is NOT OK.
 */
int verb_doctor(const struct options *opt, int argc, char **argv)
{
	bool ready;

	ctl_look();
	if (opt->netns && ctl_netns_go(opt->netns))
		return REFUSED;
	if (!opt->json)
		ready = look(NULL);
	else if (look_json(&ready))
		return REFUSED;
	return ready ? DONE : REFUSED;
}
