/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory.h"

#include "memory_profile.h"
#include "spmc.h"

static const char *const state_names[SIM_REGION_STATE_COUNT] = {
	[SIM_REGION_FREE] = "free",
	[SIM_REGION_SENDING] = "sending",
	[SIM_REGION_LIVE] = "live",
};

#define TO(state) (1u << SIM_REGION_##state)

static const uint8_t transitions[SIM_REGION_STATE_COUNT] = {
	[SIM_REGION_FREE] = TO(SENDING),
	[SIM_REGION_SENDING] = TO(LIVE) | TO(FREE),
	[SIM_REGION_LIVE] = TO(FREE),
};

const char *sim_region_state_name(enum sim_region_state state)
{
	return (unsigned int)state < SIM_REGION_STATE_COUNT ? state_names[state] : NULL;
}

bool sim_region_may_become(enum sim_region_state from, enum sim_region_state to)
{
	return (unsigned int)from < SIM_REGION_STATE_COUNT && (unsigned int)to < SIM_REGION_STATE_COUNT &&
	       (transitions[from] & 1u << to) != 0;
}

void sim_region_set_state(struct sim_region *region, enum sim_region_state state)
{
	if (!sim_region_may_become(region->state, state))
		__builtin_trap();
	region->state = state;
}

void sim_memory_init(struct sim_memory *memory, uint64_t next_handle)
{
	memory->next_handle = next_handle;
	memory->region_count = 0;
	memory->free_ranges = SIM_RANGE_NONE;
	memory->used_ranges = 0;
	memory->free_count = SIM_RANGES_MAX;
	memory->panics = 0;
	memory->pages.count = 0;
}

/* The lowest number that no live transaction of this kind has. */
static uint64_t lowest_free_handle(struct sim_memory *memory, uint64_t base)
{
	uint64_t handle = base;

	while (sim_region_find(memory, handle) != NULL)
		handle++;
	return handle;
}

static uint64_t new_handle(struct sim *sim, bool logical)
{
	const struct sim_memory_profile *profile = sim->profile->memory;

	if (profile->handle_kind == SIM_HANDLE_COUNTER)
		return sim->memory.next_handle++;
	return lowest_free_handle(&sim->memory, logical ? profile->handle_logical : profile->handle_first);
}

struct sim_region *sim_region_new(struct sim *sim, bool logical)
{
	struct sim_memory *memory = &sim->memory;
	size_t max = sim->profile->memory->regions_max;
	uint64_t handle = new_handle(sim, logical);
	size_t i = 0;

	while (i < memory->region_count && memory->regions[i].state != SIM_REGION_FREE)
		i++;
	if (i == max || i == SIM_REGIONS_MAX)
		return NULL;
	if (i == memory->region_count)
		memory->region_count++;
	memory->regions[i] = (struct sim_region) {
		.state = SIM_REGION_FREE,
		.transaction.handle = handle,
		.logical = logical,
		.range_first = SIM_RANGE_NONE,
		.range_last = SIM_RANGE_NONE,
	};
	return &memory->regions[i];
}

void sim_region_free(struct sim_memory *memory, struct sim_region *region)
{
	if (region->range_last != SIM_RANGE_NONE) {
		memory->ranges[region->range_last].next = memory->free_ranges;
		memory->free_ranges = region->range_first;
		memory->free_count += region->ranges;
	}
	region->range_first = SIM_RANGE_NONE;
	region->range_last = SIM_RANGE_NONE;
	region->ranges = 0;
	sim_region_set_state(region, SIM_REGION_FREE);
	while (memory->region_count > 0 && memory->regions[memory->region_count - 1].state == SIM_REGION_FREE)
		memory->region_count--;
}

struct sim_region *sim_region_find(struct sim_memory *memory, uint64_t handle)
{
	for (size_t i = 0; i < memory->region_count; i++) {
		if (memory->regions[i].state != SIM_REGION_FREE &&
		    memory->regions[i].transaction.handle == handle)
			return &memory->regions[i];
	}
	return NULL;
}

struct sim_borrower *sim_region_borrower(struct sim_region *region, uint16_t id)
{
	for (uint32_t i = 0; i < region->borrower_count; i++) {
		if (region->borrowers[i].id == id)
			return &region->borrowers[i];
	}
	return NULL;
}

bool sim_region_is_held(const struct sim_region *region)
{
	for (uint32_t i = 0; i < region->borrower_count; i++) {
		if (region->borrowers[i].holds > 0)
			return true;
	}
	return false;
}

bool sim_region_add(struct sim_memory *memory, struct sim_region *region,
		    const struct ffa_memory_range *range)
{
	uint16_t index = memory->free_ranges;

	if (memory->free_count == 0)
		return false;
	if (index != SIM_RANGE_NONE)
		memory->free_ranges = memory->ranges[index].next;
	else
		index = memory->used_ranges++;
	memory->free_count--;
	memory->ranges[index] = (struct sim_range) { .range = *range, .next = SIM_RANGE_NONE };
	if (region->range_last == SIM_RANGE_NONE)
		region->range_first = index;
	else
		memory->ranges[region->range_last].next = index;
	region->range_last = index;
	region->ranges++;
	return true;
}

size_t sim_region_list(struct sim_memory *memory, const struct sim_region *region)
{
	size_t count = 0;

	for (uint16_t i = region->range_first; i != SIM_RANGE_NONE; i = memory->ranges[i].next)
		memory->list[count++] = memory->ranges[i].range;
	return count;
}

void sim_region_zero(struct sim *sim, const struct sim_region *region)
{
	const struct sim_memory *memory = &sim->memory;

	for (uint16_t i = region->range_first; i != SIM_RANGE_NONE; i = memory->ranges[i].next) {
		const struct ffa_memory_range *range = &memory->ranges[i].range;
		uint64_t size = (uint64_t)range->page_count * FFA_PAGE_SIZE;
		void *bytes = sim->host.memory(sim->host.ctx, range->address, size);

		if (bytes != NULL)
			__builtin_memset(bytes, 0, size);
	}
}

bool sim_region_has_room(const struct sim_memory *memory, const struct sim_region *region)
{
	size_t room = SIM_PAGE_INTERVALS_MAX - memory->pages.count;

	for (uint16_t i = region->range_first; i != SIM_RANGE_NONE; i = memory->ranges[i].next) {
		const struct ffa_memory_range *range = &memory->ranges[i].range;
		size_t growth =
			sim_page_map_growth(&memory->pages, range->address,
					    range->address + (uint64_t)range->page_count * FFA_PAGE_SIZE);

		if (growth > room)
			return false;
		room -= growth;
	}
	return true;
}

void sim_region_set_pages(struct sim_memory *memory, const struct sim_region *region,
			  struct sim_page_state state)
{
	for (uint16_t i = region->range_first; i != SIM_RANGE_NONE; i = memory->ranges[i].next) {
		const struct ffa_memory_range *range = &memory->ranges[i].range;

		sim_page_map_set(&memory->pages, range->address,
				 range->address + (uint64_t)range->page_count * FFA_PAGE_SIZE, state);
	}
}

void sim_memory_abort(struct sim *sim, uint16_t id)
{
	struct sim_memory *memory = &sim->memory;

	for (size_t i = 0; sim->profile->memory->abort_relinquishes && i < memory->region_count; i++) {
		struct sim_borrower *borrower = sim_region_borrower(&memory->regions[i], id);

		if (memory->regions[i].state == SIM_REGION_FREE || borrower == NULL)
			continue;
		borrower->holds = 0;
		borrower->retrieval = (struct sim_retrieval) { 0 };
	}
}

bool sim_region_at(const struct sim_memory *memory, const struct sim_region *region, uint64_t offset,
		   uint64_t *ret_address, uint64_t *ret_size)
{
	for (uint16_t i = region->range_first; i != SIM_RANGE_NONE; i = memory->ranges[i].next) {
		const struct ffa_memory_range *range = &memory->ranges[i].range;
		uint64_t size = (uint64_t)range->page_count * FFA_PAGE_SIZE;

		if (offset < size) {
			*ret_address = range->address + offset;
			*ret_size = size - offset;
			return true;
		}
		offset -= size;
	}
	return false;
}
