/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "ffa-client.h"
#include "ffa.pb-c.h"

/* -EPROTO: an id or a count over 16 bits, a UUID that is neither empty nor 16 bytes; -ENOMEM. */
int partition_list_from_wire(Ffa__V1__Partition *const *partitions, size_t count, uint64_t generation,
			     struct ffa_partition_list **ret_list);
