/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of one run. A file grows while the command runs, or comes into
 * its place as a whole: what is there is true, whenever finject is ended.
 */
#ifndef FINJECT_FOLDER_H
#define FINJECT_FOLDER_H

#include <stdio.h>

int folder_make(const char *name, const char * const *files);
char *folder_path(const char *folder, const char *file);
FILE *folder_append(const char *folder, const char *file);
int folder_save(const char *folder, const char *file, const char *text);

#endif /* FINJECT_FOLDER_H */
