/* SPDX-License-Identifier: BSD-3-Clause */
#include "info.h"

#include <errno.h>
#include <stdlib.h>

#include "outcome.h"

#define INFO_TEXT_SIZE 128

struct ffa_info {
	uint32_t ffa_version, firmware_version;
	uint16_t endpoint_id, spmc_id;
	uint32_t cpu_count, rxtx_pages, partition_count, session_count, parked_calls;
	uint64_t direct_calls;
	char conduit[INFO_TEXT_SIZE], daemon_version[INFO_TEXT_SIZE];
};

int info_from_wire(const Ffa__V1__InfoResponse *response, struct ffa_info **ret_info)
{
	struct ffa_info *info;

	if (response->endpoint_id > UINT16_MAX || response->spmc_id > UINT16_MAX)
		return -EPROTO;
	info = malloc(sizeof(*info));
	if (!info)
		return -ENOMEM;
	*info = (struct ffa_info) {
		.ffa_version = response->ffa_version,
		.firmware_version = response->firmware_version,
		.endpoint_id = (uint16_t)response->endpoint_id,
		.spmc_id = (uint16_t)response->spmc_id,
		.cpu_count = response->cpus,
		.rxtx_pages = response->rxtx_pages,
		.partition_count = response->partition_count,
		.session_count = response->session_count,
		.parked_calls = response->parked_calls,
		.direct_calls = response->direct_calls,
	};
	outcome_copy_text(response->conduit, sizeof(info->conduit), info->conduit);
	outcome_copy_text(response->daemon_version, sizeof(info->daemon_version), info->daemon_version);
	*ret_info = info;
	return 0;
}

struct ffa_info *ffa_info_free(struct ffa_info *info)
{
	free(info);
	return NULL;
}

uint32_t ffa_info_get_ffa_version(const struct ffa_info *info)
{
	return info->ffa_version;
}

uint32_t ffa_info_get_firmware_version(const struct ffa_info *info)
{
	return info->firmware_version;
}

uint16_t ffa_info_get_endpoint_id(const struct ffa_info *info)
{
	return info->endpoint_id;
}

uint16_t ffa_info_get_spmc_id(const struct ffa_info *info)
{
	return info->spmc_id;
}

const char *ffa_info_get_conduit(const struct ffa_info *info)
{
	return info->conduit;
}

uint32_t ffa_info_get_cpu_count(const struct ffa_info *info)
{
	return info->cpu_count;
}

uint32_t ffa_info_get_rxtx_pages(const struct ffa_info *info)
{
	return info->rxtx_pages;
}

uint32_t ffa_info_get_partition_count(const struct ffa_info *info)
{
	return info->partition_count;
}

const char *ffa_info_get_daemon_version(const struct ffa_info *info)
{
	return info->daemon_version;
}

uint32_t ffa_info_get_session_count(const struct ffa_info *info)
{
	return info->session_count;
}

uint32_t ffa_info_get_parked_calls(const struct ffa_info *info)
{
	return info->parked_calls;
}

uint64_t ffa_info_get_direct_calls(const struct ffa_info *info)
{
	return info->direct_calls;
}
