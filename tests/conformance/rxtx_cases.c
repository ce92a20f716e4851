/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_RXTX_MAP, FFA_RXTX_UNMAP, FFA_RX_RELEASE. */
#include <string.h>

#include "tests/conformance/probe.h"

#define LOW_END (UINT64_C(1) << 32)
#define OUTSIDE UINT64_C(0x000ffffffffff000) /* beyond what any CPU addresses today */
#define UNALIGNED 0x800

static const struct expect invalid = EXPECT_ALL(FFA_INVALID_PARAMETERS);
static const struct expect pages_max = EXPECT(63, 1, 63, 63);
static const struct expect overlap =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_OK);
static const struct expect no_ram =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_DENIED, UNKNOWN, FFA_INVALID_PARAMETERS);
/* w3[31:6]: the EL3 SPMC masks them. */
static const struct expect reserved =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_OK, FFA_INVALID_PARAMETERS);
static const struct expect smc32 = EXPECT(FFA_OK, FFA_NOT_SUPPORTED, FFA_OK, FFA_OK);
static const struct expect unmap_id =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_OK);
static const struct expect release_unmapped = EXPECT(FFA_INVALID_PARAMETERS, FFA_DENIED, UNKNOWN, FFA_DENIED);
static const struct expect release_id =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, UNKNOWN, FFA_OK);
/* Does RX stay full when the buffers are unmapped and mapped again? */
static const struct expect remapped_full = EXPECT(FFA_OK, FFA_BUSY, FFA_OK, FFA_OK);

/* The mapping must fail as expected and leave the way free for a good one. */
static bool map_refused(struct probe *probe, uint64_t tx, uint64_t rx, uint64_t pages,
			const struct expect *expect, const char *what)
{
	struct ffa_regs reply = CALL(probe, FFA_RXTX_MAP_64, tx, rx, pages);

	if (!probe_outcome(probe, &reply, expect, what))
		return false;
	if (probe_is(&reply, FFA_ERROR)) {
		reply = probe_map(probe, 0, 1, 1);
		if (!probe_success(probe, &reply, "FFA_RXTX_MAP after a refused one"))
			return false;
	}
	reply = probe_unmap(probe);
	return probe_success(probe, &reply, "FFA_RXTX_UNMAP");
}

static void map_smc32(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;
	struct ffa_regs reply;

	if (frames[1] >= LOW_END)
		SKIP(probe, "the pages are above 4 GiB, where an SMC32 frame cannot reach");
	reply = CALL(probe, FFA_RXTX_MAP, frames[0], frames[1], 1);
	OUTCOME(probe, reply, smc32, "FFA_RXTX_MAP by SMC32");
	if (probe_is(&reply, FFA_SUCCESS)) {
		reply = probe_unmap(probe);
		SUCCESS(probe, reply, "FFA_RXTX_UNMAP");
	}
}

static void map_unaligned(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(map_refused(probe, frames[0] + UNALIGNED, frames[2], 1, &invalid, "unaligned TX"));
	REQUIRE(map_refused(probe, frames[0], frames[2] + UNALIGNED, 1, &invalid, "unaligned RX"));
	REQUIRE(map_refused(probe, frames[0] + 8, frames[2], 1, &invalid, "TX aligned to 8 bytes"));
}

static void map_same_page(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(map_refused(probe, frames[0], frames[0], 1, &overlap, "TX and RX in one page"));
}

static void map_overlap(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(probe_contiguous(probe, &probe->pages));
	REQUIRE(map_refused(probe, frames[0], frames[1], 2, &overlap, "TX reaching into RX"));
	REQUIRE(map_refused(probe, frames[1], frames[0], 2, &overlap, "RX reaching into TX"));
}

static void map_zero_pages(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(map_refused(probe, frames[0], frames[1], 0, &invalid, "no pages"));
}

/* 64 does not fit w3[5:0]: to who masks the rest it is no page at all. */
static void map_too_many(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(map_refused(probe, frames[0], frames[1], 64, &invalid, "64 pages"));
	if (probe_want(probe, &pages_max) == 1)
		REQUIRE(map_refused(probe, frames[0], frames[2], 2, &invalid, "one page too many"));
}

static void map_reserved_bits(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(map_refused(probe, frames[0], frames[1], 0x41, &reserved, "bit 6 of w3"));
	REQUIRE(map_refused(probe, frames[0], frames[1], 0x80000001, &reserved, "bit 31 of w3"));
}

static void map_max_pages(struct probe *probe)
{
	size_t count = (size_t)probe_want(probe, &pages_max);
	struct ffa_pages pages;
	struct ffa_regs reply;

	REQUIRE(probe_pages(probe, 2 * count, &pages));
	if (probe_contiguous(probe, &pages)) {
		reply = CALL(probe, FFA_RXTX_MAP_64, pages.frames[0], pages.frames[count], count);
		if (probe_success(probe, &reply, "as many pages as there may be")) {
			reply = probe_unmap(probe);
			probe_success(probe, &reply, "FFA_RXTX_UNMAP");
		}
	}
	probe->conduit->ops->pages_free(probe->conduit, &pages);
}

static void map_outside_ram(struct probe *probe)
{
	const uint64_t *frames = probe->pages.frames;

	REQUIRE(map_refused(probe, OUTSIDE, frames[1], 1, &no_ram, "TX where no RAM is"));
	REQUIRE(map_refused(probe, frames[0], OUTSIDE, 1, &no_ram, "RX where no RAM is"));
}

static void map_twice(struct probe *probe)
{
	struct ffa_regs reply = probe_map(probe, 2, 3, 1);

	ERROR(probe, reply, FFA_DENIED, "other buffers while some are mapped");
	reply = probe_map(probe, 0, 1, 1);
	ERROR(probe, reply, FFA_DENIED, "the same buffers again");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "use of the first buffers");
}

static void map_ok(struct probe *probe)
{
	struct ffa_regs reply = probe_map(probe, 0, 1, 1);

	SUCCESS(probe, reply, "FFA_RXTX_MAP");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
}

static void unmap_none(struct probe *probe)
{
	struct ffa_regs reply = probe_unmap(probe);

	ERROR(probe, reply, FFA_INVALID_PARAMETERS, "FFA_RXTX_UNMAP of nothing");
}

static void unmap_ok(struct probe *probe)
{
	struct ffa_regs reply = probe_unmap(probe);

	SUCCESS(probe, reply, "FFA_RXTX_UNMAP");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	ERROR(probe, reply, FFA_BUSY, "FFA_PARTITION_INFO_GET without buffers");
}

static void unmap_twice(struct probe *probe)
{
	struct ffa_regs reply = probe_unmap(probe);

	SUCCESS(probe, reply, "FFA_RXTX_UNMAP");
	reply = probe_unmap(probe);
	ERROR(probe, reply, FFA_INVALID_PARAMETERS, "FFA_RXTX_UNMAP again");
}

static void remap(struct probe *probe)
{
	struct ffa_regs reply = probe_unmap(probe);
	struct ffa_partition_info info;

	SUCCESS(probe, reply, "FFA_RXTX_UNMAP");
	reply = probe_map(probe, 2, 1, 1);
	SUCCESS(probe, reply, "FFA_RXTX_MAP of other pages");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	REQUIRE(probe_info(probe, &reply, 0, &info));
	CHECK(probe, (info.id & FFA_ENDPOINT_SECURE) != 0, "nothing arrived in the new RX");
}

static void remap_other_count(struct probe *probe)
{
	struct ffa_regs reply = probe_unmap(probe);

	SUCCESS(probe, reply, "FFA_RXTX_UNMAP");
	if (probe_want(probe, &pages_max) < 2)
		SKIP(probe, "this firmware takes one page only");
	REQUIRE(probe_contiguous(probe, &probe->pages));
	reply = probe_map(probe, 0, 2, 2);
	SUCCESS(probe, reply, "FFA_RXTX_MAP of two pages");
	reply = probe_unmap(probe);
	SUCCESS(probe, reply, "FFA_RXTX_UNMAP");
}

static void unmap_foreign(struct probe *probe, uint16_t id, const char *what)
{
	struct ffa_regs reply = CALL(probe, FFA_RXTX_UNMAP, (uint32_t)id << 16);

	OUTCOME(probe, reply, unmap_id, what);
	reply = probe_unmap(probe);
	if (probe_want(probe, &unmap_id) == FFA_OK)
		ERROR(probe, reply, FFA_INVALID_PARAMETERS, "FFA_RXTX_UNMAP afterwards");
	else
		SUCCESS(probe, reply, "FFA_RXTX_UNMAP afterwards");
}

static void unmap_unknown_id(struct probe *probe)
{
	unmap_foreign(probe, 0x7fff, "FFA_RXTX_UNMAP for an endpoint that does not exist");
}

static void unmap_partition(struct probe *probe)
{
	struct ffa_partition_info info;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	unmap_foreign(probe, info.id, "FFA_RXTX_UNMAP for a partition");
}

static void unmap_while_full(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, 0);

	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	reply = probe_unmap(probe);
	SUCCESS(probe, reply, "FFA_RXTX_UNMAP with RX full");
	reply = probe_map(probe, 0, 1, 1);
	SUCCESS(probe, reply, "FFA_RXTX_MAP");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	OUTCOME(probe, reply, remapped_full, "FFA_PARTITION_INFO_GET with RX mapped again");
}

static void release_without_ownership(struct probe *probe)
{
	struct ffa_regs reply = probe_rx_release(probe);

	ERROR(probe, reply, FFA_DENIED, "FFA_RX_RELEASE of an empty RX");
}

static void release_without_buffers(struct probe *probe)
{
	struct ffa_regs reply = probe_rx_release(probe);

	OUTCOME(probe, reply, release_unmapped, "FFA_RX_RELEASE without buffers");
}

static void release_after_fill(struct probe *probe)
{
	struct ffa_regs reply;

	for (unsigned int i = 0; i < 2; i++) {
		reply = probe_info_get(probe, &ffa_uuid_nil, 0);
		SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
		reply = probe_rx_release(probe);
		SUCCESS(probe, reply, "FFA_RX_RELEASE");
		reply = probe_rx_release(probe);
		ERROR(probe, reply, FFA_DENIED, "FFA_RX_RELEASE again");
	}
}

static void release_foreign(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, 0);

	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	reply = CALL(probe, FFA_RX_RELEASE, 0x7fff);
	OUTCOME(probe, reply, release_id, "FFA_RX_RELEASE for an endpoint that does not exist");
	reply = probe_rx_release(probe);
	if (probe_want(probe, &release_id) == FFA_OK)
		ERROR(probe, reply, FFA_DENIED, "FFA_RX_RELEASE afterwards");
	else
		SUCCESS(probe, reply, "FFA_RX_RELEASE afterwards");
}

/* BUSY is survived by one FFA_RX_RELEASE, and what was in RX is not touched by the refused call. */
static void busy_recovery(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	uint8_t before[FFA_PAGE_SIZE];

	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	memcpy(before, probe_rx(probe), sizeof(before));
	reply = probe_info_get(probe, &probe->roles->uuids[ROLE_ECHO], 0);
	ERROR(probe, reply, FFA_BUSY, "FFA_PARTITION_INFO_GET with RX full");
	CHECK(probe, memcmp(before, probe_rx(probe), sizeof(before)) == 0, "the refused call changed RX");
	reply = probe_rx_release(probe);
	SUCCESS(probe, reply, "FFA_RX_RELEASE");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET after FFA_RX_RELEASE");
	CHECK(probe, memcmp(before, probe_rx(probe), sizeof(before)) == 0,
	      "the same question has another answer");
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_rxtx_map_and_unmap/smc32", "the 32-bit form", 0, 0, START_UNMAPPED, map_smc32, NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/unaligned", "buffers begin at pages", 0, 0, START_UNMAPPED,
	  map_unaligned, NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/overlap", "TX and RX do not overlap", 0, 0, START_UNMAPPED, map_overlap,
	  NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/zero_pages", "no pages", 0, 0, START_UNMAPPED, map_zero_pages, NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/too_many_pages", "more pages than there may be", 0, 0, START_UNMAPPED,
	  map_too_many, NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/reserved_bits", "w3[31:6] must be zero", 0, 0, START_UNMAPPED,
	  map_reserved_bits, NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/double_map", "a second pair is denied", 0, 0, START_MAPPED, map_twice,
	  NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/unmap_twice", "nothing is left to unmap", 0, 0, START_MAPPED, unmap_twice,
	  NULL },
	{ "ACS", "ffa_rxtx_map_and_unmap/remap", "other pages after unmapping", 0, 0, START_MAPPED, remap, NULL },
	{ "ACS", "ffa_rx_release/without_ownership", "an empty RX cannot be released", 0, 0, START_MAPPED,
	  release_without_ownership, NULL },
	{ "ACS", "ffa_rx_release/without_buffers", "nothing mapped", 0, 0, START_UNMAPPED,
	  release_without_buffers, NULL },
	{ "ACS", "ffa_rx_release/after_fill", "a full RX can be released once", 0, 0, START_MAPPED,
	  release_after_fill, NULL },
	{ "ACS", "ffa_rx_release/other_endpoint", "w1 names another endpoint", 0, 0, START_MAPPED, release_foreign,
	  NULL },
	{ "TF-A-tests", "Setup & discovery/RXTX map ok", "mapped buffers are used", 0, 0, START_UNMAPPED, map_ok,
	  NULL },
	{ "TF-A-tests", "Setup & discovery/RXTX map consecutive DENIED", "a second pair is denied", 0, 0,
	  START_MAPPED, map_twice, NULL },
	{ "TF-A-tests", "Setup & discovery/RXTX map secure or NS-forbidden memory", "memory that is not ours", 0, 0,
	  START_UNMAPPED, map_outside_ram, NULL },
	{ "TF-A-tests", "Setup & discovery/unmap unknown id", "w1 names an unknown endpoint", 0, 0, START_MAPPED,
	  unmap_unknown_id, NULL },
	{ "TF-A-tests", "Setup & discovery/unmap ok", "unmapped buffers are not used", 0, 0, START_MAPPED, unmap_ok,
	  NULL },
	{ "TF-A-tests", "Setup & discovery/unmap twice", "nothing is left to unmap", 0, 0, START_MAPPED,
	  unmap_twice, NULL },
	{ "TF-A-tests", "Setup & discovery/remap", "other pages after unmapping", 0, 0, START_MAPPED, remap, NULL },
	{ "TF-A-tests", "Setup & discovery/unmap SP buffer", "w1 names a partition", 0, 0, START_MAPPED,
	  unmap_partition, NULL },
	{ "Hafnium", "ffa_rxtx_map/device memory", "memory that is no RAM", 0, 0, START_UNMAPPED,
	  map_outside_ram, NULL },
	{ "Hafnium", "ffa_rxtx_map/unaligned", "buffers begin at pages", 0, 0, START_UNMAPPED, map_unaligned,
	  NULL },
	{ "Hafnium", "ffa_rxtx_map/same page", "TX and RX in one page", 0, 0, START_UNMAPPED, map_same_page,
	  NULL },
	{ "Hafnium", "ffa_rxtx_map/already", "a second pair is denied", 0, 0, START_MAPPED, map_twice, NULL },
	{ "Hafnium", "ffa_rxtx_map/max pages", "as many pages as there may be", 0, 0, START_UNMAPPED,
	  map_max_pages, NULL },
	{ "Hafnium", "ffa_rxtx_map/zero pages", "no pages", 0, 0, START_UNMAPPED, map_zero_pages, NULL },
	{ "Hafnium", "ffa_rxtx_map/exceeding max", "more pages than there may be", 0, 0, START_UNMAPPED,
	  map_too_many, NULL },
	{ "Hafnium", "ffa_rxtx_map/overlapping multi-page", "TX and RX do not overlap", 0, 0, START_UNMAPPED,
	  map_overlap, NULL },
	{ "Hafnium", "ffa_rxtx_unmap/none", "nothing is there to unmap", 0, 0, START_UNMAPPED, unmap_none, NULL },
	{ "Hafnium", "ffa_rxtx_unmap/twice", "nothing is left to unmap", 0, 0, START_MAPPED, unmap_twice, NULL },
	{ "Hafnium", "ffa_rxtx_unmap/remap", "other pages after unmapping", 0, 0, START_MAPPED, remap, NULL },
	{ "Hafnium", "ffa_rxtx_unmap/different count", "another number of pages after unmapping", 0, 0,
	  START_MAPPED, remap_other_count, NULL },
	{ "Hafnium", "ffa_rxtx_unmap/allocator id", "w1 names another endpoint", 0, 0, START_MAPPED,
	  unmap_unknown_id, NULL },
	{ "ffad", "RX busy recovery", "BUSY ends with one FFA_RX_RELEASE", 0, 0, START_MAPPED, busy_recovery, NULL },
	{ "ffad", "RX full over unmap", "the owner of RX after unmapping", 0, 0, START_MAPPED, unmap_while_full,
	  NULL },
};
/* clang-format on */

const struct case_table rxtx_cases = CASE_TABLE(cases);
