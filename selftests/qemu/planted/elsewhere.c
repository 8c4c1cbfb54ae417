// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same faults in a module whose name does not begin with finject's: a race
 * here is not finject's.
 */
#include "planted.c"
