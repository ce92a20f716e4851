/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "ffa-client.h"
#include "ffa.pb-c.h"

/* -ENOMEM. */
int feature_list_from_wire(const Ffa__V1__FeaturesResponse *response, struct ffa_feature_list **ret_list);
