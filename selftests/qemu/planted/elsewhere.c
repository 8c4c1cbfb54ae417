// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same faults in a module whose name is not of finject's family: a race
 * here is one between strangers.
 */
#include "planted.c"
