/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_pages.h"

/* The state of a whole range, as the rules see it. */
struct range_mode {
	bool known; /* it is all in one state */
	enum sim_memory_kind kind;
	struct sim_page_state state;
};

static bool range_end(const struct ffa_memory_range *range, uint64_t *ret_end)
{
	return !__builtin_add_overflow(range->address, (uint64_t)range->page_count * FFA_PAGE_SIZE, ret_end);
}

/* RX/TX buffers of the normal world are shared with the SPMC. */
static bool meets_buffer(const struct sim_rxtx *rxtx, uint64_t begin, uint64_t end, bool *ret_inside)
{
	uint64_t buffers[] = { rxtx->tx, rxtx->rx };

	for (size_t i = 0; rxtx->mapped && i < 2; i++) {
		if (begin < buffers[i] + rxtx->size && buffers[i] < end) {
			*ret_inside = begin >= buffers[i] && end <= buffers[i] + rxtx->size;
			return true;
		}
	}
	return false;
}

static struct range_mode mode_of(const struct sim_memory_call *c, const struct ffa_memory_range *range)
{
	const struct sim *sim = c->call->sim;
	struct range_mode mode = { 0 };
	uint64_t end;
	bool inside;

	if (range->page_count == 0 || !range_end(range, &end))
		return mode;
	mode.kind = sim->host.memory_kind(sim->host.ctx, range->address, end - range->address);
	mode.known = sim_page_map_get(&c->memory->pages, range->address, end, &mode.state);
	if (meets_buffer(&sim->normal_world.rxtx, range->address, end, &inside)) {
		mode.known = mode.known && inside;
		mode.state = (struct sim_page_state) { sim->normal_world.id, SIM_PAGE_SHARED };
	}
	return mode;
}

static bool is_own(const struct sim_memory_call *c, const struct range_mode *mode)
{
	return mode->known && mode->kind == SIM_MEMORY_NS_RAM && mode->state.access == SIM_PAGE_EXCLUSIVE &&
	       mode->state.owner == c->call->caller->id;
}

/* Put list[root] where it belongs in the heap below it, by address. */
static void sift(struct ffa_memory_range *list, size_t root, size_t count)
{
	for (;;) {
		size_t child = 2 * root + 1;
		struct ffa_memory_range moved = list[root];

		if (child >= count)
			return;
		if (child + 1 < count && list[child + 1].address > list[child].address)
			child++;
		if (list[child].address <= moved.address)
			return;
		list[root] = list[child];
		list[child] = moved;
		root = child;
	}
}

static void sort(struct ffa_memory_range *list, size_t count)
{
	for (size_t i = count / 2; i > 0; i--)
		sift(list, i - 1, count);
	for (size_t i = count; i > 1; i--) {
		struct ffa_memory_range last = list[i - 1];

		list[i - 1] = list[0];
		list[0] = last;
		sift(list, 0, i - 1);
	}
}

/* Two ranges have a page in common. Empty ones have none. */
static bool overlap(struct ffa_memory_range *list, size_t count)
{
	uint64_t top = 0, end;

	sort(list, count);
	for (size_t i = 0; i < count; i++) {
		if (list[i].page_count == 0)
			continue;
		if (list[i].address < top)
			return true;
		top = range_end(&list[i], &end) ? end : UINT64_MAX;
	}
	return false;
}

static bool sum_differs(const struct sim_region *region, const struct ffa_memory_range *list, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += list[i].page_count;
	return sum != region->page_count;
}

static bool last_taken(const struct sim_memory_call *c, const struct ffa_memory_range *list)
{
	uint32_t first_fragment = c->region->fragment_ranges[0];
	struct range_mode mode;

	if (first_fragment == 0)
		return true;
	mode = mode_of(c, &list[first_fragment - 1]);
	return !is_own(c, &mode);
}

static bool range_breaks(const struct sim_memory_call *c, enum sim_memory_check check,
			 const struct ffa_memory_range *range)
{
	struct range_mode mode;

	if (check == SIM_CHECK_RANGES_EMPTY)
		return range->page_count == 0;
	if (check == SIM_CHECK_RANGES_ALIGN)
		return range->address % FFA_PAGE_SIZE != 0;
	mode = mode_of(c, range);
	if (check == SIM_CHECK_PAGES_NOT_RAM)
		return range->page_count > 0 && mode.kind != SIM_MEMORY_NS_RAM;
	if (check == SIM_CHECK_PAGES_MIXED)
		return !mode.known;
	return !is_own(c, &mode); /* SIM_CHECK_PAGES_TAKEN, SIM_CHECK_LATER_DIFFER */
}

bool sim_pages_break(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	struct ffa_memory_range *list = c->memory->list;
	size_t i = 0, count;

	if (c->region == NULL)
		return true;
	count = sim_region_list(c->memory, c->region);
	if (rule->check == SIM_CHECK_RANGES_OVERLAP)
		return overlap(list, count);
	if (rule->check == SIM_CHECK_PAGE_SUM)
		return sum_differs(c->region, list, count);
	if (rule->check == SIM_CHECK_FIRST_EMPTY)
		return c->region->fragment_ranges[0] == 0;
	if (rule->check == SIM_CHECK_LAST_TAKEN)
		return last_taken(c, list);
	if (rule->check == SIM_CHECK_LATER_DIFFER)
		i = c->region->fragment_ranges[0];
	for (; i < count; i++) {
		if (range_breaks(c, rule->check, &list[i]))
			return true;
	}
	return false;
}

bool sim_pages_are_sent(const struct sim_memory *memory, uint64_t begin, uint64_t end)
{
	struct sim_page_state state;

	return !sim_page_map_get(&memory->pages, begin, end, &state) || state.access != SIM_PAGE_EXCLUSIVE ||
	       state.owner != 0;
}
