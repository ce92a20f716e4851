/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and text forms for programs that only have the public header. */
#include "ffa-client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	int error;
} codes[] = {
	[-FFA_CODE_OK] = { "OK", 0 },
	[-FFA_CODE_NOT_SUPPORTED] = { "NOT_SUPPORTED", -EOPNOTSUPP },
	[-FFA_CODE_INVALID_PARAMETERS] = { "INVALID_PARAMETERS", -EINVAL },
	[-FFA_CODE_NO_MEMORY] = { "NO_MEMORY", -ENOMEM },
	[-FFA_CODE_BUSY] = { "BUSY", -EBUSY },
	[-FFA_CODE_INTERRUPTED] = { "INTERRUPTED", -EINTR },
	[-FFA_CODE_DENIED] = { "DENIED", -EACCES },
	[-FFA_CODE_RETRY] = { "RETRY", -EAGAIN },
	[-FFA_CODE_ABORTED] = { "ABORTED", -ECANCELED },
	[-FFA_CODE_NO_DATA] = { "NO_DATA", -ENODATA },
	[-FFA_CODE_NOT_READY] = { "NOT_READY", -EAGAIN },
};

static bool code_is_known(int32_t code)
{
	return code <= 0 && code > -(int32_t)ARRAY_SIZE(codes);
}

const char *ffa_code_name(int32_t code)
{
	return code_is_known(code) ? codes[-code].name : NULL;
}

int ffa_code_to_errno(int32_t code)
{
	return code_is_known(code) ? codes[-code].error : -EINVAL;
}

const char *ffa_status_name(enum ffa_status status)
{
	switch (status) {
	case FFA_STATUS_LOCAL:
		return "LOCAL";
	case FFA_STATUS_OK:
		return "OK";
	case FFA_STATUS_FFA_ERROR:
		return "FFA_ERROR";
	case FFA_STATUS_DENIED_BY_POLICY:
		return "DENIED_BY_POLICY";
	case FFA_STATUS_QUOTA:
		return "QUOTA";
	case FFA_STATUS_BAD_ARGUMENT:
		return "BAD_ARGUMENT";
	case FFA_STATUS_GONE:
		return "GONE";
	case FFA_STATUS_DEADLINE:
		return "DEADLINE";
	case FFA_STATUS_UNIMPLEMENTED:
		return "UNIMPLEMENTED";
	case FFA_STATUS_UNAVAILABLE:
		return "UNAVAILABLE";
	case FFA_STATUS_CANCELLED:
		return "CANCELLED";
	case FFA_STATUS_CLAIMED:
		return "CLAIMED";
	}
	return NULL;
}

static const struct {
	uint32_t property;
	const char *name;
} properties[] = {
	{ FFA_PROPERTY_DIRECT_REQ_RECV, "direct-req-recv" },
	{ FFA_PROPERTY_DIRECT_REQ_SEND, "direct-req-send" },
	{ FFA_PROPERTY_INDIRECT_MSG, "indirect-msg" },
	{ FFA_PROPERTY_NOTIFICATION_RECV, "notification-recv" },
	{ FFA_PROPERTY_VM_CREATED, "vm-created" },
	{ FFA_PROPERTY_VM_DESTROYED, "vm-destroyed" },
	{ FFA_PROPERTY_AARCH64, "aarch64" },
	{ FFA_PROPERTY_DIRECT_REQ2_RECV, "direct-req2-recv" },
	{ FFA_PROPERTY_DIRECT_REQ2_SEND, "direct-req2-send" },
	{ FFA_PROPERTY_LIVE_ACTIVATION, "live-activation" },
	{ FFA_PROPERTY_CPU_RENDEZVOUS, "cpu-rendezvous" },
	{ FFA_PROPERTY_SMC64_CYCLE, "smc64-cycle" },
};

const char *ffa_property_name(uint32_t property)
{
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		if (properties[i].property == property)
			return properties[i].name;
	return NULL;
}

const char *ffa_partition_type_name(enum ffa_partition_type type)
{
	switch (type) {
	case FFA_PARTITION_TYPE_PE:
		return "PE endpoint";
	case FFA_PARTITION_TYPE_SEPID_INDEPENDENT:
		return "independent SEPID";
	case FFA_PARTITION_TYPE_SEPID_DEPENDENT:
		return "dependent SEPID";
	case FFA_PARTITION_TYPE_AUXILIARY:
		return "auxiliary";
	}
	return NULL;
}

void ffa_format_version(uint32_t version, char ret_text[FFA_VERSION_TEXT_SIZE])
{
	snprintf(ret_text, FFA_VERSION_TEXT_SIZE, "%u.%u", version >> 16 & 0x7fff, version & 0xffff);
}

void ffa_format_uuid(const uint8_t uuid[FFA_UUID_BYTES], char ret_text[FFA_UUID_TEXT_SIZE])
{
	uuid_unparse_lower(uuid, ret_text);
}

int ffa_parse_uuid(const char *text, uint8_t ret_uuid[FFA_UUID_BYTES])
{
	uuid_t uuid;

	if (uuid_parse(text, uuid) < 0)
		return -EINVAL;
	memcpy(ret_uuid, uuid, FFA_UUID_BYTES);
	return 0;
}

const char *ffa_client_library_version(void)
{
	return FFA_CLIENT_VERSION;
}
