/* SPDX-License-Identifier: BSD-3-Clause */
/* Setup functions: version, ids, RX/TX pair (DEN0077 §13.2, §13.4 to §13.10). */
#pragma once

#include "spmc.h"

sim_handler sim_version_call;
sim_handler sim_id_get;
sim_handler sim_spm_id_get;
sim_handler sim_rxtx_map;
sim_handler sim_rxtx_unmap;
sim_handler sim_rx_release;
sim_handler sim_rx_acquire;

/* Another function than FFA_VERSION was called: the version of this endpoint is settled. */
void sim_version_take(struct sim_endpoint *endpoint);
/* The version that an endpoint speaks before it negotiates. */
uint32_t sim_version_default(const struct sim *sim);
