/* SPDX-License-Identifier: BSD-3-Clause */
#include "partition_state.h"

#include <stdlib.h>

#define BUCKETS (sizeof(((struct partition_states *)NULL)->buckets) / sizeof(struct partition_state *))
#define SLOW_CALLS_TO_LANE 3 /* of the last eight */

void partition_states_init(struct partition_states *states, unsigned int cpus)
{
	*states = (struct partition_states) { .cpus = cpus };
}

void partition_states_deinit(struct partition_states *states)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		struct partition_state *state =
			atomic_load_explicit(&states->buckets[i], memory_order_relaxed);

		while (state) {
			struct partition_state *next = state->next;

			free(state->contexts);
			free(state);
			state = next;
		}
		atomic_store_explicit(&states->buckets[i], NULL, memory_order_relaxed);
	}
	states->count = 0;
}

struct partition_state *partition_states_get(struct partition_states *states, uint16_t id,
					     uint16_t exec_ctx_count)
{
	struct partition_state *_Atomic *bucket = &states->buckets[id % BUCKETS];
	struct partition_state *state;

	for (state = atomic_load_explicit(bucket, memory_order_relaxed); state; state = state->next)
		if (state->id == id)
			return state;
	if (states->count == PARTITION_STATES_MAX)
		return NULL;

	state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->id = id;
	state->context_count = exec_ctx_count > 1 ? states->cpus : 1;
	state->contexts = aligned_alloc(_Alignof(struct partition_context),
					state->context_count * sizeof(struct partition_context));
	if (!state->contexts) {
		free(state);
		return NULL;
	}
	for (size_t i = 0; i < state->context_count; i++) {
		atomic_init(&state->contexts[i].busy, false);
		atomic_init(&state->contexts[i].since_ns, 0);
	}
	state->next = atomic_load_explicit(bucket, memory_order_relaxed);
	atomic_store_explicit(bucket, state, memory_order_release);
	states->count++;
	return state;
}

struct partition_context *partition_state_context(struct partition_state *state, unsigned int cpu)
{
	return &state->contexts[state->context_count == 1 ? 0 : cpu % state->context_count];
}

bool partition_context_take(struct partition_context *context)
{
	return !atomic_exchange_explicit(&context->busy, true, memory_order_acquire);
}

void partition_context_put(struct partition_context *context)
{
	atomic_store_explicit(&context->since_ns, 0, memory_order_relaxed);
	atomic_store_explicit(&context->busy, false, memory_order_release);
}

void partition_state_measure(struct partition_state *state, uint64_t inside_ns, uint64_t limit_ns)
{
	/* Several threads may lose one another's bit here: it is a hint, not a count. */
	uint8_t history = atomic_load_explicit(&state->slow_history, memory_order_relaxed);
	uint8_t next = (uint8_t)(history << 1 | (inside_ns >= limit_ns));

	if (next == 0 && history == 0)
		return;
	atomic_store_explicit(&state->slow_history, next, memory_order_relaxed);
	if (__builtin_popcount(next) >= SLOW_CALLS_TO_LANE)
		atomic_store_explicit(&state->slow, true, memory_order_relaxed);
	else if (next == 0)
		atomic_store_explicit(&state->slow, false, memory_order_relaxed);
}

bool partition_state_stalled(const struct partition_state *state, uint64_t now_ns, uint64_t limit_ns)
{
	for (size_t i = 0; i < state->context_count; i++) {
		uint64_t since = atomic_load_explicit(&state->contexts[i].since_ns, memory_order_relaxed);

		if (since && now_ns > since && now_ns - since >= limit_ns)
			return true;
	}
	return false;
}
