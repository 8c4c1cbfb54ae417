/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_JUNIT_H
#define FINJECT_JUNIT_H

struct run;

int junit_save(const struct run *run, const char *name);

#endif /* FINJECT_JUNIT_H */
