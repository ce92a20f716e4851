/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules about a retrieve request, against the transaction that it names. Internal to the checks. */
#pragma once

#include "memory_check.h"

/* SIM_CHECK_REQUEST_LENGTH to SIM_CHECK_HYPERVISOR_BUSY. */
bool sim_request_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule);
/* The permissions that a borrower ends up with when it asks for those. */
uint8_t sim_request_grant(const struct sim_region *region, uint8_t given, uint8_t asked);
