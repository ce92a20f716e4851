/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's device tree, on its way to the guest: read, and changed where both texts are as long. */
#pragma once

#include <stdint.h>

struct fdt_facts {
	unsigned int cpus;
	uint64_t memory_base, memory_size; /* the guest's */
};

/*
 * Make the tree the guest's: PSCI by HVC, and memory without its first `reserved` bytes, which must lie at
 * its start. Returns 0, or -1 for a tree that has no such nodes or is none.
 */
int fdt_adapt(void *fdt, uint64_t reserved, struct fdt_facts *ret_facts);
