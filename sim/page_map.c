/* SPDX-License-Identifier: BSD-3-Clause */
#include "page_map.h"

/* A range that is set, and what is left of the intervals at both its ends. */
#define PARTS_MAX 3

static const char *const access_names[SIM_PAGE_ACCESS_COUNT] = {
	[SIM_PAGE_EXCLUSIVE] = "exclusive",
	[SIM_PAGE_SHARED] = "shared",
	[SIM_PAGE_LENT] = "lent",
	[SIM_PAGE_DONATED] = "donated",
};

static const struct sim_page_state untouched = { .owner = 0, .access = SIM_PAGE_EXCLUSIVE };

const char *sim_page_access_name(enum sim_page_access access)
{
	return (unsigned int)access < SIM_PAGE_ACCESS_COUNT ? access_names[access] : NULL;
}

static bool same(struct sim_page_state a, struct sim_page_state b)
{
	return a.owner == b.owner && a.access == b.access;
}

/* The first interval that ends above `address`; count when there is none. */
static size_t find(const struct sim_page_map *map, uint64_t address)
{
	size_t low = 0, high = map->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->intervals[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool sim_page_map_get(const struct sim_page_map *map, uint64_t begin, uint64_t end,
		      struct sim_page_state *ret_state)
{
	size_t i = find(map, begin);
	struct sim_page_state state;

	if (begin >= end)
		return false;
	if (i == map->count || map->intervals[i].begin >= end) {
		*ret_state = untouched;
		return true;
	}
	state = map->intervals[i].state;
	for (; begin < end; i++) {
		if (i == map->count || map->intervals[i].begin > begin ||
		    !same(map->intervals[i].state, state))
			return false;
		begin = map->intervals[i].end;
	}
	*ret_state = state;
	return true;
}

size_t sim_page_map_growth(const struct sim_page_map *map, uint64_t begin, uint64_t end)
{
	size_t first = find(map, begin), last = find(map, end - 1), growth = 0;

	if (first == map->count || map->intervals[first].begin >= end)
		return 1;
	if (map->intervals[first].begin < begin)
		growth++;
	if (last < map->count && map->intervals[last].begin < end && map->intervals[last].end > end)
		growth++;
	return growth;
}

void sim_page_map_set(struct sim_page_map *map, uint64_t begin, uint64_t end, struct sim_page_state state)
{
	struct sim_page_interval parts[PARTS_MAX];
	size_t first = find(map, begin), last = first, count = 0;

	while (last < map->count && map->intervals[last].begin < end)
		last++;
	if (first < last && map->intervals[first].begin < begin)
		parts[count++] = (struct sim_page_interval) { map->intervals[first].begin, begin,
							      map->intervals[first].state };
	if (!same(state, untouched))
		parts[count++] = (struct sim_page_interval) { begin, end, state };
	if (first < last && map->intervals[last - 1].end > end)
		parts[count++] = (struct sim_page_interval) { end, map->intervals[last - 1].end,
							      map->intervals[last - 1].state };
	if (map->count - (last - first) + count > SIM_PAGE_INTERVALS_MAX)
		__builtin_trap();
	__builtin_memmove(&map->intervals[first + count], &map->intervals[last],
			  (map->count - last) * sizeof(map->intervals[0]));
	for (size_t i = 0; i < count; i++)
		map->intervals[first + i] = parts[i];
	map->count = map->count - (last - first) + count;
}
