/* SPDX-License-Identifier: BSD-3-Clause */
#include "notification.h"

#include "direct.h"
#include "error.h"
#include "fid.h"
#include "linux_errno.h"

/* w1 of BIND, UNBIND and SET. */
static uint16_t sender_of(const struct ffa_regs *regs)
{
	return (uint16_t)(ffa_regs_w(regs, 1) >> 16);
}

static uint16_t receiver_of(const struct ffa_regs *regs)
{
	return (uint16_t)ffa_regs_w(regs, 1);
}

void ffa_notification_bitmap_encode_create(const struct ffa_notification_bitmap *bitmap,
					   struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_NOTIFICATION_BITMAP_CREATE, bitmap->endpoint,
					  bitmap->vcpu_count } };
}

void ffa_notification_bitmap_encode_destroy(const struct ffa_notification_bitmap *bitmap,
					    struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_NOTIFICATION_BITMAP_DESTROY, bitmap->endpoint } };
}

int ffa_notification_bitmap_decode(const struct ffa_regs *regs, struct ffa_notification_bitmap *ret_bitmap)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	if (fid != FFA_NOTIFICATION_BITMAP_CREATE && fid != FFA_NOTIFICATION_BITMAP_DESTROY)
		return -LINUX_ENOMSG;
	*ret_bitmap = (struct ffa_notification_bitmap) {
		.endpoint = (uint16_t)ffa_regs_w(regs, 1),
		.vcpu_count = fid == FFA_NOTIFICATION_BITMAP_CREATE ? ffa_regs_w(regs, 2) : 0,
	};
	return 0;
}

static void encode_binding(const struct ffa_notification_binding *binding, uint32_t fid, uint32_t flags,
			   struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { fid, ffa_src_dst(binding->sender, binding->receiver), flags } };

	ffa_regs_set_w64(&regs, 3, binding->bitmap);
	*ret_regs = regs;
}

void ffa_notification_binding_encode_bind(const struct ffa_notification_binding *binding,
					  struct ffa_regs *ret_regs)
{
	encode_binding(binding, FFA_NOTIFICATION_BIND, binding->flags, ret_regs);
}

void ffa_notification_binding_encode_unbind(const struct ffa_notification_binding *binding,
					    struct ffa_regs *ret_regs)
{
	encode_binding(binding, FFA_NOTIFICATION_UNBIND, 0, ret_regs);
}

int ffa_notification_binding_decode(const struct ffa_regs *regs, struct ffa_notification_binding *ret_binding)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	if (fid != FFA_NOTIFICATION_BIND && fid != FFA_NOTIFICATION_UNBIND)
		return -LINUX_ENOMSG;
	*ret_binding = (struct ffa_notification_binding) {
		.sender = sender_of(regs),
		.receiver = receiver_of(regs),
		.flags = ffa_regs_w(regs, 2),
		.bitmap = ffa_regs_w64(regs, 3),
	};
	return 0;
}

int32_t ffa_notification_binding_validate(const struct ffa_notification_binding *binding, bool bind)
{
	if (binding->flags & ~(bind ? FFA_NOTIFICATION_BIND_FLAGS : 0u))
		return FFA_INVALID_PARAMETERS;
	if (!binding->bitmap || binding->sender == binding->receiver)
		return FFA_INVALID_PARAMETERS;
	return FFA_OK;
}

void ffa_notification_set_encode(const struct ffa_notification_set *set, struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { FFA_NOTIFICATION_SET, ffa_src_dst(set->sender, set->receiver),
				   (uint32_t)set->vcpu << 16 | set->flags } };

	ffa_regs_set_w64(&regs, 3, set->bitmap);
	*ret_regs = regs;
}

int ffa_notification_set_decode(const struct ffa_regs *regs, struct ffa_notification_set *ret_set)
{
	if (ffa_regs_w(regs, 0) != FFA_NOTIFICATION_SET)
		return -LINUX_ENOMSG;
	*ret_set = (struct ffa_notification_set) {
		.sender = sender_of(regs),
		.receiver = receiver_of(regs),
		.flags = (uint16_t)ffa_regs_w(regs, 2),
		.vcpu = (uint16_t)(ffa_regs_w(regs, 2) >> 16),
		.bitmap = ffa_regs_w64(regs, 3),
	};
	return 0;
}

int32_t ffa_notification_set_validate(const struct ffa_notification_set *set, bool from_normal_world)
{
	if (set->flags & ~FFA_NOTIFICATION_SET_FLAGS)
		return FFA_INVALID_PARAMETERS;
	if (from_normal_world && (set->flags & FFA_NOTIFICATION_DELAY_SRI))
		return FFA_INVALID_PARAMETERS;
	if (!(set->flags & FFA_NOTIFICATION_PER_VCPU) && set->vcpu)
		return FFA_INVALID_PARAMETERS;
	if (!set->bitmap || set->sender == set->receiver)
		return FFA_INVALID_PARAMETERS;
	return FFA_OK;
}

void ffa_notification_get_encode(const struct ffa_notification_get *get, struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_NOTIFICATION_GET, (uint32_t)get->vcpu << 16 | get->receiver,
					  get->flags } };
}

int ffa_notification_get_decode(const struct ffa_regs *regs, struct ffa_notification_get *ret_get)
{
	if (ffa_regs_w(regs, 0) != FFA_NOTIFICATION_GET)
		return -LINUX_ENOMSG;
	*ret_get = (struct ffa_notification_get) {
		.receiver = (uint16_t)ffa_regs_w(regs, 1),
		.vcpu = (uint16_t)(ffa_regs_w(regs, 1) >> 16),
		.flags = ffa_regs_w(regs, 2),
	};
	return 0;
}

int32_t ffa_notification_get_validate(const struct ffa_notification_get *get, bool physical)
{
	uint32_t allowed =
		physical ? FFA_NOTIFICATION_GET_SP | FFA_NOTIFICATION_GET_SPM : FFA_NOTIFICATION_GET_FLAGS;

	return get->flags & ~allowed ? FFA_INVALID_PARAMETERS : FFA_OK;
}

void ffa_notification_pending_encode(const struct ffa_notification_pending *pending,
				     struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { FFA_SUCCESS } };

	ffa_regs_set_w64(&regs, 2, pending->from_sps);
	ffa_regs_set_w64(&regs, 4, pending->from_vms);
	regs.x[6] = pending->from_spm;
	regs.x[7] = pending->from_hypervisor;
	*ret_regs = regs;
}

int ffa_notification_pending_decode(const struct ffa_regs *regs, struct ffa_notification_pending *ret_pending)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	if (fid != FFA_SUCCESS && fid != FFA_SUCCESS_64)
		return -LINUX_ENOMSG;
	*ret_pending = (struct ffa_notification_pending) {
		.from_sps = ffa_regs_w64(regs, 2),
		.from_vms = ffa_regs_w64(regs, 4),
		.from_spm = ffa_regs_w(regs, 6),
		.from_hypervisor = ffa_regs_w(regs, 7),
	};
	return 0;
}

/* x2/w2 of the INFO_GET reply. */
#define INFO_MORE (1u << 0)
#define INFO_COUNT_SHIFT 7
#define INFO_COUNT_MASK 0x1fu
#define INFO_SIZES_SHIFT 12
#define INFO_SIZE_BITS 2
#define INFO_SIZE_MASK 3u
#define INFO_IDS_FIRST 3 /* the register of the first id */

/* The place of id number `i`: 4 ids in a register of 64 bits, 2 in one of 32. */
static void id_place(unsigned int i, bool is_64, unsigned int *ret_reg, unsigned int *ret_shift)
{
	unsigned int per_reg = is_64 ? 4 : 2;

	*ret_reg = INFO_IDS_FIRST + i / per_reg;
	*ret_shift = 16 * (i % per_reg);
}

static void put_id(struct ffa_regs *regs, unsigned int i, bool is_64, uint16_t id)
{
	unsigned int reg, shift;

	id_place(i, is_64, &reg, &shift);
	regs->x[reg] |= (uint64_t)id << shift;
}

static uint16_t get_id(const struct ffa_regs *regs, unsigned int i, bool is_64)
{
	unsigned int reg, shift;

	id_place(i, is_64, &reg, &shift);
	return (uint16_t)(regs->x[reg] >> shift);
}

int ffa_notification_info_encode(const struct ffa_notification_info *info, bool is_64,
				 struct ffa_regs *ret_regs)
{
	unsigned int room = is_64 ? FFA_NOTIFICATION_INFO_IDS_64 : FFA_NOTIFICATION_INFO_IDS_32;
	struct ffa_regs regs = { { is_64 ? FFA_SUCCESS_64 : FFA_SUCCESS } };
	unsigned int ids = 0;

	if (!info->count || info->count > FFA_NOTIFICATION_INFO_LISTS_MAX)
		return -LINUX_EINVAL;
	regs.x[2] = (info->more ? INFO_MORE : 0) | (uint64_t)info->count << INFO_COUNT_SHIFT;
	for (unsigned int i = 0; i < info->count; i++) {
		const struct ffa_notification_info_list *list = &info->lists[i];

		if (list->vcpu_count > FFA_NOTIFICATION_INFO_VCPUS_MAX)
			return -LINUX_EINVAL;
		if (ids + 1 + list->vcpu_count > room)
			return -LINUX_ENOSPC;
		regs.x[2] |= (uint64_t)list->vcpu_count << (INFO_SIZES_SHIFT + INFO_SIZE_BITS * i);
		put_id(&regs, ids++, is_64, list->endpoint);
		for (unsigned int v = 0; v < list->vcpu_count; v++)
			put_id(&regs, ids++, is_64, list->vcpus[v]);
	}
	*ret_regs = regs;
	return 0;
}

int ffa_notification_info_decode(const struct ffa_regs *regs, struct ffa_notification_info *ret_info)
{
	uint32_t fid = ffa_regs_w(regs, 0);
	bool is_64 = fid == FFA_SUCCESS_64;
	unsigned int room = is_64 ? FFA_NOTIFICATION_INFO_IDS_64 : FFA_NOTIFICATION_INFO_IDS_32;
	uint64_t head = is_64 ? regs->x[2] : ffa_regs_w(regs, 2);
	struct ffa_notification_info info = {
		.more = head & INFO_MORE,
		.count = (head >> INFO_COUNT_SHIFT) & INFO_COUNT_MASK,
	};
	unsigned int ids = 0;

	if (!is_64 && fid != FFA_SUCCESS)
		return -LINUX_ENOMSG;
	/* A list has one id at least; none would let a caller that follows `more` turn for ever. */
	if (!info.count || info.count > room)
		return -LINUX_EBADMSG;
	for (unsigned int i = 0; i < info.count; i++) {
		struct ffa_notification_info_list *list = &info.lists[i];

		list->vcpu_count = (head >> (INFO_SIZES_SHIFT + INFO_SIZE_BITS * i)) & INFO_SIZE_MASK;
		if (ids + 1 + list->vcpu_count > room)
			return -LINUX_EBADMSG;
		list->endpoint = get_id(regs, ids++, is_64);
		for (unsigned int v = 0; v < list->vcpu_count; v++)
			list->vcpus[v] = get_id(regs, ids++, is_64);
	}
	*ret_info = info;
	return 0;
}
