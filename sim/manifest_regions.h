/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory-regions, device-regions and rx_tx-info nodes of a manifest. */
#pragma once

#include "sim/manifest_reader.h"

/* What of the root node the regions depend on. */
struct manifest_layout {
	uint64_t granule; /* bytes: the unit of pages-count and the alignment of addresses */
	bool has_load_address;
	uint64_t load_address;
	bool s_el0;
};

/* Offsets of the section nodes; negative: not there. */
struct manifest_sections {
	int memory_regions, device_regions, rx_tx, live_state;
};

/* How many regions the sections have; -EINVAL refused: too many. */
int manifest_regions_count(const struct manifest_reader *reader, const struct manifest_sections *sections,
			   size_t *ret_count);
/* Append them to manifest->regions, which has room for all. -EINVAL refused, -ENOMEM. */
int manifest_regions_parse(const struct manifest_reader *reader, const struct manifest_sections *sections,
			   const struct manifest_layout *layout, struct manifest *manifest);

/* Whether [base, base + size) lies below MANIFEST_PA_BITS, without overflow. */
bool manifest_range_valid(uint64_t base, uint64_t size);
/* Half-open: ranges that only touch do not overlap. Both must be valid. */
static inline bool manifest_regions_overlap(const struct manifest_region *a, const struct manifest_region *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}
