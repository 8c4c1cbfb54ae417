/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_PCAPNG_READ_H
#define FINJECT_PCAPNG_READ_H

#include <stdio.h>

#include "types.h"

struct log;

bool pcapng_log(FILE *in, struct log *log);
unsigned int pcapng_interfaces(FILE *in);

#endif /* FINJECT_PCAPNG_READ_H */
