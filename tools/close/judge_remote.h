/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be asked of the segments of an end alone. */
#ifndef FINJECT_JUDGE_REMOTE_H
#define FINJECT_JUDGE_REMOTE_H

#include "judge_view.h"

bool judge_is_copy(const struct judge_view *view,
		   const struct judge_event *event);
const struct judge_event *judge_asked(const struct judge_view *view, u64 t,
				      u64 before);

#endif /* FINJECT_JUDGE_REMOTE_H */
