/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Notifications (DEN0077 §16): the frames of FFA_NOTIFICATION_BITMAP_CREATE/DESTROY, BIND, UNBIND, SET, GET
 * and INFO_GET. Encoders write every register of the frame. Decoders of calls return -ENOMSG for another
 * function and otherwise take the registers as they are; the `_validate` functions then apply the
 * specification's rules and return FFA_OK or FFA_INVALID_PARAMETERS. All are pure and may run in any thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regs.h"

#define FFA_NOTIFICATIONS_MAX 64 /* per receiver and world of the senders */

/* FFA_NOTIFICATION_BITMAP_CREATE, FFA_NOTIFICATION_BITMAP_DESTROY. */
struct ffa_notification_bitmap {
	uint16_t endpoint;   /* whose bitmaps: a VM, 0 for the caller itself */
	uint32_t vcpu_count; /* CREATE only */
};

void ffa_notification_bitmap_encode_create(const struct ffa_notification_bitmap *bitmap,
					   struct ffa_regs *ret_regs);
void ffa_notification_bitmap_encode_destroy(const struct ffa_notification_bitmap *bitmap,
					    struct ffa_regs *ret_regs);
/* Either call: vcpu_count is 0 for DESTROY. */
int ffa_notification_bitmap_decode(const struct ffa_regs *regs, struct ffa_notification_bitmap *ret_bitmap);

/* Flags of BIND (bit 0) and SET. */
#define FFA_NOTIFICATION_PER_VCPU (1u << 0)
#define FFA_NOTIFICATION_DELAY_SRI (1u << 1) /* SET, from secure partitions only */
#define FFA_NOTIFICATION_BIND_FLAGS FFA_NOTIFICATION_PER_VCPU
#define FFA_NOTIFICATION_SET_FLAGS (FFA_NOTIFICATION_PER_VCPU | FFA_NOTIFICATION_DELAY_SRI)

/* FFA_NOTIFICATION_BIND, FFA_NOTIFICATION_UNBIND. */
struct ffa_notification_binding {
	uint16_t sender, receiver; /* who may set the notifications, whose they are */
	uint32_t flags;            /* BIND only: FFA_NOTIFICATION_PER_VCPU */
	uint64_t bitmap;
};

void ffa_notification_binding_encode_bind(const struct ffa_notification_binding *binding,
					  struct ffa_regs *ret_regs);
void ffa_notification_binding_encode_unbind(const struct ffa_notification_binding *binding,
					    struct ffa_regs *ret_regs);
/* Either call: flags is w2 of both, so that a reserved bit of UNBIND is seen. */
int ffa_notification_binding_decode(const struct ffa_regs *regs,
				    struct ffa_notification_binding *ret_binding);
/* Bitmap not empty, flags of the call's kind, sender is not the receiver. */
int32_t ffa_notification_binding_validate(const struct ffa_notification_binding *binding, bool bind);

/* FFA_NOTIFICATION_SET. */
struct ffa_notification_set {
	uint16_t sender, receiver;
	uint16_t flags; /* w2[15:0] */
	uint16_t vcpu;  /* w2[31:16], of the receiver; 0 for global notifications */
	uint64_t bitmap;
};

void ffa_notification_set_encode(const struct ffa_notification_set *set, struct ffa_regs *ret_regs);
int ffa_notification_set_decode(const struct ffa_regs *regs, struct ffa_notification_set *ret_set);
/* `from_normal_world`: the caller, which must not delay the schedule receiver interrupt then. */
int32_t ffa_notification_set_validate(const struct ffa_notification_set *set, bool from_normal_world);

#define FFA_NOTIFICATION_GET_SP (1u << 0)  /* those that secure partitions set */
#define FFA_NOTIFICATION_GET_VM (1u << 1)  /* those that VMs set */
#define FFA_NOTIFICATION_GET_SPM (1u << 2) /* framework notifications of the SPMC */
#define FFA_NOTIFICATION_GET_HYP (1u << 3) /* framework notifications of the hypervisor */
#define FFA_NOTIFICATION_GET_FLAGS 0xfu

/* Framework notification: an indirect message is in the receiver's RX buffer. */
#define FFA_NOTIFICATION_RX_FULL (1u << 0)

/* FFA_NOTIFICATION_GET. */
struct ffa_notification_get {
	uint16_t receiver, vcpu;
	uint32_t flags;
};

void ffa_notification_get_encode(const struct ffa_notification_get *get, struct ffa_regs *ret_regs);
int ffa_notification_get_decode(const struct ffa_regs *regs, struct ffa_notification_get *ret_get);
/* `physical`: the caller is the normal world's physical instance, which has no VMs' and no hypervisor's. */
int32_t ffa_notification_get_validate(const struct ffa_notification_get *get, bool physical);

/* The reply of FFA_NOTIFICATION_GET: what was pending, and now is not. */
struct ffa_notification_pending {
	uint64_t from_sps, from_vms;
	uint32_t from_spm, from_hypervisor;
};

/* A whole FFA_SUCCESS frame. */
void ffa_notification_pending_encode(const struct ffa_notification_pending *pending,
				     struct ffa_regs *ret_regs);
/* -ENOMSG: no FFA_SUCCESS. */
int ffa_notification_pending_decode(const struct ffa_regs *regs,
				    struct ffa_notification_pending *ret_pending);

#define FFA_NOTIFICATION_INFO_IDS_64 20
#define FFA_NOTIFICATION_INFO_IDS_32 10
#define FFA_NOTIFICATION_INFO_LISTS_MAX FFA_NOTIFICATION_INFO_IDS_64
#define FFA_NOTIFICATION_INFO_VCPUS_MAX 3

/* One list of FFA_NOTIFICATION_INFO_GET: an endpoint with something pending. */
struct ffa_notification_info_list {
	uint16_t endpoint;
	uint8_t vcpu_count; /* 0: a global notification is pending */
	uint16_t vcpus[FFA_NOTIFICATION_INFO_VCPUS_MAX];
};

/* The reply of FFA_NOTIFICATION_INFO_GET. */
struct ffa_notification_info {
	bool more; /* another INFO_GET has more */
	uint8_t count;
	struct ffa_notification_info_list lists[FFA_NOTIFICATION_INFO_LISTS_MAX];
};

/*
 * A whole FFA_SUCCESS frame, SMC64 or SMC32. -EINVAL: no list, too many, or a list with too many vCPUs.
 * -ENOSPC: more ids than the convention has room for (FFA_NOTIFICATION_INFO_IDS_…).
 */
int ffa_notification_info_encode(const struct ffa_notification_info *info, bool is_64,
				 struct ffa_regs *ret_regs);
/*
 * By the convention of the reply itself. -ENOMSG: no FFA_SUCCESS. -EBADMSG: no list at all, or more ids than
 * the registers hold.
 */
int ffa_notification_info_decode(const struct ffa_regs *regs, struct ffa_notification_info *ret_info);
