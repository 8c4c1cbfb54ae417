/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of --artifacts: results in the forms that CI systems read, and
 * of each part of a run its log, as text, for Wireshark, and as a page.
 */
#ifndef FINJECT_ARTIFACTS_H
#define FINJECT_ARTIFACTS_H

#include "log.h"

#define ARTIFACTS_JUNIT	"junit.xml"
#define ARTIFACTS_TAP	"results.tap"

int artifacts_make(const char *folder);
int artifacts_log(const char *folder, const char *name, struct log *log);

#endif /* FINJECT_ARTIFACTS_H */
