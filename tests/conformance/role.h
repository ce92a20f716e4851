/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Secure partitions that the cases need, by what they do. A machine has one when discovery finds its UUID.
 */
#pragma once

#include "abi/uuid.h"

enum role {
	ROLE_ECHO,          /* answers with the arguments of the request; one execution context */
	ROLE_ECHO_SECOND,   /* another protocol of the same partition */
	ROLE_ECHO_MP,       /* the same with an execution context on each CPU */
	ROLE_REFUSER,       /* receives no direct requests */
	ROLE_YIELDER,       /* yields before it answers as the echo does */
	ROLE_INTERRUPTIBLE, /* is interrupted before it answers as the echo does */
	ROLE_BUSY,          /* its firmware answers BUSY a few times between answers */
	ROLE_ABORTING,      /* aborts at the first request */
	ROLE_SUBSCRIBER,    /* wants to know of VMs that come and go */
	ROLE_REQ_ONLY,      /* a protocol that takes FFA_MSG_SEND_DIRECT_REQ and not REQ2 */
	ROLE_REQ2_ONLY,     /* another one of the same partition, the other way round */
	ROLE_COUNT,
};

struct roles {
	struct ffa_uuid uuids[ROLE_COUNT];
};

/* "echo", "echo-second", … */
const char *role_name(enum role role);
/* The UUIDs that simulated machines have. */
void roles_init(struct roles *roles);
/* Set one from "ROLE=UUID". -EINVAL. */
int roles_set(struct roles *roles, const char *text);
