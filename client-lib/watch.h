/* SPDX-License-Identifier: BSD-3-Clause */
/* A subscription: one request that stays, and the newest table that was not delivered. */
#pragma once

#include "request.h"

struct ffa_partition_watch {
	struct ffa_request request; /* first member */
	ffa_partition_watch_fn callback;
	void *userdata;
	struct ffa_partition_list *list; /* to deliver; NULL: none */
};

static inline struct ffa_partition_watch *watch_of_request(struct ffa_request *request)
{
	return (struct ffa_partition_watch *)request;
}
