/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/page_map.h"

#define PAGES 48
#define STEPS 20000

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % limit;
}

static void test_untouched(void **state)
{
	struct sim_page_map *map = calloc(1, sizeof(*map));
	struct sim_page_state page;

	assert_non_null(map);
	assert_true(sim_page_map_get(map, 0, UINT64_MAX, &page));
	assert_int_equal(page.owner, 0);
	assert_int_equal(page.access, SIM_PAGE_EXCLUSIVE);
	assert_false(sim_page_map_get(map, 4, 4, &page));
	assert_false(sim_page_map_get(map, 5, 4, &page));
	free(map);
}

/* Whatever is set: the map says what an array of pages says, in order, without overlap, and grows as foretold. */
static void test_as_an_array(void **state)
{
	struct sim_page_map *map = calloc(1, sizeof(*map));
	struct sim_page_state pages[PAGES] = { 0 };

	assert_non_null(map);
	for (unsigned int step = 0; step < STEPS; step++) {
		uint32_t begin = random_below(PAGES), end = begin + 1 + random_below(PAGES - begin);
		struct sim_page_state set = { (uint16_t)random_below(2), (uint16_t)random_below(3) };
		struct sim_page_state got;
		size_t before = map->count, growth = sim_page_map_growth(map, begin, end);
		bool uniform = true;

		sim_page_map_set(map, begin, end, set);
		assert_true(map->count <= before + growth);
		for (uint32_t i = begin; i < end; i++)
			pages[i] = set;
		for (size_t i = 0; i < map->count; i++) {
			assert_true(map->intervals[i].begin < map->intervals[i].end);
			assert_true(i == 0 || map->intervals[i - 1].end <= map->intervals[i].begin);
		}
		begin = random_below(PAGES);
		end = begin + 1 + random_below(PAGES - begin);
		for (uint32_t i = begin; i < end; i++)
			uniform = uniform && pages[i].owner == pages[begin].owner &&
				  pages[i].access == pages[begin].access;
		assert_int_equal(sim_page_map_get(map, begin, end, &got), uniform);
		if (uniform) {
			assert_int_equal(got.owner, pages[begin].owner);
			assert_int_equal(got.access, pages[begin].access);
		}
	}
	free(map);
}

static void test_full(void **state)
{
	struct sim_page_map *map = calloc(1, sizeof(*map));
	struct sim_page_state lent = { 0, SIM_PAGE_LENT }, own = { 0, SIM_PAGE_EXCLUSIVE };

	assert_non_null(map);
	for (uint64_t i = 0; i < SIM_PAGE_INTERVALS_MAX; i++)
		sim_page_map_set(map, 2 * i, 2 * i + 1, lent);
	assert_int_equal(map->count, SIM_PAGE_INTERVALS_MAX);
	/* What is there can be taken back without room. */
	assert_int_equal(sim_page_map_growth(map, 100, 101), 0);
	assert_int_equal(sim_page_map_growth(map, 101, 102), 1);
	for (uint64_t i = 0; i < SIM_PAGE_INTERVALS_MAX; i++)
		sim_page_map_set(map, 2 * i, 2 * i + 1, own);
	assert_int_equal(map->count, 0);
	free(map);
}

static void test_names(void **state)
{
	assert_string_equal(sim_page_access_name(SIM_PAGE_DONATED), "donated");
	assert_null(sim_page_access_name(SIM_PAGE_ACCESS_COUNT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_untouched),
		cmocka_unit_test(test_as_an_array),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
