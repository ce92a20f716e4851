/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules about a transaction descriptor alone. Internal to the checks. */
#pragma once

#include "memory_check.h"

/* SIM_CHECK_UNREADABLE to SIM_CHECK_TAG_NOT. A descriptor that cannot be read breaks them all. */
bool sim_send_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule);
/* Does the first receiver live inside the SPMC? */
bool sim_send_is_logical(const struct sim_memory_call *c);
