/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_RELINQUISH and FFA_MEM_RECLAIM (DEN0140). */
#pragma once

#include "spmc.h"

sim_handler sim_mem_relinquish, sim_mem_reclaim;
