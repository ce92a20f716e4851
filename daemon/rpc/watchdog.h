/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The watchdog: a thread that sees when a message thread has been inside a call for too long, and gives its sessions
 * to another one. A partition that does not come back then holds its own callers and nobody else. It sleeps
 * while no calls are made.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct server;
struct worker;

/* What it saw of one worker at its last look. */
struct watchdog_sight {
	uint64_t phase;
	uint64_t since_ns;
};

struct watchdog {
	struct server *server;
	pthread_t thread;
	bool running;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
	_Atomic bool asleep;           /* the next call has to wake it */
	struct watchdog_sight *sights; /* for each worker */
};

int watchdog_start(struct watchdog *watchdog, struct server *server, unsigned int workers_max);
/* End the thread. Message threads may go on making calls. */
void watchdog_stop(struct watchdog *watchdog);
/* After that, and after the message threads' end. */
void watchdog_deinit(struct watchdog *watchdog);
/* Out of sleep; any thread. */
void watchdog_wake(struct watchdog *watchdog);
