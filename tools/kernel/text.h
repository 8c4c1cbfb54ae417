/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TEXT_H
#define FINJECT_TEXT_H

#include <stdbool.h>

/* A file of rules that says itself that there are none. */
#define TEXT_NO_RULES	"# no rules\n"

char *text_rules(int count, char **words);
char *text_commands(const char *rules, const char *before);
char *text_leased(const char *rules, const char *there, unsigned int *ours);
int text_check(const char *rules, const char *name, bool empty);
unsigned long long text_id(const char *line);
const char *text_find(const char *rules, unsigned long long id);
int text_refuse_taken(const char *commands, const char *rules, bool force);
bool text_aims(const char *commands);
int text_refuse_everything(const char *commands, bool force);

#endif /* FINJECT_TEXT_H */
