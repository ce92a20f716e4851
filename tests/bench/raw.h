/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What there is at least to pay for a round trip over a Unix stream socket: a server with epoll, a blocking client,
 * 64 bytes each way.
 */
#pragma once

#include <sys/types.h>

#include "stats.h"

#define RAW_MESSAGE_SIZE 64

struct raw {
	pid_t pid;
	int fd;
};

/* Fork the server, on that CPU; -1: any. */
void raw_start(struct raw *raw, int cpu);
void raw_stop(struct raw *raw);
/* `count` round trips, their times in ns added to `samples`. */
void raw_measure(struct raw *raw, size_t count, struct samples *samples);
