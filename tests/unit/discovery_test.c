/* SPDX-License-Identifier: BSD-3-Clause */
/* The RX/TX pair and the partition table, against firmware that is right, and firmware that is not. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"
#include "daemon/core/endpoint.h"
#include "daemon/core/partitions.h"
#include "daemon/core/rxtx.h"
#include "fake_conduit.h"

#define ENTRIES 7

struct firmware {
	struct fake_conduit fake;
	struct endpoint endpoint;
	struct rxtx rxtx;
	struct partition_states states;

	int32_t map_error; /* 0: mapping works */
	bool only_32;      /* no FFA_RXTX_MAP_64 */
	bool unmap_fails;
	bool left_behind; /* unmapping mends map_error */
	bool mapped, rx_full;
	unsigned int maps, unmaps, releases;
	unsigned int busy_once; /* RX is said to be busy so many times, without reason */

	size_t stride, count;
	uint32_t lie_count, lie_stride; /* told instead, if not 0 */
	struct ffa_partition_info infos[ENTRIES];

	unsigned int retries; /* FFA_RETRY so many times */
	uint16_t stuck_at;    /* GET_REGS repeats this index for ever, if not 0 */
	bool wrong_current;   /* current index beyond the last */
};

static void error(struct ffa_regs *regs, int32_t code)
{
	fake_reply(regs, FFA_ERROR, 0, (uint32_t)code, 0);
}

static void *page(struct firmware *firmware, uint64_t pa)
{
	const struct ffa_pages *pages = &firmware->rxtx.pages;

	for (size_t i = 0; i < pages->count; i++)
		if (pages->frames[i] == pa)
			return (char *)pages->map + i * FFA_PAGE_SIZE;
	fail_msg("page %llx is not ours", (unsigned long long)pa);
	return NULL;
}

static void info_get(struct firmware *firmware, struct ffa_regs *regs)
{
	if (!firmware->mapped || firmware->rx_full || firmware->busy_once) {
		if (firmware->busy_once)
			firmware->busy_once--;
		error(regs, FFA_BUSY);
		return;
	}
	for (size_t i = 0; i < firmware->count; i++)
		assert_int_equal(ffa_partition_info_encode(&firmware->infos[i], firmware->stride,
							   (char *)firmware->fake.rx + i * firmware->stride,
							   firmware->stride),
				 0);
	firmware->rx_full = true;
	fake_reply(regs, FFA_SUCCESS, 0, firmware->lie_count ? firmware->lie_count : firmware->count,
		   firmware->lie_stride ? firmware->lie_stride : firmware->stride);
}

static void info_get_regs(struct firmware *firmware, struct ffa_regs *regs)
{
	uint16_t start = (uint16_t)regs->x[3];
	struct ffa_partition_info_regs header = { .last_index = (uint16_t)(firmware->count - 1),
						  .entry_size = 24 };
	size_t n = firmware->count - start;

	if (firmware->retries) {
		firmware->retries--;
		error(regs, FFA_RETRY);
		return;
	}
	assert_int_equal(regs->x[3] >> 16, start ? 0x77 : 0);
	if (n > ffa_partition_info_regs_max(24))
		n = ffa_partition_info_regs_max(24);
	header.tag = 0x77;
	header.current_index = (uint16_t)(start + n - 1);
	*regs = (struct ffa_regs) { .x = { FFA_SUCCESS_64 } };
	assert_int_equal(ffa_partition_info_regs_encode(&header, &firmware->infos[start], n, regs), 0);
	if (firmware->stuck_at && start >= firmware->stuck_at)
		regs->x[2] = (regs->x[2] & ~(uint64_t)0xffff0000) | (uint64_t)(firmware->stuck_at - 1) << 16;
	if (firmware->wrong_current)
		regs->x[2] = (regs->x[2] & ~(uint64_t)0xffff0000) | (uint64_t)0xfff0 << 16;
}

static int answer(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs)
{
	struct firmware *firmware = fake->test;

	switch (regs->x[0]) {
	case FFA_RXTX_MAP_64:
	case FFA_RXTX_MAP:
		firmware->maps++;
		if (regs->x[0] == FFA_RXTX_MAP_64 && firmware->only_32) {
			error(regs, FFA_NOT_SUPPORTED);
		} else if (firmware->map_error) {
			error(regs, firmware->map_error);
		} else {
			firmware->fake.rx = page(firmware, regs->x[2]);
			assert_ptr_not_equal(page(firmware, regs->x[1]), firmware->fake.rx);
			firmware->mapped = true;
			fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		}
		return 0;
	case FFA_RXTX_UNMAP:
		assert_int_equal(regs->x[1], 0);
		firmware->unmaps++;
		if (firmware->unmap_fails) {
			error(regs, FFA_DENIED);
			return 0;
		}
		firmware->mapped = false;
		if (firmware->left_behind)
			firmware->map_error = 0;
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		return 0;
	case FFA_RX_RELEASE:
		firmware->releases++;
		if (!firmware->rx_full) {
			error(regs, FFA_DENIED);
			return 0;
		}
		firmware->rx_full = false;
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		return 0;
	case FFA_PARTITION_INFO_GET:
		info_get(firmware, regs);
		return 0;
	case FFA_PARTITION_INFO_GET_REGS:
		info_get_regs(firmware, regs);
		return 0;
	default:
		fail_msg("unexpected call %llx", (unsigned long long)regs->x[0]);
		return -EIO;
	}
}

static void add_feature(struct firmware *firmware, uint32_t id, uint32_t properties)
{
	firmware->endpoint.features[firmware->endpoint.feature_count++] =
		(struct endpoint_feature) { .id = id, .supported = true, .properties2 = properties };
}

/* Seven entries of five partitions: 0x8003 has three UUIDs; not in the order of their ids. */
static void begin(struct firmware *firmware, uint32_t version, size_t stride)
{
	static const uint16_t ids[ENTRIES] = { 0x8005, 0x8003, 0x8001, 0x8003, 0x8002, 0x8003, 0x8004 };

	*firmware = (struct firmware) { .fake = FAKE_CONDUIT(answer), .stride = stride, .count = ENTRIES };
	firmware->fake.test = firmware;
	firmware->endpoint.version = version;
	partition_states_init(&firmware->states, 2);
	for (size_t i = 0; i < ENTRIES; i++)
		firmware->infos[i] =
			(struct ffa_partition_info) { .id = ids[i],
						      .exec_ctx_count = 1,
						      .properties = 1u << i,
						      .uuid = { .bytes = { 1, 2, (uint8_t)i } } };
}

static int start(struct firmware *firmware)
{
	char *reason = NULL;
	int r = rxtx_start(&firmware->rxtx, &firmware->fake.conduit, &firmware->endpoint, &reason);

	assert_true((r < 0) == (reason != NULL));
	free(reason);
	return r;
}

static int discover(struct firmware *firmware, struct partition_table **ret_table)
{
	struct claims claims = { 0 };

	return partition_table_discover(&firmware->fake.conduit, &firmware->endpoint, &firmware->rxtx,
					&firmware->states, &claims, 3, ret_table);
}

static void end(struct firmware *firmware)
{
	assert_false(firmware->rx_full);
	rxtx_stop(&firmware->rxtx);
	if (!firmware->unmap_fails)
		assert_int_equal(firmware->fake.pages_out, 0);
	partition_states_deinit(&firmware->states);
}

static void check_table(const struct partition_table *table, bool uuids)
{
	static const size_t entries[] = { 1, 1, 3, 1, 1 };
	const struct partition *partition;

	assert_int_equal(table->generation, 3);
	assert_int_equal(table->entry_count, ENTRIES);
	assert_int_equal(table->partition_count, 5);
	for (uint16_t i = 0; i < 5; i++) {
		partition = partition_table_find(table, (uint16_t)(0x8001 + i));
		assert_non_null(partition);
		assert_int_equal(partition->entry_count, entries[i]);
		assert_non_null(partition->state);
		for (size_t k = 0; k < partition->entry_count; k++)
			assert_int_equal(ffa_uuid_is_nil(&partition->uuids[k]), !uuids);
	}
	partition = partition_table_find(table, 0x8003);
	assert_int_equal(partition->properties, 1u << 1 | 1u << 3 | 1u << 5);
	assert_null(partition_table_find(table, 0x8000));
	assert_null(partition_table_find(table, 0x8006));
}

static void reads_rx_at_each_stride(void **state)
{
	static const struct {
		uint32_t version;
		size_t stride;
	} rows[] = { { FFA_VERSION_1_0, 8 },
		     { FFA_VERSION_1_1, 24 },
		     { FFA_VERSION_1_1, 48 },
		     { FFA_VERSION_1_2, 24 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct firmware firmware;
		struct partition_table *table;

		begin(&firmware, rows[i].version, rows[i].stride);
		assert_int_equal(start(&firmware), 0);
		assert_int_equal(discover(&firmware, &table), 0);
		check_table(table, rows[i].stride > 8);
		assert_int_equal(firmware.releases, 1);
		partition_table_unref(table);
		end(&firmware);
		assert_int_equal(firmware.unmaps, 1);
	}
}

static void reads_registers(void **state)
{
	struct firmware firmware;
	struct partition_table *table;

	begin(&firmware, FFA_VERSION_1_2, 24);
	add_feature(&firmware, FFA_PARTITION_INFO_GET_REGS, 0);
	firmware.retries = 3;
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(discover(&firmware, &table), 0);
	check_table(table, true);
	assert_int_equal(firmware.releases, 0);
	partition_table_unref(table);
	end(&firmware);
}

static void gives_up_on_endless_retry_and_standstill(void **state)
{
	struct firmware firmware;
	struct partition_table *table = NULL;

	begin(&firmware, FFA_VERSION_1_2, 24);
	add_feature(&firmware, FFA_PARTITION_INFO_GET_REGS, 0);
	assert_int_equal(start(&firmware), 0);
	firmware.retries = UINT32_MAX;
	assert_int_equal(discover(&firmware, &table), -EREMOTEIO);
	firmware.retries = 0;
	firmware.stuck_at = 5;
	assert_int_equal(discover(&firmware, &table), -EBADMSG);
	firmware.stuck_at = 0;
	firmware.wrong_current = true;
	assert_int_equal(discover(&firmware, &table), -EBADMSG);
	assert_null(table);
	end(&firmware);
}

static void refuses_lies_about_rx(void **state)
{
	static const struct {
		uint32_t count, stride;
		int result;
	} rows[] = {
		{ 171, 24, -EBADMSG }, /* one more than a page holds */
		{ UINT32_MAX, 24, -E2BIG },
		{ 513, 8, -E2BIG },
		{ 2, 0x80000000, -EBADMSG },
		{ 1, 4, -EBADMSG },
		{ 1, 25, -EBADMSG },
		{ 1, 4097, -EBADMSG },
		{ 2, UINT32_MAX - 7, -EBADMSG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct firmware firmware;
		struct partition_table *table = NULL;

		begin(&firmware, FFA_VERSION_1_1, 24);
		assert_int_equal(start(&firmware), 0);
		firmware.lie_count = rows[i].count;
		firmware.lie_stride = rows[i].stride;
		assert_int_equal(discover(&firmware, &table), rows[i].result);
		assert_null(table);
		assert_int_equal(firmware.releases, 1); /* released all the same */
		end(&firmware);
	}
}

static void as_many_as_rx_holds(void **state)
{
	struct firmware firmware;
	struct partition_table *table;

	begin(&firmware, FFA_VERSION_1_1, 24);
	assert_int_equal(start(&firmware), 0);
	firmware.lie_count = 170; /* 4080 of 4096 bytes; behind the seventh they are zero */
	assert_int_equal(discover(&firmware, &table), 0);
	assert_int_equal(table->entry_count, 170);
	partition_table_unref(table);
	end(&firmware);
}

static void no_partitions_at_all(void **state)
{
	struct firmware firmware;
	struct partition_table *table;

	begin(&firmware, FFA_VERSION_1_1, 24);
	firmware.count = 0;
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(discover(&firmware, &table), 0);
	assert_int_equal(table->partition_count, 0);
	assert_null(partition_table_find(table, 0x8001));
	partition_table_unref(table);
	end(&firmware);
}

static void surprise_busy_is_released_once(void **state)
{
	struct firmware firmware;
	struct partition_table *table;

	begin(&firmware, FFA_VERSION_1_1, 24);
	assert_int_equal(start(&firmware), 0);
	firmware.busy_once = 1;
	firmware.rx_full = true;
	assert_int_equal(discover(&firmware, &table), 0);
	check_table(table, true);
	partition_table_unref(table);
	firmware.busy_once = 2; /* and not more than once */
	assert_int_equal(discover(&firmware, &table), -EREMOTEIO);
	end(&firmware);
}

static void foreign_pair_is_left_alone(void **state)
{
	struct firmware firmware;
	struct partition_table *table;

	begin(&firmware, FFA_VERSION_1_1, 24);
	firmware.map_error = FFA_DENIED;
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(firmware.rxtx.state, RXTX_FOREIGN);
	assert_int_equal(firmware.fake.pages_out, 0);
	assert_int_equal(discover(&firmware, &table), -ENXIO);
	end(&firmware);
	assert_int_equal(firmware.unmaps, 0);
}

/* Denied until it is unmapped: an ffad before us was killed. */
static void pair_left_behind_is_unmapped(void **state)
{
	struct firmware firmware;
	struct partition_table *table;

	begin(&firmware, FFA_VERSION_1_1, 24);
	firmware.fake.conduit.exclusive = true;
	firmware.map_error = FFA_DENIED;
	firmware.left_behind = true;
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(firmware.rxtx.state, RXTX_FREE);
	assert_int_equal(firmware.maps, 2);
	assert_int_equal(firmware.unmaps, 1);
	assert_int_equal(discover(&firmware, &table), 0);
	partition_table_unref(table);
	end(&firmware);

	/* Somebody who cannot be unmapped stays. */
	begin(&firmware, FFA_VERSION_1_1, 24);
	firmware.fake.conduit.exclusive = true;
	firmware.map_error = FFA_DENIED;
	firmware.unmap_fails = true;
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(firmware.rxtx.state, RXTX_FOREIGN);
	assert_int_equal(firmware.maps, 1);
	end(&firmware);
}

static void mapping_errors_end_the_start(void **state)
{
	static const struct {
		int32_t error;
		int result;
	} rows[] = { { FFA_INVALID_PARAMETERS, -EINVAL },
		     { FFA_NO_MEMORY, -ENOMEM },
		     { FFA_NOT_SUPPORTED, -EOPNOTSUPP } };

	for (size_t i = 0; i < 3; i++) {
		struct firmware firmware;

		begin(&firmware, FFA_VERSION_1_1, 24);
		firmware.map_error = rows[i].error;
		assert_int_equal(start(&firmware), rows[i].result);
		assert_int_equal(firmware.fake.pages_out, 0);
		end(&firmware);
		assert_int_equal(firmware.unmaps, 0);
	}
}

static void falls_back_to_the_32_bit_form(void **state)
{
	struct firmware firmware;

	begin(&firmware, FFA_VERSION_1_1, 24);
	firmware.only_32 = true;
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(firmware.rxtx.state, RXTX_FREE);
	assert_int_equal(firmware.maps, 2);
	end(&firmware);

	/* Not with addresses that it cannot carry. */
	begin(&firmware, FFA_VERSION_1_1, 24);
	firmware.only_32 = true;
	firmware.fake.first_frame = UINT64_C(0x880000000);
	assert_int_equal(start(&firmware), -EOPNOTSUPP);
	assert_int_equal(firmware.maps, 1);
	end(&firmware);
}

static void aligns_to_what_the_firmware_wants(void **state)
{
	static const struct {
		uint32_t property;
		size_t pages;
	} rows[] = { { 0, 1 }, { 1, 16 }, { 2, 4 } };

	for (size_t i = 0; i < 3; i++) {
		struct firmware firmware;

		begin(&firmware, FFA_VERSION_1_1, 24);
		firmware.fake.first_frame = 0x80003000;
		add_feature(&firmware, FFA_RXTX_MAP_64, rows[i].property);
		assert_int_equal(start(&firmware), 0);
		assert_int_equal(firmware.rxtx.page_count, rows[i].pages);
		assert_int_equal(firmware.rxtx.pages.frames[firmware.rxtx.tx_page] %
					 (rows[i].pages * FFA_PAGE_SIZE),
				 0);
		assert_int_equal(firmware.rxtx.pages.frames[firmware.rxtx.rx_page] %
					 (rows[i].pages * FFA_PAGE_SIZE),
				 0);
		assert_true(firmware.rxtx.tx_page + rows[i].pages <= firmware.rxtx.rx_page);
		end(&firmware);
	}
}

static void pages_stay_when_unmap_fails(void **state)
{
	struct firmware firmware;

	begin(&firmware, FFA_VERSION_1_1, 24);
	assert_int_equal(start(&firmware), 0);
	firmware.unmap_fails = true;
	rxtx_stop(&firmware.rxtx);
	assert_int_equal(firmware.fake.pages_out, 2);
	free(firmware.rxtx.pages.map);
	free(firmware.rxtx.pages.frames);
	partition_states_deinit(&firmware.states);
}

static void one_reader_at_a_time(void **state)
{
	struct firmware firmware;
	struct ffa_regs regs = { .x = { FFA_PARTITION_INFO_GET } };
	uint8_t bytes[16];
	int32_t code;

	begin(&firmware, FFA_VERSION_1_1, 24);
	assert_int_equal(start(&firmware), 0);
	assert_int_equal(rxtx_read(&firmware.rxtx, 0, bytes, sizeof(bytes)), -EINVAL);
	assert_int_equal(rxtx_release(&firmware.rxtx), -EINVAL);
	assert_int_equal(rxtx_fill(&firmware.rxtx, &regs, &code), 0);
	assert_int_equal(rxtx_fill(&firmware.rxtx, &regs, &code), -EBUSY);
	assert_int_equal(rxtx_read(&firmware.rxtx, FFA_PAGE_SIZE - 16, bytes, 16), 0);
	assert_int_equal(rxtx_read(&firmware.rxtx, FFA_PAGE_SIZE - 15, bytes, 16), -ERANGE);
	assert_int_equal(rxtx_read(&firmware.rxtx, SIZE_MAX, bytes, 16), -ERANGE);
	assert_int_equal(rxtx_release(&firmware.rxtx), 0);
	assert_int_equal(rxtx_release(&firmware.rxtx), -EINVAL);
	assert_int_equal(firmware.releases, 1);
	end(&firmware);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rx_at_each_stride),
		cmocka_unit_test(reads_registers),
		cmocka_unit_test(gives_up_on_endless_retry_and_standstill),
		cmocka_unit_test(refuses_lies_about_rx),
		cmocka_unit_test(as_many_as_rx_holds),
		cmocka_unit_test(no_partitions_at_all),
		cmocka_unit_test(surprise_busy_is_released_once),
		cmocka_unit_test(foreign_pair_is_left_alone),
		cmocka_unit_test(pair_left_behind_is_unmapped),
		cmocka_unit_test(mapping_errors_end_the_start),
		cmocka_unit_test(falls_back_to_the_32_bit_form),
		cmocka_unit_test(aligns_to_what_the_firmware_wants),
		cmocka_unit_test(pages_stay_when_unmap_fails),
		cmocka_unit_test(one_reader_at_a_time),
	};

	return cmocka_run_group_tests_name("discovery", tests, NULL, NULL);
}
