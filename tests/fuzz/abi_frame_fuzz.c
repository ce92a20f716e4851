/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Register frames. Input: the function id of the call (4 bytes, little-endian), then up to 18 registers. Every
 * decoder sees the frame; what one of them accepts comes back the same through its encoder. The text form fits
 * its size and is one printable line.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/direct.h"
#include "abi/indirect.h"
#include "abi/memory_frame.h"
#include "abi/notification.h"
#include "abi/partition_info.h"
#include "abi/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static void check_line(const char *text, size_t length)
{
	check(length > 0 && length < FFA_TEXT_SIZE && strlen(text) == length);
	for (size_t i = 0; i < length; i++)
		check((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
}

static void check_text(uint32_t call_fid, const struct ffa_regs *regs)
{
	char text[FFA_TEXT_SIZE];
	char cut[24];
	size_t length;

	check_line(text, ffa_text_call(regs, text, sizeof(text)));
	length = ffa_text_reply(call_fid, regs, text, sizeof(text));
	check_line(text, length);
	check(ffa_text_reply(call_fid, regs, cut, sizeof(cut)) == length);
	check(strncmp(cut, text, sizeof(cut) - 1) == 0);
}

static void check_direct(const struct ffa_regs *regs)
{
	struct ffa_direct first, second;
	struct ffa_regs encoded;

	if (ffa_direct_decode_req(regs, &first) == 0) {
		check(ffa_direct_encode_req(&first, &encoded) == 0);
		check(ffa_direct_decode_req(&encoded, &second) == 0);
	} else if (ffa_direct_decode_resp(regs, &first) == 0) {
		check(ffa_direct_encode_resp(&first, &encoded) == 0);
		check(ffa_direct_decode_resp(&encoded, &second) == 0);
	} else {
		return;
	}
	check(first.kind == second.kind && first.sender == second.sender &&
	      first.receiver == second.receiver && first.flags == second.flags);
	check(ffa_uuid_equal(&first.uuid, &second.uuid));
	check(memcmp(first.args, second.args, sizeof(first.args)) == 0);
}

static void check_memory(const struct ffa_regs *regs)
{
	struct ffa_memory_frame first, second;
	struct ffa_memory_frag_rx frag_rx;
	struct ffa_memory_frag_tx frag_tx;
	struct ffa_memory_reclaim reclaim;
	struct ffa_regs encoded;
	uint32_t total, fragment;
	uint64_t handle;

	if (ffa_memory_frame_decode(regs, &first) == 0) {
		check(ffa_memory_frame_encode(&first, &encoded) == 0);
		check(ffa_memory_frame_decode(&encoded, &second) == 0);
		check(first.op == second.op && first.is_64 == second.is_64 &&
		      first.total_size == second.total_size && first.fragment_size == second.fragment_size &&
		      first.address == second.address && first.page_count == second.page_count);
	}
	(void)ffa_memory_frag_rx_decode(regs, &frag_rx);
	(void)ffa_memory_frag_tx_decode(regs, &frag_tx);
	(void)ffa_memory_reclaim_decode(regs, &reclaim);
	(void)ffa_memory_retrieve_resp_decode(regs, &total, &fragment);
	(void)ffa_memory_handle_decode(regs, &handle);
}

static bool lists_equal(const struct ffa_notification_info_list *a,
			const struct ffa_notification_info_list *b)
{
	return a->endpoint == b->endpoint && a->vcpu_count == b->vcpu_count &&
	       memcmp(a->vcpus, b->vcpus, a->vcpu_count * sizeof(a->vcpus[0])) == 0;
}

static void check_notification(const struct ffa_regs *regs)
{
	struct ffa_notification_bitmap bitmap;
	struct ffa_notification_binding binding;
	struct ffa_notification_set set;
	struct ffa_notification_get get;
	struct ffa_notification_pending pending;
	struct ffa_notification_info first, second;
	struct ffa_regs encoded;

	(void)ffa_notification_bitmap_decode(regs, &bitmap);
	(void)ffa_notification_pending_decode(regs, &pending);
	if (ffa_notification_binding_decode(regs, &binding) == 0)
		(void)ffa_notification_binding_validate(&binding, true);
	if (ffa_notification_set_decode(regs, &set) == 0)
		(void)ffa_notification_set_validate(&set, true);
	if (ffa_notification_get_decode(regs, &get) == 0)
		(void)ffa_notification_get_validate(&get, true);
	if (ffa_notification_info_decode(regs, &first) < 0)
		return;
	check(ffa_notification_info_encode(&first, regs->x[0] & 0x40000000, &encoded) == 0);
	check(ffa_notification_info_decode(&encoded, &second) == 0);
	check(first.more == second.more && first.count == second.count);
	for (unsigned int i = 0; i < first.count; i++)
		check(lists_equal(&first.lists[i], &second.lists[i]));
}

static void check_discovery(const struct ffa_regs *regs)
{
	struct ffa_partition_info_get get;
	struct ffa_partition_info_get_regs get_regs;
	struct ffa_partition_info_reply reply;
	struct ffa_partition_info_regs header;
	struct ffa_partition_info infos[5];
	struct ffa_regs encoded = { { 0 } };
	uint16_t start = (uint16_t)regs->x[1];
	int count;

	(void)ffa_partition_info_get_decode(regs, &get);
	(void)ffa_partition_info_get_regs_decode(regs, &get_regs);
	(void)ffa_partition_info_reply_decode(regs, &reply);
	count = ffa_partition_info_regs_decode(regs, start, &header, infos, 5);
	if (count < 0)
		return;
	check(count >= 1 && header.current_index >= start && header.current_index <= header.last_index);
	if (header.entry_size != FFA_PARTITION_INFO_SIZE_1_1)
		return;
	check(ffa_partition_info_regs_encode(&header, infos, (size_t)count, &encoded) == 0);
	check(encoded.x[2] == regs->x[2]);
	check(memcmp(&encoded.x[3], &regs->x[3], (size_t)count * header.entry_size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ffa_regs regs = { { 0 } };
	struct ffa_indirect_send send;
	struct ffa_indirect_send2 send2;
	uint32_t call_fid = 0;

	if (size < sizeof(call_fid))
		return 0;
	memcpy(&call_fid, data, sizeof(call_fid));
	data += sizeof(call_fid);
	size -= sizeof(call_fid);
	memcpy(&regs, data, size < sizeof(regs) ? size : sizeof(regs));
	check_text(call_fid, &regs);
	check_direct(&regs);
	check_memory(&regs);
	check_notification(&regs);
	check_discovery(&regs);
	(void)ffa_indirect_send_decode(&regs, &send);
	(void)ffa_indirect_send2_decode(&regs, &send2);
	return 0;
}
