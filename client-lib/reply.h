/* SPDX-License-Identifier: BSD-3-Clause */
/* What ffad sends, from bytes to results. The bytes are not trusted. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "request.h"

/*
 * The answer to a request, by its method: fills the request's results and outcome. The arena is reset.
 * -EPROTO: not an answer to it; -ENOMEM.
 */
int reply_decode(struct ffa_request *request, struct arena *arena, const uint8_t *body, size_t size);
/* A PartitionEvent. -EPROTO, -ENOMEM. */
int reply_decode_partitions(struct arena *arena, const uint8_t *body, size_t size,
			    struct ffa_partition_list **ret_list);
/* A Notice: why the session ends. -EPROTO, -ENOMEM. */
int reply_decode_notice(struct arena *arena, const uint8_t *body, size_t size, struct outcome *ret_outcome);
