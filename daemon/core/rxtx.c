/* SPDX-License-Identifier: BSD-3-Clause */
#include "rxtx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "endpoint.h"

static const char *const state_names[RXTX_STATE_COUNT] = {
	[RXTX_UNMAPPED] = "unmapped",
	[RXTX_FOREIGN] = "foreign",
	[RXTX_FREE] = "free",
	[RXTX_RX_OWNED] = "rx-owned",
};

const char *rxtx_state_name(enum rxtx_state state)
{
	return state < RXTX_STATE_COUNT ? state_names[state] : "?";
}

static void set_state(struct rxtx *rxtx, enum rxtx_state state)
{
	if (rxtx->state != state)
		log_debug("RX/TX: %s → %s", rxtx_state_name(rxtx->state), rxtx_state_name(state));
	rxtx->state = state;
}

/* Pages of the smallest buffer, which is its alignment too: w2[1:0] of FFA_FEATURES(FFA_RXTX_MAP). */
static size_t smallest_pages(const struct endpoint *endpoint)
{
	const struct endpoint_feature *feature = endpoint_feature(endpoint, FFA_RXTX_MAP_64);

	if (!feature || !feature->supported)
		feature = endpoint_feature(endpoint, FFA_RXTX_MAP);
	switch (feature && feature->supported ? feature->properties2 & 3 : 0) {
	case 1:
		return 16; /* 64 KiB */
	case 2:
		return 4; /* 16 KiB */
	default:
		return 1;
	}
}

/* First page at or after `from` where `count` pages lie one behind the other, aligned to their own size. */
static int find_aligned(const struct ffa_pages *pages, size_t from, size_t count, size_t *ret_page)
{
	for (size_t start = from; start + count <= pages->count; start++) {
		size_t n = 1;

		if (pages->frames[start] % (count * FFA_PAGE_SIZE) != 0)
			continue;
		while (n < count && pages->frames[start + n] == pages->frames[start] + n * FFA_PAGE_SIZE)
			n++;
		if (n == count) {
			*ret_page = start;
			return 0;
		}
	}
	return -ENOMEM;
}

static int map_call(struct rxtx *rxtx, uint32_t fid, int32_t *ret_error)
{
	struct ffa_regs regs = { .x = { fid, rxtx->pages.frames[rxtx->tx_page],
					rxtx->pages.frames[rxtx->rx_page], rxtx->page_count } };

	return endpoint_call(rxtx->conduit, &regs, ret_error);
}

/* Some firmware has the 64-bit form alone, some may have the 32-bit form alone. */
static int map_either(struct rxtx *rxtx, int32_t *ret_error)
{
	int r = map_call(rxtx, FFA_RXTX_MAP_64, ret_error);

	if (r == -EREMOTEIO && *ret_error == FFA_NOT_SUPPORTED &&
	    rxtx->pages.frames[rxtx->tx_page] >> 32 == 0 && rxtx->pages.frames[rxtx->rx_page] >> 32 == 0)
		r = map_call(rxtx, FFA_RXTX_MAP, ret_error);
	return r;
}

/* The pair of an ffad that was killed: its pages are the system's again, so the sooner the firmware lets go of them the
 * better. True when it has. */
static bool unmap_left_behind(struct rxtx *rxtx)
{
	struct ffa_regs release = { .x = { FFA_RX_RELEASE } };
	struct ffa_regs unmap = { .x = { FFA_RXTX_UNMAP } };
	int32_t error;

	(void)endpoint_call(rxtx->conduit, &release, &error);
	if (endpoint_call(rxtx->conduit, &unmap, &error) < 0)
		return false;
	log_notice("the RX/TX buffers of an ffad that was killed have been unmapped");
	return true;
}

int rxtx_start(struct rxtx *rxtx, struct ffa_conduit *conduit, const struct endpoint *endpoint,
	       char **ret_reason)
{
	int32_t error = 0;
	size_t count = smallest_pages(endpoint);
	/* Room to align two buffers in: one more buffer's worth when they need more than a page. */
	size_t wanted = count == 1 ? 2 : 3 * count;
	int r;

	*rxtx = (struct rxtx) { .conduit = conduit, .page_count = count };
	r = conduit->ops->pages_alloc(conduit, wanted, &rxtx->pages);
	if (r == -EOPNOTSUPP) {
		log_notice("no pages for RX/TX buffers: this kernel has no /dev/udmabuf (it needs Linux 6.12 "
			   "with "
			   "CONFIG_UDMABUF); going on without");
		return 0;
	}
	if (r < 0) {
		if (asprintf(ret_reason, "no pages for the RX/TX buffers from conduit %s: %s", conduit->name,
			     strerror(-r)) < 0)
			*ret_reason = NULL;
		return r;
	}
	r = find_aligned(&rxtx->pages, 0, count, &rxtx->tx_page);
	if (r == 0)
		r = find_aligned(&rxtx->pages, rxtx->tx_page + count, count, &rxtx->rx_page);
	if (r < 0) {
		conduit->ops->pages_free(conduit, &rxtx->pages);
		if (asprintf(ret_reason,
			     "no contiguous pages for the RX/TX buffers: the firmware wants %zu KiB each; "
			     "restart ffad early after boot, while memory is not fragmented",
			     count * FFA_PAGE_SIZE / 1024) < 0)
			*ret_reason = NULL;
		return r;
	}

	r = map_either(rxtx, &error);
	if (r == -EREMOTEIO && error == FFA_DENIED && conduit->exclusive && unmap_left_behind(rxtx))
		r = map_either(rxtx, &error);
	if (r == 0) {
		set_state(rxtx, RXTX_FREE);
		return 0;
	}
	if (r != -EREMOTEIO) {
		/* Whether the firmware has them now is unknown: they must not be used again. */
		if (asprintf(ret_reason, "conduit %s was lost while the RX/TX buffers were mapped",
			     conduit->name) < 0)
			*ret_reason = NULL;
		return r;
	}
	conduit->ops->pages_free(conduit, &rxtx->pages);
	if (error == FFA_DENIED) {
		set_state(rxtx, RXTX_FOREIGN);
		return 0;
	}
	if (asprintf(ret_reason, "the firmware refuses the RX/TX buffers (FFA_RXTX_MAP: %s): see its log",
		     ffa_error_name(error) ? ffa_error_name(error) : "unknown error") < 0)
		*ret_reason = NULL;
	return ffa_error_to_errno(error);
}

size_t rxtx_size(const struct rxtx *rxtx)
{
	return rxtx->page_count * FFA_PAGE_SIZE;
}

static int release_call(struct rxtx *rxtx, int32_t *ret_error)
{
	struct ffa_regs regs = { .x = { FFA_RX_RELEASE } };

	return endpoint_call(rxtx->conduit, &regs, ret_error);
}

int rxtx_fill(struct rxtx *rxtx, struct ffa_regs *regs, int32_t *ret_error)
{
	const struct ffa_regs call = *regs;
	int32_t error = 0;
	int r;

	if (rxtx->state == RXTX_RX_OWNED)
		return -EBUSY;
	if (rxtx->state != RXTX_FREE)
		return -ENXIO;
	r = endpoint_call(rxtx->conduit, regs, &error);
	if (r == -EREMOTEIO && error == FFA_BUSY) {
		int32_t ignored;

		/* Nobody of ours holds RX, so the firmware is the one that is wrong about it. */
		log_debug("RX/TX: BUSY without an owner, releasing RX");
		(void)release_call(rxtx, &ignored);
		*regs = call;
		r = endpoint_call(rxtx->conduit, regs, &error);
	}
	if (r == 0)
		set_state(rxtx, RXTX_RX_OWNED);
	else if (r == -EREMOTEIO)
		*ret_error = error;
	return r;
}

int rxtx_read(const struct rxtx *rxtx, size_t offset, void *buf, size_t size)
{
	if (rxtx->state != RXTX_RX_OWNED)
		return -EINVAL;
	if (offset > rxtx_size(rxtx) || size > rxtx_size(rxtx) - offset)
		return -ERANGE;
	memcpy(buf, (const uint8_t *)rxtx->pages.map + rxtx->rx_page * FFA_PAGE_SIZE + offset, size);
	return 0;
}

int rxtx_release(struct rxtx *rxtx)
{
	int32_t error = 0;
	int r;

	if (rxtx->state != RXTX_RX_OWNED)
		return -EINVAL;
	r = release_call(rxtx, &error);
	set_state(rxtx, RXTX_FREE);
	if (r == -EREMOTEIO)
		log_warning("FFA_RX_RELEASE of a full RX buffer: %s; going on",
			    ffa_error_name(error) ? ffa_error_name(error) : "unknown error");
	return r;
}

void rxtx_stop(struct rxtx *rxtx)
{
	struct ffa_regs regs = { .x = { FFA_RXTX_UNMAP } };
	int32_t error = 0;

	if (rxtx->state == RXTX_RX_OWNED)
		(void)rxtx_release(rxtx);
	if (rxtx->state != RXTX_FREE)
		return;
	if (endpoint_call(rxtx->conduit, &regs, &error) < 0) {
		log_warning("FFA_RXTX_UNMAP failed (%s): the buffers stay allocated until ffad is gone",
			    ffa_error_name(error) ? ffa_error_name(error) : "conduit lost");
		set_state(rxtx, RXTX_FOREIGN);
		/* Only the list goes: fd and mapping keep the pages themselves. */
		free(take_ptr(rxtx->pages.frames));
		return;
	}
	rxtx->conduit->ops->pages_free(rxtx->conduit, &rxtx->pages);
	set_state(rxtx, RXTX_UNMAPPED);
}
