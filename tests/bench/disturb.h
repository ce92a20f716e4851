/* SPDX-License-Identifier: BSD-3-Clause */
/* What others do meanwhile: nothing, in great number, or calls to partitions that take their time. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DISTURB_IDLE_MAX 4096

/* Sessions that have said Hello and nothing since. */
struct idle_crowd {
	size_t count;
	struct ffa_client *clients[DISTURB_IDLE_MAX];
};

void idle_crowd_start(struct idle_crowd *crowd, const char *socket, size_t count);
void idle_crowd_stop(struct idle_crowd *crowd);

/*
 * A process that keeps calls under way to a slow partition, a yielding one and one that does not come back (the manifests
 * beside this file). It stands still except between disturber_go() and disturber_pause().
 */
struct disturber {
	pid_t pid;
	_Atomic uint64_t *answers; /* shared with it: of the slow partition */
};

/* On that CPU; -1: any. */
void disturber_start(struct disturber *disturber, const char *socket, int cpu);
void disturber_stop(struct disturber *disturber);
/* Returns when the slow partition is answering. */
void disturber_go(struct disturber *disturber);
void disturber_pause(struct disturber *disturber);
