/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_REFUSE_H
#define FINJECT_REFUSE_H

#include "fail.h"
#include "status.h"

int fail_with(const char *what, int error);

#endif /* FINJECT_REFUSE_H */
