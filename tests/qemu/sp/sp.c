/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A secure partition for S-EL0 under OP-TEE: takes direct requests whose x3 is a command.
 *
 *   0 echo
 *   1 retrieve handle x4|x5<<32 with tag x6 (x7 bit 0: read-write), read word 0 of its first page into x4, its page
 *     count into x5; read-write: store ~word 0 into word 1; then relinquish, whose result is in x6
 *   2 spin x4 times
 *   3 crash
 *   4 as 1, without relinquishing
 *   5 relinquish what 4 retrieved
 *   6 x4 = own id, x5 = result of the RX/TX mapping
 *   7 x4 = 0x1122334455667788, x5 = x4 >> 32, x6 = x4, x7 = x0
 *
 * The answer has the width of the request, x3 = 0 or the FF-A error code that was met, -1 for an unknown command, and x4-x7
 * of the request where nothing else is said. With SP_ECHO it obeys nothing, and every request comes back as it is. Built freestanding and position independent; see sp.ld.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/regs.h"

#ifndef SP_ECHO
#define SP_ECHO 0
#endif

enum command {
	COMMAND_ECHO,
	COMMAND_BORROW,
	COMMAND_SPIN,
	COMMAND_CRASH,
	COMMAND_HOLD,
	COMMAND_RELINQUISH,
	COMMAND_WHO,
	COMMAND_WIDTH,
};

#define BORROW_READ_WRITE 1u
#define PERMISSION_RO 1u
#define PERMISSION_RW 2u

/* Memory transaction descriptor of FF-A 1.1 with one receiver, as this partition sends and reads it. */
struct retrieve {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t receiver_size;
	uint32_t receiver_count;
	uint32_t receiver_offset;
	uint32_t reserved[3];
	uint16_t receiver;
	uint8_t permissions;
	uint8_t receiver_flags;
	uint32_t composite_offset;
	uint64_t receiver_reserved;
};

struct composite {
	uint32_t page_count;
	uint32_t range_count;
	uint64_t reserved;
	struct {
		uint64_t address;
		uint32_t page_count;
		uint32_t reserved;
	} ranges[];
};

struct relinquish {
	uint64_t handle;
	uint32_t flags;
	uint32_t count;
	uint16_t endpoints[1];
};

extern uint8_t sp_rx[], sp_tx[];

static uint16_t own_id;
static int32_t map_result;
static uint64_t held;

/* The compiler clears structures by it. */
void *memset(void *block, int value, size_t size);
void *memset(void *block, int value, size_t size)
{
	volatile uint8_t *bytes = block;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)value;
	return block;
}

/* OP-TEE gives x0-x7 back and leaves nothing in x8-x18. */
static void ffa(struct ffa_regs *regs)
{
	register uint64_t x0 __asm__("x0") = regs->x[0];
	register uint64_t x1 __asm__("x1") = regs->x[1];
	register uint64_t x2 __asm__("x2") = regs->x[2];
	register uint64_t x3 __asm__("x3") = regs->x[3];
	register uint64_t x4 __asm__("x4") = regs->x[4];
	register uint64_t x5 __asm__("x5") = regs->x[5];
	register uint64_t x6 __asm__("x6") = regs->x[6];
	register uint64_t x7 __asm__("x7") = regs->x[7];

	__asm__ volatile("svc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7)
			 :
			 : "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18",
			   "memory");
	regs->x[0] = x0;
	regs->x[1] = x1;
	regs->x[2] = x2;
	regs->x[3] = x3;
	regs->x[4] = x4;
	regs->x[5] = x5;
	regs->x[6] = x6;
	regs->x[7] = x7;
}

/* 0, or the error code of FFA_ERROR. */
static int32_t ffa_call(struct ffa_regs *regs)
{
	ffa(regs);
	return (uint32_t)regs->x[0] == FFA_ERROR ? (int32_t)regs->x[2] : 0;
}

static int32_t retrieve(uint16_t sender, uint64_t handle, uint64_t tag, bool read_write)
{
	volatile struct retrieve *request = (volatile struct retrieve *)sp_tx;
	struct ffa_regs regs = { .x = { FFA_MEM_RETRIEVE_REQ, sizeof(*request), sizeof(*request) } };

	request->sender = sender;
	request->attributes = 0;
	request->flags = 0;
	request->handle = handle;
	request->tag = tag;
	request->receiver_size = 16;
	request->receiver_count = 1;
	request->receiver_offset = offsetof(struct retrieve, receiver);
	for (unsigned int i = 0; i < 3; i++)
		request->reserved[i] = 0;
	request->receiver = own_id;
	request->permissions = read_write ? PERMISSION_RW : PERMISSION_RO;
	request->receiver_flags = 0;
	request->composite_offset = 0;
	request->receiver_reserved = 0;
	return ffa_call(&regs);
}

static int32_t relinquish(uint64_t handle)
{
	volatile struct relinquish *request = (volatile struct relinquish *)sp_tx;
	struct ffa_regs regs = { .x = { FFA_MEM_RELINQUISH } };

	request->handle = handle;
	request->flags = 0;
	request->count = 1;
	request->endpoints[0] = own_id;
	return ffa_call(&regs);
}

static int32_t release_rx(void)
{
	struct ffa_regs regs = { .x = { FFA_RX_RELEASE } };

	return ffa_call(&regs);
}

static int32_t borrow(struct ffa_regs *message, bool hold)
{
	uint64_t handle = (uint32_t)message->x[4] | message->x[5] << 32;
	uint16_t sender = (uint16_t)(message->x[1] >> 16);
	bool read_write = message->x[7] & BORROW_READ_WRITE;
	const struct retrieve *answer = (const struct retrieve *)sp_rx;
	const struct composite *composite;
	volatile uint32_t *words;
	int32_t error = retrieve(sender, handle, message->x[6], read_write);

	if (error)
		return error;
	composite = (const struct composite *)(sp_rx + answer->composite_offset);
	/* OP-TEE maps the pages where the answer says. */
	words = (volatile uint32_t *)composite->ranges[0].address;
	message->x[4] = words[0];
	message->x[5] = composite->page_count;
	if (read_write)
		words[1] = ~words[0];
	(void)release_rx();
	if (hold)
		held = handle;
	else
		message->x[6] = (uint32_t)relinquish(handle);
	return 0;
}

static int32_t execute(struct ffa_regs *message)
{
	switch (message->x[3]) {
	case COMMAND_ECHO:
		return 0;
	case COMMAND_BORROW:
		return borrow(message, false);
	case COMMAND_SPIN:
		for (volatile uint64_t i = 0; i < message->x[4]; i++)
			;
		return 0;
	case COMMAND_CRASH:
		__builtin_trap();
	case COMMAND_HOLD:
		return borrow(message, true);
	case COMMAND_RELINQUISH:
		return relinquish(held);
	case COMMAND_WHO:
		message->x[4] = own_id;
		message->x[5] = (uint32_t)map_result;
		return 0;
	case COMMAND_WIDTH:
		message->x[4] = UINT64_C(0x1122334455667788);
		message->x[5] = UINT64_C(0x11223344);
		message->x[6] = UINT64_C(0x1122334455667788);
		message->x[7] = message->x[0];
		return 0;
	default:
		return -1;
	}
}

__attribute__((used)) static _Noreturn void sp_main(void)
{
	struct ffa_regs regs = { .x = { FFA_ID_GET } };

	(void)ffa_call(&regs);
	own_id = (uint16_t)regs.x[2];
	regs = (struct ffa_regs) { .x = { FFA_RXTX_MAP_64, (uintptr_t)sp_tx, (uintptr_t)sp_rx, 1 } };
	map_result = ffa_call(&regs);

	regs = (struct ffa_regs) { .x = { FFA_MSG_WAIT } };
	for (;;) {
		uint32_t fid;

		ffa(&regs);
		fid = (uint32_t)regs.x[0];
		if (fid != FFA_MSG_SEND_DIRECT_REQ && fid != FFA_MSG_SEND_DIRECT_REQ_64) {
			regs = (struct ffa_regs) { .x = { FFA_MSG_WAIT } };
			continue;
		}
		if (!SP_ECHO)
			regs.x[3] = (uint32_t)execute(&regs);
		regs.x[0] = FFA_FID_IS_64(fid) ? FFA_MSG_SEND_DIRECT_RESP_64 : FFA_MSG_SEND_DIRECT_RESP;
		regs.x[1] = ffa_src_dst((uint16_t)regs.x[1], (uint16_t)(regs.x[1] >> 16));
		regs.x[2] = 0;
	}
}

__asm__(".section .text.start, \"ax\"\n"
	".globl _start\n"
	"_start:\n"
	"	adrp	x0, sp_stack_end\n"
	"	mov	sp, x0\n"
	"	b	sp_main\n"
	".previous\n");
