/* SPDX-License-Identifier: BSD-3-Clause */
#include "latency.h"

#include <errno.h>
#include <stdlib.h>

int latency_init(struct latency *latency, size_t capacity)
{
	uint64_t *samples = calloc(capacity ? capacity : 1, sizeof(*samples));

	if (!samples)
		return -ENOMEM;
	*latency = (struct latency) { .samples = samples, .capacity = capacity };
	return 0;
}

void latency_deinit(struct latency *latency)
{
	free(latency->samples);
	*latency = (struct latency) { 0 };
}

void latency_add(struct latency *latency, uint64_t nanoseconds)
{
	latency->samples[latency->count++] = nanoseconds;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

void latency_sort(struct latency *latency)
{
	qsort(latency->samples, latency->count, sizeof(*latency->samples), compare);
}

uint64_t latency_percentile(const struct latency *latency, unsigned int percent)
{
	size_t rank;

	if (!latency->count)
		return 0;
	rank = (size_t)(((uint64_t)latency->count * percent + 99) / 100);
	return latency->samples[rank ? rank - 1 : 0];
}
