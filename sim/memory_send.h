/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_DONATE, LEND, SHARE and the fragments that follow, FFA_MEM_FRAG_TX (DEN0140). */
#pragma once

#include "memory_check.h"
#include "spmc.h"

sim_handler sim_mem_send, sim_mem_frag_tx;

/* Copy the descriptor or its first fragment, once, and decode the copy. */
void sim_memory_read(struct sim_memory_call *c);
