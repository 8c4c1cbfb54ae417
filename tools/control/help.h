/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_HELP_H
#define FINJECT_HELP_H

int help_no_verb(const char *name);

#endif /* FINJECT_HELP_H */
