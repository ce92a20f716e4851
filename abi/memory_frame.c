/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_frame.h"

#include "fid.h"
#include "linux_errno.h"

static const uint32_t fids[FFA_MEMORY_OP_COUNT][2] = {
	[FFA_MEMORY_DONATE] = { FFA_MEM_DONATE, FFA_MEM_DONATE_64 },
	[FFA_MEMORY_LEND] = { FFA_MEM_LEND, FFA_MEM_LEND_64 },
	[FFA_MEMORY_SHARE] = { FFA_MEM_SHARE, FFA_MEM_SHARE_64 },
	[FFA_MEMORY_RETRIEVE] = { FFA_MEM_RETRIEVE_REQ, FFA_MEM_RETRIEVE_REQ_64 },
};

int ffa_memory_frame_encode(const struct ffa_memory_frame *frame, struct ffa_regs *ret_regs)
{
	if ((unsigned int)frame->op >= FFA_MEMORY_OP_COUNT)
		return -LINUX_EINVAL;
	if (!frame->is_64 && frame->address > UINT32_MAX)
		return -LINUX_EINVAL;
	*ret_regs = (struct ffa_regs) { { fids[frame->op][frame->is_64], frame->total_size,
					  frame->fragment_size, frame->address, frame->page_count } };
	return 0;
}

int ffa_memory_frame_decode(const struct ffa_regs *regs, struct ffa_memory_frame *ret_frame)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	for (unsigned int op = 0; op < FFA_MEMORY_OP_COUNT; op++) {
		for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
			if (fid != fids[op][is_64])
				continue;
			*ret_frame = (struct ffa_memory_frame) {
				.op = (enum ffa_memory_op)op,
				.is_64 = is_64,
				.total_size = ffa_regs_w(regs, 1),
				.fragment_size = ffa_regs_w(regs, 2),
				.address = is_64 ? regs->x[3] : ffa_regs_w(regs, 3),
				.page_count = ffa_regs_w(regs, 4),
			};
			return 0;
		}
	}
	return -LINUX_ENOMSG;
}

void ffa_memory_retrieve_resp_encode(uint32_t total_size, uint32_t fragment_size, struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_MEM_RETRIEVE_RESP, total_size, fragment_size } };
}

int ffa_memory_retrieve_resp_decode(const struct ffa_regs *regs, uint32_t *ret_total_size,
				    uint32_t *ret_fragment_size)
{
	if (ffa_regs_w(regs, 0) != FFA_MEM_RETRIEVE_RESP)
		return -LINUX_ENOMSG;
	*ret_total_size = ffa_regs_w(regs, 1);
	*ret_fragment_size = ffa_regs_w(regs, 2);
	return 0;
}

void ffa_memory_handle_encode(uint64_t handle, struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { FFA_SUCCESS } };

	ffa_regs_set_w64(&regs, 2, handle);
	*ret_regs = regs;
}

int ffa_memory_handle_decode(const struct ffa_regs *regs, uint64_t *ret_handle)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	if (fid != FFA_SUCCESS && fid != FFA_SUCCESS_64)
		return -LINUX_ENOMSG;
	*ret_handle = ffa_regs_w64(regs, 2);
	return 0;
}

void ffa_memory_reclaim_encode(const struct ffa_memory_reclaim *reclaim, struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { FFA_MEM_RECLAIM, [3] = reclaim->flags } };

	ffa_regs_set_w64(&regs, 1, reclaim->handle);
	*ret_regs = regs;
}

int ffa_memory_reclaim_decode(const struct ffa_regs *regs, struct ffa_memory_reclaim *ret_reclaim)
{
	if (ffa_regs_w(regs, 0) != FFA_MEM_RECLAIM)
		return -LINUX_ENOMSG;
	*ret_reclaim = (struct ffa_memory_reclaim) {
		.handle = ffa_regs_w64(regs, 1),
		.flags = ffa_regs_w(regs, 3),
	};
	return 0;
}

/* FRAG_RX and FRAG_TX have one layout: handle, a number of bytes, the sender's endpoint in w4[31:16]. */
static void encode_fragment(uint32_t fid, uint64_t handle, uint32_t bytes, uint16_t endpoint,
			    struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { fid, [3] = bytes, [4] = (uint32_t)endpoint << 16 } };

	ffa_regs_set_w64(&regs, 1, handle);
	*ret_regs = regs;
}

static uint16_t fragment_endpoint(const struct ffa_regs *regs)
{
	return (uint16_t)(ffa_regs_w(regs, 4) >> 16);
}

void ffa_memory_frag_rx_encode(const struct ffa_memory_frag_rx *frag, struct ffa_regs *ret_regs)
{
	encode_fragment(FFA_MEM_FRAG_RX, frag->handle, frag->offset, frag->endpoint, ret_regs);
}

int ffa_memory_frag_rx_decode(const struct ffa_regs *regs, struct ffa_memory_frag_rx *ret_frag)
{
	if (ffa_regs_w(regs, 0) != FFA_MEM_FRAG_RX)
		return -LINUX_ENOMSG;
	*ret_frag = (struct ffa_memory_frag_rx) {
		.handle = ffa_regs_w64(regs, 1),
		.offset = ffa_regs_w(regs, 3),
		.endpoint = fragment_endpoint(regs),
	};
	return 0;
}

void ffa_memory_frag_tx_encode(const struct ffa_memory_frag_tx *frag, struct ffa_regs *ret_regs)
{
	encode_fragment(FFA_MEM_FRAG_TX, frag->handle, frag->size, frag->endpoint, ret_regs);
}

int ffa_memory_frag_tx_decode(const struct ffa_regs *regs, struct ffa_memory_frag_tx *ret_frag)
{
	if (ffa_regs_w(regs, 0) != FFA_MEM_FRAG_TX)
		return -LINUX_ENOMSG;
	*ret_frag = (struct ffa_memory_frag_tx) {
		.handle = ffa_regs_w64(regs, 1),
		.size = ffa_regs_w(regs, 3),
		.endpoint = fragment_endpoint(regs),
	};
	return 0;
}

bool ffa_memory_fragment_fits(uint32_t total, uint32_t done, uint32_t size, uint32_t buffer_size)
{
	if (done > total || !size || size % FFA_MEMORY_RANGE_SIZE)
		return false;
	return size <= total - done && size <= buffer_size;
}

bool ffa_memory_offset_follows(uint32_t previous, uint32_t next, uint32_t total, uint32_t offset)
{
	if (offset >= total)
		return false;
	return offset == next || offset == previous;
}
