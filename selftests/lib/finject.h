/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module's files under debugfs, each opened in the namespace in question.
 */
#ifndef FINJECT_H
#define FINJECT_H

#include "fail.h"
#include "ns.h"

enum { FINJECT_TEXT = 1 << 18 };

/**
 * struct record - one line of a file, `word key=value key=value`
 * @text: the line, without newline
 */
struct record {
	char text[1024];
};

const char *finject_missing(void);
int finject_dir(void);
int finject_write(const struct ns *ns, const char *file, const char *text);
const char *finject_read(const struct ns *ns, const char *file);
long finject_param(const char *name);
void finject_param_set(const char *name, long value);

void finject_rules(const struct ns *ns, const char *fmt, ...);
const char *finject_error(const struct ns *ns);

int finject_record(const struct ns *ns, const char *file, const char *word,
		   const char *key, const char *value, struct record *rec);
long long record_num(const struct record *rec, const char *key);
const char *record_get(const struct record *rec, const char *key, char *buf,
		       size_t size);

long long finject_total(const struct ns *ns, const char *key);
long long finject_rule(const struct ns *ns, unsigned int id, const char *key);
long long finject_limit(const struct ns *ns, const char *name,
			const char *key);
const char *finject_unbalanced(const struct ns *ns);

#endif /* FINJECT_H */
