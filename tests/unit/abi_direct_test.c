/* SPDX-License-Identifier: BSD-3-Clause */
/* Direct messages: registers of each kind, both ways. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/direct.h"
#include "abi/fid.h"
#include "abi_vector.h"

static void test_request_32(void **state)
{
	const struct ffa_direct msg = { .kind = FFA_DIRECT_32,
					.sender = 1,
					.receiver = 0x8001,
					.args = { 0x5a5a, 0, 0, 0, 0xffffffff } };
	const struct ffa_regs expected = { { 0x8400006f, 0x00018001, 0, 0x5a5a, 0, 0, 0, 0xffffffff } };
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	assert_int_equal(ffa_direct_encode_req(&msg, &regs), 0);
	assert_memory_equal(&regs, &expected, sizeof(regs));
}

static void test_request_64(void **state)
{
	const struct ffa_direct msg = { .kind = FFA_DIRECT_64,
					.receiver = 0x8001,
					.flags = FFA_DIRECT_FRAMEWORK | FFA_FRAMEWORK_VM_CREATED,
					.args = { UINT64_MAX, 1, 2, 3, 4 } };
	const struct ffa_regs expected = { { 0xc400006f, 0x8001, 0x80000004, UINT64_MAX, 1, 2, 3, 4 } };
	struct ffa_regs regs;

	assert_int_equal(ffa_direct_encode_req(&msg, &regs), 0);
	assert_memory_equal(&regs, &expected, sizeof(regs));
}

static void test_request_2(void **state)
{
	struct ffa_direct msg = { .kind = FFA_DIRECT_REQ2, .receiver = 0x8001 };
	struct ffa_regs expected = { { 0xc400008d, 0x8001, 0x51475e82d776cdbd, 0xac4349f8d4863b96 } };
	struct ffa_regs regs;

	assert_int_equal(ffa_uuid_parse("bdcd76d7-825e-4751-963b-86d4f84943ac", &msg.uuid), 0);
	for (unsigned int i = 0; i < FFA_DIRECT_REQ2_ARGS; i++)
		expected.x[4 + i] = msg.args[i] = UINT64_C(0x100000000) * i + i;
	assert_int_equal(ffa_direct_encode_req(&msg, &regs), 0);
	assert_memory_equal(&regs, &expected, sizeof(regs));

	/* A response names no service. */
	expected.x[0] = 0xc400008e;
	expected.x[2] = expected.x[3] = 0;
	assert_int_equal(ffa_direct_encode_resp(&msg, &regs), 0);
	assert_memory_equal(&regs, &expected, sizeof(regs));
}

static void test_encode_refused(void **state)
{
	struct ffa_direct msg = { .kind = FFA_DIRECT_KIND_COUNT };
	struct ffa_regs regs = { { 42 } };

	assert_int_equal(ffa_direct_encode_req(&msg, &regs), -EINVAL);
	assert_int_equal(ffa_direct_encode_resp(&msg, &regs), -EINVAL);
	msg.kind = (enum ffa_direct_kind) - 1;
	assert_int_equal(ffa_direct_encode_req(&msg, &regs), -EINVAL);
	msg.kind = FFA_DIRECT_32;
	for (unsigned int i = 0; i < FFA_DIRECT_ARGS; i++) {
		msg.args[i] = UINT64_C(1) << 32;
		assert_int_equal(ffa_direct_encode_req(&msg, &regs), -EINVAL);
		msg.args[i] = UINT32_MAX;
		assert_int_equal(ffa_direct_encode_req(&msg, &(struct ffa_regs) { { 0 } }), 0);
	}
	assert_int_equal(regs.x[0], 42);
	/* What the kind does not have is not looked at. */
	msg.args[FFA_DIRECT_ARGS] = UINT64_MAX;
	assert_int_equal(ffa_direct_encode_req(&msg, &regs), 0);
	assert_int_equal(regs.x[3 + FFA_DIRECT_ARGS], 0);
}

static void test_counts(void **state)
{
	assert_int_equal(ffa_direct_args(FFA_DIRECT_32), 5);
	assert_int_equal(ffa_direct_args(FFA_DIRECT_64), 5);
	assert_int_equal(ffa_direct_args(FFA_DIRECT_REQ2), 14);
	assert_int_equal(ffa_direct_args(FFA_DIRECT_KIND_COUNT), 0);
	assert_int_equal(ffa_direct_args((enum ffa_direct_kind) - 1), 0);
}

/* Upper halves of an SMC32 frame are undefined, and so is everything above w7. */
static void test_decode_masks(void **state)
{
	struct ffa_regs regs;
	struct ffa_direct msg;

	memset(&regs, 0xff, sizeof(regs));
	regs.x[0] = 0xdeadbeef84000070;
	regs.x[1] = 0xffffffff80010002;
	regs.x[2] = 0xffffffff00000000;
	assert_int_equal(ffa_direct_decode_resp(&regs, &msg), 0);
	assert_int_equal(msg.kind, FFA_DIRECT_32);
	assert_int_equal(msg.sender, 0x8001);
	assert_int_equal(msg.receiver, 2);
	assert_int_equal(msg.flags, 0);
	for (unsigned int i = 0; i < FFA_DIRECT_ARGS_MAX; i++)
		assert_int_equal(msg.args[i], i < FFA_DIRECT_ARGS ? UINT32_MAX : 0);
}

/* Of all functions only these are direct messages, and a request is no response. */
static void test_decode_other_functions(void **state)
{
	for (uint32_t number = 0; number <= 0xff; number++) {
		for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
			struct ffa_regs regs = { { is_64 ? FFA_FID_64(number) : FFA_FID_32(number) } };
			bool req = number == 0x6f || (number == 0x8d && is_64);
			bool resp = number == 0x70 || (number == 0x8e && is_64);
			struct ffa_direct msg;

			assert_int_equal(ffa_direct_decode_req(&regs, &msg), req ? 0 : -ENOMSG);
			assert_int_equal(ffa_direct_decode_resp(&regs, &msg), resp ? 0 : -ENOMSG);
		}
	}
}

static void test_round_trip(void **state)
{
	uint64_t seed = VECTOR_SEED;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		struct ffa_direct msg, decoded;
		struct ffa_regs regs;

		memset(&msg, 0, sizeof(msg));
		memset(&decoded, 0, sizeof(decoded));
		msg.kind = (enum ffa_direct_kind)vector_below(&seed, FFA_DIRECT_KIND_COUNT);
		msg.sender = (uint16_t)vector_random(&seed);
		msg.receiver = (uint16_t)vector_random(&seed);
		if (msg.kind == FFA_DIRECT_REQ2)
			msg.uuid = ffa_uuid_from_u64(vector_random(&seed), vector_random(&seed));
		else
			msg.flags = (uint32_t)vector_random(&seed);
		for (unsigned int i = 0; i < ffa_direct_args(msg.kind); i++)
			msg.args[i] = msg.kind == FFA_DIRECT_32 ? (uint32_t)vector_random(&seed)
								: vector_random(&seed);
		assert_int_equal(ffa_direct_encode_req(&msg, &regs), 0);
		assert_int_equal(ffa_direct_decode_req(&regs, &decoded), 0);
		assert_int_equal(decoded.kind, msg.kind);
		assert_int_equal(decoded.sender, msg.sender);
		assert_int_equal(decoded.receiver, msg.receiver);
		assert_int_equal(decoded.flags, msg.flags);
		assert_true(ffa_uuid_equal(&decoded.uuid, &msg.uuid));
		assert_memory_equal(decoded.args, msg.args, sizeof(msg.args));
		assert_int_equal(ffa_direct_encode_resp(&msg, &regs), 0);
		assert_int_equal(ffa_direct_decode_resp(&regs, &decoded), 0);
		assert_true(ffa_uuid_is_nil(&decoded.uuid));
		assert_memory_equal(decoded.args, msg.args, sizeof(msg.args));
	}
}

static void test_words(void **state)
{
	struct ffa_regs regs;

	assert_int_equal(ffa_src_dst(0x8001, 0x0002), 0x80010002);
	assert_int_equal(ffa_target(0x8002, 3), 0x80020003);
	memset(&regs, 0xff, sizeof(regs));
	ffa_run_encode(ffa_target(0x8002, 3), &regs);
	assert_memory_equal(&regs, (&(struct ffa_regs) { { 0x8400006d, 0x80020003 } }), sizeof(regs));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_32),
		cmocka_unit_test(test_request_64),
		cmocka_unit_test(test_request_2),
		cmocka_unit_test(test_encode_refused),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_decode_masks),
		cmocka_unit_test(test_decode_other_functions),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
