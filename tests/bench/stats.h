/* SPDX-License-Identifier: BSD-3-Clause */
/* Samples and their quantiles. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of the monotonic clock. */
uint64_t stats_now_ns(void);

struct samples {
	size_t count, size;
	double *values; /* owned */
};

void samples_init(struct samples *samples, size_t size);
void samples_clear(struct samples *samples);
/* There has to be room. */
void samples_add(struct samples *samples, double value);
/* Quantile 0…1; sorts the samples. 0 when there are none. */
double samples_quantile(struct samples *samples, double quantile);

#define STATS_ROUNDS_MAX 101

/* One figure, measured once in each round. */
struct figure {
	size_t rounds;
	double values[STATS_ROUNDS_MAX];
};

void figure_add(struct figure *figure, double value);
double figure_median(const struct figure *figure);
