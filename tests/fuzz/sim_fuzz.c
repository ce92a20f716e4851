/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole simulated SPMC under arbitrary frames: the input chooses profile, version, CPUs and partitions, then is
 * a list of calls. A structured half of them uses ids and addresses that mean something.
 *
 * Checked after each call: the lock is free, the reply is one of FF-A's, RX and its state agree, states of
 * contexts are possible ones, the tables of memory transactions agree with each other, and nobody wrote to a page
 * but RX and what was sent.
 */
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/memory_descriptor.h"
#include "abi/partition_info.h"
#include "abi/relinquish.h"
#include "abi/version.h"
#include "sim/borrower.h"
#include "sim/sim.h"
#include "sim/spmc.h"

#define RAM_BASE UINT64_C(0x80000000)
#define PAGE 4096
#define PAGES 8
#define CALLS_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

struct machine {
	unsigned int locked;
	uint8_t ram[PAGES][PAGE];
	uint8_t before[PAGES][PAGE];
};

static struct machine machine;

static void expect(bool condition)
{
	if (!condition)
		abort();
}

static void fuzz_lock(void *ctx)
{
	expect(machine.locked++ == 0);
}

static void fuzz_unlock(void *ctx)
{
	expect(machine.locked-- == 1);
}

static enum sim_memory_kind fuzz_memory_kind(void *ctx, uint64_t pa, uint64_t size)
{
	return pa >= RAM_BASE && size <= sizeof(machine.ram) && pa - RAM_BASE <= sizeof(machine.ram) - size
		       ? SIM_MEMORY_NS_RAM
		       : SIM_MEMORY_NONE;
}

static void *fuzz_memory(void *ctx, uint64_t pa, uint64_t size)
{
	expect(machine.locked == 1);
	return fuzz_memory_kind(ctx, pa, size) == SIM_MEMORY_NS_RAM ? (uint8_t *)machine.ram + (pa - RAM_BASE)
								    : NULL;
}

static void fuzz_delay(void *ctx, unsigned int cpu, uint64_t us)
{
	expect(machine.locked == 0);
}

static const struct sim_host host = {
	.lock = fuzz_lock,
	.unlock = fuzz_unlock,
	.memory_kind = fuzz_memory_kind,
	.memory = fuzz_memory,
	.delay = fuzz_delay,
};

static uint8_t take(struct input *input)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++;
}

static uint64_t take_64(struct input *input)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value = value << 8 | take(input);
	return value;
}

static struct ffa_uuid uuid_of(uint8_t number)
{
	struct ffa_uuid uuid;

	memset(uuid.bytes, number, sizeof(uuid.bytes));
	return uuid;
}

static void add_partition(struct sim *sim, struct input *input)
{
	struct sim_partition_config config = {
		.exec_ctx_count = take(input) % (SIM_CPUS_MAX + 2),
		.ffa_version = FFA_VERSION_1_0 + take(input) % 5,
		.properties = (uint32_t)take(input) << 1 | FFA_PARTITION_AARCH64,
		.service_count = take(input) % (SIM_UUIDS_MAX + 2),
		.behaviour = { .kind = (enum sim_behaviour_kind)(take(input) % (SIM_BEHAVIOUR_COUNT + 1)),
			       .count = take(input) % 4,
			       .delay_us = take(input) },
	};
	uint8_t flags = take(input);
	uint16_t id = 0;

	config.logical = (flags & 1) != 0;
	config.ns_interrupt_queued = (flags & 2) != 0;
	config.behaviour.delay_us = (flags & 4) != 0 ? SIM_DELAY_FOREVER : config.behaviour.delay_us;
	for (size_t i = 0; i < config.service_count && i < SIM_UUIDS_MAX; i++) {
		config.services[i].uuid = uuid_of(take(input));
		config.services[i].properties = take(input) | (uint32_t)take(input) << 8;
	}
	if (sim_add_partition(sim, &config, &id) == 0)
		expect((id & 0x8000) != 0 && id != 0x8000 && id != 0xffff);
}

/* Something that is valid now and then. */
static uint64_t meaningful(struct input *input)
{
	uint8_t choice = take(input), value = take(input);
	uint64_t lo, hi;
	struct ffa_uuid uuid = uuid_of(value & 7);

	ffa_uuid_to_u64(&uuid, &lo, &hi);
	switch (choice % 12) {
	case 0:
		return RAM_BASE + value % (PAGES + 1) * PAGE;
	case 1:
		return 0x8001 + value % 8;
	case 2:
		return (UINT64_C(0x8001) + value % 8) << 16 | value >> 6;
	case 3:
		return FFA_FID_32(FFA_FID_FIRST + value % 64) | (uint32_t)(choice & 0x40) << 24;
	case 4:
		return FFA_VERSION_1_0 + value % 5;
	case 5:
		return 0x80000000 | value;
	case 6:
		return lo;
	case 7:
		return (uint32_t)lo;
	case 8:
		return UINT64_C(1) << value % 64;
	case 9:
		return value;
	default:
		return 0;
	}
}

static struct ffa_regs next_call(struct input *input)
{
	uint8_t shape = take(input);
	struct ffa_regs regs = { .x = { FFA_FID_32(FFA_FID_FIRST + take(input) % 64) } };
	unsigned int count = shape >> 3 & 7;

	regs.x[0] |= (uint64_t)(shape & 1) << 30;
	if ((shape & 6) == 6) {
		regs.x[0] = take_64(input);
		count = FFA_REGS_COUNT - 1;
	}
	for (unsigned int i = 1; i <= count; i++)
		regs.x[i] = (shape & 2) != 0 ? take_64(input) : meaningful(input);
	return regs;
}

/* A descriptor into the first page, where TX often is: sound, but for what the input changes of it. */
static void put_descriptor(const struct sim *sim, struct input *input)
{
	uint8_t shape = take(input);
	struct ffa_memory_transaction transaction = {
		.sender = (shape & 1) != 0 ? take(input) : 0,
		.attributes = (shape & 2) != 0 ? take(input) : FFA_MEMORY_NORMAL_WB_INNER,
		.flags = (shape & 4) != 0 ? take(input) : 0,
		.handle = (shape & 8) != 0 ? take(input) : 0,
	};
	size_t receiver_count = take(input) % 4, range_count = take(input) % 5;
	struct ffa_memory_receiver receivers[4];
	struct ffa_memory_range ranges[5];
	struct ffa_memory_extent extent;

	for (size_t i = 0; i < receiver_count; i++)
		receivers[i] = (struct ffa_memory_receiver) { .id = 0x8001 + take(input) % 4,
							      .permissions = take(input) };
	for (size_t i = 0; i < range_count; i++) {
		uint8_t where = take(input);

		ranges[i] = (struct ffa_memory_range) { RAM_BASE + (where & 0xf) * PAGE, (where >> 4) + 1 };
	}
	(void)ffa_memory_descriptor_encode(sim->normal_world.version, &transaction, 0, receivers,
					   receiver_count, ranges, range_count, machine.ram[0], PAGE,
					   &extent);
	for (unsigned int count = take(input) % 4; count > 0; count--)
		machine.ram[0][take(input)] = take(input);
}

/* A memory call whose handle and lengths mean something. */
static struct ffa_regs next_memory_call(const struct sim *sim, struct input *input)
{
	static const uint32_t fids[] = { FFA_MEM_SHARE,        FFA_MEM_LEND,       FFA_MEM_DONATE,
					 FFA_MEM_RETRIEVE_REQ, FFA_MEM_RELINQUISH, FFA_MEM_RECLAIM,
					 FFA_MEM_FRAG_RX,      FFA_MEM_FRAG_TX,    FFA_MSG_SEND_DIRECT_REQ };
	uint8_t which = take(input), value = take(input);
	const struct sim_region *region = &sim->memory.regions[value % 8];
	uint64_t handle = region->transaction.handle;
	struct ffa_regs regs = { .x = { fids[which % 9], (uint32_t)handle, handle >> 32 } };

	switch (which % 9) {
	case 4:
		/* The handle of a relinquish descriptor comes first. */
		memcpy(machine.ram[0], &handle, sizeof(handle));
		return (struct ffa_regs) { .x = { FFA_MEM_RELINQUISH } };
	case 5:
		regs.x[3] = value >> 5;
		return regs;
	case 6:
		regs.x[3] = (uint64_t)take(input) * 16;
		return regs;
	case 7:
		regs.x[3] = (uint64_t)(value % 6) * 16;
		return regs;
	case 8:
		return (struct ffa_regs) { .x = { FFA_MSG_SEND_DIRECT_REQ, 0x8001 + value % 4, 0,
						  take(input) % SIM_BORROWER_COMMAND_COUNT, handle,
						  handle >> 32, take(input), take(input) } };
	default:
		regs.x[1] = 32 + (uint64_t)(value & 0x3f) * 8;
		regs.x[2] = (value & 0x40) != 0 ? (uint64_t)take(input) * 8 : regs.x[1];
		return regs;
	}
}

static void check_reply(const struct ffa_regs *call, const struct ffa_regs *reply)
{
	uint32_t fid = ffa_regs_w(reply, 0);

	expect(machine.locked == 0);
	if (reply->x[0] == UINT64_MAX || (uint32_t)call->x[0] == FFA_VERSION)
		return;
	expect(reply->x[0] >> 32 == 0);
	switch (fid) {
	case FFA_ERROR:
		expect(ffa_error_name((int32_t)reply->x[2]) != NULL && (int32_t)reply->x[2] < 0);
		expect(reply->x[1] == 0 && reply->x[2] >> 32 == 0);
		break;
	case FFA_SUCCESS:
	case FFA_SUCCESS_64:
	case FFA_INTERRUPT:
	case FFA_YIELD:
	case FFA_MSG_WAIT:
	case FFA_MSG_SEND_DIRECT_RESP:
	case FFA_MSG_SEND_DIRECT_RESP_64:
	case FFA_MSG_SEND_DIRECT_RESP2:
	case FFA_MEM_RETRIEVE_RESP:
	case FFA_MEM_FRAG_RX:
	case FFA_MEM_FRAG_TX:
		break;
	default:
		abort();
	}
}

/* Pages that somebody else than the normal world has, or had: which may change. */
static void mark_sent(const struct sim *sim, bool sent[static PAGES])
{
	const struct sim_memory *memory = &sim->memory;

	for (size_t i = 0; i < memory->region_count; i++) {
		const struct sim_region *region = &memory->regions[i];

		for (uint16_t n = region->range_first; n != SIM_RANGE_NONE; n = memory->ranges[n].next) {
			const struct ffa_memory_range *range = &memory->ranges[n].range;

			for (unsigned int page = 0; page < PAGES; page++) {
				struct ffa_memory_range one = { RAM_BASE + page * PAGE, 1 };

				sent[page] = sent[page] || ffa_memory_range_overlaps(range, &one);
			}
		}
	}
}

static void check_memory(const struct sim *sim)
{
	const struct sim_memory *memory = &sim->memory;
	size_t ranges = 0;

	expect(memory->region_count <= SIM_REGIONS_MAX && memory->pages.count <= SIM_PAGE_INTERVALS_MAX);
	for (size_t i = 0; i < memory->region_count; i++) {
		const struct sim_region *region = &memory->regions[i];
		size_t count = 0;

		expect(sim_region_state_name(region->state) != NULL);
		for (uint16_t n = region->range_first; n != SIM_RANGE_NONE; n = memory->ranges[n].next)
			count++;
		expect(count == region->ranges);
		ranges += count;
		if (region->state == SIM_REGION_FREE)
			continue;
		expect(region->borrower_count <= SIM_BORROWERS_MAX);
		for (size_t j = 0; j < i; j++)
			expect(memory->regions[j].state == SIM_REGION_FREE ||
			       memory->regions[j].transaction.handle != region->transaction.handle);
		for (uint32_t j = 0; j < region->borrower_count; j++)
			expect(region->state == SIM_REGION_LIVE || region->borrowers[j].holds == 0);
	}
	expect(ranges + memory->free_count == SIM_RANGES_MAX);
	for (size_t i = 0; i < memory->pages.count; i++) {
		const struct sim_page_interval *interval = &memory->pages.intervals[i];

		expect(interval->begin < interval->end);
		expect(i == 0 || interval[-1].end <= interval->begin);
	}
}

static void check_state(const struct sim *sim, const bool sent[static PAGES])
{
	const struct sim_rxtx *rxtx = &sim->normal_world.rxtx;

	expect(rxtx->mapped == (rxtx->size != 0));
	expect(rxtx->mapped || rxtx->rx_state == SIM_RX_EMPTY || sim->profile->rx_kept_by_unmap);
	expect(sim->normal_world.version >= FFA_VERSION_1_0 && sim->normal_world.version <= sim->version);
	for (size_t i = 0; i < sim->partition_count; i++) {
		const struct sim_partition *partition = &sim->partitions[i];

		for (unsigned int n = 0; n < partition->config.exec_ctx_count; n++) {
			enum sim_vcpu_state state = partition->vcpus[n].state;

			/* No call is under way, so nothing runs; a crash takes all contexts. */
			expect(sim_vcpu_state_name(state) != NULL && state != SIM_VCPU_RUNNING);
			expect((state == SIM_VCPU_ABORTED) == partition->aborted);
			expect((partition->vcpus[n].model == SIM_MODEL_NONE) ==
			       (state == SIM_VCPU_WAITING || state == SIM_VCPU_ABORTED));
		}
	}
	for (unsigned int page = 0; page < PAGES; page++) {
		uint64_t pa = RAM_BASE + page * PAGE;

		if (!sent[page] && (!rxtx->mapped || pa < rxtx->rx || pa >= rxtx->rx + rxtx->size))
			expect(memcmp(machine.ram[page], machine.before[page], PAGE) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sim *sim;
	struct input input = { data, size };
	const struct sim_profile *profile;
	unsigned int cpus;
	uint8_t version;

	if (sim == NULL)
		sim = malloc(sim_size());
	expect(sim != NULL);
	profile = sim_profile_at(take(&input) % 4);
	cpus = 1 + take(&input) % 4;
	version = take(&input) % 5;
	expect(sim_init(sim, profile, &host, cpus, version == 4 ? 0 : FFA_VERSION_1_0 + version) == 0);
	for (unsigned int count = take(&input) % 8; count > 0; count--)
		add_partition(sim, &input);
	for (unsigned int i = 0; i < CALLS_MAX && input.size > 0; i++) {
		unsigned int cpu = take(&input) % cpus;
		uint8_t kind = take(&input);
		bool sent[PAGES] = { false };
		struct ffa_regs call, reply;

		if ((kind & 3) == 1)
			put_descriptor(sim, &input);
		call = (kind & 1) != 0 ? next_memory_call(sim, &input) : next_call(&input);
		reply = call;
		mark_sent(sim, sent);
		memcpy(machine.before, machine.ram, sizeof(machine.ram));
		sim_call(sim, cpu, &reply);
		check_reply(&call, &reply);
		mark_sent(sim, sent);
		check_memory(sim);
		check_state(sim, sent);
	}
	return 0;
}
