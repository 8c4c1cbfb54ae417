/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_MADE_H
#define FINJECT_MADE_H

#include "ladder.h"

const struct ladder_arrow *made_from(const struct ladder *ladder,
				     const struct ladder_arrow *rst);

#endif /* FINJECT_MADE_H */
