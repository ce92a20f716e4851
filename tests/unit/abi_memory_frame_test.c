/* SPDX-License-Identifier: BSD-3-Clause */
/* Register frames of memory management. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/fid.h"
#include "abi/memory_frame.h"
#include "abi_vector.h"

#define HANDLE UINT64_C(0x8000000100000002) /* its words differ: swapping them would show */
#define LOW 0x00000002
#define HIGH 0x80000001

static void assert_frame(const struct ffa_regs *regs, const struct ffa_regs expected)
{
	assert_memory_equal(regs, &expected, sizeof(expected));
}

static void test_transactions(void **state)
{
	static const struct {
		enum ffa_memory_op op;
		uint32_t fid, fid_64;
	} ops[] = {
		{ FFA_MEMORY_DONATE, 0x84000071, 0xc4000071 },
		{ FFA_MEMORY_LEND, 0x84000072, 0xc4000072 },
		{ FFA_MEMORY_SHARE, 0x84000073, 0xc4000073 },
		{ FFA_MEMORY_RETRIEVE, 0x84000074, 0xc4000074 },
	};

	assert_int_equal(sizeof(ops) / sizeof(ops[0]), FFA_MEMORY_OP_COUNT);
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
			struct ffa_memory_frame frame = {
				.op = ops[i].op,
				.is_64 = is_64,
				.total_size = 8192,
				.fragment_size = 4096,
				.address = is_64 ? 0x880000000 : 0x80000000,
				.page_count = 3,
			};
			struct ffa_memory_frame decoded;
			struct ffa_regs regs;

			memset(&regs, 0xff, sizeof(regs));
			assert_int_equal(ffa_memory_frame_encode(&frame, &regs), 0);
			assert_frame(&regs, (struct ffa_regs) { { is_64 ? ops[i].fid_64 : ops[i].fid, 8192,
								  4096, frame.address, 3 } });
			/* Upper halves are noise, except of an address in SMC64. */
			for (unsigned int n = 0; n < 5; n++)
				if (n != 3 || !is_64)
					regs.x[n] |= 0xdead00000000;
			assert_int_equal(ffa_memory_frame_decode(&regs, &decoded), 0);
			assert_int_equal(decoded.op, frame.op);
			assert_int_equal(decoded.is_64, is_64);
			assert_int_equal(decoded.total_size, 8192);
			assert_int_equal(decoded.fragment_size, 4096);
			assert_true(decoded.address == frame.address);
			assert_int_equal(decoded.page_count, 3);
		}
	}
}

static void test_transactions_refused(void **state)
{
	struct ffa_memory_frame frame = { .op = FFA_MEMORY_OP_COUNT };
	struct ffa_regs regs = { { 42 } };

	assert_int_equal(ffa_memory_frame_encode(&frame, &regs), -EINVAL);
	frame.op = (enum ffa_memory_op) - 1;
	assert_int_equal(ffa_memory_frame_encode(&frame, &regs), -EINVAL);
	frame.op = FFA_MEMORY_SHARE;
	frame.address = UINT64_C(1) << 32;
	assert_int_equal(ffa_memory_frame_encode(&frame, &regs), -EINVAL);
	assert_int_equal(regs.x[0], 42);
	frame.address = UINT32_MAX;
	assert_int_equal(ffa_memory_frame_encode(&frame, &regs), 0);
	frame.address = UINT64_MAX;
	frame.is_64 = true;
	assert_int_equal(ffa_memory_frame_encode(&frame, &regs), 0);
}

/* Of all functions only these four carry a transaction descriptor. */
static void test_other_functions(void **state)
{
	for (uint32_t number = 0; number <= 0xff; number++) {
		for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
			struct ffa_regs regs = { { is_64 ? FFA_FID_64(number) : FFA_FID_32(number) } };
			struct ffa_memory_frame frame;

			assert_int_equal(ffa_memory_frame_decode(&regs, &frame),
					 number >= 0x71 && number <= 0x74 ? 0 : -ENOMSG);
		}
	}
}

static void test_handle(void **state)
{
	struct ffa_regs regs;
	uint64_t handle = 42;

	memset(&regs, 0xff, sizeof(regs));
	ffa_memory_handle_encode(HANDLE, &regs);
	assert_frame(&regs, (struct ffa_regs) { { FFA_SUCCESS, 0, LOW, HIGH } });
	regs.x[2] |= 0xdead00000000;
	assert_int_equal(ffa_memory_handle_decode(&regs, &handle), 0);
	assert_true(handle == HANDLE);
	regs.x[0] = FFA_SUCCESS_64;
	assert_int_equal(ffa_memory_handle_decode(&regs, &handle), 0);
	regs.x[0] = FFA_MEM_FRAG_RX;
	assert_int_equal(ffa_memory_handle_decode(&regs, &handle), -ENOMSG);
}

static void test_reclaim(void **state)
{
	struct ffa_memory_reclaim reclaim = { .handle = HANDLE, .flags = FFA_MEMORY_FLAG_ZERO }, decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_memory_reclaim_encode(&reclaim, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x84000077, LOW, HIGH, 1 } });
	assert_int_equal(ffa_memory_reclaim_decode(&regs, &decoded), 0);
	assert_true(decoded.handle == HANDLE);
	assert_int_equal(decoded.flags, FFA_MEMORY_FLAG_ZERO);
	regs.x[0] = FFA_MEM_RELINQUISH;
	assert_int_equal(ffa_memory_reclaim_decode(&regs, &decoded), -ENOMSG);
}

static void test_retrieve_resp(void **state)
{
	uint32_t total = 42, fragment = 43;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_memory_retrieve_resp_encode(8192, 4096, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x84000075, 8192, 4096 } });
	assert_int_equal(ffa_memory_retrieve_resp_decode(&regs, &total, &fragment), 0);
	assert_int_equal(total, 8192);
	assert_int_equal(fragment, 4096);
	regs.x[0] = FFA_MEM_RETRIEVE_REQ;
	assert_int_equal(ffa_memory_retrieve_resp_decode(&regs, &total, &fragment), -ENOMSG);
}

static void test_fragments(void **state)
{
	struct ffa_memory_frag_rx rx = { .handle = HANDLE, .offset = 4096, .endpoint = 0x8001 }, rx_decoded;
	struct ffa_memory_frag_tx tx = { .handle = HANDLE, .size = 64, .endpoint = 0x8001 }, tx_decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_memory_frag_rx_encode(&rx, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x8400007a, LOW, HIGH, 4096, 0x80010000 } });
	assert_int_equal(ffa_memory_frag_rx_decode(&regs, &rx_decoded), 0);
	assert_true(rx_decoded.handle == HANDLE);
	assert_int_equal(rx_decoded.offset, 4096);
	assert_int_equal(rx_decoded.endpoint, 0x8001);
	assert_int_equal(ffa_memory_frag_tx_decode(&regs, &tx_decoded), -ENOMSG);

	memset(&regs, 0xff, sizeof(regs));
	ffa_memory_frag_tx_encode(&tx, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x8400007b, LOW, HIGH, 64, 0x80010000 } });
	assert_int_equal(ffa_memory_frag_tx_decode(&regs, &tx_decoded), 0);
	assert_true(tx_decoded.handle == HANDLE);
	assert_int_equal(tx_decoded.size, 64);
	assert_int_equal(tx_decoded.endpoint, 0x8001);
	assert_int_equal(ffa_memory_frag_rx_decode(&regs, &rx_decoded), -ENOMSG);
}

static void test_fragment_fits(void **state)
{
	static const struct {
		uint32_t total, done, size, buffer;
		bool fits;
	} cases[] = {
		{ 8192, 4096, 4096, 4096, true },
		{ 8192, 4096, 16, 4096, true },
		{ 8192, 4096, 0, 4096, false },
		{ 8192, 4096, 8, 4096, false },
		{ 8192, 4096, 15, 4096, false },
		{ 8192, 4096, 17, 4096, false },
		{ 8208, 4096, 4112, 4096, false }, /* more than the buffer */
		{ 8208, 4096, 4112, 4112, true },
		{ 8192, 8176, 16, 4096, true },
		{ 8192, 8176, 32, 4096, false }, /* more than is missing */
		{ 8192, 8192, 16, 4096, false },
		{ 8192, 8208, 16, 4096, false }, /* total - done would wrap */
		{ UINT32_MAX - 15, 4096, UINT32_MAX - 15, UINT32_MAX, false },
		{ UINT32_MAX, 15, UINT32_MAX - 15, UINT32_MAX, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ffa_memory_fragment_fits(cases[i].total, cases[i].done, cases[i].size,
							  cases[i].buffer),
				 cases[i].fits);
}

/* The last fragment was [4096, 8192) of 12288: the next one or that again. */
static void test_offset_follows(void **state)
{
	for (uint32_t offset = 0; offset <= 12288 + 16; offset++)
		assert_int_equal(ffa_memory_offset_follows(4096, 8192, 12288, offset),
				 offset == 4096 || offset == 8192);
	assert_false(ffa_memory_offset_follows(4096, 8192, 12288, UINT32_MAX));
	/* Nothing follows the end, but the last fragment can be had again. */
	assert_false(ffa_memory_offset_follows(4096, 8192, 8192, 8192));
	assert_true(ffa_memory_offset_follows(4096, 8192, 8192, 4096));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transactions),    cmocka_unit_test(test_transactions_refused),
		cmocka_unit_test(test_other_functions), cmocka_unit_test(test_handle),
		cmocka_unit_test(test_reclaim),         cmocka_unit_test(test_retrieve_resp),
		cmocka_unit_test(test_fragments),       cmocka_unit_test(test_fragment_fits),
		cmocka_unit_test(test_offset_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
