/* SPDX-License-Identifier: BSD-3-Clause */
#include "stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t stats_now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void samples_init(struct samples *samples, size_t size)
{
	*samples = (struct samples) { .size = size, .values = calloc(size, sizeof(double)) };
	if (!samples->values) {
		fputs("bench: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
}

void samples_clear(struct samples *samples)
{
	free(samples->values);
	*samples = (struct samples) { 0 };
}

void samples_add(struct samples *samples, double value)
{
	if (samples->count < samples->size)
		samples->values[samples->count++] = value;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double quantile_of(double *values, size_t count, double quantile)
{
	if (count == 0)
		return 0;
	qsort(values, count, sizeof(*values), compare);
	return values[(size_t)((double)(count - 1) * quantile + 0.5)];
}

double samples_quantile(struct samples *samples, double quantile)
{
	return quantile_of(samples->values, samples->count, quantile);
}

void figure_add(struct figure *figure, double value)
{
	if (figure->rounds < STATS_ROUNDS_MAX)
		figure->values[figure->rounds++] = value;
}

double figure_median(const struct figure *figure)
{
	double sorted[STATS_ROUNDS_MAX];

	memcpy(sorted, figure->values, figure->rounds * sizeof(*sorted));
	return quantile_of(sorted, figure->rounds, 0.5);
}
