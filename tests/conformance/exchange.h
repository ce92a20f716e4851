/* SPDX-License-Identifier: BSD-3-Clause */
/* One direct message and its response, in the form that all cases about messages check. */
#pragma once

#include "tests/conformance/probe.h"

/* A request to `receiver` whose arguments are all different; `seed` tells requests apart. */
struct ffa_direct exchange_request(enum ffa_direct_kind kind, uint16_t receiver, uint32_t seed);

/* Issue it. */
struct ffa_regs exchange_send(struct probe *probe, unsigned int cpu, const struct ffa_direct *request);

/* Is this the response of a partition that echoes? Otherwise the verdict is settled. */
bool exchange_echoed(struct probe *probe, const struct ffa_direct *request, const struct ffa_regs *reply);

/*
 * Issue it and see it echoed. A partition that is interrupted, or yields, gets its cycles by FFA_RUN: what
 * comes back is counted in *ret_interrupts and *ret_yields (either may be NULL).
 */
bool exchange_echo(struct probe *probe, unsigned int cpu, const struct ffa_direct *request,
		   unsigned int *ret_interrupts, unsigned int *ret_yields);
/* The same from a reply on that is there already. */
bool exchange_finish(struct probe *probe, unsigned int cpu, const struct ffa_direct *request,
		     struct ffa_regs reply, unsigned int *ret_interrupts, unsigned int *ret_yields);

/* Issue it to a partition that answers FFA_YIELD first, and leave it there. */
bool exchange_block(struct probe *probe, unsigned int cpu, const struct ffa_direct *request,
		    struct ffa_regs *ret_yield);
