/* SPDX-License-Identifier: BSD-3-Clause */
#include "calls.h"

#include <errno.h>
#include <stdlib.h>

#include "clock.h"
#include "daemon/conduit/conduit.h"
#include "lane.h"
#include "partition_state.h"

/* How long a message thread waits for a context that another one has: about as long as a quick call takes. */
#define CONTEXT_SPINS 400

static inline void cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

int calls_init(struct calls *calls, struct ffa_conduit *conduit, const int *cpu_ids, unsigned int cpus,
	       const struct calls_settings *settings)
{
	*calls = (struct calls) {
		.conduit = conduit,
		.settings = *settings,
		.cpu_ids = cpu_ids,
		.cpus = cpus,
	};
	calls->lanes = calloc(settings->lanes_max, sizeof(*calls->lanes));
	if (!calls->lanes)
		return -ENOMEM;
	pthread_mutex_init(&calls->lock, NULL);
	return 0;
}

bool calls_stop(struct calls *calls)
{
	uint64_t until = clock_now_ns() + calls->settings.stop_ns;
	bool all = true;

	pthread_mutex_lock(&calls->lock);
	calls->stopped = true;
	pthread_mutex_unlock(&calls->lock);
	for (unsigned int i = 0; i < calls->lane_count; i++)
		lane_stop_begin(calls->lanes[i], until);
	for (unsigned int i = 0; i < calls->lane_count; i++) {
		if (!lane_stop_wait(calls->lanes[i], until))
			all = false;
	}
	return all;
}

void calls_deinit(struct calls *calls)
{
	for (unsigned int i = 0; i < calls->lane_count; i++)
		calls->lanes[i] = lane_free(calls->lanes[i]);
	free(calls->lanes);
	pthread_mutex_destroy(&calls->lock);
}

/* The lane of a partition, made at first need. With all lanes in use it shares one. NULL: none at all. */
static struct lane *lane_of(struct calls *calls, struct partition_state *partition)
{
	struct lane *lane = atomic_load_explicit(&partition->lane, memory_order_acquire);

	if (lane)
		return lane;
	pthread_mutex_lock(&calls->lock);
	lane = atomic_load_explicit(&partition->lane, memory_order_relaxed);
	if (!lane && !calls->stopped) {
		if (calls->lane_count < calls->settings.lanes_max) {
			lane = lane_new(calls);
			if (lane)
				calls->lanes[calls->lane_count++] = lane;
		}
		if (!lane && calls->lane_count)
			lane = calls->lanes[partition->id % calls->lane_count];
		if (lane)
			atomic_store_explicit(&partition->lane, lane, memory_order_release);
	}
	pthread_mutex_unlock(&calls->lock);
	return lane;
}

void calls_submit(struct calls *calls, struct call *call)
{
	struct lane *lane = lane_of(calls, call->partition);

	if (lane && lane_submit(lane, call))
		return;
	if (call->context)
		partition_context_put(call->context);
	call->context = NULL;
	call->result = lane ? -ESHUTDOWN : -ENOMEM;
	call_finish(call);
}

void calls_issue(struct calls *calls, struct call *call, uint64_t *now_ns)
{
	bool first = call->state == CALL_NEW || call->state == CALL_REFUSED;
	uint64_t start = *now_ns;
	int r;

	if (first) {
		call->reply = call->request;
		atomic_fetch_add_explicit(&calls->issued, 1, memory_order_relaxed);
	} else {
		ffa_run_encode(call->run_target, &call->reply);
	}
	call->state = CALL_INSIDE;
	atomic_store_explicit(&call->context->since_ns, start, memory_order_relaxed);
	r = ffa_conduit_call(calls->conduit, call->cpu, &call->reply);
	*now_ns = clock_now_ns();
	atomic_store_explicit(&call->context->since_ns, 0, memory_order_relaxed);
	partition_state_measure(call->partition, *now_ns - start, calls->settings.slow_ns);
	if (r < 0) {
		call->result = r;
		call->state = CALL_FINISHED;
		return;
	}
	call_take_reply(call, *now_ns);
}

/* A context for a quick call: worth a moment's wait, because the other one is quick too. */
static bool take_context(struct call *call, unsigned int cpu)
{
	struct partition_context *context = partition_state_context(call->partition, cpu);

	for (unsigned int i = 0; i < CONTEXT_SPINS; i++) {
		if (partition_context_take(context)) {
			call->context = context;
			return true;
		}
		if (atomic_load_explicit(&call->partition->lane_calls, memory_order_relaxed))
			return false;
		cpu_relax();
	}
	return false;
}

/* The lane may be waiting for the context that was just given back. */
static void put_context(struct call *call)
{
	struct lane *lane;

	partition_context_put(call->context);
	call->context = NULL;
	if (atomic_load_explicit(&call->partition->lane_calls, memory_order_relaxed)) {
		lane = atomic_load_explicit(&call->partition->lane, memory_order_acquire);
		if (lane)
			lane_kick(lane);
	}
}

enum calls_step calls_execute(struct calls *calls, struct call *call, struct calls_port *port)
{
	struct partition_state *partition = call->partition;
	bool ours;

	call->cpu = port->cpu;
	if (atomic_load_explicit(&partition->slow, memory_order_relaxed) ||
	    atomic_load_explicit(&partition->lane_calls, memory_order_relaxed) ||
	    !take_context(call, port->cpu))
		return CALLS_TO_LANE;

	port->enter(port->ctx);
	calls_issue(calls, call, &port->now_ns);
	ours = port->leave(port->ctx);

	if (call->state == CALL_FINISHED || call->state == CALL_REFUSED)
		put_context(call);
	if (ours)
		return call->state == CALL_FINISHED ? CALLS_DONE : CALLS_TO_LANE;
	if (call->state == CALL_FINISHED)
		call_finish(call);
	else
		calls_submit(calls, call);
	return CALLS_LEFT_BEHIND;
}
