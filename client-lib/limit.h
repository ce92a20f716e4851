/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "ffa-client.h"
#include "ffa.pb-c.h"

/* -ENOMEM. */
int limit_list_from_wire(const Ffa__V1__LimitsResponse *response, struct ffa_limit_list **ret_list);
