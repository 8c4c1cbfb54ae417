/* SPDX-License-Identifier: GPL-2.0-only */
/* The expectations of a scenario, asked when its steps are over. */
#ifndef FINJECT_EXPECT_H
#define FINJECT_EXPECT_H

#include "step.h"

step_fn expect_path, expect_time, expect_counter, expect_sent, expect_fired;
step_fn expect_judge, expect_sockets;

step_check_fn expect_check_path, expect_check_time, expect_check_counter;
step_check_fn expect_check_sent, expect_check_fired, expect_check_judge;
step_check_fn expect_check_sockets;

#endif /* FINJECT_EXPECT_H */
