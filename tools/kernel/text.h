/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_TEXT_H
#define FINJECT_TEXT_H

#include <stdbool.h>

char *text_rules(int count, char **words);
char *text_commands(const char *rules, const char *before);
bool text_aims(const char *commands);
int text_refuse_everything(const char *commands, bool force);

#endif /* FINJECT_TEXT_H */
