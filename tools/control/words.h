/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_WORDS_H
#define FINJECT_WORDS_H

const char *words_values(const char *word);

#endif /* FINJECT_WORDS_H */
