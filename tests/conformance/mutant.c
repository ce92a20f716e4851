/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/mutant.h"

#include <string.h>

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"

#define STRAY_BYTE 0x5a
#define REGS_ENTRY_FIRST 3 /* x3 is the first register of the entries */

static uint32_t fid_of(const struct ffa_regs *regs)
{
	return ffa_regs_w(regs, 0);
}

static bool is_error(const struct ffa_regs *reply)
{
	return fid_of(reply) == FFA_ERROR;
}

static bool is_success_of(const struct ffa_regs *call, uint32_t fid, const struct ffa_regs *reply)
{
	return fid_of(call) == fid && (fid_of(reply) == FFA_SUCCESS || fid_of(reply) == FFA_SUCCESS_64);
}

static bool is_list(const struct ffa_regs *call, const struct ffa_regs *reply)
{
	return is_success_of(call, FFA_PARTITION_INFO_GET, reply) &&
	       (ffa_regs_w(call, 5) & FFA_PARTITION_INFO_COUNT_ONLY) == 0;
}

static bool is_count(const struct ffa_regs *call, const struct ffa_regs *reply)
{
	return is_success_of(call, FFA_PARTITION_INFO_GET, reply) && !is_list(call, reply);
}

static bool is_response(const struct ffa_regs *reply)
{
	struct ffa_direct response;

	return ffa_direct_decode_resp(reply, &response) == 0;
}

/* Codes. */

static bool error_code(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		       struct ffa_regs *reply)
{
	if (!is_error(reply))
		return false;
	reply->x[2] =
		ffa_regs_w(reply, 2) == (uint32_t)FFA_DENIED ? (uint32_t)FFA_BUSY : (uint32_t)FFA_DENIED;
	return true;
}

static bool error_register(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			   struct ffa_regs *reply)
{
	if (!is_error(reply))
		return false;
	reply->x[1] = reply->x[2];
	reply->x[2] = 0;
	return true;
}

static bool error_lost(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		       struct ffa_regs *reply)
{
	if (!is_error(reply))
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_SUCCESS } };
	return true;
}

static bool success_lost(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			 struct ffa_regs *reply)
{
	if (fid_of(reply) != FFA_SUCCESS && fid_of(reply) != FFA_SUCCESS_64)
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_ERROR, 0, (uint32_t)FFA_NOT_SUPPORTED } };
	return true;
}

static bool unknown_function(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			     struct ffa_regs *reply)
{
	if (fid_of(reply) != UINT32_MAX || fid_of(call) == FFA_VERSION)
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_ERROR, 0, (uint32_t)FFA_NOT_SUPPORTED } };
	return true;
}

/* Versions, ids, features. */

static bool version_other(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			  struct ffa_regs *reply)
{
	if (fid_of(call) != FFA_VERSION || (fid_of(reply) & FFA_VERSION_MBZ) != 0)
		return false;
	reply->x[0]--;
	return true;
}

static bool version_accepted(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			     struct ffa_regs *reply)
{
	if (fid_of(call) != FFA_VERSION || (fid_of(reply) & FFA_VERSION_MBZ) == 0)
		return false;
	reply->x[0] = ffa_regs_w(call, 1) & ~FFA_VERSION_MBZ;
	return true;
}

static bool version_refused(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			    struct ffa_regs *reply)
{
	if (fid_of(call) != FFA_VERSION || (fid_of(reply) & FFA_VERSION_MBZ) != 0)
		return false;
	reply->x[0] = (uint32_t)FFA_NOT_SUPPORTED;
	return true;
}

static bool own_id(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		   struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_ID_GET, reply))
		return false;
	reply->x[2] = 1;
	return true;
}

static bool spmc_id(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		    struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_SPM_ID_GET, reply))
		return false;
	reply->x[2] &= ~(uint64_t)FFA_ENDPOINT_SECURE;
	return true;
}

static bool features_yes(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			 struct ffa_regs *reply)
{
	if (fid_of(call) != FFA_FEATURES || !is_error(reply))
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_SUCCESS } };
	return true;
}

static bool features_no(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_FEATURES, reply))
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_ERROR, 0, (uint32_t)FFA_NOT_SUPPORTED } };
	return true;
}

static bool features_properties(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
				struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_FEATURES, reply))
		return false;
	reply->x[2] |= 0xfffc;
	return true;
}

/* State that the firmware does not have. */

static bool swallow_of(const struct ffa_regs *call, uint32_t fid, struct ffa_regs *reply)
{
	if (fid_of(call) != fid)
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_SUCCESS } };
	return true;
}

static bool map_swallowed(const struct ffa_regs *call, struct ffa_regs *reply)
{
	return swallow_of(call, FFA_RXTX_MAP, reply) || swallow_of(call, FFA_RXTX_MAP_64, reply);
}

static bool unmap_swallowed(const struct ffa_regs *call, struct ffa_regs *reply)
{
	return swallow_of(call, FFA_RXTX_UNMAP, reply);
}

static bool release_swallowed(const struct ffa_regs *call, struct ffa_regs *reply)
{
	return swallow_of(call, FFA_RX_RELEASE, reply);
}

static bool released_early(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			   struct ffa_regs *reply)
{
	struct ffa_regs release = { .x = { FFA_RX_RELEASE } };

	return is_list(call, reply) && ffa_conduit_call(conduit->inner, cpu, &release) == 0;
}

static bool taken_by_count(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			   struct ffa_regs *reply)
{
	struct ffa_regs list = { .x = { FFA_PARTITION_INFO_GET } };

	return is_count(call, reply) && ffa_conduit_call(conduit->inner, cpu, &list) == 0 &&
	       fid_of(&list) == FFA_SUCCESS;
}

/* Partition tables. */

static bool count_wrong(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_PARTITION_INFO_GET, reply))
		return false;
	reply->x[2]++;
	return true;
}

static bool size_wrong(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		       struct ffa_regs *reply)
{
	if (!is_list(call, reply))
		return false;
	reply->x[3] = ffa_regs_w(reply, 3) == FFA_PARTITION_INFO_SIZE_1_1 ? FFA_PARTITION_INFO_SIZE_1_3
									  : FFA_PARTITION_INFO_SIZE_1_1;
	return true;
}

static bool stale_rx(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		     struct ffa_regs *reply)
{
	if (!is_list(call, reply) || !conduit->rx ||
	    memcmp(conduit->rx, conduit->rx_before, sizeof(conduit->rx_before)) == 0)
		return false;
	memcpy(conduit->rx, conduit->rx_before, sizeof(conduit->rx_before));
	return true;
}

/* Bytes between two descriptors; those of 1.0 do not tell their size. */
static size_t stride_of(const struct ffa_regs *reply)
{
	return ffa_regs_w(reply, 3) > FFA_PARTITION_INFO_SIZE_1_0 ? ffa_regs_w(reply, 3)
								  : FFA_PARTITION_INFO_SIZE_1_0;
}

/* Flip bits of one byte in each descriptor. */
static bool flip(struct mutant_conduit *conduit, const struct ffa_regs *call, const struct ffa_regs *reply,
		 size_t offset, uint8_t bits)
{
	size_t stride = stride_of(reply), count = ffa_regs_w(reply, 2);

	if (!is_list(call, reply) || !conduit->rx || offset >= stride || count == 0)
		return false;
	for (size_t i = 0; i < count; i++)
		conduit->rx[i * stride + offset] ^= bits;
	return true;
}

static bool descriptor_id(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			  struct ffa_regs *reply)
{
	return flip(conduit, call, reply, 1, 0x80);
}

static bool descriptor_contexts(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
				struct ffa_regs *reply)
{
	return flip(conduit, call, reply, 2, 0x03);
}

static bool descriptor_properties(struct mutant_conduit *conduit, unsigned int cpu,
				  const struct ffa_regs *call, struct ffa_regs *reply)
{
	return flip(conduit, call, reply, 4, FFA_PARTITION_DIRECT_REQ_RECV);
}

static bool descriptor_reserved(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
				struct ffa_regs *reply)
{
	return flip(conduit, call, reply, 7, 0x40);
}

static bool descriptor_uuid(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			    struct ffa_regs *reply)
{
	return flip(conduit, call, reply, 8, 0xff);
}

static bool descriptor_version(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			       struct ffa_regs *reply)
{
	return flip(conduit, call, reply, 42, 0x04);
}

static bool rx_tail(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		    struct ffa_regs *reply)
{
	size_t used = stride_of(reply) * ffa_regs_w(reply, 2);

	if (!is_list(call, reply) || !conduit->rx || used >= FFA_PAGE_SIZE)
		return false;
	conduit->rx[used] = STRAY_BYTE;
	return true;
}

/* Partition tables in registers. */

static bool regs_last(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		      struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_PARTITION_INFO_GET_REGS, reply))
		return false;
	reply->x[2]++;
	return true;
}

static bool regs_tag(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		     struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_PARTITION_INFO_GET_REGS, reply))
		return false;
	reply->x[2] ^= UINT64_C(1) << 40;
	return true;
}

static bool regs_entry(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		       struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_PARTITION_INFO_GET_REGS, reply))
		return false;
	reply->x[REGS_ENTRY_FIRST] ^= 0x10;
	return true;
}

static bool regs_uuid(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		      struct ffa_regs *reply)
{
	if (!is_success_of(call, FFA_PARTITION_INFO_GET_REGS, reply))
		return false;
	reply->x[REGS_ENTRY_FIRST + 1] ^= 1;
	return true;
}

/* Messages. */

static bool response_ids(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			 struct ffa_regs *reply)
{
	if (!is_response(reply))
		return false;
	reply->x[1] = ffa_src_dst(ffa_regs_w(reply, 1) & 0xffff, ffa_regs_w(reply, 1) >> 16);
	return true;
}

static bool response_flags(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			   struct ffa_regs *reply)
{
	if (!is_response(reply))
		return false;
	reply->x[2] ^= 1;
	return true;
}

static bool response_argument(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			      struct ffa_regs *reply)
{
	if (!is_response(reply))
		return false;
	reply->x[fid_of(reply) == FFA_MSG_SEND_DIRECT_RESP2 ? 17 : 7] ^= 1;
	return true;
}

static bool response_kind(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			  struct ffa_regs *reply)
{
	if (!is_response(reply))
		return false;
	if (fid_of(reply) == FFA_MSG_SEND_DIRECT_RESP2)
		reply->x[0] = FFA_MSG_SEND_DIRECT_RESP_64;
	else
		reply->x[0] ^= FFA_MSG_SEND_DIRECT_RESP ^ FFA_MSG_SEND_DIRECT_RESP_64;
	return true;
}

static bool response_status(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			    struct ffa_regs *reply)
{
	if (!is_response(reply))
		return false;
	reply->x[3] = (uint32_t)FFA_DENIED;
	return true;
}

static bool cycle_target(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			 struct ffa_regs *reply)
{
	if (fid_of(reply) != FFA_YIELD && fid_of(reply) != FFA_INTERRUPT)
		return false;
	reply->x[1] += UINT64_C(1) << 16;
	return true;
}

static bool yield_timeout(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			  struct ffa_regs *reply)
{
	if (fid_of(reply) != FFA_YIELD)
		return false;
	ffa_regs_set_w64(reply, 2, ffa_regs_w64(reply, 2) == 0);
	return true;
}

static bool wait_lost(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
		      struct ffa_regs *reply)
{
	if (fid_of(reply) != FFA_MSG_WAIT)
		return false;
	*reply = (struct ffa_regs) { .x = { FFA_SUCCESS } };
	return true;
}

/* clang-format off */
const struct mutant mutants[] = {
	{ "another error code", NULL, error_code,
	  { "ffa_rxtx_map_and_unmap/unaligned", "ffa_rxtx_map_and_unmap/double_map", "ffa_rx_release/*",
	    "ffa_partition_info_get/no_buffers", "ffa_partition_info_get_regs/index", "ffa_direct_message_*/bad_*",
	    "ffa_direct_message_error", "ffa_direct_message2/bad_*", "ffa_run/unknown_*", "ffa_run/other_cpu",
	    "RX busy recovery", NULL } },
	{ "the error code in w1", NULL, error_register,
	  { "ffa_rxtx_map_and_unmap/zero_pages", "ffa_rx_release/without_ownership", "ffa_direct_message_*/mbz_w2",
	    "ffa_run/absent VM", "stale tags", NULL } },
	{ "success in place of an error", NULL, error_lost,
	  { "ffa_rxtx_map_and_unmap/unmap_twice", "ffa_partition_info_get/no_memory", "ffa_console_log/*",
	    "calls of the secure world", "removed functions", "FFA_RUN by SMC64", "busy partition",
	    "request to a blocked partition", NULL } },
	{ "an error in place of success", NULL, success_lost,
	  { "ffa_id_get", "ffa_spm_id_get", "ffa_rxtx_map_and_unmap/remap", "ffa_rx_release/after_fill",
	    "ffa_partition_info_get/*", "Setup & discovery/features*", NULL } },
	{ "an FF-A error for what is not FF-A's", NULL, unknown_function, { "unknown function", NULL } },
	{ "another version", NULL, version_other,
	  { "ffa_version/accepted", "Setup & discovery/version smaller", "ffa_version_negotiation/same",
	    "secure_partition/version succeeds older", NULL } },
	{ "a version that is refused elsewhere", NULL, version_accepted,
	  { "ffa_version/bit31", "ffa_version/major_*", "ffa_version/newer_minor", "ffa_version_negotiation/other",
	    "secure_partition/version fails *", NULL } },
	{ "a version refused", NULL, version_refused,
	  { "ffa_version/*", "ffa_version_negotiation/same", "Setup & discovery/version equal", NULL } },
	{ "another id of the caller", NULL, own_id, { "ffa_id_get", NULL } },
	{ "another id of the SPMC", NULL, spmc_id, { "ffa_spm_id_get", "*/SPM_ID_GET", NULL } },
	{ "every feature", NULL, features_yes,
	  { "ffa_features/unknown", "ffa_features/reserved", "ffa_features_nsbit", "*/npi_not_supported", NULL } },
	{ "no feature", NULL, features_no,
	  { "ffa_features/functions", "ffa_features/match", "*/features RXTX_MAP sizes", NULL } },
	{ "reserved bits of a feature", NULL, features_properties, { "*/features RXTX_MAP sizes", NULL } },
	{ "RXTX_MAP forgotten", map_swallowed, NULL,
	  { "ffa_rxtx_map_and_unmap/*", "ffa_rxtx_map/*", "*/RXTX map ok", NULL } },
	{ "RXTX_UNMAP forgotten", unmap_swallowed, NULL,
	  { "ffa_rxtx_map_and_unmap/unmap_twice", "ffa_rxtx_unmap/*", "*/unmap ok", "*/remap",
	    "RX full over unmap", NULL } },
	{ "RX_RELEASE forgotten", release_swallowed, NULL,
	  { "ffa_rx_release/*", "RX busy recovery", "fresh RX contents", "ffa_partition_info_get/uuid", NULL } },
	{ "RX not owned by the caller", NULL, released_early,
	  { "ffa_rx_release/after_fill", "RX busy recovery", "ffa_partition_info_get/uuid", NULL } },
	{ "RX taken by a count", NULL, taken_by_count, { "setup_and_discovery/count flag", NULL } },
	{ "a wrong count", NULL, count_wrong,
	  { "ffa_partition_info_get/nil_uuid", "ffa_partition_info_get/uuid", "ffa_partition_info_get/count",
	    "ffa_partition_info_get_regs/equals_rx", "*/PARTITION_INFO_GET", NULL } },
	{ "a wrong size of descriptors", NULL, size_wrong,
	  { "ffa_partition_info_get/nil_uuid", "48-byte descriptors", "ffa_partition_info/v1.0", NULL } },
	{ "an old message in RX", NULL, stale_rx,
	  { "ffa_partition_info_get/nil_uuid", "ffa_partition_info_get/uuid", "fresh RX contents", "*/remap",
	    "48-byte descriptors", "ffa_partition_info_get_regs/equals_rx", NULL } },
	{ "wrong ids in descriptors", NULL, descriptor_id,
	  { "ffa_partition_info_get/nil_uuid", "ffa_partition_info_get_regs/equals_rx", "ffa_direct_message_*/echo",
	    "ffa_partition_info/v1.0", "ffa_run/waiting", NULL } },
	{ "wrong execution contexts in descriptors", NULL, descriptor_contexts,
	  { "ffa_partition_info_get/exec_ctx_count", "ffa_partition_info_get_regs/equals_rx", NULL } },
	{ "wrong properties in descriptors", NULL, descriptor_properties,
	  { "ffa_partition_info_get/descriptor", "ffa_partition_info_get_regs/equals_rx", NULL } },
	{ "reserved bits in descriptors", NULL, descriptor_reserved,
	  { "ffa_partition_info/v1.0", "*/v1.0 descriptors", NULL } },
	{ "wrong UUIDs in descriptors", NULL, descriptor_uuid,
	  { "ffa_partition_info_get/uuid", "ffa_partition_info_get_regs/equals_rx", "48-byte descriptors", NULL } },
	{ "wrong versions in descriptors", NULL, descriptor_version, { "48-byte descriptors", NULL } },
	{ "a stray byte behind the descriptors", NULL, rx_tail, { "*/multi-page no overcopy", NULL } },
	{ "a wrong last index", NULL, regs_last,
	  { "ffa_partition_info_get_regs/equals_rx", "ffa_partition_info_get_regs/index", "*/get_regs *", NULL } },
	{ "a wrong tag", NULL, regs_tag, { "ffa_partition_info_get_regs/index", "ffa_partition_info_get_regs/tag", "stale tags", NULL } },
	{ "a wrong entry in registers", NULL, regs_entry,
	  { "ffa_partition_info_get_regs/equals_rx", "*/get_regs fixed", NULL } },
	{ "a wrong UUID in registers", NULL, regs_uuid,
	  { "ffa_partition_info_get_regs/equals_rx", "*/get_regs fixed", NULL } },
	{ "ids of a response not swapped", NULL, response_ids,
	  { "*/echo", "dir_msg/*echo", "mp_execution_contexts/direct_req", "up_migrate_capable/*",
	    "dir_msg/VM availability created*", "interrupted request", NULL } },
	{ "w2 of a response", NULL, response_flags,
	  { "*/echo", "dir_msg/REQ*", "request to a blocked partition", "request beside a blocked partition", NULL } },
	{ "a wrong argument in a response", NULL, response_argument,
	  { "*/echo", "*/dirty_upper_halves", "dir_msg/*echo", "dir_msg/REQ*", "busy partition", "method of a service",
	    "two clients racing one SP", "sp_lifecycle/*", NULL } },
	{ "a response of another kind", NULL, response_kind,
	  { "*/echo", "dir_msg/REQ*", "ffa_direct_message2/busy", NULL } },
	{ "the status of a VM message", NULL, response_status, { "dir_msg/VM availability created*", NULL } },
	{ "a wrong endpoint to run", NULL, cycle_target,
	  { "dir_msg/yield echo", "interrupted request", "request to a blocked partition", "ffa_run/other_cpu", NULL } },
	{ "another timeout of a yield", NULL, yield_timeout, { "yield timeout", NULL } },
	{ "FFA_MSG_WAIT lost", NULL, wait_lost, { "ffa_run/waiting", "ffa_run/no_direct_messages", NULL } },
};
/* clang-format on */

const size_t mutants_count = sizeof(mutants) / sizeof(mutants[0]);
