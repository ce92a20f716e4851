/* SPDX-License-Identifier: BSD-3-Clause */
/* A simulated machine for tests of its core: 64 pages of RAM, partitions as the test asks for them. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/regs.h"
#include "sim/sim.h"

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_PAGES 128
#define PAGE 4096
#define DEVICE_BASE UINT64_C(0x09000000)
#define TX_BASE RAM_BASE
#define RX_BASE (RAM_BASE + PAGE)

struct machine_test {
	struct sim *sim;
	uint8_t *ram;
	unsigned int locked; /* how often the lock is held: 0 or 1 */
	uint64_t delay_us;   /* asked for by the last delay */
	unsigned int delays;
};

/* A machine with this profile, number of CPUs and version (0: the profile's); freed by test_stop(). */
struct machine_test *test_start(const char *profile, unsigned int cpus, uint32_t version);
void test_stop(struct machine_test *test);

/* One call on CPU 0 with up to 7 registers behind x0; on `cpu`; with a whole frame. */
struct ffa_regs test_frame(struct machine_test *test, unsigned int cpu, struct ffa_regs regs);
#define test_call(test, ...) test_frame(test, 0, (struct ffa_regs) { .x = { __VA_ARGS__ } })
#define test_call_on(test, cpu, ...) test_frame(test, cpu, (struct ffa_regs) { .x = { __VA_ARGS__ } })

/* A partition with one service whose UUID is `number` and that takes every kind of direct request. */
struct sim_partition_config test_partition(uint8_t number, struct sim_behaviour behaviour);
struct ffa_uuid test_uuid(uint8_t number);
/* Adds it and returns its id. */
uint16_t test_add(struct machine_test *test, const struct sim_partition_config *config);

void test_map(struct machine_test *test);

#define assert_success(regs) assert_frame_success(regs, __FILE__, __LINE__)
#define assert_error(regs, code) assert_frame_error(regs, code, __FILE__, __LINE__)
void assert_frame_success(struct ffa_regs regs, const char *file, int line);
void assert_frame_error(struct ffa_regs regs, int32_t code, const char *file, int line);
