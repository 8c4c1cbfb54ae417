/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: what the judge asks at each event. Each returns the rule that the
 * event breaks, or that it is a note for, or NULL.
 */
#ifndef FINJECT_JUDGE_RULES_H
#define FINJECT_JUDGE_RULES_H

#include "judge_view.h"

const struct judge_rule *judge_transition(const struct judge_view *view,
					  const struct judge_event *event);
const struct judge_rule *judge_sent(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_numbers(const struct judge_view *view,
				       const struct judge_event *event);
const struct judge_rule *judge_rst(const struct judge_view *view,
				   const struct judge_event *event);
const struct judge_rule *judge_came(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_wait(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_silence(const struct judge_view *view,
				       const struct judge_event *event);
const struct judge_rule *judge_owed(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_gone(const struct judge_view *view,
				    const struct judge_event *event);
const struct judge_rule *judge_remote_sent(const struct judge_view *view,
					   const struct judge_event *event);
const struct judge_rule *judge_remote_last(const struct judge_view *view,
					   u64 until, size_t *at);
const struct judge_rule *judge_note_sent(const struct judge_view *view,
					 const struct judge_event *event);
const struct judge_rule *judge_note_came(const struct judge_view *view,
					 const struct judge_event *event);
const struct judge_rule *judge_note_state(const struct judge_view *view,
					  const struct judge_event *event);
const struct judge_rule *judge_note_remote(const struct judge_view *view,
					   const struct judge_event *event);

#endif /* FINJECT_JUDGE_RULES_H */
