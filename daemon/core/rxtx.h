/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The RX/TX pair, its one owner. The firmware fills RX and takes it back by FFA_RX_RELEASE; TX is written by one user
 * at a time. All of it happens on the control thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/regs.h"
#include "daemon/conduit/conduit.h"

struct endpoint;

enum rxtx_state {
	RXTX_UNMAPPED, /* the firmware knows no pair of ours */
	RXTX_FOREIGN,  /* somebody else's pair is mapped: never unmapped by us */
	RXTX_FREE,     /* mapped; RX is the firmware's to fill */
	RXTX_RX_OWNED, /* mapped; RX holds something of ours to read */
	RXTX_STATE_COUNT,
};

struct rxtx {
	enum rxtx_state state;
	struct ffa_conduit *conduit;
	size_t page_count;       /* FF-A pages in each of RX and TX */
	struct ffa_pages pages;  /* both buffers and what alignment needs */
	size_t tx_page, rx_page; /* index in `pages` of the first page of each */
};

const char *rxtx_state_name(enum rxtx_state state);

/*
 * Allocate and map a pair of the smallest size that FFA_FEATURES(FFA_RXTX_MAP) allows. 0 with state
 * RXTX_FREE, RXTX_FOREIGN when the firmware says DENIED, or RXTX_UNMAPPED when the conduit has no pages to give. Otherwise negative errno and a sentence.
 */
int rxtx_start(struct rxtx *rxtx, struct ffa_conduit *conduit, const struct endpoint *endpoint,
	       char **ret_reason);

/* Release RX if it is ours, unmap, free the pages. When the firmware will not unmap them the pages are kept. */
void rxtx_stop(struct rxtx *rxtx);

/* Bytes of RX (and of TX). */
size_t rxtx_size(const struct rxtx *rxtx);

/*
 * Issue a call that fills RX. On 0 RX is ours until rxtx_release(). A BUSY that no user of ours explains is
 * answered by one FFA_RX_RELEASE and one more try. -EREMOTEIO: FFA_ERROR, its code in *ret_error.
 * -ENXIO without a pair of our own, -EBUSY while RX is ours.
 */
int rxtx_fill(struct rxtx *rxtx, struct ffa_regs *regs, int32_t *ret_error);
/* Copy from RX into private memory: firmware may write while we read. -ERANGE outside RX, -EINVAL when RX is not ours. */
int rxtx_read(const struct rxtx *rxtx, size_t offset, void *buf, size_t size);
/* Give RX back; exactly once for each rxtx_fill() that returned 0. */
int rxtx_release(struct rxtx *rxtx);
