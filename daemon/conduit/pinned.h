/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that stays where it is, with its physical addresses: a memfd that only ffad holds, pinned by /dev/udmabuf, and its
 * page frames from /proc/self/pagemap. Both files are opened once, so that privileges can be dropped afterwards.
 */
#pragma once

#include "daemon/conduit/conduit.h"

struct pinned {
	int udmabuf_fd; /* owned; -1: no such device */
	int pagemap_fd; /* owned */
};

/* Without /dev/udmabuf it succeeds all the same, and allocation says -EOPNOTSUPP. -EPERM: page frames are not shown to us. */
int pinned_open(struct pinned *ret_pinned, char **ret_reason);
void pinned_close(struct pinned *pinned); /* idempotent */

/* `count` FF-A pages, zeroed; pages.fd is the dma-buf. -EOPNOTSUPP, -ENOMEM, -EPERM. */
int pinned_alloc(struct pinned *pinned, size_t count, struct ffa_pages *ret_pages);
void pinned_free(struct ffa_pages *pages);
