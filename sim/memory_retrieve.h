/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_RETRIEVE_REQ and the fragments of its response, FFA_MEM_FRAG_RX (DEN0140). */
#pragma once

#include "spmc.h"

sim_handler sim_mem_retrieve_req, sim_mem_frag_rx;
