/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"

static void test_lock(void *ctx)
{
	struct machine_test *test = ctx;

	assert_int_equal(test->locked, 0);
	test->locked++;
}

static void test_unlock(void *ctx)
{
	struct machine_test *test = ctx;

	assert_int_equal(test->locked, 1);
	test->locked--;
}

static enum sim_memory_kind test_memory_kind(void *ctx, uint64_t pa, uint64_t size)
{
	if (pa >= RAM_BASE && size <= RAM_PAGES * PAGE && pa - RAM_BASE <= RAM_PAGES * PAGE - size)
		return SIM_MEMORY_NS_RAM;
	return pa >= DEVICE_BASE && pa - DEVICE_BASE < PAGE ? SIM_MEMORY_DEVICE : SIM_MEMORY_NONE;
}

static void *test_memory(void *ctx, uint64_t pa, uint64_t size)
{
	struct machine_test *test = ctx;

	return test_memory_kind(ctx, pa, size) == SIM_MEMORY_NS_RAM ? test->ram + (pa - RAM_BASE) : NULL;
}

static void test_delay(void *ctx, unsigned int cpu, uint64_t us)
{
	struct machine_test *test = ctx;

	assert_int_equal(test->locked, 0);
	test->delay_us = us;
	test->delays++;
}

struct machine_test *test_start(const char *profile, unsigned int cpus, uint32_t version)
{
	struct machine_test *test = calloc(1, sizeof(*test));
	struct sim_host host = {
		.ctx = test,
		.lock = test_lock,
		.unlock = test_unlock,
		.memory_kind = test_memory_kind,
		.memory = test_memory,
		.delay = test_delay,
	};

	assert_non_null(test);
	test->sim = malloc(sim_size());
	test->ram = calloc(RAM_PAGES, PAGE);
	assert_non_null(test->sim);
	assert_non_null(test->ram);
	assert_non_null(sim_profile_find(profile));
	assert_int_equal(sim_init(test->sim, sim_profile_find(profile), &host, cpus, version), 0);
	return test;
}

void test_stop(struct machine_test *test)
{
	assert_int_equal(test->locked, 0);
	free(test->sim);
	free(test->ram);
	free(test);
}

struct ffa_regs test_frame(struct machine_test *test, unsigned int cpu, struct ffa_regs regs)
{
	sim_call(test->sim, cpu, &regs);
	assert_int_equal(test->locked, 0);
	return regs;
}

struct ffa_uuid test_uuid(uint8_t number)
{
	struct ffa_uuid uuid;

	memset(uuid.bytes, number, sizeof(uuid.bytes));
	return uuid;
}

struct sim_partition_config test_partition(uint8_t number, struct sim_behaviour behaviour)
{
	return (struct sim_partition_config) {
		.exec_ctx_count = 1,
		.ffa_version = FFA_VERSION_1_2,
		.properties = FFA_PARTITION_AARCH64,
		.service_count = 1,
		.services = { { .uuid = test_uuid(number),
				.properties =
					FFA_PARTITION_DIRECT_REQ_RECV | FFA_PARTITION_DIRECT_REQ2_RECV } },
		.behaviour = behaviour,
	};
}

uint16_t test_add(struct machine_test *test, const struct sim_partition_config *config)
{
	uint16_t id = 0;

	assert_int_equal(sim_add_partition(test->sim, config, &id), 0);
	assert_true((id & 0x8000) != 0);
	return id;
}

void test_map(struct machine_test *test)
{
	assert_success(test_call(test, FFA_RXTX_MAP_64, TX_BASE, RX_BASE, 1));
}

void assert_frame_success(struct ffa_regs regs, const char *file, int line)
{
	if (regs.x[0] == FFA_SUCCESS || regs.x[0] == FFA_SUCCESS_64)
		return;
	print_error("reply %#lx w2=%d, expected success\n", (unsigned long)regs.x[0], (int32_t)regs.x[2]);
	_fail(file, line);
}

void assert_frame_error(struct ffa_regs regs, int32_t code, const char *file, int line)
{
	struct ffa_regs expected = { .x = { FFA_ERROR, 0, (uint32_t)code } };

	if (memcmp(regs.x, expected.x, 8 * sizeof(regs.x[0])) == 0)
		return;
	print_error("reply %#lx w2=%d, expected error %d\n", (unsigned long)regs.x[0], (int32_t)regs.x[2],
		    code);
	_fail(file, line);
}
