/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An FF-A endpoint as the SPMC knows it: the normal world as a whole, or one partition. It is what the
 * state of setup functions belongs to: the negotiated version and the RX/TX pair.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Who owns the RX buffer (DEN0077 §6.4). */
enum sim_rx_state {
	SIM_RX_EMPTY,    /* the SPMC may fill it */
	SIM_RX_FULL,     /* the endpoint reads it and gives it back by FFA_RX_RELEASE */
	SIM_RX_ACQUIRED, /* a hypervisor took it by FFA_RX_ACQUIRE */
	SIM_RX_STATE_COUNT,
};

struct sim_rxtx {
	bool mapped;
	uint64_t tx, rx; /* physical addresses */
	uint64_t size;   /* bytes of each */
	enum sim_rx_state rx_state;
};

struct sim_endpoint {
	uint16_t id;
	uint32_t version;   /* what both sides speak */
	bool negotiated;    /* by an FFA_VERSION; else `version` is a default */
	bool version_taken; /* another function was called since */
	struct sim_rxtx rxtx;
};

const char *sim_rx_state_name(enum sim_rx_state state);
/* The one place that changes the owner of RX; only an empty one can be filled or acquired. */
void sim_rx_set_state(struct sim_rxtx *rxtx, enum sim_rx_state state);
