/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_LOG_FILE_H
#define FINJECT_LOG_FILE_H

struct log;

int log_file(struct log *log, const char *name);
int log_files(struct log *log, int count, char **names);

#endif /* FINJECT_LOG_FILE_H */
