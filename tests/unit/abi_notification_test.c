/* SPDX-License-Identifier: BSD-3-Clause */
/* Notification frames: registers of each call, both ways, and the packing of INFO_GET. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/notification.h"
#include "abi_vector.h"

#define BITMAP UINT64_C(0x8000000000000001) /* its words differ: swapping them would show */

static void assert_frame(const struct ffa_regs *regs, const struct ffa_regs expected)
{
	assert_memory_equal(regs, &expected, sizeof(expected));
}

static void test_bitmap(void **state)
{
	struct ffa_notification_bitmap bitmap = { .endpoint = 3, .vcpu_count = 8 }, decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_notification_bitmap_encode_create(&bitmap, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x8400007d, 3, 8 } });
	assert_int_equal(ffa_notification_bitmap_decode(&regs, &decoded), 0);
	assert_int_equal(decoded.endpoint, 3);
	assert_int_equal(decoded.vcpu_count, 8);
	memset(&regs, 0xff, sizeof(regs));
	ffa_notification_bitmap_encode_destroy(&bitmap, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x8400007e, 3 } });
	regs.x[2] = 8;
	assert_int_equal(ffa_notification_bitmap_decode(&regs, &decoded), 0);
	assert_int_equal(decoded.vcpu_count, 0);
	regs.x[0] = FFA_NOTIFICATION_BIND;
	assert_int_equal(ffa_notification_bitmap_decode(&regs, &decoded), -ENOMSG);
}

static void test_binding(void **state)
{
	struct ffa_notification_binding binding = {
		.sender = 0x8001, .receiver = 2, .flags = FFA_NOTIFICATION_PER_VCPU, .bitmap = BITMAP
	};
	struct ffa_notification_binding decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_notification_binding_encode_bind(&binding, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x8400007f, 0x80010002, 1, 0x00000001, 0x80000000 } });
	assert_int_equal(ffa_notification_binding_decode(&regs, &decoded), 0);
	assert_int_equal(decoded.sender, 0x8001);
	assert_int_equal(decoded.receiver, 2);
	assert_int_equal(decoded.flags, 1);
	assert_true(decoded.bitmap == BITMAP);
	ffa_notification_binding_encode_unbind(&binding, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x84000080, 0x80010002, 0, 0x00000001, 0x80000000 } });
	regs.x[0] = FFA_NOTIFICATION_SET;
	assert_int_equal(ffa_notification_binding_decode(&regs, &decoded), -ENOMSG);
}

static void test_binding_rules(void **state)
{
	static const struct {
		struct ffa_notification_binding binding;
		int32_t bind, unbind;
	} cases[] = {
		{ { 0x8001, 0, 0, 1 }, FFA_OK, FFA_OK },
		{ { 0x8001, 0, 0, UINT64_MAX }, FFA_OK, FFA_OK },
		{ { 0x8001, 0, 1, 1 }, FFA_OK, FFA_INVALID_PARAMETERS },
		{ { 0x8001, 0, 2, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 0x8001, 0, 0x80000000, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 0x8001, 0, 0, 0 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 0x8001, 0x8001, 0, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(ffa_notification_binding_validate(&cases[i].binding, true), cases[i].bind);
		assert_int_equal(ffa_notification_binding_validate(&cases[i].binding, false),
				 cases[i].unbind);
	}
}

static void test_set(void **state)
{
	struct ffa_notification_set set = { .sender = 1,
					    .receiver = 0x8001,
					    .flags = FFA_NOTIFICATION_PER_VCPU | FFA_NOTIFICATION_DELAY_SRI,
					    .vcpu = 5,
					    .bitmap = BITMAP };
	struct ffa_notification_set decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_notification_set_encode(&set, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x84000081, 0x00018001, 0x00050003, 1, 0x80000000 } });
	assert_int_equal(ffa_notification_set_decode(&regs, &decoded), 0);
	assert_int_equal(decoded.sender, 1);
	assert_int_equal(decoded.receiver, 0x8001);
	assert_int_equal(decoded.flags, 3);
	assert_int_equal(decoded.vcpu, 5);
	assert_true(decoded.bitmap == BITMAP);
	regs.x[0] = FFA_NOTIFICATION_GET;
	assert_int_equal(ffa_notification_set_decode(&regs, &decoded), -ENOMSG);
}

static void test_set_rules(void **state)
{
	static const struct {
		struct ffa_notification_set set;
		int32_t from_normal, from_secure;
	} cases[] = {
		{ { 0, 0x8001, 0, 0, 1 }, FFA_OK, FFA_OK },
		{ { 0, 0x8001, 1, 3, 1 }, FFA_OK, FFA_OK },
		{ { 0, 0x8001, 1, 0, 1 }, FFA_OK, FFA_OK },
		{ { 0, 0x8001, 0, 3, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 0, 0x8001, 2, 0, 1 }, FFA_INVALID_PARAMETERS, FFA_OK },
		{ { 0, 0x8001, 4, 0, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 0, 0x8001, 0x8000, 0, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 0, 0x8001, 0, 0, 0 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ { 7, 7, 0, 0, 1 }, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(ffa_notification_set_validate(&cases[i].set, true), cases[i].from_normal);
		assert_int_equal(ffa_notification_set_validate(&cases[i].set, false), cases[i].from_secure);
	}
}

static void test_get(void **state)
{
	struct ffa_notification_get get = { .receiver = 1, .vcpu = 6, .flags = 0xf }, decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_notification_get_encode(&get, &regs);
	assert_frame(&regs, (struct ffa_regs) { { 0x84000082, 0x00060001, 0xf } });
	assert_int_equal(ffa_notification_get_decode(&regs, &decoded), 0);
	assert_int_equal(decoded.receiver, 1);
	assert_int_equal(decoded.vcpu, 6);
	assert_int_equal(decoded.flags, 0xf);
	regs.x[0] = FFA_NOTIFICATION_SET;
	assert_int_equal(ffa_notification_get_decode(&regs, &decoded), -ENOMSG);
	for (uint32_t flags = 0; flags <= 0x1f; flags++) {
		get.flags = flags;
		assert_int_equal(ffa_notification_get_validate(&get, false),
				 flags <= 0xf ? FFA_OK : FFA_INVALID_PARAMETERS);
		assert_int_equal(ffa_notification_get_validate(&get, true),
				 (flags & ~5u) ? FFA_INVALID_PARAMETERS : FFA_OK);
	}
}

static void test_pending(void **state)
{
	struct ffa_notification_pending pending = {
		.from_sps = BITMAP, .from_vms = 0x0000000200000003, .from_spm = 4, .from_hypervisor = 5
	};
	struct ffa_notification_pending decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_notification_pending_encode(&pending, &regs);
	assert_frame(&regs, (struct ffa_regs) { { FFA_SUCCESS, 0, 1, 0x80000000, 3, 2, 4, 5 } });
	/* An SMC32 reply: upper halves are noise. */
	for (unsigned int n = 0; n < FFA_REGS_COUNT; n++)
		regs.x[n] |= 0xdead00000000;
	assert_int_equal(ffa_notification_pending_decode(&regs, &decoded), 0);
	assert_memory_equal(&decoded, &pending, sizeof(pending));
	regs.x[0] = FFA_ERROR;
	assert_int_equal(ffa_notification_pending_decode(&regs, &decoded), -ENOMSG);
}

static void assert_info_equal(const struct ffa_notification_info *a, const struct ffa_notification_info *b)
{
	assert_int_equal(a->more, b->more);
	assert_int_equal(a->count, b->count);
	for (unsigned int i = 0; i < FFA_NOTIFICATION_INFO_LISTS_MAX; i++) {
		assert_int_equal(a->lists[i].endpoint, b->lists[i].endpoint);
		assert_int_equal(a->lists[i].vcpu_count, b->lists[i].vcpu_count);
		assert_memory_equal(a->lists[i].vcpus, b->lists[i].vcpus, sizeof(a->lists[i].vcpus));
	}
}

/* {0x8001: global} {0x8002: vCPUs 1 and 3} and more to come. */
static void test_info_vector(void **state)
{
	struct ffa_notification_info info = {
		.more = true,
		.count = 2,
		.lists = { { .endpoint = 0x8001 },
			   { .endpoint = 0x8002, .vcpu_count = 2, .vcpus = { 1, 3 } } },
	};
	struct ffa_notification_info decoded;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	assert_int_equal(ffa_notification_info_encode(&info, true, &regs), 0);
	assert_frame(&regs, (struct ffa_regs) { { 0xc4000061, 0, 0x8101, 0x0003000180028001 } });
	assert_int_equal(ffa_notification_info_decode(&regs, &decoded), 0);
	assert_info_equal(&decoded, &info);

	assert_int_equal(ffa_notification_info_encode(&info, false, &regs), 0);
	assert_frame(&regs, (struct ffa_regs) { { 0x84000061, 0, 0x8101, 0x80028001, 0x00030001 } });
	/* The same bits read as SMC64 would be other ids: the reply's own convention decides. */
	for (unsigned int n = 2; n < FFA_REGS_COUNT; n++)
		regs.x[n] |= 0xdead00000000;
	assert_int_equal(ffa_notification_info_decode(&regs, &decoded), 0);
	assert_info_equal(&decoded, &info);
}

/* As many ids as there is room for, and one more, for both conventions and every length of list. */
static void test_info_room(void **state)
{
	for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
		unsigned int room = is_64 ? 20 : 10;

		for (uint8_t vcpus = 0; vcpus <= 3; vcpus++) {
			unsigned int fit = room / (1 + vcpus);
			struct ffa_notification_info info = { .more = false }, decoded;
			struct ffa_regs regs = { { 0 } }, untouched = { { 0 } };

			for (unsigned int i = 0; i <= fit && i < FFA_NOTIFICATION_INFO_LISTS_MAX; i++)
				info.lists[i] = (struct ffa_notification_info_list) { (uint16_t)(0x8001 + i),
										      vcpus,
										      { 1, 2, 3 } };
			if (fit < FFA_NOTIFICATION_INFO_LISTS_MAX) {
				info.count = (uint8_t)(fit + 1);
				assert_int_equal(ffa_notification_info_encode(&info, is_64, &regs), -ENOSPC);
				assert_memory_equal(&regs, &untouched, sizeof(regs));
			}
			info.count = (uint8_t)fit;
			assert_int_equal(ffa_notification_info_encode(&info, is_64, &regs), 0);
			assert_int_equal(ffa_notification_info_decode(&regs, &decoded), 0);
			assert_int_equal(decoded.count, fit);
			for (unsigned int i = 0; i < fit; i++) {
				assert_int_equal(decoded.lists[i].endpoint, 0x8001 + i);
				assert_int_equal(decoded.lists[i].vcpu_count, vcpus);
				for (unsigned int v = 0; v < vcpus; v++)
					assert_int_equal(decoded.lists[i].vcpus[v], v + 1);
			}
		}
	}
}

static void test_info_refused(void **state)
{
	struct ffa_notification_info info = { .count = 0 };
	struct ffa_regs regs = { { 42 } };

	assert_int_equal(ffa_notification_info_encode(&info, true, &regs), -EINVAL);
	info.count = FFA_NOTIFICATION_INFO_LISTS_MAX + 1;
	assert_int_equal(ffa_notification_info_encode(&info, true, &regs), -EINVAL);
	info.count = 1;
	info.lists[0].vcpu_count = 4;
	assert_int_equal(ffa_notification_info_encode(&info, true, &regs), -EINVAL);
	assert_int_equal(regs.x[0], 42);
}

/* Every count and every size of list that a reply can claim: decoded when the ids fit, refused when not. */
static void test_info_claims(void **state)
{
	for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
		unsigned int room = is_64 ? 20 : 10;

		for (unsigned int count = 0; count < 32; count++) {
			for (uint64_t size = 0; size <= 3; size++) {
				struct ffa_regs regs = { { is_64 ? FFA_SUCCESS_64 : FFA_SUCCESS, 0,
							   (uint64_t)count << 7 } };
				struct ffa_notification_info decoded = { .count = 77 };
				bool fits = count > 0 && count * (size + 1) <= room;

				for (unsigned int i = 0; i < 26; i++)
					regs.x[2] |= size << (12 + 2 * i);
				assert_int_equal(ffa_notification_info_decode(&regs, &decoded),
						 fits ? 0 : -EBADMSG);
				assert_int_equal(decoded.count, fits ? count : 77);
			}
		}
	}
	assert_int_equal(ffa_notification_info_decode(&(struct ffa_regs) { { FFA_ERROR } },
						      &(struct ffa_notification_info) { .count = 0 }),
			 -ENOMSG);
}

static void test_info_round_trip(void **state)
{
	uint64_t seed = VECTOR_SEED;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		bool is_64 = vector_below(&seed, 2);
		unsigned int room = is_64 ? 20 : 10;
		struct ffa_notification_info info, decoded;
		struct ffa_regs regs;

		memset(&info, 0, sizeof(info));
		info.more = vector_below(&seed, 2);
		while (info.count < FFA_NOTIFICATION_INFO_LISTS_MAX) {
			struct ffa_notification_info_list *list = &info.lists[info.count];
			uint8_t vcpus = (uint8_t)vector_below(&seed, 4);

			if (room < 1u + vcpus)
				break;
			room -= 1u + vcpus;
			list->endpoint = (uint16_t)vector_random(&seed);
			list->vcpu_count = vcpus;
			for (unsigned int v = 0; v < vcpus; v++)
				list->vcpus[v] = (uint16_t)vector_random(&seed);
			info.count++;
		}
		assert_int_equal(ffa_notification_info_encode(&info, is_64, &regs), 0);
		assert_int_equal(ffa_notification_info_decode(&regs, &decoded), 0);
		assert_info_equal(&decoded, &info);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bitmap),        cmocka_unit_test(test_binding),
		cmocka_unit_test(test_binding_rules), cmocka_unit_test(test_set),
		cmocka_unit_test(test_set_rules),     cmocka_unit_test(test_get),
		cmocka_unit_test(test_pending),       cmocka_unit_test(test_info_vector),
		cmocka_unit_test(test_info_room),     cmocka_unit_test(test_info_refused),
		cmocka_unit_test(test_info_claims),   cmocka_unit_test(test_info_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
