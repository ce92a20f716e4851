/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ffad remembers of a partition while it runs, across discoveries: which of its execution contexts are in
 * use by ffad, and whether its calls are quick. Any thread; all fields are atomic or fixed.
 *
 * A uniprocessor partition has one context, which any CPU may use; a multiprocessor partition has one for each CPU.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARTITION_STATES_MAX 1024 /* partitions that one ffad can ever know */

struct lane;

struct partition_context {
	_Alignas(64) _Atomic bool busy; /* a call of ours is inside or parked */
	_Atomic uint64_t since_ns;      /* clock when the call was issued; 0: nobody is inside */
};

struct partition_state {
	uint16_t id;
	size_t context_count;
	struct partition_context *contexts;
	_Atomic(struct lane *) lane;  /* where its slow and parked calls run; NULL until there was one */
	_Atomic uint8_t slow_history; /* one bit a call, newest in bit 0: took longer than the slow limit */
	_Atomic bool slow;            /* calls go to the lane at once */
	_Atomic uint32_t lane_calls;  /* calls waiting, running or parked in the lane */
	struct partition_state *next; /* in its bucket */
};

/* All partitions ever seen; entries live as long as the set. Writers: control thread only. */
struct partition_states {
	size_t count;
	unsigned int cpus;
	struct partition_state *_Atomic buckets[64];
};

void partition_states_init(struct partition_states *states, unsigned int cpus);
void partition_states_deinit(struct partition_states *states);
/* Find or make. NULL: no memory, or PARTITION_STATES_MAX. */
struct partition_state *partition_states_get(struct partition_states *states, uint16_t id,
					     uint16_t exec_ctx_count);

/* The context that a call from `cpu` uses. */
struct partition_context *partition_state_context(struct partition_state *state, unsigned int cpu);
/* Take a context for one call; false when a call of ours has it. */
bool partition_context_take(struct partition_context *context);
void partition_context_put(struct partition_context *context);

/* Record how long a call was inside. `limit_ns`: from where it counts as slow. */
void partition_state_measure(struct partition_state *state, uint64_t inside_ns, uint64_t limit_ns);
/* A call has been inside one of its contexts for `limit_ns` or longer. */
bool partition_state_stalled(const struct partition_state *state, uint64_t now_ns, uint64_t limit_ns);
