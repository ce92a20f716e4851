/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "ffa-client.h"
#include "ffa.pb-c.h"

/* -EPROTO: an id over 16 bits; -ENOMEM. */
int info_from_wire(const Ffa__V1__InfoResponse *response, struct ffa_info **ret_info);
