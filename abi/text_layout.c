/* SPDX-License-Identifier: BSD-3-Clause */
#include "text_layout.h"

#include <stddef.h>

#include "direct.h"
#include "features.h"
#include "fid.h"
#include "notification.h"
#include "partition_info.h"

static const struct text_name version_modes[] = {
	{ 1, "query-compatible" },
	{ 2, "query-negotiated" },
	{ 0, NULL },
};
static const struct text_name features_inputs[] = {
	{ FFA_FEATURE_RETRIEVE_NS_BIT, "ns-bit" },
	{ 0, NULL },
};
static const struct text_name info_flags[] = {
	{ FFA_PARTITION_INFO_COUNT_ONLY, "count-only" },
	{ 0, NULL },
};
static const struct text_name wait_flags[] = {
	{ 1u << 0, "keep-rx" },
	{ 0, NULL },
};
static const struct text_name reclaim_flags[] = {
	{ 1u << 0, "zero" },
	{ 1u << 1, "time-slice" },
	{ 0, NULL },
};
static const struct text_name bind_flags[] = {
	{ FFA_NOTIFICATION_PER_VCPU, "per-vcpu" },
	{ 0, NULL },
};
static const struct text_name set_flags[] = {
	{ FFA_NOTIFICATION_PER_VCPU, "per-vcpu" },
	{ FFA_NOTIFICATION_DELAY_SRI, "delay-sri" },
	{ 0, NULL },
};
static const struct text_name get_flags[] = {
	{ FFA_NOTIFICATION_GET_SP, "from-sps" },
	{ FFA_NOTIFICATION_GET_VM, "from-vms" },
	{ FFA_NOTIFICATION_GET_SPM, "from-spm" },
	{ FFA_NOTIFICATION_GET_HYP, "from-hypervisor" },
	{ 0, NULL },
};
static const struct text_name framework_flags[] = {
	{ FFA_NOTIFICATION_RX_FULL, "rx-full" },
	{ 0, NULL },
};
static const struct text_name send2_flags[] = {
	{ 1u << 1, "delay-sri" },
	{ 0, NULL },
};
static const struct text_name permissions[] = {
	{ 0, "no-access" }, { 1, "rwx" }, { 3, "rx" }, { 5, "rw" }, { 7, "ro" }, { 0, NULL },
};
static const struct text_name resource_flags[] = {
	{ 1u << 0, "id-valid" },
	{ 1u << 4, "continue" },
	{ 0, NULL },
};

#define FIELD(kind_, reg_, ...)                                                                              \
	{                                                                                                    \
		.kind = (kind_), .reg = (reg_), ##__VA_ARGS__                                                \
	}
#define LABEL(text) .label = (text)
#define BITS(high, low) .shift = (low), .width = (high) - (low) + 1
#define NAMES(table) .names = (table)
#define ALWAYS .always = true
#define END                                                                                                  \
	{                                                                                                    \
		.reg = 0                                                                                     \
	}

static const struct text_field error_fields[] = {
	FIELD(TEXT_TARGET, 1),
	FIELD(TEXT_ERROR, 2),
	END,
};
static const struct text_field interrupt_fields[] = {
	FIELD(TEXT_TARGET, 1, ALWAYS),
	FIELD(TEXT_DEC, 2, LABEL("intid")),
	END,
};
static const struct text_field version_fields[] = {
	FIELD(TEXT_VERSION, 1),
	FIELD(TEXT_ENUM, 2, BITS(1, 0), NAMES(version_modes)),
	END,
};
static const struct text_field features_fields[] = {
	FIELD(TEXT_FEATURE, 1),
	FIELD(TEXT_FLAGS, 2, NAMES(features_inputs)),
	END,
};
static const struct text_field vm_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(15, 0), LABEL("vm")),
	END,
};
static const struct text_field vm_high_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(31, 16), LABEL("vm")),
	END,
};
static const struct text_field rxtx_map_fields[] = {
	FIELD(TEXT_HEX, 1, LABEL("tx"), ALWAYS),
	FIELD(TEXT_HEX, 2, LABEL("rx"), ALWAYS),
	FIELD(TEXT_DEC, 3, LABEL("pages"), BITS(5, 0), ALWAYS),
	END,
};
static const struct text_field info_get_fields[] = {
	FIELD(TEXT_UUID32, 1),
	FIELD(TEXT_FLAGS, 5, NAMES(info_flags)),
	END,
};
static const struct text_field wait_fields[] = {
	FIELD(TEXT_FLAGS, 2, NAMES(wait_flags)),
	END,
};
static const struct text_field yield_fields[] = {
	FIELD(TEXT_TARGET, 1),
	FIELD(TEXT_PAIR, 2, LABEL("timeout")),
	END,
};
static const struct text_field run_fields[] = {
	FIELD(TEXT_TARGET, 1, ALWAYS),
	END,
};
static const struct text_field send_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	FIELD(TEXT_DEC, 3, LABEL("size"), ALWAYS),
	FIELD(TEXT_HEX, 4, LABEL("flags")),
	END,
};
static const struct text_field direct_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	FIELD(TEXT_FRAMEWORK, 2),
	END,
};
static const struct text_field transaction_fields[] = {
	FIELD(TEXT_DEC, 1, LABEL("total"), ALWAYS),
	FIELD(TEXT_DEC, 2, LABEL("fragment"), ALWAYS),
	FIELD(TEXT_HEX, 3, LABEL("buffer")),
	FIELD(TEXT_DEC, 4, LABEL("pages")),
	END,
};
static const struct text_field retrieve_resp_fields[] = {
	FIELD(TEXT_DEC, 1, LABEL("total"), ALWAYS),
	FIELD(TEXT_DEC, 2, LABEL("fragment"), ALWAYS),
	END,
};
static const struct text_field reclaim_fields[] = {
	FIELD(TEXT_PAIR, 1, LABEL("handle"), ALWAYS),
	FIELD(TEXT_FLAGS, 3, NAMES(reclaim_flags)),
	END,
};
static const struct text_field op_fields[] = {
	FIELD(TEXT_PAIR, 1, LABEL("handle"), ALWAYS),
	END,
};
static const struct text_field frag_rx_fields[] = {
	FIELD(TEXT_PAIR, 1, LABEL("handle"), ALWAYS),
	FIELD(TEXT_DEC, 3, LABEL("offset"), ALWAYS),
	FIELD(TEXT_ENDPOINT, 4, BITS(31, 16), LABEL("endpoint")),
	END,
};
static const struct text_field frag_tx_fields[] = {
	FIELD(TEXT_PAIR, 1, LABEL("handle"), ALWAYS),
	FIELD(TEXT_DEC, 3, LABEL("length"), ALWAYS),
	FIELD(TEXT_ENDPOINT, 4, BITS(31, 16), LABEL("endpoint")),
	END,
};
static const struct text_field bitmap_create_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(15, 0), ALWAYS),
	FIELD(TEXT_DEC, 2, LABEL("vcpus"), ALWAYS),
	END,
};
static const struct text_field bitmap_destroy_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(15, 0), ALWAYS),
	END,
};
static const struct text_field bind_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	FIELD(TEXT_FLAGS, 2, NAMES(bind_flags)),
	FIELD(TEXT_PAIR, 3, LABEL("bitmap"), ALWAYS),
	END,
};
static const struct text_field unbind_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	FIELD(TEXT_PAIR, 3, LABEL("bitmap"), ALWAYS),
	END,
};
static const struct text_field set_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	FIELD(TEXT_FLAGS, 2, BITS(15, 0), NAMES(set_flags)),
	FIELD(TEXT_DEC, 2, BITS(31, 16), LABEL("vcpu")),
	FIELD(TEXT_PAIR, 3, LABEL("bitmap"), ALWAYS),
	END,
};
static const struct text_field get_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(15, 0), ALWAYS),
	FIELD(TEXT_DEC, 1, BITS(31, 16), LABEL("vcpu")),
	FIELD(TEXT_FLAGS, 2, NAMES(get_flags)),
	END,
};
static const struct text_field send2_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(31, 16), LABEL("vm")),
	FIELD(TEXT_FLAGS, 2, NAMES(send2_flags)),
	END,
};
static const struct text_field entry_fields[] = {
	FIELD(TEXT_HEX, 1, LABEL("entry"), ALWAYS),
	END,
};
static const struct text_field perm_get_fields[] = {
	FIELD(TEXT_HEX, 1, LABEL("address"), ALWAYS),
	END,
};
static const struct text_field perm_set_fields[] = {
	FIELD(TEXT_HEX, 1, LABEL("address"), ALWAYS),
	FIELD(TEXT_DEC, 2, LABEL("pages"), ALWAYS),
	FIELD(TEXT_ENUM, 3, NAMES(permissions)),
	END,
};
static const struct text_field log_fields[] = {
	FIELD(TEXT_CHARS, 1),
	END,
};
static const struct text_field info_regs_fields[] = {
	FIELD(TEXT_UUID64, 1),
	FIELD(TEXT_DEC, 3, BITS(15, 0), LABEL("start"), ALWAYS),
	FIELD(TEXT_HEX, 3, BITS(31, 16), LABEL("tag")),
	END,
};
static const struct text_field req2_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	FIELD(TEXT_UUID64, 2),
	END,
};
static const struct text_field resp2_fields[] = {
	FIELD(TEXT_MESSAGE, 1),
	END,
};
static const struct text_field resource_fields[] = {
	FIELD(TEXT_ENDPOINT, 1, BITS(15, 0)),
	FIELD(TEXT_FLAGS, 2, NAMES(resource_flags)),
	END,
};
static const struct text_field abort_fields[] = {
	FIELD(TEXT_HEX, 2, LABEL("code"), ALWAYS),
	END,
};
static const struct text_field info_get_success[] = {
	FIELD(TEXT_DEC, 2, LABEL("count"), ALWAYS),
	FIELD(TEXT_DEC, 3, LABEL("size")),
	END,
};
static const struct text_field id_success[] = {
	FIELD(TEXT_ENDPOINT, 2, BITS(15, 0), ALWAYS),
	END,
};
static const struct text_field handle_success[] = {
	FIELD(TEXT_PAIR, 2, LABEL("handle"), ALWAYS),
	END,
};
static const struct text_field get_success[] = {
	FIELD(TEXT_PAIR, 2, LABEL("from-sps")),
	FIELD(TEXT_PAIR, 4, LABEL("from-vms")),
	FIELD(TEXT_FLAGS, 6, NAMES(framework_flags), LABEL("from-spm")),
	FIELD(TEXT_FLAGS, 7, NAMES(framework_flags), LABEL("from-hypervisor")),
	END,
};
static const struct text_field info_success[] = {
	FIELD(TEXT_LISTS, 2),
	END,
};
static const struct text_field perm_success[] = {
	FIELD(TEXT_ENUM, 2, NAMES(permissions)),
	END,
};
static const struct text_field info_regs_success[] = {
	FIELD(TEXT_DEC, 2, BITS(15, 0), LABEL("last"), ALWAYS),
	FIELD(TEXT_DEC, 2, BITS(31, 16), LABEL("current"), ALWAYS),
	FIELD(TEXT_HEX, 2, BITS(47, 32), LABEL("tag")),
	FIELD(TEXT_DEC, 2, BITS(63, 48), LABEL("size"), ALWAYS),
	END,
};
static const struct text_field resource_success[] = {
	FIELD(TEXT_DEC, 2, BITS(63, 32), LABEL("bytes"), ALWAYS),
	FIELD(TEXT_DEC, 2, BITS(31, 0), LABEL("remaining"), ALWAYS),
	END,
};

#define LAYOUT(fid, fields) [FFA_FID_NUMBER(fid) - FFA_FID_FIRST] = (fields)
#define LAYOUTS_COUNT (FFA_FID_LAST - FFA_FID_FIRST + 1)

static const struct text_field *const calls[LAYOUTS_COUNT] = {
	LAYOUT(FFA_ERROR, error_fields),
	LAYOUT(FFA_INTERRUPT, interrupt_fields),
	LAYOUT(FFA_VERSION, version_fields),
	LAYOUT(FFA_FEATURES, features_fields),
	LAYOUT(FFA_RX_RELEASE, vm_fields),
	LAYOUT(FFA_RXTX_MAP, rxtx_map_fields),
	LAYOUT(FFA_RXTX_UNMAP, vm_high_fields),
	LAYOUT(FFA_PARTITION_INFO_GET, info_get_fields),
	LAYOUT(FFA_MSG_WAIT, wait_fields),
	LAYOUT(FFA_YIELD, yield_fields),
	LAYOUT(FFA_RUN, run_fields),
	LAYOUT(FFA_MSG_SEND, send_fields),
	LAYOUT(FFA_MSG_SEND_DIRECT_REQ, direct_fields),
	LAYOUT(FFA_MSG_SEND_DIRECT_RESP, direct_fields),
	LAYOUT(FFA_MEM_DONATE, transaction_fields),
	LAYOUT(FFA_MEM_LEND, transaction_fields),
	LAYOUT(FFA_MEM_SHARE, transaction_fields),
	LAYOUT(FFA_MEM_RETRIEVE_REQ, transaction_fields),
	LAYOUT(FFA_MEM_RETRIEVE_RESP, retrieve_resp_fields),
	LAYOUT(FFA_MEM_RECLAIM, reclaim_fields),
	LAYOUT(FFA_MEM_OP_PAUSE, op_fields),
	LAYOUT(FFA_MEM_OP_RESUME, op_fields),
	LAYOUT(FFA_MEM_FRAG_RX, frag_rx_fields),
	LAYOUT(FFA_MEM_FRAG_TX, frag_tx_fields),
	LAYOUT(FFA_NOTIFICATION_BITMAP_CREATE, bitmap_create_fields),
	LAYOUT(FFA_NOTIFICATION_BITMAP_DESTROY, bitmap_destroy_fields),
	LAYOUT(FFA_NOTIFICATION_BIND, bind_fields),
	LAYOUT(FFA_NOTIFICATION_UNBIND, unbind_fields),
	LAYOUT(FFA_NOTIFICATION_SET, set_fields),
	LAYOUT(FFA_NOTIFICATION_GET, get_fields),
	LAYOUT(FFA_RX_ACQUIRE, vm_fields),
	LAYOUT(FFA_MSG_SEND2, send2_fields),
	LAYOUT(FFA_SECONDARY_EP_REGISTER_64, entry_fields),
	LAYOUT(FFA_MEM_PERM_GET, perm_get_fields),
	LAYOUT(FFA_MEM_PERM_SET, perm_set_fields),
	LAYOUT(FFA_CONSOLE_LOG, log_fields),
	LAYOUT(FFA_PARTITION_INFO_GET_REGS, info_regs_fields),
	LAYOUT(FFA_MSG_SEND_DIRECT_REQ2, req2_fields),
	LAYOUT(FFA_MSG_SEND_DIRECT_RESP2, resp2_fields),
	LAYOUT(FFA_NS_RES_INFO_GET, resource_fields),
	LAYOUT(FFA_ABORT, abort_fields),
};

static const struct text_field *const successes[LAYOUTS_COUNT] = {
	LAYOUT(FFA_PARTITION_INFO_GET, info_get_success),
	LAYOUT(FFA_ID_GET, id_success),
	LAYOUT(FFA_MEM_DONATE, handle_success),
	LAYOUT(FFA_MEM_LEND, handle_success),
	LAYOUT(FFA_MEM_SHARE, handle_success),
	LAYOUT(FFA_MEM_FRAG_TX, handle_success),
	LAYOUT(FFA_NOTIFICATION_GET, get_success),
	LAYOUT(FFA_NOTIFICATION_INFO_GET, info_success),
	LAYOUT(FFA_SPM_ID_GET, id_success),
	LAYOUT(FFA_MEM_PERM_GET, perm_success),
	LAYOUT(FFA_PARTITION_INFO_GET_REGS, info_regs_success),
	LAYOUT(FFA_NS_RES_INFO_GET, resource_success),
};

static const struct text_field *lookup(const struct text_field *const table[], uint32_t number)
{
	return number >= FFA_FID_FIRST && number <= FFA_FID_LAST ? table[number - FFA_FID_FIRST] : NULL;
}

const struct text_field *text_layout_call(uint32_t number)
{
	return lookup(calls, number);
}

const struct text_field *text_layout_success(uint32_t number)
{
	return lookup(successes, number);
}

static const char *const framework_types[] = {
	[0] = "psci-request",
	[1] = "psci-warm-boot",
	[2] = "psci-response",
	[FFA_FRAMEWORK_VM_CREATED] = "vm-created",
	[FFA_FRAMEWORK_VM_CREATED_RESP] = "vm-created-response",
	[FFA_FRAMEWORK_VM_DESTROYED] = "vm-destroyed",
	[FFA_FRAMEWORK_VM_DESTROYED_RESP] = "vm-destroyed-response",
	[8] = "version-request",
	[9] = "version-response",
};

const char *text_layout_framework(uint32_t type)
{
	return type < sizeof(framework_types) / sizeof(framework_types[0]) ? framework_types[type] : NULL;
}
