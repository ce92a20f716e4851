/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who owns each page of memory, and what access the owner has: the states of DEN0140 as a sorted table of
 * intervals, of fixed capacity. What no interval covers is the normal world's, exclusively. Addresses in bytes,
 * ends are exclusive.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_PAGE_INTERVALS_MAX 16384

/* The owner's access. */
enum sim_page_access {
	SIM_PAGE_EXCLUSIVE, /* Owner-EA */
	SIM_PAGE_SHARED,    /* Owner-SA */
	SIM_PAGE_LENT,      /* Owner-NA */
	SIM_PAGE_DONATED,   /* Owner-NA, and on its way to another owner */
	SIM_PAGE_ACCESS_COUNT,
};

struct sim_page_state {
	uint16_t owner;
	uint16_t access; /* enum sim_page_access */
};

struct sim_page_interval {
	uint64_t begin, end;
	struct sim_page_state state;
};

struct sim_page_map {
	size_t count;
	struct sim_page_interval intervals[SIM_PAGE_INTERVALS_MAX];
};

const char *sim_page_access_name(enum sim_page_access access);

/* False when not all of [begin, end) is in one state, or the range is empty. */
bool sim_page_map_get(const struct sim_page_map *map, uint64_t begin, uint64_t end,
		      struct sim_page_state *ret_state);
/* How many more intervals it takes, at most, to set a range. */
size_t sim_page_map_growth(const struct sim_page_map *map, uint64_t begin, uint64_t end);
/* Needs the room that sim_page_map_growth() says, and begin < end. */
void sim_page_map_set(struct sim_page_map *map, uint64_t begin, uint64_t end, struct sim_page_state state);
