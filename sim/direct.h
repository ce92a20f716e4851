/* SPDX-License-Identifier: BSD-3-Clause */
/* Direct requests and FFA_RUN from the normal world (DEN0077 §7, §14, §15). */
#pragma once

#include "spmc.h"

sim_handler sim_direct_req;
sim_handler sim_run;
