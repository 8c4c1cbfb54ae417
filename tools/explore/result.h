/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_RESULT_H
#define FINJECT_RESULT_H

struct place;
struct setting;

int result_make(const struct setting *setting, const struct place *place,
		const char *rules, int output, int result);

#endif /* FINJECT_RESULT_H */
