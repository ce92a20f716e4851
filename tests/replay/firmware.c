/* SPDX-License-Identifier: BSD-3-Clause */
#include "firmware.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/memory_descriptor.h"
#include "abi/partition_info.h"
#include "abi/relinquish.h"
#include "abi/version.h"

#include "symbol.h"

/* QEMU's virt machine with 1 GiB, as the normal world's firmware sees it. */
#define RAM_BASE UINT64_C(0x40000000)
#define RAM_SIZE UINT64_C(0x40000000)
#define DEVICE_BASE UINT64_C(0x08000000)
#define SECURE_BASE UINT64_C(0x0e000000)
#define SECURE_SIZE UINT64_C(0x01000000)

/* Commands of the recorded partitions, in x3 of a request. */
enum command {
	COMMAND_ECHO = 0,
	COMMAND_RETRIEVE = 1,
	COMMAND_SPIN = 2,
	COMMAND_CRASH = 3,
	COMMAND_HOLD = 4,
	COMMAND_RELINQUISH = 5,
	COMMAND_ID = 6,
	COMMAND_WIDTH = 7,
	COMMAND_CALL = 8,
};

/* Iterations that surely last beyond a timer tick; short spins of the recordings stay below 0x10000. */
#define SPIN_LONG 0x100000u

#define WIDTH_PATTERN UINT64_C(0x1122334455667788)

/* Use of sim_context.words. */
#define WORD_PHASE 0
#define PHASE_NEW 0
#define PHASE_RESUMED 1
#define PHASE_RETRIEVING 2
#define PHASE_RELEASING 3
#define PHASE_RELINQUISHING 4
#define WORD_HANDLE 1 /* remembered by COMMAND_HOLD */

/* x7 of a request to retrieve, and the length of the descriptor that follows from it. */
#define RETRIEVE_WRITE 1u
#define RETRIEVE_NOT_EXECUTABLE 2u
#define RETRIEVE_LENGTH 96

/* OP-TEE's own messages (optee_ffa.h). */
#define OPTEE_GET_API_VERSION 0
#define OPTEE_GET_OS_VERSION 1
#define OPTEE_EXCHANGE_CAPABILITIES 2
#define OPTEE_UNREGISTER_SHM 3
#define OPTEE_BAD_PARAMETERS UINT32_C(0xffff0006)

static bool respond(const struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	uint16_t requester = msg->sender;

	msg->sender = context->config->id;
	msg->receiver = requester;
	msg->flags = 0;
	if (msg->kind == FFA_DIRECT_32) {
		for (unsigned int i = 0; i < FFA_DIRECT_ARGS_MAX; i++)
			msg->args[i] = (uint32_t)msg->args[i];
	}
	return ffa_direct_encode_resp(msg, regs) == 0;
}

/* Make the call that the request's arguments spell, unless that call has just returned. */
static enum sim_exit call_for(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	struct board *board = context->config->behaviour.program_ctx;
	uint32_t fid = (uint32_t)msg->args[1];

	if (context->words[WORD_PHASE] == PHASE_NEW) {
		context->words[WORD_PHASE] = PHASE_RESUMED;
		if (!sim_simulates(fid, true) || (fid == FFA_RX_RELEASE && board->rx_unknown))
			board->unsimulated = fid;
		*regs = (struct ffa_regs) { .x = { msg->args[1], msg->args[2], msg->args[3], msg->args[4] } };
		return SIM_EXIT_CALL;
	}
	msg->args[0] = 0;
	for (unsigned int i = 0; i < 4; i++)
		msg->args[1 + i] = regs->x[i];
	return respond(context, regs, msg) ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
}

static enum sim_exit borrow_answer(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg,
				   uint32_t error)
{
	msg->args[0] = error;
	return respond(context, regs, msg) ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
}

static uint32_t error_of(const struct ffa_regs *regs)
{
	return ffa_regs_w(regs, 0) == FFA_ERROR ? ffa_regs_w(regs, 2) : 0;
}

static enum sim_exit ask_to_retrieve(struct sim_context *context, struct ffa_regs *regs,
				     const struct ffa_direct *msg)
{
	struct ffa_memory_transaction transaction = {
		.sender = msg->sender,
		.handle = msg->args[1] | msg->args[2] << 32,
		.tag = msg->args[3],
	};
	struct ffa_memory_receiver receiver = {
		.id = context->config->id,
		.permissions = (msg->args[4] & RETRIEVE_WRITE) != 0 ? FFA_MEMORY_DATA_RW : FFA_MEMORY_DATA_RO,
	};
	struct ffa_memory_extent extent;

	if ((msg->args[4] & RETRIEVE_NOT_EXECUTABLE) != 0)
		receiver.permissions |= FFA_MEMORY_INSTRUCTION_NX;
	memset(context->tx, 0, sizeof(context->tx));
	if (ffa_memory_descriptor_encode(FFA_VERSION_1_1, &transaction, FFA_MEMORY_RECEIVER_SIZE_1_0,
					 &receiver, 1, NULL, 0, context->tx, sizeof(context->tx),
					 &extent) != 0)
		return SIM_EXIT_ABORTED;
	context->words[WORD_PHASE] = PHASE_RETRIEVING;
	*regs = (struct ffa_regs) { .x = { FFA_MEM_RETRIEVE_REQ, RETRIEVE_LENGTH, RETRIEVE_LENGTH } };
	return SIM_EXIT_CALL;
}

static enum sim_exit ask_to_relinquish(struct sim_context *context, struct ffa_regs *regs, uint64_t handle)
{
	struct ffa_relinquish relinquish = { .handle = handle };

	memset(context->tx, 0, sizeof(context->tx));
	if (ffa_relinquish_encode(&relinquish, &context->config->id, 1, context->tx, sizeof(context->tx)) < 0)
		return SIM_EXIT_ABORTED;
	context->words[WORD_PHASE] = PHASE_RELINQUISHING;
	ffa_relinquish_encode_call(regs);
	return SIM_EXIT_CALL;
}

/* Use what is in RX: the first word, and with write access the second one. */
static bool use(struct sim_context *context, struct ffa_direct *msg)
{
	const struct board *board = context->config->behaviour.program_ctx;
	struct ffa_memory_descriptor descriptor;
	struct ffa_memory_range range;
	uint32_t words[2];
	uint8_t *page;

	if (ffa_memory_descriptor_decode(FFA_VERSION_1_2, context->rx, sizeof(context->rx),
					 sizeof(context->rx), &descriptor) != 0 ||
	    ffa_memory_descriptor_range(&descriptor, 0, &range) != 0)
		return false;
	msg->args[2] = descriptor.page_count;
	page = board_memory(board, range.address, sizeof(words));
	if (page == NULL)
		return true;
	memcpy(words, page, sizeof(words));
	if ((msg->args[4] & RETRIEVE_WRITE) != 0) {
		words[1] = ~words[0];
		memcpy(page, words, sizeof(words));
	}
	msg->args[1] = words[0];
	return true;
}

/* Commands 1, 4 and 5: retrieve, use what came, release RX, relinquish. */
static enum sim_exit borrow(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg,
			    uint64_t command)
{
	uint64_t handle = msg->args[1] | msg->args[2] << 32;

	switch (context->words[WORD_PHASE]) {
	case PHASE_NEW:
		if (command == COMMAND_RELINQUISH)
			return ask_to_relinquish(context, regs, context->words[WORD_HANDLE]);
		return ask_to_retrieve(context, regs, msg);
	case PHASE_RETRIEVING:
		msg->args[2] = 0;
		if (error_of(regs) != 0)
			return borrow_answer(context, regs, msg, error_of(regs));
		if (command == COMMAND_HOLD)
			context->words[WORD_HANDLE] = handle;
		context->words[WORD_PHASE] = PHASE_RELEASING;
		*regs = (struct ffa_regs) { .x = { FFA_RX_RELEASE } };
		return SIM_EXIT_CALL;
	case PHASE_RELEASING:
		if (!use(context, msg))
			return SIM_EXIT_ABORTED;
		if (command == COMMAND_HOLD)
			return borrow_answer(context, regs, msg, 0);
		return ask_to_relinquish(context, regs, handle);
	default:
		if (command == COMMAND_RELINQUISH)
			return borrow_answer(context, regs, msg, error_of(regs));
		if (!use(context, msg))
			return SIM_EXIT_ABORTED;
		msg->args[3] = error_of(regs);
		return borrow_answer(context, regs, msg, 0);
	}
}

static enum sim_exit command_run(struct sim_context *context, struct ffa_regs *regs, struct ffa_direct *msg)
{
	struct board *board = context->config->behaviour.program_ctx;
	uint64_t command = msg->args[0];

	msg->args[0] = 0;
	switch (command) {
	case COMMAND_ECHO:
		break;
	case COMMAND_RETRIEVE:
	case COMMAND_HOLD:
	case COMMAND_RELINQUISH:
		return borrow(context, regs, msg, command);
	case COMMAND_SPIN:
		if (msg->args[1] >= SPIN_LONG && context->words[WORD_PHASE] == PHASE_NEW) {
			context->words[WORD_PHASE] = PHASE_RESUMED;
			*regs = (struct ffa_regs) { 0 };
			return SIM_EXIT_PREEMPTED;
		}
		break;
	case COMMAND_CRASH:
		return SIM_EXIT_ABORTED;
	case COMMAND_ID:
		msg->args[1] = context->config->id;
		msg->args[2] = 0;
		break;
	case COMMAND_WIDTH:
		if (board->firmware->command_width) {
			msg->args[2] = msg->args[1] >> 32;
			msg->args[3] = msg->args[1];
			msg->args[4] = context->request.x[0];
			msg->args[1] = WIDTH_PATTERN;
			break;
		}
		msg->args[0] = board->firmware->unknown;
		break;
	case COMMAND_CALL:
		if (board->firmware->command_call)
			return call_for(context, regs, msg);
		msg->args[0] = board->firmware->unknown;
		break;
	default:
		msg->args[0] = board->firmware->unknown;
		break;
	}
	return respond(context, regs, msg) ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
}

/* The program of all recorded secure partitions. */
static enum sim_exit partition_run(struct sim_context *context, struct ffa_regs *regs)
{
	struct ffa_direct msg;

	if (ffa_regs_w(regs, 0) == FFA_RUN) {
		*regs = (struct ffa_regs) { .x = { FFA_MSG_WAIT } };
		return SIM_EXIT_CALL;
	}
	if (ffa_direct_decode_req(regs, &msg) == 0 && ffa_regs_w(regs, 0) == ffa_regs_w(&context->request, 0))
		context->words[WORD_PHASE] = PHASE_NEW;
	if (ffa_direct_decode_req(&context->request, &msg) != 0)
		return SIM_EXIT_ABORTED;
	if (msg.kind == FFA_DIRECT_REQ2) {
		msg.args[0] = ~msg.args[0];
		return respond(context, regs, &msg) ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
	}
	return command_run(context, regs, &msg);
}

/* Obeys nothing: every request comes back as it is. */
static enum sim_exit echo_run(struct sim_context *context, struct ffa_regs *regs)
{
	struct ffa_direct msg;

	if (ffa_direct_decode_req(&context->request, &msg) != 0)
		return SIM_EXIT_ABORTED;
	return respond(context, regs, &msg) ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
}

/* OP-TEE as a partition of its own SPMC. */
static enum sim_exit optee_run(struct sim_context *context, struct ffa_regs *regs)
{
	struct ffa_direct msg;
	uint64_t command;

	if (ffa_direct_decode_req(&context->request, &msg) != 0)
		return SIM_EXIT_ABORTED;
	command = msg.args[0];
	memset(msg.args, 0, sizeof(msg.args));
	switch (command) {
	case OPTEE_GET_API_VERSION:
		msg.args[0] = 1;
		break;
	case OPTEE_GET_OS_VERSION:
		msg.args[0] = 4;
		msg.args[1] = 10;
		break;
	case OPTEE_EXCHANGE_CAPABILITIES:
		msg.args[1] = 4;
		msg.args[2] = 7;
		break;
	case OPTEE_UNREGISTER_SHM:
		break;
	default:
		msg.args[0] = OPTEE_BAD_PARAMETERS;
		break;
	}
	return respond(context, regs, &msg) ? SIM_EXIT_CALL : SIM_EXIT_ABORTED;
}

static const struct sim_program partition_program = { .run = partition_run };
static const struct sim_program echo_program = { .run = echo_run };
static const struct sim_program optee_program = { .run = optee_run };

#define UUID_1                                                                                               \
	{                                                                                                    \
		{                                                                                            \
			0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66,  \
				0x77, 0x77                                                                   \
		}                                                                                            \
	}
#define UUID_2                                                                                               \
	{                                                                                                    \
		{                                                                                            \
			0xaa, 0xaa, 0xaa, 0xaa, 0xbb, 0xbb, 0xcc, 0xcc, 0xdd, 0xdd, 0xee, 0xee, 0xff, 0xff,  \
				0x00, 0x01                                                                   \
		}                                                                                            \
	}
#define UUID_ECHO                                                                                            \
	{                                                                                                    \
		{                                                                                            \
			0x7d, 0x0a, 0x6c, 0x55, 0x3f, 0x21, 0x4c, 0x0e, 0x9d, 0x43, 0x86, 0xb1, 0xf0, 0xa2,  \
				0xc9, 0x03                                                                   \
		}                                                                                            \
	}
#define UUID_OPTEE                                                                                           \
	{                                                                                                    \
		{                                                                                            \
			0x48, 0x61, 0x78, 0xe0, 0xe7, 0xf8, 0x11, 0xe3, 0xbc, 0x5e, 0x00, 0x02, 0xa5, 0xd5,  \
				0xc5, 0x1b                                                                   \
		}                                                                                            \
	}
#define PARTITION(partition_id, contexts, methods, partition_uuid, ...)                                      \
	{                                                                                                    \
		.id = (partition_id), .exec_ctx_count = (contexts), .ffa_version = FFA_VERSION_1_2,          \
		.properties = FFA_PARTITION_AARCH64, .service_count = 1,                                     \
		.services = { { partition_uuid, methods } }, __VA_ARGS__                                     \
	}

static const struct sim_partition_config optee_partitions[] = {
	PARTITION(0x8001, 4, 0x3, UUID_OPTEE, .logical = true, .behaviour.program = &optee_program),
	PARTITION(0x8101, 1, 0x3, UUID_1, .behaviour.program = &partition_program),
	PARTITION(0x8102, 1, 0x1, UUID_2, .behaviour.program = &partition_program,
		  .ns_interrupt_queued = true),
};

/* Those of tests/qemu/firmware.sh. */
static const struct sim_partition_config test_partitions[] = {
	PARTITION(0x8001, 4, 0x3, UUID_OPTEE, .logical = true, .behaviour.program = &optee_program),
	PARTITION(0x8101, 1, 0x3, UUID_1, .behaviour.program = &partition_program),
	PARTITION(0x8102, 1, 0x3, UUID_2, .behaviour.program = &partition_program,
		  .ns_interrupt_queued = true),
	PARTITION(0x8103, 1, 0x3, UUID_ECHO, .behaviour.program = &echo_program),
};

static const struct sim_partition_config hafnium_partitions[] = {
	PARTITION(0x8001, 1, 0x603 | FFA_PARTITION_NOTIFICATION_RECV, UUID_1,
		  .behaviour.program = &partition_program),
	PARTITION(0x8002, 1, 0x401 | FFA_PARTITION_NOTIFICATION_RECV, UUID_2,
		  .behaviour.program = &partition_program, .ns_interrupt_queued = true),
	PARTITION(0x8003, 1, 0x607 | FFA_PARTITION_NOTIFICATION_RECV, UUID_OPTEE,
		  .behaviour.program = &partition_program),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct firmware firmwares[] = {
	{ "optee", "optee", NULL, false, false, false, UINT64_MAX, COUNT(optee_partitions),
	  optee_partitions },
	{ "optee-mended", "optee", &sim_memory_optee_mended, true, true, false, UINT64_MAX,
	  COUNT(optee_partitions), optee_partitions },
	{ "optee-tests", "optee", NULL, false, true, false, UINT32_MAX, COUNT(test_partitions),
	  test_partitions },
	{ "hafnium", "hafnium", NULL, true, true, true, UINT64_MAX, COUNT(hafnium_partitions),
	  hafnium_partitions },
};

const struct firmware *firmware_find(const char *name)
{
	for (size_t i = 0; i < COUNT(firmwares); i++) {
		if (strcmp(firmwares[i].name, name) == 0)
			return &firmwares[i];
	}
	return NULL;
}

uint8_t *board_memory(const struct board *board, uint64_t address, uint64_t size)
{
	uint64_t bytes = FIRMWARE_PAGES * PAGE_BYTES;
	uint64_t offset = address - board->base;

	if (board->pages == NULL || address < board->base || size > bytes || offset > bytes - size)
		return NULL;
	return board->pages + offset;
}

/* One CPU, one thread: nobody to keep out. */
static void board_lock(void *ctx)
{
}

static void *board_host_memory(void *ctx, uint64_t pa, uint64_t size)
{
	return board_memory(ctx, pa, size);
}

static bool inside(uint64_t pa, uint64_t size, uint64_t base, uint64_t length)
{
	return pa >= base && size <= length && pa - base <= length - size;
}

static enum sim_memory_kind board_memory_kind(void *ctx, uint64_t pa, uint64_t size)
{
	if (inside(pa, size, RAM_BASE, RAM_SIZE))
		return SIM_MEMORY_NS_RAM;
	if (inside(pa, size, SECURE_BASE, SECURE_SIZE))
		return SIM_MEMORY_SECURE;
	return inside(pa, size, DEVICE_BASE, RAM_BASE - DEVICE_BASE) ? SIM_MEMORY_DEVICE : SIM_MEMORY_NONE;
}

static void board_delay(void *ctx, unsigned int cpu, uint64_t us)
{
}

int board_start(struct board *board, const struct firmware *firmware, const struct sim_profile *profile,
		uint64_t base)
{
	struct sim_host host = {
		.ctx = board,
		.lock = board_lock,
		.unlock = board_lock,
		.memory_kind = board_memory_kind,
		.memory = board_host_memory,
		.delay = board_delay,
	};
	int error;

	*board = (struct board) { .firmware = firmware, .base = base };
	board->profile = profile != NULL ? *profile : *sim_profile_find(firmware->profile);
	if (firmware->direct_64_whole)
		board->profile.direct_64_truncated = false;
	if (firmware->memory != NULL && profile == NULL)
		board->profile.memory = firmware->memory;
	board->sim = malloc(sim_size());
	board->pages = calloc(FIRMWARE_PAGES, PAGE_BYTES);
	if (board->sim == NULL || board->pages == NULL) {
		board_stop(board);
		return -ENOMEM;
	}
	error = sim_init(board->sim, &board->profile, &host, 1, 0);
	for (size_t i = 0; error == 0 && i < firmware->partition_count; i++) {
		struct sim_partition_config config = firmware->partitions[i];
		uint16_t id;

		config.behaviour.program_ctx = board;
		error = sim_add_partition(board->sim, &config, &id);
	}
	if (error != 0)
		board_stop(board);
	return error;
}

void board_stop(struct board *board)
{
	free(board->sim);
	free(board->pages);
	board->sim = NULL;
	board->pages = NULL;
}

void board_call(struct board *board, struct ffa_regs *regs)
{
	board->unsimulated = 0;
	sim_call(board->sim, 0, regs);
}
