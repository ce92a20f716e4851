/* SPDX-License-Identifier: BSD-3-Clause */
/* What was measured, and how it is told. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "count.h"
#include "stats.h"

/* Times of one call. */
struct timing {
	struct figure p50, p99; /* ns, of each round */
};

struct result {
	size_t rounds, calls; /* calls of one kind in one round */
	int cpu;
	struct timing raw, ping, direct;
	struct figure pipelined, pipelined_bare; /* ns for one */
	struct timing disturbed, crowded;        /* direct messages */
	size_t idle_sessions;
	bool has_cross; /* there is a second CPU */
	struct timing cross_raw, cross_direct;
	size_t rss, pss, crowded_rss; /* bytes */
	struct figure ready;          /* ns, of several starts */
	bool has_syscalls;
	struct syscall_count syscalls;
	double allocations; /* of one direct message */
};

void result_print_text(const struct result *result);
void result_print_json(const struct result *result);
