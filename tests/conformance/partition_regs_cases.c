/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_PARTITION_INFO_GET_REGS. */
#include "tests/conformance/probe.h"

#define ENTRIES_MAX 256
#define REGS_ENTRIES_MAX 5
#define CALLS_MAX 256

/* Hafnium and "spec" have it; Hafnium for older callers, too. */
static const struct expect supported = EXPECT(FFA_OK, FFA_OK, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED);
static const struct expect supported_before =
	EXPECT(FFA_NOT_SUPPORTED, FFA_OK, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED);
static const struct expect entry_size =
	EXPECT(FFA_PARTITION_INFO_SIZE_1_1, FFA_PARTITION_INFO_SIZE_1_3, UNKNOWN, UNKNOWN);
static const struct expect unknown_uuid =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, UNKNOWN, UNKNOWN);
/* A tag goes with an index other than 0; Hafnium knows none. */
static const struct expect tag_at_0 = EXPECT(FFA_INVALID_PARAMETERS, FFA_RETRY, UNKNOWN, UNKNOWN);
static const struct expect tag_of_reply = EXPECT(FFA_OK, FFA_OK, UNKNOWN, UNKNOWN);
static const struct expect tag_stale = EXPECT(FFA_RETRY, FFA_RETRY, UNKNOWN, UNKNOWN);
static const struct expect high_bits = EXPECT(FFA_INVALID_PARAMETERS, FFA_OK, UNKNOWN, UNKNOWN);

/* A list that was collected call by call. */
struct list {
	size_t count;
	uint16_t tag;
	struct ffa_partition_info infos[ENTRIES_MAX];
};

static struct ffa_regs get_regs(struct probe *probe, const struct ffa_uuid *uuid, uint64_t x3)
{
	uint64_t lo, hi;

	ffa_uuid_to_u64(uuid, &lo, &hi);
	return CALL(probe, FFA_PARTITION_INFO_GET_REGS, lo, hi, x3);
}

static bool page(struct probe *probe, const struct ffa_regs *reply, struct list *list,
		 struct ffa_partition_info_regs *ret_header)
{
	int count;

	if (!probe_success(probe, reply, "FFA_PARTITION_INFO_GET_REGS"))
		return false;
	if (!probe_is(reply, FFA_SUCCESS_64))
		return probe_fail(probe, "the reply is no SMC64 frame");
	count = ffa_partition_info_regs_decode(reply, (uint16_t)list->count, ret_header,
					       list->infos + list->count, ENTRIES_MAX - list->count);
	if (count < 0)
		return probe_fail(probe, "the indexes and the size in x2 contradict each other");
	list->count += (size_t)count;
	return probe_value(probe, ret_header->entry_size, (uint64_t)probe_want(probe, &entry_size),
			   "the size of an entry");
}

static bool collect(struct probe *probe, const struct ffa_uuid *uuid, struct list *list)
{
	struct ffa_partition_info_regs header = { 0 };
	struct ffa_regs reply;

	*list = (struct list) { 0 };
	for (size_t i = 0; i < CALLS_MAX; i++) {
		uint64_t x3 = list->count | (uint64_t)list->tag << 16;

		reply = get_regs(probe, uuid, x3);
		if (!page(probe, &reply, list, &header))
			return false;
		if (i > 0 && header.tag != list->tag)
			return probe_fail(probe, "the tag changes although the table does not");
		list->tag = header.tag;
		if (list->count == (size_t)header.last_index + 1)
			return true;
	}
	return probe_fail(probe, "the list does not end");
}

static bool have_regs(struct probe *probe)
{
	int32_t want = probe_want(probe, probe->version < FFA_VERSION_1_2 ? &supported_before : &supported);

	return want == FFA_OK || probe_skip(probe, "this firmware has no FFA_PARTITION_INFO_GET_REGS");
}

static void support(struct probe *probe)
{
	const struct expect *expect = probe->version < FFA_VERSION_1_2 ? &supported_before : &supported;
	struct ffa_regs reply = get_regs(probe, &ffa_uuid_nil, 0);

	OUTCOME(probe, reply, *expect, "FFA_PARTITION_INFO_GET_REGS");
}

static void equals_rx(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_regs reply;
	struct list list;

	REQUIRE(have_regs(probe));
	REQUIRE(collect(probe, &ffa_uuid_nil, &list));
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	VALUE(probe, list.count, ffa_regs_w(&reply, 2), "the number of entries in registers");
	for (size_t i = 0; i < list.count; i++) {
		const struct ffa_partition_info *other = &list.infos[i];

		REQUIRE(probe_info(probe, &reply, i, &info));
		CHECK(probe, info.id == other->id && info.exec_ctx_count == other->exec_ctx_count,
		      "entry %zu is of %#x (%u contexts) in registers and of %#x (%u contexts) in RX", i,
		      other->id, other->exec_ctx_count, info.id, info.exec_ctx_count);
		VALUE(probe, other->properties, info.properties, "the properties in registers");
		CHECK(probe, ffa_uuid_equal(&info.uuid, &other->uuid),
		      "entry %zu has another UUID in registers than in RX", i);
	}
}

/* Registers are another way than RX: neither is in the way of the other. */
static void leaves_rx(struct probe *probe)
{
	struct ffa_regs reply;
	struct list list;

	REQUIRE(have_regs(probe));
	REQUIRE(collect(probe, &ffa_uuid_nil, &list));
	reply = probe_rx_release(probe);
	ERROR(probe, reply, FFA_DENIED, "FFA_RX_RELEASE");
	reply = probe_info_get(probe, &ffa_uuid_nil, 0);
	SUCCESS(probe, reply, "FFA_PARTITION_INFO_GET");
	REQUIRE(collect(probe, &ffa_uuid_nil, &list));
}

static void one_uuid(struct probe *probe)
{
	const struct ffa_uuid *uuid = &probe->roles->uuids[ROLE_ECHO];
	struct ffa_partition_info info;
	struct list list;

	REQUIRE(have_regs(probe));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	REQUIRE(collect(probe, uuid, &list));
	VALUE(probe, list.count, 1, "the number of entries of one UUID");
	VALUE(probe, list.infos[0].id, info.id, "the id");
	CHECK(probe, ffa_uuid_is_nil(&list.infos[0].uuid), "the UUID that was asked for is repeated");
}

static void bad_uuid(struct probe *probe)
{
	static const struct ffa_uuid uuid = { .bytes = { 1, 2, 3 } };
	struct ffa_regs reply;

	REQUIRE(have_regs(probe));
	reply = get_regs(probe, &uuid, 0);
	OUTCOME(probe, reply, unknown_uuid, "an unknown UUID");
}

/* An index behind the last one; every index before it begins a page. */
static void indexes(struct probe *probe)
{
	struct ffa_partition_info infos[REGS_ENTRIES_MAX];
	struct ffa_partition_info_regs header;
	struct ffa_regs reply;
	struct list list;

	REQUIRE(have_regs(probe));
	REQUIRE(collect(probe, &ffa_uuid_nil, &list));
	for (size_t i = 1; i < list.count; i++) {
		reply = get_regs(probe, &ffa_uuid_nil, i | (uint64_t)list.tag << 16);
		SUCCESS(probe, reply, "an index inside the list");
		CHECK(probe,
		      ffa_partition_info_regs_decode(&reply, (uint16_t)i, &header, infos, REGS_ENTRIES_MAX) >
			      0,
		      "the indexes in x2 contradict each other");
		VALUE(probe, infos[0].id, list.infos[i].id, "the id of the first entry");
		VALUE(probe, header.last_index, list.count - 1, "the last index");
	}
	reply = get_regs(probe, &ffa_uuid_nil, list.count | (uint64_t)list.tag << 16);
	ERROR(probe, reply, FFA_INVALID_PARAMETERS, "an index behind the list");
	reply = get_regs(probe, &ffa_uuid_nil, UINT16_MAX | (uint64_t)list.tag << 16);
	ERROR(probe, reply, FFA_INVALID_PARAMETERS, "the highest index");
}

static void tags(struct probe *probe)
{
	struct ffa_regs reply;
	struct list list;

	REQUIRE(have_regs(probe));
	REQUIRE(collect(probe, &ffa_uuid_nil, &list));
	reply = get_regs(probe, &ffa_uuid_nil, 1 | (uint64_t)list.tag << 16);
	OUTCOME(probe, reply, tag_of_reply, "the tag of the reply");
	reply = get_regs(probe, &ffa_uuid_nil, 1 | (uint64_t)(uint16_t)(list.tag + 1) << 16);
	OUTCOME(probe, reply, tag_stale, "another tag");
	reply = get_regs(probe, &ffa_uuid_nil, UINT64_C(1) << 16);
	OUTCOME(probe, reply, tag_at_0, "a tag with index 0");
	reply = get_regs(probe, &ffa_uuid_nil, UINT64_C(1) << 32);
	OUTCOME(probe, reply, high_bits, "x3[32]");
}

/* A partition that appears between two calls: the caller is told to begin again. */
static void stale_tag(struct probe *probe)
{
	struct list before, after;
	struct ffa_regs reply;

	REQUIRE(have_regs(probe));
	REQUIRE(collect(probe, &ffa_uuid_nil, &before));
	if (before.tag == 0)
		SKIP(probe, "this firmware has no tags");
	REQUIRE(probe_load(probe, "crowd"));
	reply = get_regs(probe, &ffa_uuid_nil, 1 | (uint64_t)before.tag << 16);
	ERROR(probe, reply, FFA_RETRY, "the tag of an older table");
	REQUIRE(collect(probe, &ffa_uuid_nil, &after));
	CHECK(probe, after.count > before.count, "the new partition is not in the list");
	CHECK(probe, after.tag != before.tag, "the new table has the tag of the old one");
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_partition_info_get_regs/support", "who has it", 0, 0, START_NEGOTIATED, support, NULL },
	{ "ACS", "ffa_partition_info_get_regs/equals_rx", "registers tell what RX tells", SINCE_1_2, 0, START_MAPPED,
	  equals_rx, NULL },
	{ "ACS", "ffa_partition_info_get_regs/index", "indexes inside and behind the list", SINCE_1_2, 0,
	  START_MAPPED, indexes, NULL },
	{ "ACS", "ffa_partition_info_get_regs/tag", "tags that were given and others", SINCE_1_2, 0, START_MAPPED,
	  tags, NULL },
	{ "Hafnium", "setup_and_discovery/get_regs nil", "registers leave RX alone", SINCE_1_2, 0, START_MAPPED,
	  leaves_rx, NULL },
	{ "Hafnium", "setup_and_discovery/get_regs fixed", "one partition by its UUID", SINCE_1_2, 0, START_MAPPED,
	  one_uuid, NULL },
	{ "Hafnium", "setup_and_discovery/get_regs unknown UUID", "an unknown UUID", SINCE_1_2, 0, START_MAPPED,
	  bad_uuid, NULL },
	{ "ffad", "stale tags", "a table that changes between two calls", SINCE_1_2, 0, START_MAPPED, stale_tag,
	  NULL },
};
/* clang-format on */

const struct case_table partition_regs_cases = CASE_TABLE(cases);
