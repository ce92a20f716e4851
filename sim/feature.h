/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_FEATURES (DEN0077 §13.3). */
#pragma once

#include "spmc.h"

sim_handler sim_features;
