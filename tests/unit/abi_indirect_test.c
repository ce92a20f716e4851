/* SPDX-License-Identifier: BSD-3-Clause */
/* Indirect messages: headers of 1.1 and 1.2, their bounds, and the frames of the calls. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/indirect.h"
#include "abi/version.h"
#include "abi_vector.h"

#define PING_1_1 "00000000000000001400000001800000 0400000070696e67"
#define PING_1_2 "00000000000000002800000001800000 04000000000000000001020304050607 08090a0b0c0d0e0f70696e67"

static struct ffa_indirect ping(uint32_t version)
{
	struct ffa_indirect message = { .sender = 0, .receiver = 0x8001 };

	if (version >= FFA_VERSION_1_2)
		message.uuid = ffa_uuid_from_u64(0x0706050403020100, 0x0f0e0d0c0b0a0908);
	return message;
}

static void check_vector(uint32_t version, const char *hex)
{
	struct ffa_indirect message = ping(version), decoded;
	uint8_t expected[64], buf[64];
	size_t size = vector_bytes(hex, expected, sizeof(expected));

	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(ffa_indirect_encode(version, &message, "ping", 4, buf, sizeof(buf)), (int)size);
	assert_memory_equal(buf, expected, size);
	assert_int_equal(buf[size], 0xff);
	assert_int_equal(ffa_indirect_decode(version, expected, size, &decoded), 0);
	assert_int_equal(decoded.sender, 0);
	assert_int_equal(decoded.receiver, 0x8001);
	assert_int_equal(decoded.flags, 0);
	assert_true(ffa_uuid_equal(&decoded.uuid, &message.uuid));
	assert_int_equal(decoded.offset, size - 4);
	assert_int_equal(decoded.size, 4);
	assert_true(decoded.reserved_is_clear);
	assert_int_equal(ffa_indirect_decode_received(expected, size, &decoded), 0);
	assert_true(ffa_uuid_equal(&decoded.uuid, &message.uuid));
}

static void test_vectors(void **state)
{
	check_vector(FFA_VERSION_1_1, PING_1_1);
	check_vector(FFA_VERSION_1_2, PING_1_2);
	check_vector(FFA_VERSION_1_3, PING_1_2);
	assert_int_equal(ffa_indirect_header_size(FFA_VERSION_1_1), 20);
	assert_int_equal(ffa_indirect_header_size(FFA_VERSION_1_2), 40);
}

static void test_encode_bounds(void **state)
{
	for (uint32_t version = FFA_VERSION_1_1; version <= FFA_VERSION_1_2; version++) {
		struct ffa_indirect message = ping(version);
		size_t header = ffa_indirect_header_size(version);
		uint8_t *buf = malloc(8192), *payload = calloc(1, 8192);

		assert_non_null(buf);
		assert_non_null(payload);
		assert_int_equal(ffa_indirect_encode(version, &message, NULL, 0, buf, header), (int)header);
		assert_int_equal(ffa_indirect_encode(version, &message, NULL, 0, buf, header - 1), -ENOSPC);
		assert_int_equal(ffa_indirect_encode(version, &message, NULL, 0, buf, 0), -ENOSPC);
		assert_int_equal(ffa_indirect_encode(version, &message, payload, 1, buf, header), -ENOSPC);
		assert_int_equal(ffa_indirect_encode(version, &message, payload, SIZE_MAX, buf, 8192),
				 -ENOSPC);
		/* One page, whatever the buffer has. */
		assert_int_equal(ffa_indirect_encode(version, &message, payload, 4096 - header, buf, 8192),
				 4096);
		assert_int_equal(ffa_indirect_encode(version, &message, payload, 4097 - header, buf, 8192),
				 -ENOSPC);
		free(buf);
		free(payload);
	}
}

static void test_encode_versions(void **state)
{
	struct ffa_indirect message = ping(FFA_VERSION_1_2);
	uint8_t buf[64];

	assert_int_equal(ffa_indirect_encode(FFA_VERSION_1_0, &message, NULL, 0, buf, 64), -EINVAL);
	/* 1.1 has no place for a UUID: leaving it out silently would reach another service. */
	assert_int_equal(ffa_indirect_encode(FFA_VERSION_1_1, &message, NULL, 0, buf, 64), -EINVAL);
	assert_int_equal(ffa_indirect_decode(FFA_VERSION_1_0, buf, 64, &message), -EINVAL);
}

/* A header in a buffer of exactly `size` bytes, so that reading behind it is found. */
static int decode_at(uint32_t version, uint32_t offset, uint32_t payload, size_t size)
{
	uint8_t *buf = calloc(1, size ? size : 1);
	uint8_t header[20] = { 0 };
	struct ffa_indirect message = { .size = 77 };
	int r, received;

	assert_non_null(buf);
	memcpy(header + 8, &offset, sizeof(offset));
	memcpy(header + 16, &payload, sizeof(payload));
	memcpy(buf, header, size < sizeof(header) ? size : sizeof(header));
	r = ffa_indirect_decode(version, buf, size, &message);
	assert_int_equal(message.size, r < 0 ? 77 : payload);
	/* Whatever a strict reader takes, the receiver takes, too. */
	received = ffa_indirect_decode_received(buf, size, &message);
	if (r == 0)
		assert_int_equal(received, 0);
	free(buf);
	return r;
}

static void test_decode_bounds(void **state)
{
	for (uint32_t version = FFA_VERSION_1_1; version <= FFA_VERSION_1_2; version++) {
		uint32_t header = (uint32_t)ffa_indirect_header_size(version);

		assert_int_equal(decode_at(version, header, 0, header), 0);
		assert_int_equal(decode_at(version, header, 0, header - 1), -EBADMSG);
		assert_int_equal(decode_at(version, header, 0, 0), -EBADMSG);
		assert_int_equal(decode_at(version, header - 1, 0, 4096), -EBADMSG);
		assert_int_equal(decode_at(version, 0, 0, 4096), -EBADMSG);
		assert_int_equal(decode_at(version, header + 1, 1, header + 2), 0);
		assert_int_equal(decode_at(version, header + 1, 1, header + 1), -EBADMSG);
		assert_int_equal(decode_at(version, header, 1, header), -EBADMSG);
		assert_int_equal(decode_at(version, header, 4096 - header, 4096), 0);
		assert_int_equal(decode_at(version, header, 4097 - header, 4096), -EBADMSG);
		/* A larger buffer does not make the message larger. */
		assert_int_equal(decode_at(version, header, 4097 - header, 8192), -EBADMSG);
		assert_int_equal(decode_at(version, 4096, 0, 8192), 0);
		assert_int_equal(decode_at(version, 4097, 0, 8192), -EBADMSG);
		/* Sums that wrap in 32 bits. */
		assert_int_equal(decode_at(version, UINT32_MAX, 2, 4096), -EBADMSG);
		assert_int_equal(decode_at(version, header, UINT32_MAX, 4096), -EBADMSG);
		assert_int_equal(decode_at(version, header, UINT32_MAX - header + 1, 4096), -EBADMSG);
		assert_int_equal(decode_at(version, UINT32_MAX, UINT32_MAX, 4096), -EBADMSG);
	}
}

/* A receiver of 1.1 reads a message of 1.2 by its offset, and one of 1.1 has no UUID to read. */
static void test_received(void **state)
{
	struct ffa_indirect message;
	uint8_t buf[64];
	size_t size = vector_bytes(PING_1_2, buf, sizeof(buf));

	assert_int_equal(ffa_indirect_decode(FFA_VERSION_1_1, buf, size, &message), 0);
	assert_int_equal(message.offset, 40);
	assert_true(ffa_uuid_is_nil(&message.uuid));
	buf[8] = 39;
	buf[16] = 0;
	assert_int_equal(ffa_indirect_decode_received(buf, 39, &message), 0);
	assert_true(ffa_uuid_is_nil(&message.uuid));
	assert_int_equal(ffa_indirect_decode_received(buf, 38, &message), -EBADMSG);
}

static void test_rules(void **state)
{
	struct ffa_indirect message;
	uint8_t buf[64];
	size_t size = vector_bytes(PING_1_2, buf, sizeof(buf));

	assert_int_equal(ffa_indirect_decode(FFA_VERSION_1_2, buf, size, &message), 0);
	assert_int_equal(ffa_indirect_validate(&message, 0), FFA_OK);
	assert_int_equal(ffa_indirect_validate(&message, 1), FFA_INVALID_PARAMETERS);
	message.receiver = 0;
	assert_int_equal(ffa_indirect_validate(&message, 0), FFA_INVALID_PARAMETERS);
	/* Each byte of the flags and of both reserved words. */
	for (size_t i = 0; i < 24; i++) {
		if (i >= 8 && i < 20)
			continue;
		buf[i] = 1;
		assert_int_equal(ffa_indirect_decode(FFA_VERSION_1_2, buf, size, &message), 0);
		assert_int_equal(ffa_indirect_validate(&message, 0), FFA_INVALID_PARAMETERS);
		buf[i] = 0;
	}
}

static void test_round_trip(void **state)
{
	uint64_t seed = VECTOR_SEED;
	uint8_t payload[4096], buf[4096];

	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)vector_random(&seed);
	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		uint32_t version = vector_below(&seed, 2) ? FFA_VERSION_1_1 : FFA_VERSION_1_2;
		size_t header = ffa_indirect_header_size(version);
		size_t size = vector_below(&seed, 4096 - header + 1);
		struct ffa_indirect message = { .sender = (uint16_t)vector_random(&seed),
						.receiver = (uint16_t)vector_random(&seed) };
		struct ffa_indirect decoded;
		int length;

		if (version >= FFA_VERSION_1_2)
			message.uuid = ffa_uuid_from_u64(vector_random(&seed), vector_random(&seed));
		length = ffa_indirect_encode(version, &message, payload, size, buf, sizeof(buf));
		assert_int_equal(length, (int)(header + size));
		assert_int_equal(ffa_indirect_decode(version, buf, (size_t)length, &decoded), 0);
		assert_int_equal(decoded.sender, message.sender);
		assert_int_equal(decoded.receiver, message.receiver);
		assert_true(ffa_uuid_equal(&decoded.uuid, &message.uuid));
		assert_int_equal(decoded.size, size);
		assert_memory_equal(buf + decoded.offset, payload, size);
		assert_int_equal(ffa_indirect_decode(version, buf, (size_t)length - 1, &decoded), -EBADMSG);
	}
}

static void test_calls(void **state)
{
	struct ffa_indirect_send2 send2 = { .vm = 3, .flags = FFA_INDIRECT_DELAY_SRI }, send2_decoded;
	struct ffa_indirect_send send = { .sender = 1, .receiver = 2, .size = 64, .flags = 1 }, send_decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_indirect_send2_encode(&send2, &regs);
	assert_memory_equal(&regs, (&(struct ffa_regs) { { 0x84000086, 0x00030000, 2 } }), sizeof(regs));
	assert_int_equal(ffa_indirect_send2_decode(&regs, &send2_decoded), 0);
	assert_int_equal(send2_decoded.vm, 3);
	assert_int_equal(send2_decoded.flags, 2);
	assert_int_equal(ffa_indirect_send_decode(&regs, &send_decoded), -ENOMSG);

	memset(&regs, 0xff, sizeof(regs));
	ffa_indirect_send_encode(&send, &regs);
	assert_memory_equal(&regs, (&(struct ffa_regs) { { 0x8400006e, 0x00010002, 0, 64, 1 } }),
			    sizeof(regs));
	assert_int_equal(ffa_indirect_send_decode(&regs, &send_decoded), 0);
	assert_int_equal(send_decoded.sender, 1);
	assert_int_equal(send_decoded.receiver, 2);
	assert_int_equal(send_decoded.size, 64);
	assert_int_equal(send_decoded.flags, 1);
	assert_int_equal(ffa_indirect_send2_decode(&regs, &send2_decoded), -ENOMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),         cmocka_unit_test(test_encode_bounds),
		cmocka_unit_test(test_encode_versions), cmocka_unit_test(test_decode_bounds),
		cmocka_unit_test(test_received),        cmocka_unit_test(test_rules),
		cmocka_unit_test(test_round_trip),      cmocka_unit_test(test_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
