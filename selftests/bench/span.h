/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SPAN_H
#define SPAN_H

void span_read(const char *path);
void span_write(const char *path);
void span_command(char **argv);

#endif /* SPAN_H */
