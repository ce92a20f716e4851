/* SPDX-License-Identifier: BSD-3-Clause */
#include "borrower.h"

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/memory_descriptor.h"
#include "abi/memory_frame.h"
#include "abi/relinquish.h"

/* Use of sim_context.words. */
#define WORD_PHASE 0
#define WORD_OFFSET 1  /* bytes of a descriptor that came, and in the high half all of them */
#define WORD_REFUSED 2 /* requests to relinquish, since the last success */
#define WORD_OWN 3     /* address of pages that are its own now; their number in the low bits */

#define OWN_PAGES_MASK (FFA_PAGE_SIZE - 1)

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

#define CHUNK 256 /* bytes accessed at a time */

/* What it waits for. */
enum phase {
	PHASE_REQUEST,
	PHASE_RETRIEVE, /* the response, or the next fragment */
	PHASE_RELEASE,  /* RX is given back */
	PHASE_SEND,
	PHASE_LAST, /* a call whose result is the answer */
};

/* What a finished retrieval is answered with. Kept in TX, which nobody reads meanwhile. */
struct result {
	uint32_t pages, ranges, attributes, permissions;
	bool is_donation;
};

_Static_assert(sizeof(struct result) <= SIM_MESSAGE_SIZE, "TX has room for the result");

static struct result load_result(const struct sim_context *context)
{
	struct result result;

	__builtin_memcpy(&result, context->tx, sizeof(result));
	return result;
}

static enum sim_exit respond(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg,
			     int32_t status)
{
	uint16_t requester = msg->sender;

	context->words[WORD_PHASE] = PHASE_REQUEST;
	msg->sender = msg->receiver;
	msg->receiver = requester;
	msg->flags = 0;
	msg->args[0] = (uint32_t)status;
	for (unsigned int i = 0; msg->kind == FFA_DIRECT_32 && i < FFA_DIRECT_ARGS_MAX; i++)
		msg->args[i] = (uint32_t)msg->args[i];
	return ffa_direct_encode_resp(msg, regs) == 0 ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
}

static uint64_t handle_of(const struct ffa_direct *msg)
{
	return (uint32_t)msg->args[1] | msg->args[2] << 32;
}

static int32_t error_of(const struct ffa_regs *regs)
{
	return ffa_regs_w(regs, 0) == FFA_ERROR ? (int32_t)ffa_regs_w(regs, 2) : FFA_OK;
}

static enum sim_exit call(struct sim_context *context, enum phase phase)
{
	context->words[WORD_PHASE] = phase;
	return SIM_EXIT_CALL;
}

static enum sim_exit ask_to_retrieve(struct sim_context *context, struct ffa_regs *regs,
				     struct ffa_direct *msg)
{
	uint64_t options = msg->args[4];
	struct ffa_memory_transaction transaction = {
		.sender = msg->sender,
		.handle = handle_of(msg),
		.tag = msg->args[3],
	};
	struct ffa_memory_receiver receiver = {
		.id = context->config->id,
		.permissions =
			(options & SIM_BORROWER_WRITABLE) != 0 ? FFA_MEMORY_DATA_RW : FFA_MEMORY_DATA_RO,
	};
	struct ffa_memory_frame frame = { .op = FFA_MEMORY_RETRIEVE };
	struct ffa_memory_extent extent;

	if ((options & SIM_BORROWER_NOT_EXECUTABLE) != 0)
		receiver.permissions |= FFA_MEMORY_INSTRUCTION_NX;
	if ((options & SIM_BORROWER_ZERO) != 0)
		transaction.flags |= FFA_MEMORY_FLAG_ZERO;
	if ((options & SIM_BORROWER_ZERO_AFTER) != 0)
		transaction.flags |= FFA_MEMORY_FLAG_ZERO_AFTER;
	if ((options & SIM_BORROWER_BYPASS) != 0)
		transaction.flags |= FFA_MEMORY_FLAG_BYPASS_BORROWERS;
	if (ffa_memory_descriptor_encode(context->config->ffa_version, &transaction, 0, &receiver, 1, NULL, 0,
					 context->tx, sizeof(context->tx), &extent) != 0)
		return SIM_EXIT_ABORTED;
	frame.total_size = extent.total_size;
	frame.fragment_size = extent.total_size;
	(void)ffa_memory_frame_encode(&frame, regs);
	return call(context, PHASE_RETRIEVE);
}

/* The first fragment of a response is in RX. False: not one that this program understands. */
static bool take_response(struct sim_context *context, uint32_t total, uint32_t size)
{
	struct ffa_memory_descriptor descriptor;
	struct ffa_memory_receiver receiver;
	struct ffa_memory_range range = { 0 };
	struct result result;

	if (size > sizeof(context->rx) ||
	    ffa_memory_descriptor_decode(context->config->ffa_version, context->rx, size, total,
					 &descriptor) != 0 ||
	    ffa_memory_descriptor_receiver(&descriptor, 0, &receiver) != 0)
		return false;
	result = (struct result) {
		.pages = descriptor.page_count,
		.ranges = descriptor.range_count,
		.attributes = descriptor.transaction.attributes,
		.permissions = receiver.permissions,
		.is_donation = (descriptor.transaction.flags & FFA_MEMORY_FLAG_TYPE_MASK) ==
			       FFA_MEMORY_FLAG_TYPE_DONATE,
	};
	if (result.is_donation && ffa_memory_descriptor_range(&descriptor, 0, &range) == 0 &&
	    range.page_count <= OWN_PAGES_MASK)
		context->words[WORD_OWN] = range.address | range.page_count;
	__builtin_memcpy(context->tx, &result, sizeof(result));
	context->words[WORD_OFFSET] = (uint64_t)total << 32 | size;
	return true;
}

static enum sim_exit retrieved(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	struct ffa_memory_frag_tx fragment;
	uint32_t total, size;

	if (error_of(regs) != FFA_OK)
		return respond(context, regs, msg, error_of(regs));
	if (ffa_memory_retrieve_resp_decode(regs, &total, &size) == 0) {
		if (!take_response(context, total, size))
			return SIM_EXIT_ABORTED;
	} else if (ffa_memory_frag_tx_decode(regs, &fragment) == 0) {
		context->words[WORD_OFFSET] += fragment.size;
	} else {
		return SIM_EXIT_ABORTED;
	}
	*regs = (struct ffa_regs) { .x = { FFA_RX_RELEASE } };
	return call(context, PHASE_RELEASE);
}

static enum sim_exit released(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint32_t offset = (uint32_t)context->words[WORD_OFFSET];
	uint32_t total = (uint32_t)(context->words[WORD_OFFSET] >> 32);
	struct ffa_memory_frag_rx next = { .handle = handle_of(msg), .offset = offset };
	struct result result = load_result(context);

	if (offset < total) {
		ffa_memory_frag_rx_encode(&next, regs);
		return call(context, PHASE_RETRIEVE);
	}
	msg->args[1] = result.pages;
	msg->args[2] = result.ranges;
	msg->args[3] = result.attributes;
	msg->args[4] = result.permissions;
	return respond(context, regs, msg, FFA_OK);
}

static enum sim_exit ask_to_relinquish(struct sim_context *context, struct ffa_regs *regs,
				       struct ffa_direct *msg)
{
	struct ffa_relinquish relinquish = { .handle = handle_of(msg), .flags = (uint32_t)msg->args[3] };

	if (context->words[WORD_REFUSED] < context->config->behaviour.count) {
		context->words[WORD_REFUSED]++;
		return respond(context, regs, msg, FFA_BUSY);
	}
	context->words[WORD_REFUSED] = 0;
	if (ffa_relinquish_encode(&relinquish, &context->config->id, 1, context->tx, sizeof(context->tx)) < 0)
		return SIM_EXIT_ABORTED;
	ffa_relinquish_encode_call(regs);
	return call(context, PHASE_LAST);
}

static enum sim_exit ask_to_send(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint64_t own = context->words[WORD_OWN];
	struct ffa_memory_frame frame = { .op = (enum ffa_memory_op)(uint32_t)msg->args[1] };
	struct ffa_memory_transaction transaction = { .sender = context->config->id, .tag = msg->args[3] };
	struct ffa_memory_receiver receiver = { .id = (uint16_t)msg->args[2],
						.permissions = (uint8_t)msg->args[4] };
	struct ffa_memory_range range = { .address = own & ~(uint64_t)OWN_PAGES_MASK,
					  .page_count = own & OWN_PAGES_MASK };
	struct ffa_memory_extent extent;

	if (range.page_count == 0 || (uint32_t)msg->args[1] >= FFA_MEMORY_RETRIEVE)
		return respond(context, regs, msg, FFA_DENIED);
	if (frame.op == FFA_MEMORY_SHARE)
		transaction.attributes = FFA_MEMORY_NORMAL_WB_INNER;
	if (ffa_memory_descriptor_encode(context->config->ffa_version, &transaction, 0, &receiver, 1, &range,
					 1, context->tx, sizeof(context->tx), &extent) != 0)
		return SIM_EXIT_ABORTED;
	frame.total_size = extent.total_size;
	frame.fragment_size = extent.fragment_size;
	(void)ffa_memory_frame_encode(&frame, regs);
	return call(context, PHASE_SEND);
}

static enum sim_exit ask_to_reclaim(struct sim_context *context, struct ffa_regs *regs,
				    struct ffa_direct *msg)
{
	struct ffa_memory_reclaim reclaim = { .handle = handle_of(msg), .flags = (uint32_t)msg->args[3] };

	ffa_memory_reclaim_encode(&reclaim, regs);
	return call(context, PHASE_LAST);
}

static enum sim_exit read_words(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint32_t words[4];

	if (!sim_context_read(context, handle_of(msg), msg->args[3], words, sizeof(words)))
		return respond(context, regs, msg, FFA_DENIED);
	for (unsigned int i = 0; i < 4; i++)
		msg->args[1 + i] = words[i];
	return respond(context, regs, msg, FFA_OK);
}

static enum sim_exit write_word(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint32_t word = (uint32_t)msg->args[4];

	if (!sim_context_write(context, handle_of(msg), msg->args[3], &word, sizeof(word)))
		return respond(context, regs, msg, FFA_DENIED);
	return respond(context, regs, msg, FFA_OK);
}

static enum sim_exit fill(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint64_t offset = msg->args[3];
	uint64_t end = (offset | (FFA_PAGE_SIZE - 1)) + 1;
	uint8_t bytes[CHUNK];

	__builtin_memset(bytes, (uint8_t)msg->args[4], sizeof(bytes));
	while (offset < end) {
		uint64_t size = end - offset < CHUNK ? end - offset : CHUNK;

		if (!sim_context_write(context, handle_of(msg), offset, bytes, size))
			return respond(context, regs, msg, FFA_DENIED);
		offset += size;
	}
	return respond(context, regs, msg, FFA_OK);
}

static enum sim_exit sum(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint64_t size = (uint64_t)(uint32_t)msg->args[3] * FFA_PAGE_SIZE, hash = FNV_OFFSET;
	uint8_t bytes[CHUNK];

	for (uint64_t offset = 0; offset < size; offset += CHUNK) {
		if (!sim_context_read(context, handle_of(msg), offset, bytes, sizeof(bytes)))
			return respond(context, regs, msg, FFA_DENIED);
		for (unsigned int i = 0; i < CHUNK; i++)
			hash = (hash ^ bytes[i]) * FNV_PRIME;
	}
	msg->args[1] = (uint32_t)hash;
	msg->args[2] = hash >> 32;
	return respond(context, regs, msg, FFA_OK);
}

static enum sim_exit request(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	switch ((uint32_t)msg->args[0]) {
	case SIM_BORROWER_ECHO:
		return respond(context, regs, msg, FFA_OK);
	case SIM_BORROWER_RETRIEVE:
		return ask_to_retrieve(context, regs, msg);
	case SIM_BORROWER_RELINQUISH:
		return ask_to_relinquish(context, regs, msg);
	case SIM_BORROWER_READ:
		return read_words(context, regs, msg);
	case SIM_BORROWER_WRITE:
		return write_word(context, regs, msg);
	case SIM_BORROWER_FILL:
		return fill(context, regs, msg);
	case SIM_BORROWER_SUM:
		return sum(context, regs, msg);
	case SIM_BORROWER_SEND:
		return ask_to_send(context, regs, msg);
	case SIM_BORROWER_RECLAIM:
		return ask_to_reclaim(context, regs, msg);
	case SIM_BORROWER_ABORT:
		return SIM_EXIT_ABORTED;
	default:
		return respond(context, regs, msg, FFA_NOT_SUPPORTED);
	}
}

static enum sim_exit sent(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint64_t handle;

	if (error_of(regs) != FFA_OK || ffa_memory_handle_decode(regs, &handle) != 0)
		return respond(context, regs, msg, error_of(regs));
	msg->args[1] = (uint32_t)handle;
	msg->args[2] = handle >> 32;
	return respond(context, regs, msg, FFA_OK);
}

enum sim_exit sim_borrower_run(struct sim_context *context, struct ffa_regs *regs)
{
	struct ffa_direct msg;

	if (ffa_regs_w(regs, 0) == FFA_RUN) {
		*regs = (struct ffa_regs) { .x = { FFA_MSG_WAIT } };
		return SIM_EXIT_CALL;
	}
	if (ffa_direct_decode_req(&context->request, &msg) != 0)
		return SIM_EXIT_ABORTED;
	switch ((enum phase)context->words[WORD_PHASE]) {
	case PHASE_RETRIEVE:
		return retrieved(context, regs, &msg);
	case PHASE_RELEASE:
		return released(context, regs, &msg);
	case PHASE_SEND:
		return sent(context, regs, &msg);
	case PHASE_LAST:
		return respond(context, regs, &msg, error_of(regs));
	default:
		/* Its answer was refused: SPMC and program disagree on the rules. */
		if (error_of(regs) != FFA_OK)
			return SIM_EXIT_ABORTED;
		return request(context, regs, &msg);
	}
}
