/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The RX/TX buffers of whoever makes a call: those that the normal world has mapped, or the small ones that each
 * execution context of a partition has of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "spmc.h"

struct sim_mailbox {
	const uint8_t *tx; /* shared with the caller: copy before looking */
	uint8_t *rx;
	uint32_t size; /* bytes of each; 0: none are mapped */
	struct sim_rxtx *rxtx;
};

/* Valid until the lock is released. */
struct sim_mailbox sim_mailbox_of(const struct sim_call *call);
/* `used` bytes are in RX: the caller owns it now, and finds zeros behind them where the profile says so. */
void sim_mailbox_filled(const struct sim_call *call, const struct sim_mailbox *mailbox, uint32_t used);
