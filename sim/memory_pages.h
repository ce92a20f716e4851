/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules about the pages of a send whose ranges have all arrived. Internal to the checks. */
#pragma once

#include "memory_check.h"

/* SIM_CHECK_RANGES_OVERLAP to SIM_CHECK_LATER_DIFFER. */
bool sim_pages_break(const struct sim_memory_call *c, const struct sim_memory_rule *rule);

/* Is any page of [begin, end) not exclusively its owner's? */
bool sim_pages_are_sent(const struct sim_memory *memory, uint64_t begin, uint64_t end);
