/* SPDX-License-Identifier: BSD-3-Clause */
/* What a replay counts, and how it is shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parts of FF-A that can be asked for by --only. */
enum replay_group {
	GROUP_SETUP,
	GROUP_RXTX,
	GROUP_FEATURES,
	GROUP_DISCOVERY,
	GROUP_DIRECT,
	GROUP_MEMORY,
	GROUP_NOTIFICATION,
	GROUP_INDIRECT,
	GROUP_OTHER, /* what the normal world may not call, and numbers that are no function */
	GROUP_COUNT,
};

enum verdict {
	VERDICT_AGREES,
	VERDICT_DISAGREES,
	VERDICT_NOT_SIMULATED, /* the simulator does not have what the call, or the partition it ran, needs */
	VERDICT_NOT_COMPARABLE, /* state that an earlier call left may differ from the recording's */
	VERDICT_COUNT,
};

#define TALLY_ROWS 256 /* function numbers 0x60 … and the rest in one row, 32 and 64 bit */

struct tally {
	size_t counts[TALLY_ROWS][VERDICT_COUNT];
};

const char *group_name(enum replay_group group);
/* -EINVAL for an unknown name. */
int group_find(const char *name, size_t length);
enum replay_group group_of(uint32_t fid);

void tally_count(struct tally *tally, uint32_t fid, enum verdict verdict);
void tally_add(struct tally *tally, const struct tally *other);

/* Agreeing calls in per cent of the comparable ones, over the groups in `groups` (bits); 100 when there is none. */
double tally_percent(const struct tally *tally, unsigned int groups);

/* Print a table (or JSON) of the rows in `groups`, titled by a file and a profile. */
int tally_print(const struct tally *tally, unsigned int groups, const char *title, const char *profile,
		bool json);
