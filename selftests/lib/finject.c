// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "conn.h"
#include "finject.h"

#define FINJECT_DIR	"/sys/kernel/debug/finject"

/**
 * finject_missing - get the reason why a test of the module cannot run here
 *
 * Return: the reason, or NULL if the module is loaded.
 */
const char *finject_missing(void)
{
	if (geteuid())
		return "wants root";
	if (access("/sys/kernel/debug/.", X_OK))
		return "no /sys/kernel/debug";
	if (access(FINJECT_DIR "/rules", F_OK))
		return "finject is not loaded, or debugfs not mounted";
	return NULL;
}

/**
 * finject_dir - open the module's directory
 *
 * Return: a descriptor, opened once, and again after the module was reloaded.
 */
int finject_dir(void)
{
	static int dir = -1;

	/* The directory of an unloaded module is a dead one. */
	if (dir >= 0 && faccessat(dir, "rules", F_OK, 0)) {
		close(dir);
		dir = -1;
	}
	if (dir < 0)
		dir = open(FINJECT_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		fail(FINJECT_DIR ": %s", strerror(errno));
	return dir;
}

/**
 * finject_write - write a text by one write(2)
 * @ns: the namespace to open the file in
 * @file: name of the file
 * @text: the text
 *
 * Return: 0, or -errno.
 */
int finject_write(const struct ns *ns, const char *file, const char *text)
{
	int fd = ns_open(ns, finject_dir(), file, O_WRONLY);
	size_t len = strlen(text);
	ssize_t put;

	if (fd < 0)
		return fd;
	put = write(fd, text, len);
	put = put < 0 ? -errno : put;
	close(fd);
	if (put >= 0 && (size_t)put != len)
		fail("%s: a write of %zu bytes took %zd", file, len, put);
	return put < 0 ? put : 0;
}

/**
 * finject_read - read a whole file
 * @ns: the namespace to open it in
 * @file: name of the file, not `events`
 *
 * Return: its text, valid until the next call.
 */
const char *finject_read(const struct ns *ns, const char *file)
{
	static char text[FINJECT_TEXT];
	int fd = ns_open(ns, finject_dir(), file, O_RDONLY);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		fail("%s: %s", file, strerror(-fd));
	while ((got = read(fd, text + len, sizeof(text) - len)) > 0)
		len += got;
	close(fd);
	if (got < 0 || len == sizeof(text))
		fail("%s: cannot be read whole", file);
	text[len] = '\0';
	return text;
}

/**
 * finject_param - get a parameter of the module
 * @name: name of the parameter
 *
 * Return: its value.
 */
long finject_param(const char *name)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/module/finject/parameters/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		fail("%s: %s", path, strerror(errno));
	close(fd);
	return atol(text);
}

/**
 * finject_param_set - change a parameter of the module
 * @name: name of the parameter
 * @value: its new value
 */
void finject_param_set(const char *name, long value)
{
	char path[128], text[32];
	int fd, len;

	snprintf(path, sizeof(path), "/sys/module/finject/parameters/%s", name);
	len = snprintf(text, sizeof(text), "%ld", value);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, len) != len)
		fail("%s: %s", path, strerror(errno));
	close(fd);
}

/**
 * finject_rules - write rules that must be accepted
 * @ns: the namespace
 * @fmt: their text, one transaction
 */
void finject_rules(const struct ns *ns, const char *fmt, ...)
{
	char text[4096];
	va_list args;
	int error;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	error = finject_write(ns, "rules", text);
	if (error)
		fail("rules refused: %s\n%s", strerror(-error),
		     finject_error(ns));
}

/**
 * finject_error - get the last refusal
 * @ns: the namespace
 *
 * Return: the last entry of error_log, valid until the next read of a file.
 */
const char *finject_error(const struct ns *ns)
{
	const char *last = finject_read(ns, "error_log"), *at = last;

	while ((at = strstr(at, "\n#")))
		last = ++at;
	return last;
}

/* Return the value of @key in the line at @text, or NULL. */
static const char *record_at(const char *text, const char *key)
{
	size_t len = strlen(key);
	const char *at = text;

	while ((at = strchr(at, ' '))) {
		at++;
		if (!strncmp(at, key, len) && at[len] == '=')
			return at + len + 1;
	}
	return NULL;
}

/**
 * record_get - get a value of a record
 * @rec: the record
 * @key: key of the value
 * @buf: receives the value
 * @size: size of @buf
 *
 * Return: @buf; a record without that key is a failure.
 */
const char *record_get(const struct record *rec, const char *key, char *buf,
		       size_t size)
{
	const char *at = record_at(rec->text, key);

	if (!at)
		fail("no %s= in: %s", key, rec->text);
	snprintf(buf, size, "%.*s", (int)strcspn(at, " "), at);
	return buf;
}

/**
 * record_num - get a number of a record
 * @rec: the record
 * @key: key of the number
 *
 * Return: the number.
 */
long long record_num(const struct record *rec, const char *key)
{
	char buf[64], *end;
	long long num = strtoll(record_get(rec, key, buf, sizeof(buf)), &end,
				0);

	if (end == buf || *end)
		fail("%s= is no number in: %s", key, rec->text);
	return num;
}

static bool record_is(const struct record *rec, const char *word,
		      const char *key, const char *value)
{
	size_t len = strlen(word);
	char buf[128];

	if (strncmp(rec->text, word, len) || !strchr(" ", rec->text[len]))
		return false;
	if (!key)
		return true;
	return record_at(rec->text, key) &&
	       !strcmp(record_get(rec, key, buf, sizeof(buf)), value);
}

/**
 * finject_record - find records of a file by their word and one key
 * @ns: the namespace
 * @file: name of the file
 * @word: the first word
 * @key: a key, or NULL for any record of that word
 * @value: the value that the key must have
 * @rec: receives the first such record, or NULL
 *
 * Return: how many such records there are.
 */
int finject_record(const struct ns *ns, const char *file, const char *word,
		   const char *key, const char *value, struct record *rec)
{
	const char *at = finject_read(ns, file);
	struct record line;
	int count = 0;

	for (; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		snprintf(line.text, sizeof(line.text), "%.*s",
			 (int)strcspn(at, "\n"), at);
		if (!record_is(&line, word, key, value))
			continue;
		if (!count++ && rec)
			*rec = line;
	}
	return count;
}

static long long stats_num(const struct ns *ns, const char *word,
			   const char *by, const char *value, const char *key)
{
	struct record rec;

	if (!finject_record(ns, "stats", word, by, value, &rec))
		fail("stats has no record %s %s=%s", word, by ? by : "",
		     value ? value : "");
	return record_num(&rec, key);
}

/**
 * finject_total - get a number of the total record of stats
 * @ns: the namespace
 * @key: key of the number
 *
 * Return: the number.
 */
long long finject_total(const struct ns *ns, const char *key)
{
	return stats_num(ns, "total", NULL, NULL, key);
}

/**
 * finject_rule - get a number of a rule in stats
 * @ns: the namespace
 * @id: id of the rule
 * @key: key of the number
 *
 * Return: the number.
 */
long long finject_rule(const struct ns *ns, unsigned int id, const char *key)
{
	char value[16];

	snprintf(value, sizeof(value), "%u", id);
	return stats_num(ns, "rule", "id", value, key);
}

/**
 * finject_limit - get a number of a limit in stats
 * @ns: the namespace
 * @name: name of the limit
 * @key: key of the number
 *
 * Return: the number.
 */
long long finject_limit(const struct ns *ns, const char *name, const char *key)
{
	return stats_num(ns, "limit", "name", name, key);
}

static bool balanced(const struct ns *ns, struct record *rec)
{
	if (!finject_record(ns, "stats", "total", NULL, NULL, rec))
		fail("stats has no total");
	return record_num(rec, "seen") ==
		record_num(rec, "passed") + record_num(rec, "dropped") +
		record_num(rec, "reset") + record_num(rec, "parked") +
		record_num(rec, "released") + record_num(rec, "purged") &&
		record_num(rec, "copies") ==
		record_num(rec, "copies_parked") +
		record_num(rec, "copies_released") +
		record_num(rec, "copies_purged");
}

static bool at_rest(const struct ns *ns, struct record *rec)
{
	return balanced(ns, rec) && !record_num(rec, "parked") &&
	       !record_num(rec, "copies_parked");
}

/**
 * finject_unbalanced - flush the rules, then check conservation
 * @ns: the namespace
 *
 * Every segment seen was passed, dropped, reset, released or purged, and none
 * is parked once no rule is left.
 *
 * Return: NULL, or the record that does not balance.
 */
const char *finject_unbalanced(const struct ns *ns)
{
	static struct record rec;

	finject_rules(ns, "flush");
	return WAIT_FOR(at_rest(ns, &rec), PATIENCE) ? NULL : rec.text;
}
