/* SPDX-License-Identifier: BSD-3-Clause */
#include "lane.h"

#include <errno.h>
#include <pthread.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "abi/fid.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "call.h"
#include "calls.h"
#include "clock.h"
#include "daemon/conduit/conduit.h"
#include "partition_state.h"

#define LANE_STACK_SIZE (128 * 1024)
#define CONTEXT_POLL_NS (200 * NSEC_PER_USEC) /* a context that a message thread has */
#define RECOVER_AFTER_US 10000                /* of back-off: BUSY that does not pass */
#define STOP_GRACE_NS (100 * NSEC_PER_MSEC)   /* for a thread to end after the last call */

TAILQ_HEAD(call_queue, call);

struct lane {
	struct calls *calls;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct call_queue queue;
	bool stopping;
	bool inside; /* a call, without the lock */
	bool ended;
	uint64_t stop_until_ns;
	unsigned int pinned; /* CPU index of the thread, UINT_MAX: anywhere */
};

static bool call_is_parked(const struct call *call)
{
	return call->state == CALL_INTERRUPTED || call->state == CALL_YIELDED;
}

/* FFA_RUN must come from the CPU where the call began: execution contexts belong to CPUs. */
static void pin(struct lane *lane, unsigned int cpu)
{
	int id = lane->calls->cpu_ids[cpu];
	cpu_set_t set;

	if (lane->pinned == cpu || id < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(id, &set);
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set) == 0)
		lane->pinned = cpu;
}

/* Take the call out of the lane for good; the lock is held. */
static void retire(struct lane *lane, struct call *call)
{
	TAILQ_REMOVE(&lane->queue, call, lane_link);
	if (call->context) {
		partition_context_put(call->context);
		call->context = NULL;
	}
	atomic_fetch_sub_explicit(&call->partition->lane_calls, 1, memory_order_relaxed);
}

static bool ready(const struct call *call, uint64_t now_ns, uint64_t *wake_ns)
{
	if (call->wake_ns <= now_ns)
		return true;
	if (call->wake_ns < *wake_ns)
		*wake_ns = call->wake_ns;
	return false;
}

/* Calls that nobody waits for and that never reached the partition need not do so any more. */
static bool pointless(const struct lane *lane, const struct call *call)
{
	return !call_is_parked(call) && call->state != CALL_INSIDE &&
	       (lane->stopping || atomic_load_explicit(&call->answered, memory_order_acquire));
}

/*
 * The next call to issue; its context is taken. NULL: nothing before *ret_wake_ns. Drops pointless calls on
 * the way. Lock held.
 */
static struct call *choose(struct lane *lane, uint64_t now_ns, uint64_t *ret_wake_ns)
{
	uint64_t wake_ns = UINT64_MAX;
	struct call *call, *next;

	for (call = TAILQ_FIRST(&lane->queue); call; call = next) {
		next = TAILQ_NEXT(call, lane_link);
		if (pointless(lane, call)) {
			retire(lane, call);
			call->result = -ESHUTDOWN;
			call_finish(call);
			continue;
		}
		if (!ready(call, now_ns, &wake_ns))
			continue;
		if (call_is_parked(call))
			return call;
		call->context = partition_state_context(call->partition, call->cpu);
		if (partition_context_take(call->context))
			return call;
		call->context = NULL;
		if (now_ns + CONTEXT_POLL_NS < wake_ns)
			wake_ns = now_ns + CONTEXT_POLL_NS;
	}
	*ret_wake_ns = wake_ns;
	return NULL;
}

/*
 * BUSY for long, and no call of ours in there: an ffad before us left the partition in the middle of a
 * request. Run it; whatever it answers was for nobody.
 */
static void recover(struct lane *lane, const struct call *call)
{
	struct ffa_regs regs;

	ffa_run_encode(
		ffa_target(call->receiver, (uint16_t)(call->partition->context_count == 1 ? 0 : call->cpu)),
		&regs);
	if (ffa_conduit_call(lane->calls->conduit, call->cpu, &regs) < 0)
		return;
	switch (ffa_regs_w(&regs, 0)) {
	case FFA_MSG_SEND_DIRECT_RESP:
	case FFA_MSG_SEND_DIRECT_RESP_64:
	case FFA_MSG_SEND_DIRECT_RESP2:
	case FFA_MSG_WAIT:
		log_notice("partition 0x%04x was in the middle of a request of nobody's; it has been run to "
			   "its end",
			   call->receiver);
		break;
	default:
		break;
	}
}

/* One trip for the chosen call, without the lock. */
static void issue(struct lane *lane, struct call *call, uint64_t now_ns)
{
	bool was_parked = call_is_parked(call);

	pin(lane, call->cpu);
	if (call->state == CALL_REFUSED && call->backoff_us >= RECOVER_AFTER_US && lane->calls->sole_user)
		recover(lane, call);
	if (was_parked)
		atomic_fetch_sub_explicit(&lane->calls->parked, 1, memory_order_relaxed);
	calls_issue(lane->calls, call, &now_ns);
	if (call_is_parked(call))
		atomic_fetch_add_explicit(&lane->calls->parked, 1, memory_order_relaxed);
}

/* Sort the call by what came back; the lock is held. True when it is finished and out of the lane. */
static bool settle(struct lane *lane, struct call *call)
{
	if (call->state == CALL_FINISHED) {
		retire(lane, call);
		return true;
	}
	if (call->state == CALL_REFUSED) {
		partition_context_put(call->context);
		call->context = NULL;
	} else {
		/* Others have a turn first. */
		TAILQ_REMOVE(&lane->queue, call, lane_link);
		TAILQ_INSERT_TAIL(&lane->queue, call, lane_link);
	}
	return false;
}

static void wait_until(struct lane *lane, uint64_t wake_ns)
{
	struct timespec ts;

	if (lane->stopping && lane->stop_until_ns < wake_ns)
		wake_ns = lane->stop_until_ns;
	if (wake_ns == UINT64_MAX) {
		pthread_cond_wait(&lane->wake, &lane->lock);
		return;
	}
	ts = clock_timespec(wake_ns);
	pthread_cond_timedwait(&lane->wake, &lane->lock, &ts);
}

/* The time for parked calls is over: their partitions stay in the middle, which the log says. Lock held. */
static void give_up(struct lane *lane)
{
	struct call *call;

	while ((call = TAILQ_FIRST(&lane->queue))) {
		log_warning(
			"partition 0x%04x has not ended a request (%s); the next ffad will run it to its end",
			call->receiver, call_state_name(call->state));
		if (call_is_parked(call))
			atomic_fetch_sub_explicit(&lane->calls->parked, 1, memory_order_relaxed);
		retire(lane, call);
		call->result = -ESHUTDOWN;
		call_finish(call);
	}
}

static void *lane_main(void *arg)
{
	struct lane *lane = arg;

	pthread_setname_np(pthread_self(), "ffad-lane");
	pthread_mutex_lock(&lane->lock);
	for (;;) {
		uint64_t now_ns = clock_now_ns(), wake_ns = UINT64_MAX;
		struct call *call = choose(lane, now_ns, &wake_ns);
		bool finished;

		if (!call) {
			if (lane->stopping && (TAILQ_EMPTY(&lane->queue) || now_ns >= lane->stop_until_ns))
				break;
			wait_until(lane, wake_ns);
			continue;
		}
		lane->inside = true;
		pthread_mutex_unlock(&lane->lock);
		issue(lane, call, now_ns);
		pthread_mutex_lock(&lane->lock);
		lane->inside = false;
		finished = settle(lane, call);
		if (finished) {
			pthread_mutex_unlock(&lane->lock);
			call_finish(call);
			pthread_mutex_lock(&lane->lock);
		}
		if (lane->stopping && clock_now_ns() >= lane->stop_until_ns)
			break;
	}
	give_up(lane);
	lane->ended = true;
	pthread_cond_broadcast(&lane->wake);
	pthread_mutex_unlock(&lane->lock);
	return NULL;
}

struct lane *lane_new(struct calls *calls)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	pthread_condattr_t condattr;
	pthread_attr_t attr;
	int r;

	if (!lane)
		return NULL;
	lane->calls = calls;
	lane->pinned = UINT_MAX;
	TAILQ_INIT(&lane->queue);
	pthread_mutex_init(&lane->lock, NULL);
	pthread_condattr_init(&condattr);
	pthread_condattr_setclock(&condattr, CLOCK_MONOTONIC);
	pthread_cond_init(&lane->wake, &condattr);
	pthread_condattr_destroy(&condattr);

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, LANE_STACK_SIZE);
	r = pthread_create(&lane->thread, &attr, lane_main, lane);
	pthread_attr_destroy(&attr);
	if (r != 0) {
		log_warning(
			"no thread for a slow partition (%s): raise TasksMax= or lower the limit \"lanes\"",
			strerror(r));
		pthread_cond_destroy(&lane->wake);
		pthread_mutex_destroy(&lane->lock);
		free(lane);
		return NULL;
	}
	return lane;
}

struct lane *lane_free(struct lane *lane)
{
	if (!lane)
		return NULL;
	pthread_cond_destroy(&lane->wake);
	pthread_mutex_destroy(&lane->lock);
	free(lane);
	return NULL;
}

bool lane_submit(struct lane *lane, struct call *call)
{
	MUTEX_GUARD(&lane->lock);
	/* A parked call must be resumed even now, or its partition stays blocked. */
	if (lane->ended || (lane->stopping && !call_is_parked(call)))
		return false;
	if (call_is_parked(call))
		atomic_fetch_add_explicit(&lane->calls->parked, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&call->partition->lane_calls, 1, memory_order_relaxed);
	TAILQ_INSERT_TAIL(&lane->queue, call, lane_link);
	pthread_cond_signal(&lane->wake);
	return true;
}

void lane_kick(struct lane *lane)
{
	MUTEX_GUARD(&lane->lock);
	pthread_cond_signal(&lane->wake);
}

void lane_stop_begin(struct lane *lane, uint64_t until_ns)
{
	MUTEX_GUARD(&lane->lock);
	lane->stopping = true;
	lane->stop_until_ns = until_ns;
	pthread_cond_signal(&lane->wake);
}

bool lane_stop_wait(struct lane *lane, uint64_t until_ns)
{
	struct timespec ts = clock_timespec(until_ns + STOP_GRACE_NS);

	bool ended;

	pthread_mutex_lock(&lane->lock);
	while (!lane->ended && pthread_cond_timedwait(&lane->wake, &lane->lock, &ts) != ETIMEDOUT)
		;
	ended = lane->ended;
	pthread_mutex_unlock(&lane->lock);
	return ended && pthread_join(lane->thread, NULL) == 0;
}
