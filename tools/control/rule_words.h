/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RULE_WORDS_H
#define FINJECT_RULE_WORDS_H

#include <stdbool.h>
#include <stdio.h>

const char *rule_values(const char *word);
void rule_words_list(FILE *out);
bool rule_word_is(const char *name);
bool rule_word_put(const char *name, FILE *out);
const char *rule_word_near(const char *name);
const char *rule_word_hint(const char *name);

#endif /* FINJECT_RULE_WORDS_H */
