/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest_regions.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#define ATTRIBUTES_ALLOWED                                                                                   \
	"use 1 (read) or 3 (read, write), plus 4 for executable memory and 8 for non-secure"

enum memory_property {
	MEMORY_BASE,
	MEMORY_OFFSET,
	MEMORY_PAGES,
	MEMORY_ATTRIBUTES,
	MEMORY_SMMU,
	MEMORY_LOAD
};

static const struct manifest_uint_rule memory_rules[] = {
	[MEMORY_BASE] = { "base-address", MANIFEST_U32 | MANIFEST_U64, false, 0, 0, UINT64_MAX,
			  "give an address of one or two cells" },
	[MEMORY_OFFSET] = { "load-address-relative-offset", MANIFEST_U32 | MANIFEST_U64, false, 0, 0,
			    UINT64_MAX, "give an offset of one or two cells" },
	[MEMORY_PAGES] = { "pages-count", MANIFEST_U32, true, 0, 1, UINT32_MAX,
			   "give the number of pages, at least 1" },
	[MEMORY_ATTRIBUTES] = { "attributes", MANIFEST_U32, true, 0, 1, 0xf, ATTRIBUTES_ALLOWED },
	[MEMORY_SMMU] = { "smmu-id", MANIFEST_U32, false, 0, 0, UINT32_MAX, "give one cell" },
	[MEMORY_LOAD] = { "load-flags", MANIFEST_U32, false, 0, 0, UINT32_MAX, "give one cell" },
};
static const char *const memory_others[] = {
	"description", "phandle", "linux,phandle", "stream-ids", "stream-ids-access-permissions", NULL,
};

enum device_property {
	DEVICE_BASE,
	DEVICE_PAGES,
	DEVICE_ATTRIBUTES,
	DEVICE_SMMU
};

static const struct manifest_uint_rule device_rules[] = {
	[DEVICE_BASE] = { "base-address", MANIFEST_U32 | MANIFEST_U64, true, 0, 0, UINT64_MAX,
			  "give the device's address in one or two cells" },
	[DEVICE_PAGES] = { "pages-count", MANIFEST_U32, true, 0, 1, UINT32_MAX,
			   "give the number of pages, at least 1" },
	[DEVICE_ATTRIBUTES] = { "attributes", MANIFEST_U32, true, 0, 1, 0xf,
				"use 1 (read) or 3 (read, write), plus 8 for non-secure" },
	[DEVICE_SMMU] = { "smmu-id", MANIFEST_U32, false, 0, 0, UINT32_MAX, "give one cell" },
};
static const char *const device_others[] = {
	"description",       "phandle",          "linux,phandle", "reg", "stream-ids",
	"interrupts-target", "exclusive-access", "interrupts",    NULL,
};

/* A DMA master that a device region declares. */
struct stream {
	uint32_t smmu, id;
};

struct stream_list {
	size_t count;
	struct stream streams[MANIFEST_STREAMS_MAX];
};

bool manifest_range_valid(uint64_t base, uint64_t size)
{
	uint64_t end;

	return !__builtin_add_overflow(base, size, &end) && end <= UINT64_C(1) << MANIFEST_PA_BITS;
}

static int count_children(const struct manifest_reader *reader, int section, size_t max, size_t *ret_count)
{
	struct manifest_node node;

	*ret_count = 0;
	if (section < 0)
		return 0;
	node = manifest_reader_node(reader, section);
	*ret_count = manifest_reader_count_children(reader, &node);
	if (*ret_count > max)
		return manifest_refuse(reader, &node, NULL,
				       "has %zu regions; at most %zu are supported, join adjacent ones",
				       *ret_count, max);
	return 0;
}

int manifest_regions_count(const struct manifest_reader *reader, const struct manifest_sections *sections,
			   size_t *ret_count)
{
	size_t memory, devices;

	if (count_children(reader, sections->memory_regions, MANIFEST_MEMORY_REGIONS_MAX, &memory) < 0 ||
	    count_children(reader, sections->device_regions, MANIFEST_DEVICE_REGIONS_MAX, &devices) < 0)
		return -EINVAL;
	*ret_count = memory + devices;
	return 0;
}

/* Where a region lies, and whether it can lie there. */
static int place(const struct manifest_reader *reader, const struct manifest_node *node,
		 const struct manifest_layout *layout, uint64_t base, uint32_t pages,
		 struct manifest_region *region)
{
	region->size = pages * layout->granule;
	if (base % layout->granule != 0)
		return manifest_refuse(reader, node, region->property,
				       "0x%" PRIx64 " is not aligned to the granule of 0x%" PRIx64
				       " bytes; move the region to a multiple of it",
				       base, layout->granule);
	if (!manifest_range_valid(base, region->size))
		return manifest_refuse(
			reader, node, region->property,
			"0x%" PRIx64 " and 0x%" PRIx64
			" bytes (pages-count) end beyond the %u-bit physical address space; lower one "
			"of them",
			base, region->size, MANIFEST_PA_BITS);
	region->base = base;
	region->has_base = true;
	return 0;
}

static int check_attributes(const struct manifest_reader *reader, const struct manifest_node *node,
			    const struct manifest_layout *layout, const struct manifest_region *region)
{
	uint32_t access = region->attributes & (MANIFEST_READ | MANIFEST_WRITE | MANIFEST_EXECUTE);

	if (!(access & MANIFEST_READ))
		return manifest_refuse(reader, node, "attributes",
				       "0x%x does not allow reading; " ATTRIBUTES_ALLOWED,
				       region->attributes);
	if (region->kind == MANIFEST_DEVICE && (access & MANIFEST_EXECUTE))
		return manifest_refuse(reader, node, "attributes",
				       "0x%x makes a device executable; remove bit 2 (4)",
				       region->attributes);
	if ((access & MANIFEST_WRITE) && (access & MANIFEST_EXECUTE)) {
		if (layout->s_el0)
			return manifest_refuse(
				reader, node, "attributes",
				"0x%x is writable and executable, which a partition at S-EL0 cannot "
				"have; split the region",
				region->attributes);
		manifest_warn(
			reader, node, "attributes",
			"writable and executable memory, which some firmware refuses; split the region");
	}
	return 0;
}

/* The stream-ids of a region; *ret_cells NULL when there are none. */
static int read_streams(const struct manifest_reader *reader, const struct manifest_node *node,
			const struct manifest_uint *smmu, const void **ret_cells, size_t *ret_count)
{
	if (manifest_reader_cells(reader, node, "stream-ids", 1, MANIFEST_STREAMS_MAX, ret_cells, ret_count) <
	    0)
		return -EINVAL;
	if (*ret_count > 0 && !smmu->present)
		return manifest_refuse(reader, node, "stream-ids", "needs to know the SMMU; add smmu-id");
	return 0;
}

static int check_memory_streams(const struct manifest_reader *reader, const struct manifest_node *node,
				const struct manifest_uint *smmu, const struct manifest_region *region,
				const struct stream_list *list)
{
	const void *ids, *permissions;
	size_t id_count, permission_count;

	if (read_streams(reader, node, smmu, &ids, &id_count) < 0 ||
	    manifest_reader_cells(reader, node, "stream-ids-access-permissions", 1, MANIFEST_STREAMS_MAX,
				  &permissions, &permission_count) < 0)
		return -EINVAL;
	if (permission_count != id_count)
		return manifest_refuse(reader, node, "stream-ids-access-permissions",
				       "has %zu entries for %zu stream-ids; give one for each",
				       permission_count, id_count);
	for (size_t i = 0; i < id_count; i++) {
		uint32_t id = manifest_reader_cell(ids, i);
		uint32_t permission = manifest_reader_cell(permissions, i);
		bool declared = false;

		for (size_t j = 0; j < list->count && !declared; j++)
			declared = list->streams[j].smmu == smmu->value && list->streams[j].id == id;
		if (!declared)
			return manifest_refuse(
				reader, node, "stream-ids",
				"stream 0x%x of SMMU %" PRIu64
				" belongs to no device region of this manifest; declare it there",
				id, smmu->value);
		if (permission & ~region->attributes)
			return manifest_refuse(
				reader, node, "stream-ids-access-permissions",
				"0x%x allows more than the region's attributes 0x%x; reduce it", permission,
				region->attributes);
	}
	return 0;
}

static int parse_memory(const struct manifest_reader *reader, int offset,
			const struct manifest_layout *layout, const struct stream_list *streams,
			struct manifest_region *region)
{
	struct manifest_uint values[sizeof(memory_rules) / sizeof(memory_rules[0])];
	struct manifest_node node = manifest_reader_node(reader, offset);
	const size_t rules = sizeof(memory_rules) / sizeof(memory_rules[0]);
	uint64_t base = 0;
	uint32_t pages;

	manifest_reader_warn_unknown(reader, &node, memory_rules, rules, memory_others);
	if (manifest_reader_uints(reader, &node, memory_rules, rules, values) < 0)
		return -EINVAL;

	*region = (struct manifest_region) {
		.kind = MANIFEST_MEMORY,
		.property = memory_rules[values[MEMORY_OFFSET].present ? MEMORY_OFFSET : MEMORY_BASE].name,
		.attributes = (uint32_t)values[MEMORY_ATTRIBUTES].value,
		.phandle = fdt_get_phandle(reader->fdt, offset),
	};
	memcpy(region->node, node.path, sizeof(region->node));
	pages = (uint32_t)values[MEMORY_PAGES].value;

	if (values[MEMORY_BASE].present && values[MEMORY_OFFSET].present)
		return manifest_refuse(reader, &node, region->property,
				       "contradicts base-address; keep one of them");
	if (values[MEMORY_OFFSET].present) {
		if (!layout->has_load_address)
			return manifest_refuse(
				reader, &node, region->property,
				"is relative to load-address, which the manifest does not have; add it "
				"or use base-address");
		if (__builtin_add_overflow(layout->load_address, values[MEMORY_OFFSET].value, &base))
			return manifest_refuse(reader, &node, region->property,
					       "0x%" PRIx64 " after load-address 0x%" PRIx64
					       " is beyond the end of the address space; lower it",
					       values[MEMORY_OFFSET].value, layout->load_address);
	} else {
		base = values[MEMORY_BASE].value;
	}
	if (values[MEMORY_BASE].present || values[MEMORY_OFFSET].present) {
		if (place(reader, &node, layout, base, pages, region) < 0)
			return -EINVAL;
	} else {
		region->size = pages * layout->granule;
	}
	if (check_attributes(reader, &node, layout, region) < 0)
		return -EINVAL;
	return check_memory_streams(reader, &node, &values[MEMORY_SMMU], region, streams);
}

static int parse_interrupts(const struct manifest_reader *reader, const struct manifest_node *node,
			    struct manifest *manifest)
{
	const void *cells, *targets;
	size_t count, target_count;

	if (manifest_reader_cells(reader, node, "interrupts", 2, 2 * MANIFEST_INTERRUPTS_MAX, &cells,
				  &count) < 0 ||
	    manifest_reader_cells(reader, node, "interrupts-target", 3, 3 * MANIFEST_INTERRUPTS_MAX, &targets,
				  &target_count) < 0)
		return -EINVAL;
	for (size_t i = 0; i < count; i += 2) {
		uint32_t id = manifest_reader_cell(cells, i);
		uint32_t attributes = manifest_reader_cell(cells, i + 1);

		if (attributes & ~UINT32_C(0xfff) || (attributes >> 10 & 3) == 3)
			return manifest_refuse(
				reader, node, "interrupts",
				"attributes 0x%x of interrupt %u; use [7:0] priority, bit 8 secure, bit 9 "
				"level, [11:10] 0 SGI, 1 PPI, 2 SPI",
				attributes, id);
		if (manifest->interrupt_count == MANIFEST_INTERRUPTS_MAX)
			return manifest_refuse(reader, node, "interrupts",
					       "more than %u interrupts in one partition; remove some",
					       MANIFEST_INTERRUPTS_MAX);
		for (size_t j = 0; j < manifest->interrupt_count; j++)
			if (manifest->interrupts[j] == id)
				return manifest_refuse(
					reader, node, "interrupts",
					"interrupt %u is listed twice in this manifest; remove one", id);
		manifest->interrupts[manifest->interrupt_count++] = id;
	}
	for (size_t i = 0; i < target_count; i += 3) {
		bool listed = false;

		for (size_t j = 0; j < count && !listed; j += 2)
			listed = manifest_reader_cell(cells, j) == manifest_reader_cell(targets, i);
		if (!listed)
			return manifest_refuse(
				reader, node, "interrupts-target",
				"names interrupt %u, which interrupts does not list; add it there",
				manifest_reader_cell(targets, i));
	}
	return 0;
}

static int parse_device(const struct manifest_reader *reader, int offset,
			const struct manifest_layout *layout, struct stream_list *streams,
			struct manifest *manifest, struct manifest_region *region)
{
	const size_t rules = sizeof(device_rules) / sizeof(device_rules[0]);
	struct manifest_uint values[sizeof(device_rules) / sizeof(device_rules[0])];
	struct manifest_node node = manifest_reader_node(reader, offset);
	const void *ids;
	size_t id_count;

	manifest_reader_warn_unknown(reader, &node, device_rules, rules, device_others);
	if (manifest_reader_uints(reader, &node, device_rules, rules, values) < 0)
		return -EINVAL;

	*region = (struct manifest_region) {
		.kind = MANIFEST_DEVICE,
		.property = device_rules[DEVICE_BASE].name,
		.attributes = (uint32_t)values[DEVICE_ATTRIBUTES].value,
		.phandle = fdt_get_phandle(reader->fdt, offset),
	};
	memcpy(region->node, node.path, sizeof(region->node));
	if (place(reader, &node, layout, values[DEVICE_BASE].value, (uint32_t)values[DEVICE_PAGES].value,
		  region) < 0 ||
	    check_attributes(reader, &node, layout, region) < 0 ||
	    manifest_reader_flag(reader, &node, "exclusive-access", &region->exclusive) < 0 ||
	    parse_interrupts(reader, &node, manifest) < 0 ||
	    read_streams(reader, &node, &values[DEVICE_SMMU], &ids, &id_count) < 0)
		return -EINVAL;
	for (size_t i = 0; i < id_count; i++) {
		if (streams->count == MANIFEST_STREAMS_MAX)
			return manifest_refuse(reader, &node, "stream-ids",
					       "more than %u streams in one partition; remove some",
					       MANIFEST_STREAMS_MAX);
		streams->streams[streams->count++] =
			(struct stream) { (uint32_t)values[DEVICE_SMMU].value, manifest_reader_cell(ids, i) };
	}
	return 0;
}

/* Memory overlaps nothing of its own partition; devices may share a page. */
static int check_own_overlaps(const struct manifest_reader *reader, const struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->region_count; i++) {
		const struct manifest_region *region = &manifest->regions[i];

		for (size_t j = 0; j < i; j++) {
			const struct manifest_region *other = &manifest->regions[j];

			if (region->kind == MANIFEST_IMAGE || other->kind == MANIFEST_IMAGE ||
			    (region->kind == MANIFEST_DEVICE && other->kind == MANIFEST_DEVICE) ||
			    !region->has_base || !other->has_base || !manifest_regions_overlap(region, other))
				continue;
			return manifest_report_refuse(
				reader->report, reader->file, region->node, region->property,
				"region 0x%" PRIx64 "-0x%" PRIx64 " overlaps %s 0x%" PRIx64 "-0x%" PRIx64
				" of the same manifest; move or shrink one of them",
				region->base, region->base + region->size, other->node, other->base,
				other->base + other->size);
		}
	}
	return 0;
}

/* The memory region that the phandle in `property` of a node names. */
static int find_buffer(const struct manifest_reader *reader, const struct manifest_node *node,
		       const char *property, const struct manifest *manifest,
		       const struct manifest_region **ret_region)
{
	const void *cells;
	size_t count;
	uint32_t phandle;

	if (manifest_reader_cells(reader, node, property, 1, 1, &cells, &count) < 0)
		return -EINVAL;
	if (count == 0)
		return manifest_refuse(reader, node, property,
				       "is missing; point it to a node of memory-regions, as in <&buffer>");
	phandle = manifest_reader_cell(cells, 0);
	for (size_t i = 0; i < manifest->region_count; i++) {
		const struct manifest_region *region = &manifest->regions[i];

		if (region->kind == MANIFEST_MEMORY && region->phandle == phandle && phandle != 0) {
			*ret_region = region;
			return 0;
		}
	}
	return manifest_refuse(reader, node, property,
			       "phandle 0x%x is no child of memory-regions; point it to one, as in <&buffer>",
			       phandle);
}

static int parse_rx_tx(const struct manifest_reader *reader, int offset, const struct manifest *manifest)
{
	static const char *const known[] = { "compatible", "rx-buffer", "tx-buffer", NULL };
	struct manifest_node node = manifest_reader_node(reader, offset);
	const struct manifest_region *rx, *tx;

	manifest_reader_warn_unknown(reader, &node, NULL, 0, known);
	if (find_buffer(reader, &node, "rx-buffer", manifest, &rx) < 0 ||
	    find_buffer(reader, &node, "tx-buffer", manifest, &tx) < 0)
		return -EINVAL;
	if (rx == tx)
		return manifest_refuse(reader, &node, "tx-buffer",
				       "is the same region as rx-buffer; give each a region of its own");
	if (rx->size != tx->size)
		return manifest_refuse(reader, &node, "tx-buffer",
				       "has 0x%" PRIx64 " bytes and rx-buffer 0x%" PRIx64
				       "; make their pages-count equal",
				       tx->size, rx->size);
	if (!(tx->attributes & MANIFEST_WRITE))
		manifest_warn(reader, &node, "tx-buffer", "%s is not writable; set attributes bit 1 (2)",
			      tx->node);
	return 0;
}

static int parse_live_state(const struct manifest_reader *reader, int offset, const struct manifest *manifest)
{
	static const char *const known[] = { "compatible", "live-state-buffer", NULL };
	struct manifest_node node = manifest_reader_node(reader, offset);
	const struct manifest_region *buffer;

	manifest_reader_warn_unknown(reader, &node, NULL, 0, known);
	return find_buffer(reader, &node, "live-state-buffer", manifest, &buffer);
}

int manifest_regions_parse(const struct manifest_reader *reader, const struct manifest_sections *sections,
			   const struct manifest_layout *layout, struct manifest *manifest)
{
	struct stream_list streams = { 0 };
	int offset;

	/* Devices first: they declare the streams that memory regions name. */
	if (sections->device_regions >= 0) {
		fdt_for_each_subnode(offset, reader->fdt, sections->device_regions)
		{
			if (parse_device(reader, offset, layout, &streams, manifest,
					 &manifest->regions[manifest->region_count]) < 0)
				return -EINVAL;
			manifest->region_count++;
		}
	}
	if (sections->memory_regions >= 0) {
		fdt_for_each_subnode(offset, reader->fdt, sections->memory_regions)
		{
			if (parse_memory(reader, offset, layout, &streams,
					 &manifest->regions[manifest->region_count]) < 0)
				return -EINVAL;
			manifest->region_count++;
		}
	}
	if (check_own_overlaps(reader, manifest) < 0 ||
	    (sections->rx_tx >= 0 && parse_rx_tx(reader, sections->rx_tx, manifest) < 0) ||
	    (sections->live_state >= 0 && parse_live_state(reader, sections->live_state, manifest) < 0))
		return -EINVAL;
	return 0;
}
