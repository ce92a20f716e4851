/* SPDX-License-Identifier: BSD-3-Clause */
/* Discovery in the simulated SPMC: descriptors in RX and in registers, and FFA_FEATURES. */
#include "sim_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/features.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"
#include "sim/spmc.h"

#define RX(test) ((test)->ram + (RX_BASE - RAM_BASE))
#define ENTRIES_MAX 256

struct answer {
	struct ffa_regs reply;
	size_t count;
	struct ffa_partition_info infos[ENTRIES_MAX];
};

/* FFA_PARTITION_INFO_GET for a UUID, and its decoded descriptors; RX is released again. */
static struct answer *get(struct machine_test *test, const struct ffa_uuid *uuid)
{
	struct answer *answer = calloc(1, sizeof(*answer));
	uint32_t words[4];
	size_t stride;

	assert_non_null(answer);
	ffa_uuid_to_words(uuid, words);
	answer->reply = test_call(test, FFA_PARTITION_INFO_GET, words[0], words[1], words[2], words[3]);
	if (answer->reply.x[0] != FFA_SUCCESS)
		return answer;
	stride = answer->reply.x[3] != 0 ? answer->reply.x[3] : 8;
	answer->count = answer->reply.x[2];
	for (size_t i = 0; i < answer->count; i++)
		assert_int_equal(ffa_partition_info_decode(RX(test), PAGE, stride, i, &answer->infos[i]), 0);
	assert_success(test_call(test, FFA_RX_RELEASE));
	return answer;
}

static struct sim_partition_config two_services(void)
{
	struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { 0 });

	config.services[0].properties = FFA_PARTITION_DIRECT_REQ_RECV;
	config.services[1].uuid = test_uuid(2);
	config.services[1].properties = FFA_PARTITION_DIRECT_REQ2_RECV | FFA_PARTITION_DIRECT_REQ2_SEND;
	config.service_count = 2;
	config.image_uuid = test_uuid(9);
	config.properties |= FFA_PARTITION_NOTIFICATION_RECV | FFA_PARTITION_SMC64_CYCLE;
	return config;
}

static void test_sizes(void **state)
{
	static const struct {
		const char *profile;
		uint32_t version, size_told, size;
	} cases[] = {
		{ "spec", FFA_VERSION_1_0, 0, 8 },      { "spec", FFA_VERSION_1_1, 24, 24 },
		{ "spec", FFA_VERSION_1_2, 24, 24 },    { "spec", FFA_VERSION_1_3, 48, 48 },
		{ "hafnium", FFA_VERSION_1_0, 8, 8 },   { "hafnium", FFA_VERSION_1_1, 48, 48 },
		{ "hafnium", FFA_VERSION_1_3, 48, 48 }, { "el3", FFA_VERSION_1_0, 0, 8 },
		{ "el3", FFA_VERSION_1_2, 24, 24 },     { "optee", FFA_VERSION_1_0, 0, 8 },
		{ "optee", FFA_VERSION_1_1, 24, 24 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, FFA_VERSION_1_3);
		struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { 0 });
		uint16_t id = test_add(test, &config);
		struct answer *answer;

		test_call(test, FFA_VERSION, cases[i].version);
		test_map(test);
		memset(RX(test), 0xee, PAGE);
		answer = get(test, &ffa_uuid_nil);
		assert_success(answer->reply);
		assert_int_equal(answer->count, 1);
		assert_int_equal(answer->reply.x[3], cases[i].size_told);
		assert_int_equal(answer->infos[0].id, id);
		assert_int_equal(answer->infos[0].exec_ctx_count, 1);
		/* What is behind the message: zero, except in OP-TEE. */
		assert_int_equal(RX(test)[cases[i].size], strcmp(cases[i].profile, "optee") == 0 ? 0xee : 0);
		assert_int_equal(RX(test)[PAGE - 1], strcmp(cases[i].profile, "optee") == 0 ? 0xee : 0);
		free(answer);
		test_stop(test);
	}
}

static void test_entries(void **state)
{
	/* One entry per service for callers of 1.2 and later, one per partition before. */
	static const struct {
		uint32_t version;
		size_t count;
		uint32_t properties[2];
	} cases[] = {
		{ FFA_VERSION_1_0, 1, { 0x1 } },
		{ FFA_VERSION_1_1, 1, { 0x109 } },
		{ FFA_VERSION_1_2, 2, { 0x109, 0x708 } },
		{ FFA_VERSION_1_3, 2, { 0x2109, 0x2708 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start("spec", 1, FFA_VERSION_1_3);
		struct sim_partition_config config = two_services();
		struct answer *answer;

		test_add(test, &config);
		test_call(test, FFA_VERSION, cases[i].version);
		test_map(test);
		answer = get(test, &ffa_uuid_nil);
		assert_int_equal(answer->count, cases[i].count);
		for (size_t n = 0; n < cases[i].count; n++) {
			struct ffa_uuid uuid = test_uuid((uint8_t)(n + 1));

			assert_int_equal(answer->infos[n].properties, cases[i].properties[n]);
			assert_int_equal(ffa_uuid_equal(&answer->infos[n].uuid, &uuid),
					 cases[i].version >= FFA_VERSION_1_1);
		}
		free(answer);
		test_stop(test);
	}
}

static void test_by_uuid(void **state)
{
	static const struct {
		const char *profile;
		bool told;
	} cases[] = { { "spec", false }, { "hafnium", false }, { "el3", false }, { "optee", true } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct sim_partition_config config = two_services();
		struct sim_partition_config other = test_partition(2, (struct sim_behaviour) { 0 });
		struct ffa_uuid uuid = test_uuid(2);
		struct answer *answer;
		uint16_t first = test_add(test, &config), second = test_add(test, &other);

		test_call(test, FFA_VERSION, FFA_VERSION_1_2);
		test_map(test);
		answer = get(test, &uuid);
		assert_int_equal(answer->count, 2);
		assert_int_equal(answer->infos[0].id, first);
		assert_int_equal(answer->infos[1].id, second);
		assert_int_equal(ffa_uuid_equal(&answer->infos[0].uuid, &uuid), cases[i].told);
		assert_int_equal(ffa_uuid_is_nil(&answer->infos[0].uuid), !cases[i].told);
		free(answer);
		test_stop(test);
	}
}

static void test_by_image(void **state)
{
	struct machine_test *test = test_start("spec", 1, FFA_VERSION_1_3);
	struct sim_partition_config config = two_services();
	struct ffa_uuid uuid = test_uuid(9), service = test_uuid(1);
	struct answer *answer;

	test_add(test, &config);
	test_map(test);
	answer = get(test, &uuid);
	assert_int_equal(answer->count, 2);
	assert_true(ffa_uuid_equal(&answer->infos[0].uuid, &service));
	assert_true(ffa_uuid_is_nil(&answer->infos[0].image_uuid));
	assert_int_equal(answer->infos[0].ffa_version, FFA_VERSION_1_2);
	free(answer);
	answer = get(test, &service);
	assert_int_equal(answer->count, 1);
	assert_true(ffa_uuid_equal(&answer->infos[0].image_uuid, &uuid));
	free(answer);
	test_stop(test);
	/* Older callers know no image UUIDs. */
	test = test_start("spec", 1, 0);
	test_add(test, &config);
	test_map(test);
	answer = get(test, &uuid);
	assert_error(answer->reply, FFA_INVALID_PARAMETERS);
	free(answer);
	test_stop(test);
}

static void test_unknown_uuid(void **state)
{
	struct ffa_uuid uuid = test_uuid(77);

	for (size_t i = 0; sim_profile_at(i) != NULL; i++) {
		const char *profile = sim_profile_name(sim_profile_at(i));
		struct machine_test *test = test_start(profile, 1, 0);
		struct sim_partition_config config = two_services();
		struct answer *answer;

		test_add(test, &config);
		test_call(test, FFA_VERSION, FFA_VERSION_1_2);
		test_map(test);
		answer = get(test, &uuid);
		if (strcmp(profile, "optee") == 0) {
			assert_success(answer->reply);
			assert_int_equal(answer->count, 0);
			assert_int_equal(answer->reply.x[3], 24);
		} else {
			assert_error(answer->reply, FFA_INVALID_PARAMETERS);
			/* A failure leaves RX free. */
			assert_int_equal(test->sim->normal_world.rxtx.rx_state, SIM_RX_EMPTY);
		}
		free(answer);
		test_stop(test);
	}
}

static void test_count_only(void **state)
{
	for (size_t i = 0; sim_profile_at(i) != NULL; i++) {
		struct machine_test *test = test_start(sim_profile_name(sim_profile_at(i)), 1, 0);
		struct sim_partition_config config = two_services();
		struct ffa_regs reply;

		test_add(test, &config);
		test_call(test, FFA_VERSION, FFA_VERSION_1_2);
		/* Needs no RX and takes none. */
		reply = test_call(test, FFA_PARTITION_INFO_GET, 0, 0, 0, 0, 1);
		assert_success(reply);
		assert_int_equal(reply.x[2], 2);
		assert_int_equal(reply.x[3], 0);
		test_map(test);
		assert_success(test_call(test, FFA_PARTITION_INFO_GET, 0, 0, 0, 0, 1));
		assert_success(test_call(test, FFA_PARTITION_INFO_GET));
		assert_success(test_call(test, FFA_PARTITION_INFO_GET, 0, 0, 0, 0, 1));
		test_stop(test);
	}
}

static void test_flags(void **state)
{
	static const struct {
		const char *profile;
		uint32_t version, flags;
		int32_t error;
	} cases[] = {
		{ "spec", FFA_VERSION_1_2, 2, FFA_INVALID_PARAMETERS },
		{ "spec", FFA_VERSION_1_2, 3, FFA_INVALID_PARAMETERS },
		{ "spec", FFA_VERSION_1_1, 1, 0 },
		{ "spec", FFA_VERSION_1_0, 1, FFA_INVALID_PARAMETERS },
		{ "hafnium", FFA_VERSION_1_0, 1, 0 },
		{ "hafnium", FFA_VERSION_1_1, 0x80000000, FFA_INVALID_PARAMETERS },
		{ "el3", FFA_VERSION_1_2, 2, 0 },
		{ "optee", FFA_VERSION_1_2, 0xfffffffe, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct ffa_regs reply;

		test_call(test, FFA_VERSION, cases[i].version);
		test_map(test);
		reply = test_call(test, FFA_PARTITION_INFO_GET, 0, 0, 0, 0, cases[i].flags);
		if (cases[i].error == 0)
			assert_success(reply);
		else
			assert_error(reply, cases[i].error);
		test_stop(test);
	}
}

static void test_busy(void **state)
{
	struct ffa_uuid uuid = test_uuid(77);
	uint32_t words[4];

	ffa_uuid_to_words(&uuid, words);
	for (size_t i = 0; sim_profile_at(i) != NULL; i++) {
		const char *profile = sim_profile_name(sim_profile_at(i));
		struct machine_test *test = test_start(profile, 1, 0);
		struct ffa_regs reply;

		assert_error(test_call(test, FFA_PARTITION_INFO_GET), FFA_BUSY);
		/* What is looked at first: the UUID, or RX. */
		reply = test_call(test, FFA_PARTITION_INFO_GET, words[0], words[1], words[2], words[3]);
		assert_error(reply, strcmp(profile, "optee") == 0 ? FFA_BUSY : FFA_INVALID_PARAMETERS);
		test_map(test);
		assert_success(test_call(test, FFA_PARTITION_INFO_GET));
		assert_error(test_call(test, FFA_PARTITION_INFO_GET), FFA_BUSY);
		test_stop(test);
	}
}

static void test_no_memory(void **state)
{
	/* 85 descriptors of 48 bytes fit a page, 86 do not. */
	struct machine_test *test = test_start("hafnium", 1, 0);
	struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { 0 });
	struct answer *answer;

	config.service_count = 5;
	for (uint8_t i = 0; i < 5; i++)
		config.services[i].uuid = test_uuid(i + 1);
	for (unsigned int i = 0; i < 17; i++)
		test_add(test, &config);
	test_map(test);
	answer = get(test, &ffa_uuid_nil);
	assert_success(answer->reply);
	assert_int_equal(answer->count, 85);
	assert_int_equal(answer->infos[84].id, answer->infos[80].id);
	assert_int_equal(answer->infos[84].id, answer->infos[79].id + 1);
	free(answer);
	config.service_count = 1;
	test_add(test, &config);
	assert_error(test_call(test, FFA_PARTITION_INFO_GET), FFA_NO_MEMORY);
	assert_int_equal(test->sim->normal_world.rxtx.rx_state, SIM_RX_EMPTY);
	test_stop(test);
}

static void test_hidden(void **state)
{
	/* Hafnium does not tell the normal world what a partition may send. */
	static const struct {
		const char *profile;
		uint32_t properties;
	} cases[] = { { "spec", 0x603 }, { "hafnium", 0x201 }, { "el3", 0x603 }, { "optee", 0x603 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { 0 });
		struct answer *answer;

		config.properties = 0;
		config.services[0].properties = 0x603;
		test_add(test, &config);
		test_call(test, FFA_VERSION, FFA_VERSION_1_2);
		test_map(test);
		answer = get(test, &ffa_uuid_nil);
		assert_int_equal(answer->infos[0].properties, cases[i].properties);
		free(answer);
		test_stop(test);
	}
}

static void test_refuser_told(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);
	struct sim_partition_config config =
		test_partition(1, (struct sim_behaviour) { .kind = SIM_REFUSER });
	struct answer *answer;

	test_add(test, &config);
	test_map(test);
	answer = get(test, &ffa_uuid_nil);
	assert_int_equal(answer->infos[0].properties, FFA_PARTITION_AARCH64);
	free(answer);
	test_stop(test);
}

/* FFA_PARTITION_INFO_GET_REGS from `start` on. */
static struct ffa_regs get_regs(struct machine_test *test, const struct ffa_uuid *uuid, uint64_t start,
				uint64_t tag)
{
	uint64_t lo, hi;

	ffa_uuid_to_u64(uuid, &lo, &hi);
	return test_call(test, FFA_PARTITION_INFO_GET_REGS, lo, hi, start | tag << 16);
}

static void test_regs_same_as_rx(void **state)
{
	/* 13 entries: three replies of 24-byte entries, seven of 48-byte ones. */
	static const char *const profiles[] = { "spec", "hafnium" };

	for (size_t p = 0; p < 2; p++) {
		struct machine_test *test = test_start(profiles[p], 1, 0);
		struct ffa_partition_info infos[16];
		struct ffa_partition_info_regs header = { 0 };
		struct answer *answer;
		size_t count = 0, replies = 0;

		for (uint8_t i = 0; i < 13; i++) {
			struct sim_partition_config config =
				test_partition(i + 1, (struct sim_behaviour) { 0 });

			test_add(test, &config);
		}
		test_map(test);
		answer = get(test, &ffa_uuid_nil);
		while (count < 13) {
			struct ffa_regs reply = get_regs(test, &ffa_uuid_nil, count, header.tag);
			int stored = ffa_partition_info_regs_decode(&reply, (uint16_t)count, &header,
								    infos + count, 16 - count);

			assert_int_equal(reply.x[0], FFA_SUCCESS_64);
			assert_true(stored > 0);
			assert_int_equal(header.last_index, 12);
			assert_int_equal(header.current_index, count + (size_t)stored - 1);
			count += (size_t)stored;
			replies++;
		}
		assert_int_equal(count, 13);
		assert_int_equal(replies, p == 0 ? 3 : 7);
		assert_int_equal(answer->count, 13);
		for (size_t i = 0; i < 13; i++) {
			assert_int_equal(infos[i].id, answer->infos[i].id);
			assert_int_equal(infos[i].properties, answer->infos[i].properties);
			assert_true(ffa_uuid_equal(&infos[i].uuid, &answer->infos[i].uuid));
		}
		assert_error(get_regs(test, &ffa_uuid_nil, 13, header.tag), FFA_INVALID_PARAMETERS);
		free(answer);
		test_stop(test);
	}
}

static void test_regs_tags(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);
	struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { 0 });
	struct ffa_partition_info_regs header;
	struct ffa_partition_info info[5];
	struct ffa_regs reply;
	struct ffa_uuid unknown = test_uuid(77);

	test_add(test, &config);
	test_add(test, &config);
	reply = get_regs(test, &ffa_uuid_nil, 0, 0);
	assert_int_equal(ffa_partition_info_regs_decode(&reply, 0, &header, info, 5), 2);
	assert_true(header.tag != 0);
	assert_error(get_regs(test, &ffa_uuid_nil, 0, header.tag), FFA_INVALID_PARAMETERS);
	assert_int_equal(get_regs(test, &ffa_uuid_nil, 1, header.tag).x[0], FFA_SUCCESS_64);
	assert_error(get_regs(test, &ffa_uuid_nil, 1, 0), FFA_RETRY);
	assert_error(get_regs(test, &ffa_uuid_nil, UINT64_C(1) << 32, 0), FFA_INVALID_PARAMETERS);
	assert_error(get_regs(test, &unknown, 0, 0), FFA_INVALID_PARAMETERS);
	/* The table changed in between. */
	test_add(test, &config);
	assert_error(get_regs(test, &ffa_uuid_nil, 1, header.tag), FFA_RETRY);
	test_stop(test);

	test = test_start("hafnium", 1, 0);
	test_add(test, &config);
	assert_error(get_regs(test, &ffa_uuid_nil, 0, 1), FFA_RETRY);
	assert_error(get_regs(test, &unknown, 0, 1), FFA_RETRY);
	assert_int_equal(get_regs(test, &ffa_uuid_nil, UINT64_C(1) << 32, 0).x[0], FFA_SUCCESS_64);
	/* Empty registers behind the last entry, whatever was in them. */
	reply = test_call(test, FFA_PARTITION_INFO_GET_REGS, 0, 0, 0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
			  15, 16, 17);
	for (unsigned int i = 9; i < FFA_REGS_COUNT; i++)
		assert_int_equal(reply.x[i], 0);
	test_stop(test);

	test = test_start("spec", 1, 0);
	assert_error(get_regs(test, &ffa_uuid_nil, 0, 0), FFA_INVALID_PARAMETERS);
	test_stop(test);
	test = test_start("optee", 1, 0);
	assert_error(get_regs(test, &ffa_uuid_nil, 0, 0), FFA_NOT_SUPPORTED);
	test_stop(test);
	test = test_start("el3", 1, 0);
	assert_error(get_regs(test, &ffa_uuid_nil, 0, 0), FFA_NOT_SUPPORTED);
	test_stop(test);
	test = test_start("spec", 1, FFA_VERSION_1_1);
	assert_error(get_regs(test, &ffa_uuid_nil, 0, 0), FFA_NOT_SUPPORTED);
	test_stop(test);
}

static void test_add_refused(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);
	const struct sim_partition_config good = test_partition(1, (struct sim_behaviour) { 0 });
	struct sim_partition_config config = good;
	uint16_t id = 0x5555;

	config.id = 0x7fff;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.id = 0x8000;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.id = 0xffff;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config = good;
	config.exec_ctx_count = 0;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.exec_ctx_count = SIM_CPUS_MAX + 1;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config = good;
	config.ffa_version = FFA_VERSION_1_0 - 1;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.ffa_version = FFA_VERSION_1_3 + 1;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config = good;
	config.service_count = 0;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.service_count = SIM_UUIDS_MAX + 1;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.service_count = 2;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config.services[1] = config.services[0];
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	config = good;
	config.behaviour.kind = SIM_BEHAVIOUR_COUNT;
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EINVAL);
	assert_int_equal(id, 0x5555);
	assert_int_equal(sim_get_partition(test->sim, 0, &config), -ENOENT);

	config = good;
	config.id = 0x8002;
	assert_int_equal(test_add(test, &config), 0x8002);
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -EEXIST);
	config.id = 0;
	assert_int_equal(test_add(test, &config), 0x8001);
	assert_int_equal(test_add(test, &config), 0x8003);
	for (unsigned int i = 3; i < SIM_PARTITIONS_MAX; i++)
		test_add(test, &config);
	assert_int_equal(sim_add_partition(test->sim, &config, &id), -ENOSPC);
	assert_int_equal(sim_get_partition(test->sim, SIM_PARTITIONS_MAX - 1, &config), 0);
	assert_int_equal(config.id, 0x8000 + SIM_PARTITIONS_MAX);
	assert_int_equal(sim_get_partition(test->sim, SIM_PARTITIONS_MAX, &config), -ENOENT);
	test_stop(test);
}

/* In "spec", FFA_FEATURES tells the truth: what it says yes to is not answered NOT_SUPPORTED, and the reverse. */
static void test_features_truth(void **state)
{
	static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2,
					     FFA_VERSION_1_3 };

	for (size_t v = 0; v < sizeof(versions) / sizeof(versions[0]); v++) {
		for (unsigned int i = 0; i < 2 * (FFA_FID_LAST - FFA_FID_FIRST + 1); i++) {
			uint32_t number = FFA_FID_FIRST + i / 2;
			uint32_t fid = i % 2 != 0 ? FFA_FID_64(number) : FFA_FID_32(number);
			const struct ffa_function *function = ffa_function_find(fid);
			struct machine_test *test = test_start("spec", 1, versions[v]);
			struct ffa_regs told = test_call(test, FFA_FEATURES, fid);
			struct ffa_regs reply = test_call(test, fid);
			bool supported = reply.x[0] != FFA_ERROR || (int32_t)reply.x[2] != FFA_NOT_SUPPORTED;

			assert_true(told.x[0] == FFA_SUCCESS || (int32_t)told.x[2] == FFA_NOT_SUPPORTED);
			if (function != NULL && function->ns_call && fid != FFA_FEATURES)
				assert_int_equal(told.x[0] == FFA_SUCCESS, supported);
			else if (function == NULL)
				assert_int_equal(told.x[0], FFA_ERROR);
			test_stop(test);
		}
	}
}

static void test_features_answers(void **state)
{
	static const struct {
		const char *profile;
		uint32_t version, id, input;
		int64_t w2; /* -1: NOT_SUPPORTED */
	} cases[] = {
		{ "spec", FFA_VERSION_1_2, FFA_RXTX_MAP_64, 0, 63 << 16 },
		{ "spec", FFA_VERSION_1_1, FFA_RXTX_MAP_64, 0, 0 },
		{ "spec", FFA_VERSION_1_2, FFA_RXTX_MAP, 0, 63 << 16 },
		{ "spec", FFA_VERSION_1_2, FFA_ERROR, 0, 0 },
		{ "spec", FFA_VERSION_1_2, FFA_INTERRUPT, 0, 0 },
		{ "spec", FFA_VERSION_1_2, FFA_YIELD, 0, 0 },
		{ "spec", FFA_VERSION_1_3, FFA_YIELD_64, 0, -1 },
		{ "spec", FFA_VERSION_1_1, FFA_MSG_SEND_DIRECT_RESP2, 0, -1 },
		{ "spec", FFA_VERSION_1_2, FFA_RX_ACQUIRE, 0, -1 },
		{ "spec", FFA_VERSION_1_2, FFA_FEATURE_NPI, 0, -1 },
		{ "spec", FFA_VERSION_1_2, 0x66, 0, -1 },
		{ "spec", FFA_VERSION_1_2, 0x80000066, 0, -1 },
		{ "spec", FFA_VERSION_1_2, 0x84010066, 0, -1 },
		{ "hafnium", FFA_VERSION_1_2, FFA_RXTX_MAP_64, 0, 1 << 16 },
		{ "hafnium", FFA_VERSION_1_1, FFA_RXTX_MAP_64, 0, 0 },
		{ "hafnium", FFA_VERSION_1_2, FFA_RXTX_MAP, 0, -1 },
		{ "hafnium", FFA_VERSION_1_2, FFA_FEATURE_SRI, 0, 8 },
		{ "hafnium", FFA_VERSION_1_2, FFA_FEATURE_SRI, 1, -1 },
		{ "hafnium", FFA_VERSION_1_2, FFA_FEATURE_NOTIFICATION, 0, 3 },
		{ "hafnium", FFA_VERSION_1_2, FFA_MEM_RETRIEVE_REQ, 0, -1 },
		{ "hafnium", FFA_VERSION_1_2, FFA_MEM_RETRIEVE_REQ, 2, 6 },
		{ "hafnium", FFA_VERSION_1_0, FFA_MEM_RETRIEVE_REQ, 0, 6 },
		{ "hafnium", FFA_VERSION_1_2, FFA_MSG_WAIT, 5, 0 },
		{ "hafnium", FFA_VERSION_1_2, FFA_YIELD, 0, -1 },
		{ "optee", FFA_VERSION_1_2, FFA_FEATURE_SRI, 1, 8 },
		{ "optee", FFA_VERSION_1_2, FFA_FEATURE_MEI, 0, 0 },
		{ "optee", FFA_VERSION_1_2, FFA_MEM_SHARE, 0, 1 },
		{ "optee", FFA_VERSION_1_2, FFA_RUN, 0, -1 },
		{ "optee", FFA_VERSION_1_2, FFA_ID_GET, 0, -1 },
		{ "optee", FFA_VERSION_1_2, FFA_RXTX_MAP_64, 0, 0 },
		{ "el3", FFA_VERSION_1_2, FFA_FEATURE_SRI, 0, -1 },
		{ "el3", FFA_VERSION_1_2, FFA_RUN, 0, 0 },
		{ "el3", FFA_VERSION_1_2, FFA_MEM_DONATE, 0, -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, FFA_VERSION_1_3);
		struct ffa_regs reply;

		test_call(test, FFA_VERSION, cases[i].version);
		reply = test_call(test, FFA_FEATURES, cases[i].id, cases[i].input);
		if (cases[i].w2 < 0) {
			assert_error(reply, FFA_NOT_SUPPORTED);
		} else {
			assert_success(reply);
			assert_int_equal(reply.x[2], cases[i].w2);
		}
		test_stop(test);
	}
}

static void test_features_reserved(void **state)
{
	/* FFA_FEATURES knows one error only. */
	struct machine_test *test = test_start("spec", 1, 0);

	assert_success(test_call(test, FFA_FEATURES, FFA_VERSION));
	assert_error(test_call(test, FFA_FEATURES, FFA_VERSION, 0, 1), FFA_NOT_SUPPORTED);
	test_stop(test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_by_uuid),
		cmocka_unit_test(test_by_image),
		cmocka_unit_test(test_unknown_uuid),
		cmocka_unit_test(test_count_only),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_refuser_told),
		cmocka_unit_test(test_regs_same_as_rx),
		cmocka_unit_test(test_regs_tags),
		cmocka_unit_test(test_add_refused),
		cmocka_unit_test(test_features_truth),
		cmocka_unit_test(test_features_answers),
		cmocka_unit_test(test_features_reserved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
