/* SPDX-License-Identifier: BSD-3-Clause */
/* A conduit whose firmware is a function of the test. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "daemon/conduit/conduit.h"

struct fake_conduit {
	struct ffa_conduit conduit;
	/* The firmware: any thread. */
	int (*firmware)(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs);
	size_t pages_out; /* allocated and not given back */
	uint64_t first_frame;
	void *rx; /* where the firmware writes, once mapped */
	void *test;
};

static inline int fake_call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	struct fake_conduit *fake = (struct fake_conduit *)conduit;

	return fake->firmware(fake, cpu, regs);
}

static inline int fake_pages_alloc(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages)
{
	struct fake_conduit *fake = (struct fake_conduit *)conduit;
	struct ffa_pages pages = { .count = count, .fd = -1 };

	pages.map = aligned_alloc(FFA_PAGE_SIZE, count * FFA_PAGE_SIZE);
	pages.frames = calloc(count, sizeof(*pages.frames));
	memset(pages.map, 0, count * FFA_PAGE_SIZE);
	for (size_t i = 0; i < count; i++)
		pages.frames[i] = fake->first_frame + i * FFA_PAGE_SIZE;
	fake->pages_out += count;
	*ret_pages = pages;
	return 0;
}

static inline void fake_pages_free(struct ffa_conduit *conduit, struct ffa_pages *pages)
{
	struct fake_conduit *fake = (struct fake_conduit *)conduit;

	fake->pages_out -= pages->count;
	free(pages->map);
	free(pages->frames);
	*pages = (struct ffa_pages) { .fd = -1 };
}

static const struct ffa_conduit_ops fake_ops = {
	.call = fake_call,
	.pages_alloc = fake_pages_alloc,
	.pages_free = fake_pages_free,
};

#define FAKE_CONDUIT(function)                                                                               \
	{                                                                                                    \
		.conduit = { .ops = &fake_ops, .name = "fake", .cpus = 2 }, .firmware = (function),          \
		.first_frame = 0x80000000,                                                                   \
	}

static inline void fake_reply(struct ffa_regs *regs, uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3)
{
	*regs = (struct ffa_regs) { .x = { x0, x1, x2, x3 } };
}
