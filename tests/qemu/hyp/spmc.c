/* SPDX-License-Identifier: BSD-3-Clause */
#include "spmc.h"

#include "sim/sim.h"
#include "sim/spmc.h"

#include "hyp.h"
#include "layout.h"
#include "lock.h"
#include "partitions.h"

/* The range of function ids that SMCCC sets apart for FF-A. */
#define FFA_FID_MASK UINT32_C(0xbfff0000)
#define FFA_FID_BASE UINT32_C(0x84000000)
#define FFA_NUMBER_FIRST 0x60
#define FFA_NUMBER_LAST 0xef

#define US_PER_S 1000000

/* Physical address space of the machine below its RAM: flash, devices. */
#define DEVICE_END HYP_RAM_BASE

static struct sim sim;
static struct lock lock;
static struct fdt_facts machine;

static void host_lock(void *ctx)
{
	lock_take(&lock);
}

static void host_unlock(void *ctx)
{
	lock_release(&lock);
}

static bool within(uint64_t pa, uint64_t size, uint64_t base, uint64_t base_size)
{
	return pa >= base && size <= base_size && pa - base <= base_size - size;
}

static enum sim_memory_kind host_memory_kind(void *ctx, uint64_t pa, uint64_t size)
{
	if (size == 0)
		return SIM_MEMORY_NONE;
	if (within(pa, size, machine.memory_base, machine.memory_size))
		return SIM_MEMORY_NS_RAM;
	if (within(pa, size, HYP_RAM_BASE, HYP_RESERVED_SIZE))
		return SIM_MEMORY_SECURE;
	if (within(pa, size, 0, DEVICE_END))
		return SIM_MEMORY_DEVICE;
	return SIM_MEMORY_NONE;
}

static void *host_memory(void *ctx, uint64_t pa, uint64_t size)
{
	/* Addresses are physical here. */
	return host_memory_kind(ctx, pa, size) == SIM_MEMORY_NS_RAM ? (void *)(uintptr_t)pa : NULL;
}

static uint64_t counter(void)
{
	uint64_t ticks;

	__asm__ volatile("isb; mrs %0, cntpct_el0" : "=r"(ticks));
	return ticks;
}

static void host_delay(void *ctx, unsigned int cpu, uint64_t us)
{
	uint64_t start = counter(), frequency, ticks;

	__asm__("mrs %0, cntfrq_el0" : "=r"(frequency));
	if (__builtin_mul_overflow(us, frequency, &ticks))
		ticks = UINT64_MAX;
	else
		ticks /= US_PER_S;
	while (counter() - start < ticks)
		__asm__ volatile("yield");
}

void spmc_init(const struct fdt_facts *facts)
{
	static const struct sim_host host = {
		.lock = host_lock,
		.unlock = host_unlock,
		.memory_kind = host_memory_kind,
		.memory = host_memory,
		.delay = host_delay,
	};

	machine = *facts;
	if (sim_init(&sim, sim_profile_find("spec"), &host, machine.cpus, 0) < 0)
		hyp_panic("the simulated SPMC does not start; CPUs:", machine.cpus);
	for (size_t i = 0; i < hyp_partition_count; i++) {
		struct sim_partition_config config = hyp_partitions[i].config;
		uint16_t id;

		if (hyp_partitions[i].contexts_per_cpu)
			config.exec_ctx_count = (uint16_t)machine.cpus;
		if (sim_add_partition(&sim, &config, &id) < 0)
			hyp_panic("the simulated SPMC does not take partition", config.id);
	}
}

bool spmc_call(unsigned int cpu, struct ffa_regs *regs)
{
	uint32_t fid = ffa_regs_w(regs, 0);
	uint32_t number = fid & 0xffff;

	if ((fid & FFA_FID_MASK) != FFA_FID_BASE || number < FFA_NUMBER_FIRST || number > FFA_NUMBER_LAST)
		return false;
	sim_call(&sim, cpu, regs);
	return true;
}
