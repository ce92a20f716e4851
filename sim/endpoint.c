/* SPDX-License-Identifier: BSD-3-Clause */
#include "endpoint.h"

#include <stddef.h>

static const char *const rx_state_names[SIM_RX_STATE_COUNT] = {
	[SIM_RX_EMPTY] = "empty",
	[SIM_RX_FULL] = "full",
	[SIM_RX_ACQUIRED] = "acquired",
};

const char *sim_rx_state_name(enum sim_rx_state state)
{
	return (unsigned int)state < SIM_RX_STATE_COUNT ? rx_state_names[state] : NULL;
}

void sim_rx_set_state(struct sim_rxtx *rxtx, enum sim_rx_state state)
{
	/* Only an empty buffer can be filled or acquired. */
	if (rxtx->rx_state != SIM_RX_EMPTY && state != SIM_RX_EMPTY)
		__builtin_trap();
	rxtx->rx_state = state;
}
