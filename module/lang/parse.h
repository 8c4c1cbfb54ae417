/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule language: one line of text to a command, a rule back to its text.
 * Pure: sees no skb, no lock, no table; allocates nothing.
 */
#ifndef FINJECT_LANG_PARSE_H
#define FINJECT_LANG_PARSE_H

#include "lang/spec.h"

int finject_parse_line(const char *line, size_t len,
		       struct finject_command *cmd, struct finject_error *err);
int finject_spec_print(const struct finject_spec *spec, char *buf, size_t size);
bool finject_spec_dices(const struct finject_spec *spec);

#endif /* FINJECT_LANG_PARSE_H */
