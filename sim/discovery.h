/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_PARTITION_INFO_GET and FFA_PARTITION_INFO_GET_REGS (DEN0077 §13.8, §13.9). */
#pragma once

#include "spmc.h"

sim_handler sim_partition_info_get;
sim_handler sim_partition_info_get_regs;
