/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

const char *module_fixed(void);
int module_unload(void);
int module_load(void);
long module_count(const char *name);
int module_remove(const char *name);
long module_users(void);

#endif /* MODULE_H */
