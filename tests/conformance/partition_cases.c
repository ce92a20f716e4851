/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_PARTITION_INFO_GET. */
#include <string.h>

#include "tests/conformance/probe.h"

#define PROPERTIES_1_0 0x7u
#define RESERVED_FLAG (1u << 1)
#define FILL 0xa5
#define LOADS_MAX 64

static const struct ffa_uuid unknown = {
	.bytes = { 0x6f, 0x21, 0x8a, 0x30, 0x5b, 0x11, 0x4e, 0x0d, 0x9a, 0x77, 0x01, 0x02, 0x03, 0x04, 0x05,
		   0x06 },
};

/* w3 for callers of 1.0, and for later ones. */
static const struct expect size_1_0 = EXPECT(0, FFA_PARTITION_INFO_SIZE_1_0, 0, 0);
static const struct expect size_1_1 = EXPECT(FFA_PARTITION_INFO_SIZE_1_1, FFA_PARTITION_INFO_SIZE_1_3,
					     FFA_PARTITION_INFO_SIZE_1_1, FFA_PARTITION_INFO_SIZE_1_1);
/* OP-TEE: an empty list, and RX is full all the same. */
static const struct expect unknown_uuid =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_OK);
static const struct expect reserved_flag =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_OK, FFA_OK);
/* The flag is of 1.1. */
static const struct expect count_1_0 = EXPECT(FFA_INVALID_PARAMETERS, FFA_OK, UNKNOWN, FFA_OK);
/* Do descriptors repeat the UUID that the caller asked for? */
static const struct expect uuid_repeated = EXPECT(0, 0, 0, 1);
/* Has a partition with two UUIDs two entries for callers of 1.2? */
static const struct expect per_uuid = EXPECT(1, 1, UNKNOWN, UNKNOWN);

static uint32_t expected_size(const struct probe *probe)
{
	return (uint32_t)probe_want(probe, probe->version < FFA_VERSION_1_1 ? &size_1_0 : &size_1_1);
}

static bool table(struct probe *probe, const struct ffa_uuid *uuid, struct ffa_regs *ret_reply)
{
	struct ffa_regs reply = probe_info_get(probe, uuid, 0);

	*ret_reply = reply;
	return probe_success(probe, &reply, "FFA_PARTITION_INFO_GET") &&
	       probe_value(probe, ffa_regs_w(&reply, 3), expected_size(probe), "the descriptor size in w3");
}

static bool plausible(struct probe *probe, const struct ffa_partition_info *info)
{
	if ((info->id & FFA_ENDPOINT_SECURE) == 0 || info->id == FFA_ENDPOINT_SPMD)
		return probe_fail(probe, "the id %#x is no partition's", info->id);
	if (info->exec_ctx_count == 0)
		return probe_fail(probe, "partition %#x has no execution context", info->id);
	if (probe->version < FFA_VERSION_1_1 && (info->properties & ~PROPERTIES_1_0) != 0)
		return probe_fail(probe, "partition %#x: properties %#x are not all of 1.0", info->id,
				  info->properties);
	return true;
}

/* The list of all has as many entries as are counted, and each is in order. */
static void list_all(struct probe *probe)
{
	struct ffa_partition_info info, other;
	struct ffa_regs reply, count;

	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	CHECK(probe, ffa_regs_w(&reply, 2) > 0, "there is no partition at all");
	for (size_t i = 0; i < ffa_regs_w(&reply, 2); i++) {
		REQUIRE(probe_info(probe, &reply, i, &info));
		REQUIRE(plausible(probe, &info));
		CHECK(probe, probe->version < FFA_VERSION_1_1 || !ffa_uuid_is_nil(&info.uuid),
		      "entry %zu has no UUID", i);
		for (size_t j = 0; j < i; j++) {
			REQUIRE(probe_info(probe, &reply, j, &other));
			CHECK(probe, other.id != info.id || !ffa_uuid_equal(&other.uuid, &info.uuid),
			      "entries %zu and %zu are the same", j, i);
		}
	}
	if (probe->version < FFA_VERSION_1_1)
		return;
	count = probe_info_get(probe, &ffa_uuid_nil, FFA_PARTITION_INFO_COUNT_ONLY);
	SUCCESS(probe, count, "the count");
	VALUE(probe, ffa_regs_w(&count, 2), ffa_regs_w(&reply, 2), "the count");
}

/* The first entry of the list of all that has this id (and UUID, where there are UUIDs). */
static bool find_in_list(struct probe *probe, const struct ffa_regs *reply, uint16_t id,
			 const struct ffa_uuid *uuid, struct ffa_partition_info *ret_info)
{
	struct ffa_partition_info info;

	for (size_t i = 0; i < ffa_regs_w(reply, 2); i++) {
		if (!probe_info(probe, reply, i, &info))
			return false;
		if (info.id != id || (probe->version >= FFA_VERSION_1_1 && !ffa_uuid_equal(&info.uuid, uuid)))
			continue;
		*ret_info = info;
		return true;
	}
	return probe_fail(probe, "partition %#x is not in the list of all", id);
}

/* What is said of one partition is what the list of all says of it. */
static void by_uuid(struct probe *probe)
{
	const struct ffa_uuid *uuid = &probe->roles->uuids[ROLE_ECHO];
	struct ffa_partition_info info, listed;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	REQUIRE(table(probe, uuid, &reply));
	VALUE(probe, ffa_regs_w(&reply, 2), 1, "the count in w2");
	REQUIRE(probe_info(probe, &reply, 0, &info));
	REQUIRE(plausible(probe, &info));
	if (probe->version >= FFA_VERSION_1_1 && probe_want(probe, &uuid_repeated))
		CHECK(probe, ffa_uuid_equal(&info.uuid, uuid), "the UUID is not the one asked for");
	else
		CHECK(probe, ffa_uuid_is_nil(&info.uuid), "the UUID that was asked for is repeated");
	reply = probe_rx_release(probe);
	SUCCESS(probe, reply, "FFA_RX_RELEASE");

	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	REQUIRE(find_in_list(probe, &reply, info.id, uuid, &listed));
	VALUE(probe, info.exec_ctx_count, listed.exec_ctx_count, "the number of execution contexts");
	VALUE(probe, info.properties, listed.properties, "the properties");
}

static void by_unknown_uuid(struct probe *probe)
{
	bool empty_list = probe_want(probe, &unknown_uuid) == FFA_OK;
	struct ffa_regs reply = probe_info_get(probe, &unknown, 0);

	OUTCOME(probe, reply, unknown_uuid, "an unknown UUID");
	if (empty_list) {
		VALUE(probe, ffa_regs_w(&reply, 2), 0, "the count in w2");
		reply = probe_info_get(probe, &ffa_uuid_nil, 0);
		ERROR(probe, reply, FFA_BUSY, "FFA_PARTITION_INFO_GET after an empty list");
		reply = probe_rx_release(probe);
		SUCCESS(probe, reply, "FFA_RX_RELEASE of the empty list");
	}
	/* An error must not have taken RX. */
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET afterwards");
}

static void count_unknown_uuid(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &unknown, FFA_PARTITION_INFO_COUNT_ONLY);

	OUTCOME(probe, reply, unknown_uuid, "the count of an unknown UUID");
	if (probe_is(&reply, FFA_SUCCESS))
		VALUE(probe, ffa_regs_w(&reply, 2), 0, "the count in w2");
}

/* The count needs no buffers. */
static void count_without_buffers(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, FFA_PARTITION_INFO_COUNT_ONLY);

	SUCCESS(probe, reply, "the count");
	CHECK(probe, ffa_regs_w(&reply, 2) > 0, "there is no partition at all");
	VALUE(probe, ffa_regs_w(&reply, 3), 0, "w3 of a count");
	reply = probe_info_get(probe, &probe->roles->uuids[ROLE_ECHO], FFA_PARTITION_INFO_COUNT_ONLY);
	if (!probe->own && (!probe_is(&reply, FFA_SUCCESS) || ffa_regs_w(&reply, 2) == 0))
		SKIP(probe, "there is no partition %s", role_name(ROLE_ECHO));
	SUCCESS(probe, reply, "the count of one UUID");
	VALUE(probe, ffa_regs_w(&reply, 2), 1, "the count of one UUID");
}

/* … leaves RX alone, and works while RX is full. */
static void count_leaves_rx(struct probe *probe)
{
	struct ffa_regs reply;

	memset(probe_rx(probe), FILL, FFA_PAGE_SIZE);
	reply = probe_info_get(probe, &ffa_uuid_nil, FFA_PARTITION_INFO_COUNT_ONLY);
	SUCCESS(probe, reply, "the count");
	for (size_t i = 0; i < FFA_PAGE_SIZE; i++)
		CHECK(probe, probe_rx(probe)[i] == FILL, "the count wrote to RX at %#zx", i);
	reply = probe_rx_release(probe);
	ERROR(probe, reply, FFA_DENIED, "FFA_RX_RELEASE after a count");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	reply = probe_info_get(probe, &ffa_uuid_nil, FFA_PARTITION_INFO_COUNT_ONLY);
	SUCCESS(probe, reply, "the count with RX full");
}

static void count_at_1_0(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, FFA_PARTITION_INFO_COUNT_ONLY);

	OUTCOME(probe, reply, count_1_0, "the count flag at 1.0");
}

static void flags_reserved(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, RESERVED_FLAG);

	OUTCOME(probe, reply, reserved_flag, "w5[1]");
	if (probe_is(&reply, FFA_SUCCESS)) {
		reply = probe_rx_release(probe);
		SUCCESS(probe, reply, "FFA_RX_RELEASE");
	}
	reply = probe_info_get(probe, &ffa_uuid_nil, UINT32_C(1) << 31);
	OUTCOME(probe, reply, reserved_flag, "w5[31]");
}

static void without_buffers(struct probe *probe)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, 0);

	ERROR(probe, reply, FFA_BUSY, "FFA_PARTITION_INFO_GET without buffers");
}

/* What is written is a function of the table alone: not of what lay in RX before. */
static void content_is_new(struct probe *probe)
{
	uint8_t first[FFA_PAGE_SIZE];
	struct ffa_regs reply;
	size_t used;

	memset(probe_rx(probe), FILL, FFA_PAGE_SIZE);
	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	used = ffa_regs_w(&reply, 2) * probe_stride(probe, &reply);
	CHECK(probe, used <= FFA_PAGE_SIZE, "%zu bytes do not fit RX", used);
	memcpy(first, probe_rx(probe), sizeof(first));
	reply = probe_rx_release(probe);
	SUCCESS(probe, reply, "FFA_RX_RELEASE");
	memset(probe_rx(probe), (uint8_t)~FILL, FFA_PAGE_SIZE);
	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	CHECK(probe, memcmp(first, probe_rx(probe), used) == 0,
	      "the descriptors have bytes of older messages");
}

/* Behind the last descriptor RX is as it was, or zero. */
static void no_overcopy(struct probe *probe)
{
	struct ffa_regs reply;
	const uint8_t *rx;
	size_t used;

	REQUIRE(probe_contiguous(probe, &probe->pages));
	memset(probe->pages.map, FILL, PROBE_PAGES * FFA_PAGE_SIZE);
	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	used = ffa_regs_w(&reply, 2) * probe_stride(probe, &reply);
	rx = probe_rx(probe);
	for (size_t i = used; i < FFA_PAGE_SIZE; i++)
		CHECK(probe, rx[i] == rx[FFA_PAGE_SIZE - 1] && (rx[i] == FILL || rx[i] == 0),
		      "byte %#zx behind the descriptors is %#x", i, rx[i]);
	for (size_t i = 0; i < FFA_PAGE_SIZE; i++)
		CHECK(probe, rx[FFA_PAGE_SIZE + i] == FILL, "the page behind RX was written to");
}

static void descriptors_1_0(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_regs reply;
	uint16_t last = 0;

	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	for (size_t i = 0; i < ffa_regs_w(&reply, 2); i++) {
		REQUIRE(probe_info(probe, &reply, i, &info));
		REQUIRE(plausible(probe, &info));
		CHECK(probe, i == 0 || info.id != last, "partition %#x is there twice", info.id);
		last = info.id;
	}
}

/* Two UUIDs of one partition: from 1.2 on an entry each; the key is (id, UUID). */
static void two_uuids(struct probe *probe)
{
	struct ffa_partition_info first, second, info;
	struct ffa_regs reply;
	size_t count = 0, expected;

	if (probe->version >= FFA_VERSION_1_2 && probe_want(probe, &per_uuid) == UNKNOWN)
		SKIP(probe, "how this firmware lists several UUIDs is not known");
	REQUIRE(probe_find(probe, ROLE_ECHO, &first));
	REQUIRE(probe_find(probe, ROLE_ECHO_SECOND, &second));
	VALUE(probe, second.id, first.id, "the id found by the second UUID");
	REQUIRE(table(probe, &ffa_uuid_nil, &reply));
	for (size_t i = 0; i < ffa_regs_w(&reply, 2); i++) {
		REQUIRE(probe_info(probe, &reply, i, &info));
		count += info.id == first.id;
	}
	expected = probe->version >= FFA_VERSION_1_2 ? 2 : 1;
	VALUE(probe, count, expected, "the number of entries of a partition with two UUIDs");
}

/* Properties tell what a partition does. */
static void properties(struct probe *probe)
{
	struct ffa_partition_info echo, refuser;

	REQUIRE(probe_find(probe, ROLE_ECHO, &echo));
	REQUIRE(probe_find(probe, ROLE_REFUSER, &refuser));
	CHECK(probe, (echo.properties & FFA_PARTITION_DIRECT_REQ_RECV) != 0, "the echo does not receive");
	CHECK(probe, (refuser.properties & FFA_PARTITION_DIRECT_REQ_RECV) == 0, "the refuser receives");
	if (probe->version >= FFA_VERSION_1_1)
		CHECK(probe, (echo.properties & FFA_PARTITION_AARCH64) != 0, "the echo is not AArch64");
}

static void execution_contexts(struct probe *probe)
{
	struct ffa_partition_info echo, mp;

	REQUIRE(probe_find(probe, ROLE_ECHO, &echo));
	REQUIRE(probe_find(probe, ROLE_ECHO_MP, &mp));
	VALUE(probe, echo.exec_ctx_count, 1, "execution contexts of a uniprocessor partition");
	CHECK(probe, mp.exec_ctx_count >= probe->conduit->cpus, "%u execution contexts for %u CPUs",
	      mp.exec_ctx_count, probe->conduit->cpus);
}

/* A table that RX cannot hold. */
static void no_memory(struct probe *probe)
{
	struct ffa_regs reply;
	uint32_t count;

	for (size_t i = 0; i < LOADS_MAX; i++) {
		reply = probe_info_get(probe, &ffa_uuid_nil, FFA_PARTITION_INFO_COUNT_ONLY);
		SUCCESS(probe, reply, "the count");
		count = ffa_regs_w(&reply, 2);
		if (count * expected_size(probe) > FFA_PAGE_SIZE)
			break;
		REQUIRE(probe_load(probe, "crowd"));
	}
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	ERROR(probe, reply, FFA_NO_MEMORY, "a table larger than RX");
	reply = probe_rx_release(probe);
	ERROR(probe, reply, FFA_DENIED, "FFA_RX_RELEASE after NO_MEMORY");
	reply = probe_info_get(probe, &probe->roles->uuids[ROLE_ECHO], 0);
	SUCCESS(probe, reply, "a small answer afterwards");
}

/* Descriptors of 48 bytes are for callers of 1.1, too: what is behind the known fields is of 1.3. */
static void descriptors_48(struct probe *probe)
{
	struct ffa_partition_info info, found;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ECHO, &found));
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	VALUE(probe, ffa_regs_w(&reply, 3), FFA_PARTITION_INFO_SIZE_1_3, "the descriptor size in w3");
	for (size_t i = 0; i < ffa_regs_w(&reply, 2); i++) {
		REQUIRE(probe_info(probe, &reply, i, &info));
		REQUIRE(plausible(probe, &info));
		CHECK(probe, ffa_version_major(info.ffa_version) == 1, "partition %#x is of version %#x",
		      info.id, info.ffa_version);
	}
	REQUIRE(find_in_list(probe, &reply, found.id, &probe->roles->uuids[ROLE_ECHO], &info));
	VALUE(probe, info.properties, found.properties, "the properties");
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_partition_info_get/nil_uuid", "the list of all partitions", 0, 0, START_MAPPED, list_all,
	  NULL },
	{ "ACS", "ffa_partition_info_get/uuid", "one partition by its UUID", 0, 0, START_MAPPED, by_uuid, NULL },
	{ "ACS", "ffa_partition_info_get/unknown_uuid", "an unknown UUID, and RX afterwards", 0, 0, START_MAPPED,
	  by_unknown_uuid, NULL },
	{ "ACS", "ffa_partition_info_get/count", "the count needs no buffers", SINCE_1_1, 0, START_NEGOTIATED,
	  count_without_buffers, NULL },
	{ "ACS", "ffa_partition_info_get/count_unknown_uuid", "the count of an unknown UUID", SINCE_1_1, 0,
	  START_NEGOTIATED, count_unknown_uuid, NULL },
	{ "ACS", "ffa_partition_info_get/descriptor", "properties tell what a partition does", 0, 0, START_MAPPED,
	  properties, NULL },
	{ "ACS", "ffa_partition_info_get/exec_ctx_count", "execution contexts of UP and MP partitions", 0, 0,
	  START_MAPPED, execution_contexts, NULL },
	{ "ACS", "ffa_partition_info_get/no_memory", "a table larger than RX", SINCE_1_2, 0, START_MAPPED, no_memory,
	  NULL },
	{ "ACS", "ffa_partition_info_get/no_buffers", "without RX there is no list", 0, 0, START_UNMAPPED,
	  without_buffers, NULL },
	{ "TF-A-tests", "Setup & discovery/PARTITION_INFO_GET", "the list of all partitions", 0, 0, START_MAPPED,
	  list_all, NULL },
	{ "Hafnium", "ffa_partition_info/v1.0", "descriptors of 1.0: 8 bytes, one a partition", ONLY(AT_1_0), 0,
	  START_MAPPED, descriptors_1_0, NULL },
	{ "Hafnium", "ffa_partition_info/invalid UUID", "an unknown UUID, and RX afterwards", 0, 0, START_MAPPED,
	  by_unknown_uuid, NULL },
	{ "Hafnium", "ffa_partition_info/multi-page no overcopy", "nothing is written behind the descriptors", 0, 0,
	  START_MAPPED, no_overcopy, NULL },
	{ "Hafnium", "setup_and_discovery/count flag", "the count leaves RX alone", SINCE_1_1, 0, START_MAPPED,
	  count_leaves_rx, NULL },
	{ "Hafnium", "setup_and_discovery/count flag v1.0", "the count flag of a caller of 1.0", ONLY(AT_1_0), 0,
	  START_MAPPED, count_at_1_0, NULL },
	{ "Hafnium", "setup_and_discovery/flags MBZ", "reserved bits of w5", 0, 0, START_MAPPED, flags_reserved,
	  NULL },
	{ "Hafnium", "setup_and_discovery/unknown UUID", "an unknown UUID, and RX afterwards", 0, 0, START_MAPPED,
	  by_unknown_uuid, NULL },
	{ "Hafnium", "setup_and_discovery/v1.0 descriptors", "descriptors of 1.0: 8 bytes, one a partition",
	  ONLY(AT_1_0), 0, START_MAPPED, descriptors_1_0, NULL },
	{ "ffad", "48-byte descriptors", "callers of 1.1 and 1.2 get the descriptors of 1.3", SINCE_1_1,
	  FOR_HAFNIUM, START_MAPPED, descriptors_48, NULL },
	{ "ffad", "two UUIDs of one partition", "an entry for each from 1.2 on", 0, 0, START_MAPPED, two_uuids,
	  NULL },
	{ "ffad", "fresh RX contents", "descriptors have nothing of older messages", 0, 0, START_MAPPED,
	  content_is_new, NULL },
};
/* clang-format on */

const struct case_table partition_cases = CASE_TABLE(cases);
