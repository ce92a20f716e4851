/* SPDX-License-Identifier: BSD-3-Clause */
/* Percentiles of measured times. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct latency {
	uint64_t *samples; /* nanoseconds; owned */
	size_t count, capacity;
};

/* Room for `capacity` samples. -ENOMEM. */
int latency_init(struct latency *latency, size_t capacity);
void latency_deinit(struct latency *latency);
/* Must not be called more than `capacity` times. */
void latency_add(struct latency *latency, uint64_t nanoseconds);
/* After the last sample, before the first percentile. */
void latency_sort(struct latency *latency);
/*
 * The smallest sample that at least `percent` of all samples do not exceed (nearest rank); percent 0: the
 * smallest, 100: the largest; of no samples: 0.
 */
uint64_t latency_percentile(const struct latency *latency, unsigned int percent);
