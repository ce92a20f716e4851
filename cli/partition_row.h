/* SPDX-License-Identifier: BSD-3-Clause */
/* A row of the partition table, as list, show and watch print it. */
#pragma once

#include "output.h"

/* What a row is about, in a watch. */
enum partition_change {
	PARTITION_PRESENT, /* in the first table */
	PARTITION_ADDED,
	PARTITION_REMOVED,
	PARTITION_CHANGED,
};

/* One entry of the table: one service of one partition. */
struct partition_row {
	uint16_t id, exec_ctx_count;
	uint32_t properties, ffa_version;
	enum ffa_partition_type type;
	uint8_t uuid[FFA_UUID_BYTES], image_uuid[FFA_UUID_BYTES];
	bool claimed, direct_allowed, stalled;
};

void partition_row_get(const struct ffa_partition *partition, struct partition_row *ret_row);
/* Whether both are about the same service of the same partition. */
bool partition_row_same(const struct partition_row *a, const struct partition_row *b);
bool partition_row_equal(const struct partition_row *a, const struct partition_row *b);

/* An output for such rows. watch: with the columns that tell what has changed. -ENOMEM. */
int partition_row_output(const struct cli_options *options, enum output_layout layout, bool watch,
			 struct output **ret_output);
void partition_row_add(struct output *output, const struct partition_row *row);
/* The same in a watch. */
void partition_row_add_change(struct output *output, const struct partition_row *row,
			      enum partition_change change, uint64_t generation);
