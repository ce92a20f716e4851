/* SPDX-License-Identifier: BSD-3-Clause */
/* A conduit that falsifies what another one answers, in one way: what the suite has to notice. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "daemon/conduit/conduit.h"

#define MUTANT_CASES_MAX 12
#define MUTANT_REGIONS_MAX 4

struct mutant_conduit;

struct mutant {
	const char *name;
	/* Answer without asking the firmware: true when *reply is the answer. May be NULL. */
	bool (*swallow)(const struct ffa_regs *call, struct ffa_regs *reply);
	/* Falsify the firmware's answer: true when it did. May be NULL. */
	bool (*falsify)(struct mutant_conduit *conduit, unsigned int cpu, const struct ffa_regs *call,
			struct ffa_regs *reply);
	/* Patterns of cases that must fail wherever this changed an answer; ends with NULL. */
	const char *cases[MUTANT_CASES_MAX + 1];
};

extern const struct mutant mutants[];
extern const size_t mutants_count;

struct mutant_conduit {
	struct ffa_conduit conduit;
	struct ffa_conduit *inner; /* owned */
	const struct mutant *mutant;
	atomic_bool armed;
	atomic_uint hits; /* answers that were changed */

	/* What the firmware knows of memory. */
	size_t region_count;
	struct {
		uint64_t base, size;
		uint8_t *map;
	} regions[MUTANT_REGIONS_MAX];
	uint8_t *rx;                      /* NULL: none mapped */
	uint8_t rx_before[FFA_PAGE_SIZE]; /* before the call that is under way */
};

/* Takes over `inner`. NULL without memory. */
struct mutant_conduit *mutant_conduit_new(const struct mutant *mutant, struct ffa_conduit *inner);
