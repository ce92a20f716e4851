/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A lane: the thread for the calls of a partition that do not finish at once. It keeps them in the order of their
 * coming, issues those whose execution context is free, resumes parked ones when their time has come, and retries
 * those that met BUSY. It blocks in calls, so that message threads need not.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct call;
struct calls;
struct lane;

struct lane *lane_new(struct calls *calls); /* NULL: no memory or no thread */
/* Only after lane_stop_wait() said true. Returns NULL. */
struct lane *lane_free(struct lane *lane);

/* Any thread. False after lane_stop_begin(): the call stays the caller's. */
bool lane_submit(struct lane *lane, struct call *call);
/* Something that a call waits for may have changed. Any thread. */
void lane_kick(struct lane *lane);

/* Take no more calls, answer the unissued ones -ESHUTDOWN, go on with parked ones until the clock says `until_ns`. */
void lane_stop_begin(struct lane *lane, uint64_t until_ns);
/* True: the thread has ended. False: it is inside a call at `until_ns`. */
bool lane_stop_wait(struct lane *lane, uint64_t until_ns);
