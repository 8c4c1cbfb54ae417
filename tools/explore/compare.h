/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_COMPARE_H
#define FINJECT_COMPARE_H

#include "finject.h"

int compare_files(const struct options *opt, int argc, char **argv);

#endif /* FINJECT_COMPARE_H */
