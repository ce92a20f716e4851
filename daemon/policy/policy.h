/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who may do what to which partition. A policy is immutable once loaded and counted by reference, so that
 * message threads read it without locks; a reload makes a new one.
 *
 * Rules are sections of ffad.conf and of the files in ffad.conf.d (docs/ffad.conf.5.scd). The last rule that
 * matches subject and partition and names the verb decides; without one the default holds: root everything,
 * others may list. That a kernel driver has claimed a partition bars everybody, root too, until a rule allows "claimed".
 *
 * A partition that offers several UUIDs is judged for each of them, as (id, UUID), and the verb is allowed
 * only when every verdict is yes: a direct message by partition id reaches all of its services, so that
 * neither an allowed service may open a denied or unnamed one beside it, nor a denial be lost among allowed
 * ones. A caller that reaches one service only (a direct message by UUID) passes that UUID alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/uuid.h"

enum policy_verb {
	POLICY_LIST,    /* see the partition */
	POLICY_DIRECT,  /* send direct messages to it */
	POLICY_ADMIN,   /* requests that concern the whole daemon; no partition */
	POLICY_CLAIMED, /* do so although a kernel driver has claimed the partition */
	POLICY_VERB_COUNT,
};

/* "list", "direct", "admin", "claimed". */
const char *policy_verb_name(enum policy_verb verb);

/* Who asks: taken from the socket once, at connect. */
struct policy_subject {
	uid_t uid;
	gid_t gid;
	const gid_t *groups; /* supplementary groups; owner: the session */
	size_t group_count;
};

/* What is asked for. */
struct policy_object {
	uint16_t partition_id;
	const struct ffa_uuid *uuids; /* that the partition offers */
	size_t uuid_count;
};

struct policy;

struct policy *policy_ref(struct policy *policy);   /* accepts NULL */
struct policy *policy_unref(struct policy *policy); /* returns NULL */
/* The default policy, without any rule. NULL: no memory. */
struct policy *policy_new_default(void);
/* Any thread. `object` is NULL for POLICY_ADMIN (and not looked at); the other verbs need one. */
bool policy_allows(const struct policy *policy, const struct policy_subject *subject, enum policy_verb verb,
		   const struct policy_object *object);
/* The same for all verbs at once: bit 1 << verb. */
uint32_t policy_verbs(const struct policy *policy, const struct policy_subject *subject,
		      const struct policy_object *object);
