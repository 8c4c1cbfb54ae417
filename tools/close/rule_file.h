/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RULE_FILE_H
#define FINJECT_RULE_FILE_H

struct rule_texts;

int rule_file(struct rule_texts *rules, const char *argument);

#endif /* FINJECT_RULE_FILE_H */
