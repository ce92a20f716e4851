/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where calls are executed. A message thread issues a call itself, inside its event callback. What cannot be finished
 * there (the partition is in use, slow, busy, or has yielded) goes to the partition's lane: a thread that
 * waits, retries and resumes by FFA_RUN on the CPU where the call began.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call.h"

struct ffa_conduit;
struct lane;

struct calls_settings {
	uint64_t slow_ns;       /* a call that takes longer counts as slow */
	uint64_t stop_ns;       /* time that parked calls get to end at shutdown */
	unsigned int lanes_max; /* threads */
};

struct calls {
	struct ffa_conduit *conduit;
	struct calls_settings settings;
	const int *cpu_ids; /* CPU number of each index, -1: not pinned; owner: the caller of calls_init() */
	unsigned int cpus;
	/* Nobody but ffad uses this firmware, so a partition that is BUSY without a call of ours was left behind
	 * by an ffad before us and may be run until it waits again. */
	bool sole_user;
	_Atomic uint64_t issued; /* direct messages since start */
	_Atomic uint32_t parked; /* calls that yielded or were interrupted, now */
	pthread_mutex_t lock;    /* lanes */
	struct lane **lanes;
	unsigned int lane_count;
	bool stopped;
};

int calls_init(struct calls *calls, struct ffa_conduit *conduit, const int *cpu_ids, unsigned int cpus,
	       const struct calls_settings *settings);
/* Let parked calls end (at most stop_ns), answer the rest -ESHUTDOWN. False when a lane is still inside a call: its
 * thread and what it uses must then stay. */
bool calls_stop(struct calls *calls);
void calls_deinit(struct calls *calls);

enum calls_step {
	CALLS_DONE,        /* call->result stands; the executor's reference is the caller's again */
	CALLS_TO_LANE,     /* the caller registers an owner, then calls calls_submit() */
	CALLS_LEFT_BEHIND, /* the thread lost its work while inside; the call has gone its way */
};

/* The thread that executes. */
struct calls_port {
	unsigned int cpu;
	uint64_t now_ns; /* clock at the last look; updated */
	void *ctx;
	void (*enter)(void *ctx); /* about to be inside a call */
	bool (*leave)(void *ctx); /* back; false: the thread's work was taken away meanwhile */
};

/* Execute a call in place, or say that it belongs into the lane. */
enum calls_step calls_execute(struct calls *calls, struct call *call, struct calls_port *port);
/* Give a call, with the executor's reference, to its partition's lane. Any thread. */
void calls_submit(struct calls *calls, struct call *call);

/* One trip into the firmware with the frame that the call's state asks for; sets state and times. Executors only. */
void calls_issue(struct calls *calls, struct call *call, uint64_t *now_ns);
