/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules: what the judge asks at each event. */
#ifndef FINJECT_JUDGE_RULES_H
#define FINJECT_JUDGE_RULES_H

#include "judge_view.h"

const struct judge_rule *judge_transition(const struct judge_view *view,
					  const struct judge_event *event);
const struct judge_rule *judge_sent(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_came(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_wait(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_silence(const struct judge_view *view,
				       const struct judge_event *event);
const struct judge_rule *judge_owed(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_last(const struct judge_view *view,
				    const struct judge_event *event);

#endif /* FINJECT_JUDGE_RULES_H */
