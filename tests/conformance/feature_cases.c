/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_FEATURES, FFA_ID_GET, FFA_SPM_ID_GET, and what the normal world may not call. */
#include "abi/features.h"
#include "tests/conformance/probe.h"

#define ALL_FIRMWARES (FOR_SPEC | FOR_HAFNIUM | FOR_EL3 | FOR_OPTEE)
#define SPMC_ID_MASK 0x8000u
#define NS_SGI_END 16 /* the SRI is a software generated interrupt */
#define RXTX_SIZE_MASK 0x3u
#define RXTX_SIZE_RESERVED 3u
#define RXTX_MBZ_MASK 0xfffcu
#define RXTX_MAX_PAGES_SHIFT 16
#define RXTX_PAGES_LIMIT 63
#define RETRIEVE_NS_BIT (1u << 1)

static struct ffa_regs features(struct probe *probe, uint32_t id, uint32_t input)
{
	return CALL(probe, FFA_FEATURES, id, input);
}

static void id_get(struct probe *probe)
{
	struct ffa_regs reply = CALL(probe, FFA_ID_GET);

	SUCCESS(probe, reply, "FFA_ID_GET");
	VALUE(probe, ffa_regs_w(&reply, 2), 0, "the id of the normal world");
}

/* DEN0077 has it since 1.1; firmware that does not look at the caller's version answers before. */
static const struct expect spm_id_get_1_0 = EXPECT(FFA_NOT_SUPPORTED, FFA_OK, FFA_NOT_SUPPORTED, FFA_OK);

static void spm_id_get(struct probe *probe)
{
	static const struct expect supported = EXPECT_ALL(FFA_OK);
	const struct expect *expect = probe->version < FFA_VERSION_1_1 ? &spm_id_get_1_0 : &supported;
	struct ffa_regs reply = CALL(probe, FFA_SPM_ID_GET);

	OUTCOME(probe, reply, *expect, "FFA_SPM_ID_GET");
	if (probe_is(&reply, FFA_SUCCESS))
		CHECK(probe, (ffa_regs_w(&reply, 2) & ~0x7fffu) == SPMC_ID_MASK,
		      "the SPMC's id %#x is not one of the secure world", ffa_regs_w(&reply, 2));
}

/* Functions whose answer is known, by the firmware that says yes. Not in the table: no expectation. */
static const struct {
	uint32_t fid;
	uint32_t since;     /* no expectation for callers of older versions */
	unsigned int yes;   /* firmwares */
	unsigned int asked; /* firmwares of which the answer is known */
} function_features[] = {
	{ FFA_RX_RELEASE, FFA_VERSION_1_0, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_RXTX_MAP, FFA_VERSION_1_0, FOR_SPEC | FOR_EL3 | FOR_OPTEE, ALL_FIRMWARES },
	{ FFA_RXTX_MAP_64, FFA_VERSION_1_0, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_RXTX_UNMAP, FFA_VERSION_1_0, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_PARTITION_INFO_GET, FFA_VERSION_1_0, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_ID_GET, FFA_VERSION_1_0, FOR_SPEC | FOR_HAFNIUM | FOR_EL3, ALL_FIRMWARES },
	{ FFA_RUN, FFA_VERSION_1_0, FOR_SPEC | FOR_HAFNIUM | FOR_EL3, ALL_FIRMWARES },
	{ FFA_MSG_SEND_DIRECT_REQ, FFA_VERSION_1_0, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_MSG_SEND_DIRECT_REQ_64, FFA_VERSION_1_0, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_SPM_ID_GET, FFA_VERSION_1_1, ALL_FIRMWARES, ALL_FIRMWARES },
	{ FFA_PARTITION_INFO_GET_REGS, FFA_VERSION_1_2, FOR_SPEC | FOR_HAFNIUM, ALL_FIRMWARES },
	{ FFA_MSG_SEND_DIRECT_REQ2, FFA_VERSION_1_2, FOR_SPEC | FOR_HAFNIUM | FOR_EL3, ALL_FIRMWARES },
	{ FFA_MSG_SEND, FFA_VERSION_1_1, 0, ALL_FIRMWARES },
	{ FFA_MSG_POLL, FFA_VERSION_1_1, 0, ALL_FIRMWARES },
	{ FFA_RX_ACQUIRE, FFA_VERSION_1_1, FOR_HAFNIUM, FOR_HAFNIUM | FOR_OPTEE },
	{ FFA_CONSOLE_LOG_64, FFA_VERSION_1_2, FOR_HAFNIUM, FOR_SPEC | FOR_HAFNIUM | FOR_OPTEE },
	{ FFA_RUN_64, FFA_VERSION_1_0, 0, ALL_FIRMWARES },
};

static void features_functions(struct probe *probe)
{
	unsigned int bit = 1u << probe->firmware;

	for (size_t i = 0; i < sizeof(function_features) / sizeof(function_features[0]); i++) {
		struct ffa_regs reply;

		if (probe->version < function_features[i].since || !(function_features[i].asked & bit))
			continue;
		reply = features(probe, function_features[i].fid, 0);
		if (function_features[i].yes & bit)
			SUCCESS(probe, reply, ffa_fid_name(function_features[i].fid));
		else
			ERROR(probe, reply, FFA_NOT_SUPPORTED, ffa_fid_name(function_features[i].fid));
	}
}

/* What a function says of itself when it is called, in a way that changes nothing. */
static void features_match(struct probe *probe)
{
	static const struct ffa_regs calls[] = {
		{ .x = { FFA_RX_RELEASE } },
		{ .x = { FFA_PARTITION_INFO_GET } },
		{ .x = { FFA_MSG_SEND_DIRECT_REQ, 0x00008000 } },
		{ .x = { FFA_MSG_SEND_DIRECT_REQ_64, 0x00008000 } },
		{ .x = { FFA_MSG_SEND_DIRECT_REQ2, 0x00008000 } },
		{ .x = { FFA_PARTITION_INFO_GET_REGS } },
		{ .x = { FFA_SPM_ID_GET } },
		{ .x = { FFA_RXTX_UNMAP } },
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct ffa_regs feature = features(probe, (uint32_t)calls[i].x[0], 0);
		struct ffa_regs reply = probe_call(probe, 0, &calls[i]);
		bool absent =
			probe_is(&reply, FFA_ERROR) && ffa_regs_w(&reply, 2) == (uint32_t)FFA_NOT_SUPPORTED;

		CHECK(probe, !absent == probe_is(&feature, FFA_SUCCESS), "%s %s, but FFA_FEATURES says %s",
		      ffa_fid_name((uint32_t)calls[i].x[0]), absent ? "is not supported" : "works",
		      absent ? "yes" : "no");
	}
}

static void features_unknown(struct probe *probe)
{
	static const uint32_t ids[] = {
		FFA_FID_32(0x5f),     FFA_FID_32(0x98),     FFA_FID_64(0x98),     FFA_FID_64(0x63),
		FFA_FID_64(0x64),     FFA_FID_64(0x65),     FFA_FID_64(0x67),     FFA_FID_64(0x68),
		FFA_FID_64(0x69),     FFA_FID_32(0x8b),     FFA_FID_32(0x8d),     UINT32_C(0x80000066),
		UINT32_C(0x84010066), UINT32_C(0x94000066), UINT32_C(0xffffffff),
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ffa_regs reply = features(probe, ids[i], 0);

		ERROR(probe, reply, FFA_NOT_SUPPORTED, "an unknown function id");
	}
}

static void features_reserved_ids(struct probe *probe)
{
	static const uint32_t ids[] = { 0, 0xff, 0x100, 0x101, 0x102, 0x10002, 0x40000002 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ffa_regs reply = features(probe, ids[i], 0);

		ERROR(probe, reply, FFA_NOT_SUPPORTED, "a feature id with reserved bits, or an unknown one");
	}
}

static void features_interrupts(struct probe *probe)
{
	struct ffa_regs sri = features(probe, FFA_FEATURE_SRI, 0);
	struct ffa_regs create = features(probe, FFA_NOTIFICATION_BITMAP_CREATE, 0);
	struct ffa_regs get = features(probe, FFA_NOTIFICATION_GET, 0);
	bool supported = probe_is(&create, FFA_SUCCESS);

	CHECK(probe, probe_is(&get, FFA_SUCCESS) == supported,
	      "FFA_NOTIFICATION_GET and FFA_NOTIFICATION_BITMAP_CREATE are not supported alike");
	if (!supported) {
		ERROR(probe, create, FFA_NOT_SUPPORTED, "FFA_NOTIFICATION_BITMAP_CREATE");
		ERROR(probe, sri, FFA_NOT_SUPPORTED, "the SRI without notifications");
		return;
	}
	SUCCESS(probe, sri, "the SRI");
	CHECK(probe, ffa_regs_w(&sri, 2) < NS_SGI_END, "the SRI %u is no SGI", ffa_regs_w(&sri, 2));
}

static void features_npi(struct probe *probe)
{
	struct ffa_regs reply = features(probe, FFA_FEATURE_NPI, 0);

	ERROR(probe, reply, FFA_NOT_SUPPORTED, "the NPI at a physical instance");
}

/* Where retrieving is not for the caller there is nothing to know about the NS bit. */
static const struct expect without_ns_bit = EXPECT(UNKNOWN, FFA_NOT_SUPPORTED, UNKNOWN, FFA_NOT_SUPPORTED);
static const struct expect with_ns_bit = EXPECT(UNKNOWN, FFA_OK, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED);

static void features_nsbit(struct probe *probe)
{
	struct ffa_regs without = features(probe, FFA_MEM_RETRIEVE_REQ_64, 0);
	struct ffa_regs with = features(probe, FFA_MEM_RETRIEVE_REQ_64, RETRIEVE_NS_BIT);

	if (probe_want(probe, &without_ns_bit) != UNKNOWN)
		OUTCOME(probe, without, without_ns_bit, "FFA_MEM_RETRIEVE_REQ without the NS bit");
	if (probe_want(probe, &with_ns_bit) != UNKNOWN)
		OUTCOME(probe, with, with_ns_bit, "FFA_MEM_RETRIEVE_REQ with the NS bit");
	if (probe_is(&without, FFA_SUCCESS))
		SUCCESS(probe, with, "FFA_MEM_RETRIEVE_REQ with the NS bit");
	if (probe_is(&with, FFA_SUCCESS))
		CHECK(probe, (ffa_regs_w(&with, 2) & RETRIEVE_NS_BIT) != 0, "the reply has no NS bit");
	else
		ERROR(probe, with, FFA_NOT_SUPPORTED, "FFA_MEM_RETRIEVE_REQ with the NS bit");
}

static void features_rxtx_sizes(struct probe *probe)
{
	struct ffa_regs reply = features(probe, FFA_RXTX_MAP_64, 0);
	uint32_t w2 = ffa_regs_w(&reply, 2);

	SUCCESS(probe, reply, "FFA_FEATURES of FFA_RXTX_MAP");
	CHECK(probe, (w2 & RXTX_SIZE_MASK) != RXTX_SIZE_RESERVED, "w2 %#x: reserved buffer size", w2);
	VALUE(probe, w2 & RXTX_MBZ_MASK, 0, "w2[15:2]");
	CHECK(probe, w2 >> RXTX_MAX_PAGES_SHIFT <= RXTX_PAGES_LIMIT, "w2 %#x: more pages than w3 can carry",
	      w2);
	if (probe->version < FFA_VERSION_1_2)
		VALUE(probe, w2 >> RXTX_MAX_PAGES_SHIFT, 0, "w2[31:16] before 1.2");
}

/* Calls that belong to partitions, or to nobody any more. */
static void refused(struct probe *probe, uint32_t fid, const struct expect *expect)
{
	struct ffa_regs reply = CALL(probe, fid);

	OUTCOME(probe, reply, *expect, ffa_fid_name(fid));
}

static const struct expect not_supported = EXPECT_ALL(FFA_NOT_SUPPORTED);

static void console_log(struct probe *probe)
{
	refused(probe, FFA_CONSOLE_LOG, &not_supported);
	refused(probe, FFA_CONSOLE_LOG_64, &not_supported);
}

static void msg_wait(struct probe *probe)
{
	refused(probe, FFA_MSG_WAIT, &not_supported);
}

static void not_for_the_normal_world(struct probe *probe)
{
	static const struct expect resume = EXPECT(UNKNOWN, FFA_DENIED, FFA_DENIED, FFA_DENIED);
	static const uint32_t fids[] = {
		FFA_ERROR,
		FFA_SUCCESS,
		FFA_INTERRUPT,
		FFA_YIELD,
		FFA_MEM_RETRIEVE_RESP,
		FFA_MEM_PERM_GET,
		FFA_MEM_PERM_SET,
		FFA_SECONDARY_EP_REGISTER_64,
		FFA_EL3_INTR_HANDLE,
	};

	for (size_t i = 0; i < sizeof(fids) / sizeof(fids[0]); i++)
		refused(probe, fids[i], &not_supported);
	if (probe_want(probe, &resume) != UNKNOWN)
		refused(probe, FFA_NORMAL_WORLD_RESUME, &resume);
}

static void removed(struct probe *probe)
{
	refused(probe, FFA_MSG_POLL, &not_supported);
	refused(probe, FFA_MSG_SEND, &not_supported);
}

/* Beyond the range of FF-A it is SMCCC that answers. */
static void unknown_function(struct probe *probe)
{
	struct ffa_regs reply = CALL(probe, FFA_FID_32(0x98));

	VALUE(probe, ffa_regs_w(&reply, 0), UINT32_MAX, "w0");
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_id_get", "the normal world is endpoint 0", 0, 0, START_NEGOTIATED, id_get, NULL },
	{ "ACS", "ffa_spm_id_get", "the SPMC has an id of the secure world", 0, 0, START_NEGOTIATED, spm_id_get,
	  NULL },
	{ "ACS", "ffa_features/functions", "function ids are answered as known of the firmware", 0, 0,
	  START_NEGOTIATED, features_functions, NULL },
	{ "ACS", "ffa_features/match", "what is said to be there is there, and nothing else", 0,
	  FOR_SPEC | FOR_HAFNIUM, START_UNMAPPED, features_match, NULL },
	{ "ACS", "ffa_features/unknown", "unknown function ids are not supported", 0, 0, START_NEGOTIATED,
	  features_unknown, NULL },
	{ "ACS", "ffa_features/reserved", "feature ids with reserved bits are not supported", 0, 0,
	  START_NEGOTIATED, features_reserved_ids, NULL },
	{ "ACS", "ffa_features_intr", "the SRI is there when notifications are", SINCE_1_1, 0, START_NEGOTIATED,
	  features_interrupts, NULL },
	{ "ACS", "ffa_features_nsbit", "the NS bit of FFA_MEM_RETRIEVE_REQ", SINCE_1_1, 0, START_NEGOTIATED,
	  features_nsbit, NULL },
	{ "TF-A-tests", "Setup & discovery/features", "function ids are answered as known of the firmware", 0, 0,
	  START_NEGOTIATED, features_functions, NULL },
	{ "TF-A-tests", "Setup & discovery/features RXTX_MAP sizes", "buffer sizes are defined ones", 0, 0,
	  START_NEGOTIATED, features_rxtx_sizes, NULL },
	{ "TF-A-tests", "Setup & discovery/SPM_ID_GET", "the SPMC has an id of the secure world", 0, 0,
	  START_NEGOTIATED, spm_id_get, NULL },
	{ "Hafnium", "setup_and_discovery/npi_not_supported", "no NPI at a physical instance", 0, 0,
	  START_NEGOTIATED, features_npi, NULL },
	{ "ACS", "ffa_console_log/normal_world", "not for the normal world", 0, 0, START_NEGOTIATED, console_log,
	  NULL },
	{ "ACS", "ffa_msg_wait_rx_buff_rel/normal_world", "FFA_MSG_WAIT is not for the normal world", 0, 0,
	  START_NEGOTIATED, msg_wait, NULL },
	{ "ffad", "calls of the secure world", "replies and partitions' calls are refused", 0, 0,
	  START_NEGOTIATED, not_for_the_normal_world, NULL },
	{ "ffad", "removed functions", "FFA_MSG_POLL and FFA_MSG_SEND ended with 1.0", SINCE_1_1, 0,
	  START_NEGOTIATED, removed, NULL },
	{ "ffad", "unknown function", "an id beyond FF-A is an unknown SMCCC function", 0, 0, START_NEGOTIATED,
	  unknown_function, NULL },
};
/* clang-format on */

const struct case_table feature_cases = CASE_TABLE(cases);
