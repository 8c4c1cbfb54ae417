/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_CAPTURE_FILE_H
#define FINJECT_CAPTURE_FILE_H

#include <stdio.h>

#include "types.h"

FILE *capture_file(const char *name, bool *pcapng);

#endif /* FINJECT_CAPTURE_FILE_H */
