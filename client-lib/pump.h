/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames out and in: what arrives completes requests, and what breaks ends the session. */
#pragma once

#include <stdint.h>

#include "ffa-client.h"

/* Points in time, nanoseconds of CLOCK_MONOTONIC. */
#define PUMP_DEADLINE_NOW 0
#define PUMP_DEADLINE_NONE UINT64_MAX

/* ms from now; 0: none. */
uint64_t pump_deadline(uint32_t ms);
/* The session is over: everything under way completes with -ECONNRESET. Returns the error. */
int pump_lose(struct ffa_client *client, int error);
/* 0: all is sent; 1: some is left; negative: the connection is lost. */
int pump_send(struct ffa_client *client);
/*
 * One round: send what waits, wait for input until the deadline, take in what came. 1: go on; 0: the deadline
 * has passed; negative: the connection is lost. Without a deadline the wait is in recv(2) itself.
 */
int pump_run(struct ffa_client *client, uint64_t deadline);
