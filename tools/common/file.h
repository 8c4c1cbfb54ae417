/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_FILE_H
#define FINJECT_FILE_H

char *file_slurp(int fd);
char *file_text(const char *name);
int file_save(const char *name, const char *text);

#endif /* FINJECT_FILE_H */
