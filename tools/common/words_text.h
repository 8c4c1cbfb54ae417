/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_WORDS_TEXT_H
#define FINJECT_WORDS_TEXT_H

char *words_text(int count, char **words);
char *command_text(char **words);

#endif /* FINJECT_WORDS_TEXT_H */
