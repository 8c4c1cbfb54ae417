/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The closes of a log before the judge, as text and as JSON.
 */
#ifndef FINJECT_DOCKET_H
#define FINJECT_DOCKET_H

#include <stdio.h>

#include "judge_log.h"
#include "term.h"

/**
 * struct docket - one connection before the judge
 * @close: the connection
 * @log: the log it is in
 * @end: the verdict for each end
 * @worst: the one of them that counts
 */
struct docket {
	const struct close *close;
	const struct log *log;
	struct end_verdict end[JUDGE_ENDS];
	size_t worst;
};

/**
 * struct verdicts - the closes of a log, counted
 * @of: number of closes of each result
 * @closes: number of all
 */
struct verdicts {
	size_t of[JUDGE_DEPARTS + 1];
	size_t closes;
};

struct docket docket_hear(const struct closes *closes, size_t index,
			  const struct log *log);
enum judge_result docket_result(const struct docket *docket);
void docket_why(const struct docket *docket, FILE *out);
struct verdicts dockets_text(const struct closes *closes,
			     const struct log *log, const struct term *term,
			     FILE *out);
int dockets_json(const struct closes *closes, const struct log *log,
		 FILE *out, struct verdicts *verdicts);

#endif /* FINJECT_DOCKET_H */
