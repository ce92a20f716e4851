/* SPDX-License-Identifier: BSD-3-Clause */
/* Several CPUs, each a thread, inside the simulated SPMC at once. */
#include "sim_fixture.h"

#include <pthread.h>
#include <stdlib.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"

#define CPUS 4
#define ROUNDS 2000

/* A host whose delays last until the test ends them. */
struct gate {
	pthread_mutex_t lock; /* the core's */
	pthread_mutex_t delay_lock;
	pthread_cond_t changed;
	unsigned int inside; /* CPUs in a delay */
	bool open;
	struct sim *sim;
};

static void gate_lock(void *ctx)
{
	pthread_mutex_lock(&((struct gate *)ctx)->lock);
}

static void gate_unlock(void *ctx)
{
	pthread_mutex_unlock(&((struct gate *)ctx)->lock);
}

static enum sim_memory_kind gate_memory_kind(void *ctx, uint64_t pa, uint64_t size)
{
	return SIM_MEMORY_NONE;
}

static void *gate_memory(void *ctx, uint64_t pa, uint64_t size)
{
	return NULL;
}

static void gate_delay(void *ctx, unsigned int cpu, uint64_t us)
{
	struct gate *gate = ctx;

	pthread_mutex_lock(&gate->delay_lock);
	gate->inside++;
	pthread_cond_broadcast(&gate->changed);
	while (!gate->open)
		pthread_cond_wait(&gate->changed, &gate->delay_lock);
	gate->inside--;
	pthread_mutex_unlock(&gate->delay_lock);
}

static void gate_wait_inside(struct gate *gate, unsigned int count)
{
	pthread_mutex_lock(&gate->delay_lock);
	while (gate->inside < count)
		pthread_cond_wait(&gate->changed, &gate->delay_lock);
	pthread_mutex_unlock(&gate->delay_lock);
}

static void gate_open(struct gate *gate)
{
	pthread_mutex_lock(&gate->delay_lock);
	gate->open = true;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->delay_lock);
}

static void gate_start(struct gate *gate)
{
	struct sim_host host = {
		.ctx = gate,
		.lock = gate_lock,
		.unlock = gate_unlock,
		.memory_kind = gate_memory_kind,
		.memory = gate_memory,
		.delay = gate_delay,
	};

	*gate = (struct gate) { .lock = PTHREAD_MUTEX_INITIALIZER,
				.delay_lock = PTHREAD_MUTEX_INITIALIZER,
				.changed = PTHREAD_COND_INITIALIZER,
				.sim = malloc(sim_size()) };
	assert_non_null(gate->sim);
	assert_int_equal(sim_init(gate->sim, sim_profile_find("spec"), &host, CPUS, 0), 0);
}

static uint16_t gate_add(struct gate *gate, uint16_t contexts, struct sim_behaviour behaviour)
{
	struct sim_partition_config config = test_partition(1, behaviour);
	uint16_t id;

	config.exec_ctx_count = contexts;
	assert_int_equal(sim_add_partition(gate->sim, &config, &id), 0);
	return id;
}

struct worker {
	pthread_t thread;
	struct gate *gate;
	unsigned int cpu;
	uint16_t receiver;
	unsigned int rounds;
	struct ffa_regs reply; /* the last one */
	unsigned int answers, busy, others;
};

/* Sends requests and resumes what was interrupted. */
static void *work(void *data)
{
	struct worker *worker = data;

	for (unsigned int i = 0; i < worker->rounds; i++) {
		struct ffa_regs regs = { .x = { FFA_MSG_SEND_DIRECT_REQ, worker->receiver, 0, worker->cpu,
						i } };

		sim_call(worker->gate->sim, worker->cpu, &regs);
		while (regs.x[0] == FFA_INTERRUPT || regs.x[0] == FFA_YIELD) {
			regs = (struct ffa_regs) { .x = { FFA_RUN, regs.x[1] } };
			sim_call(worker->gate->sim, worker->cpu, &regs);
		}
		if (regs.x[0] == FFA_MSG_SEND_DIRECT_RESP && regs.x[3] == worker->cpu && regs.x[4] == i)
			worker->answers++;
		else if (regs.x[0] == FFA_ERROR && (int32_t)regs.x[2] == FFA_BUSY)
			worker->busy++;
		else
			worker->others++;
		worker->reply = regs;
	}
	return NULL;
}

static void worker_start(struct worker *worker)
{
	assert_int_equal(pthread_create(&worker->thread, NULL, work, worker), 0);
}

static void worker_join(struct worker *worker)
{
	assert_int_equal(pthread_join(worker->thread, NULL), 0);
}

/* A partition that does not come back holds its own callers and nobody else. */
static void test_slow_holds_nobody(void **state)
{
	struct gate gate;
	struct worker slow = { .gate = &gate, .cpu = 1, .rounds = 1 };
	struct worker other = { .gate = &gate, .cpu = 0, .rounds = 100 };
	struct ffa_regs regs;

	gate_start(&gate);
	slow.receiver = gate_add(&gate, 1, (struct sim_behaviour) { .kind = SIM_SLOW, .delay_us = 1 });
	other.receiver = gate_add(&gate, 1, (struct sim_behaviour) { 0 });
	worker_start(&slow);
	gate_wait_inside(&gate, 1);

	worker_start(&other);
	worker_join(&other);
	assert_int_equal(other.answers, 100);
	/* Its only context is taken. */
	regs = (struct ffa_regs) { .x = { FFA_MSG_SEND_DIRECT_REQ, slow.receiver } };
	sim_call(gate.sim, 0, &regs);
	assert_int_equal((int32_t)regs.x[2], FFA_BUSY);
	regs = (struct ffa_regs) { .x = { FFA_RUN, (uint64_t)slow.receiver << 16 } };
	sim_call(gate.sim, 0, &regs);
	assert_int_equal((int32_t)regs.x[2], FFA_BUSY);

	gate_open(&gate);
	worker_join(&slow);
	assert_int_equal(slow.answers, 1);
	free(gate.sim);
}

/* The contexts of a multiprocessor partition are independent. */
static void test_slow_multiprocessor(void **state)
{
	struct gate gate;
	struct worker workers[CPUS];
	uint16_t id;

	gate_start(&gate);
	id = gate_add(&gate, CPUS, (struct sim_behaviour) { .kind = SIM_SLOW, .delay_us = 1 });
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		workers[cpu] = (struct worker) { .gate = &gate, .cpu = cpu, .receiver = id, .rounds = 1 };
		worker_start(&workers[cpu]);
	}
	gate_wait_inside(&gate, CPUS);
	gate_open(&gate);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		worker_join(&workers[cpu]);
		assert_int_equal(workers[cpu].answers, 1);
	}
	free(gate.sim);
}

/* All CPUs at one uniprocessor partition: each request is answered or told BUSY, and none gets lost. */
static void test_contention(void **state)
{
	static const struct sim_behaviour behaviours[] = {
		{ .kind = SIM_ECHO },
		{ .kind = SIM_YIELDER, .count = 2 },
		{ .kind = SIM_INTERRUPTIBLE, .count = 2 },
	};

	for (size_t i = 0; i < sizeof(behaviours) / sizeof(behaviours[0]); i++) {
		struct gate gate;
		struct worker workers[CPUS];
		unsigned int answers = 0;
		uint16_t id;

		gate_start(&gate);
		id = gate_add(&gate, 1, behaviours[i]);
		for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
			workers[cpu] = (struct worker) {
				.gate = &gate, .cpu = cpu, .receiver = id, .rounds = ROUNDS
			};
			worker_start(&workers[cpu]);
		}
		for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
			worker_join(&workers[cpu]);
			assert_int_equal(workers[cpu].others, 0);
			assert_int_equal(workers[cpu].answers + workers[cpu].busy, ROUNDS);
			answers += workers[cpu].answers;
		}
		assert_true(answers > 0);
		free(gate.sim);
	}
}

/* A crash on one CPU takes the contexts on the others with it, when they come back. */
static void test_abort_while_running(void **state)
{
	struct gate gate;
	struct worker slow = { .gate = &gate, .cpu = 1, .rounds = 1 };
	struct ffa_regs regs;

	gate_start(&gate);
	slow.receiver = gate_add(&gate, CPUS,
				 (struct sim_behaviour) { .kind = SIM_SLOW, .delay_us = SIM_DELAY_FOREVER });
	worker_start(&slow);
	gate_wait_inside(&gate, 1);
	gate_open(&gate);
	regs = (struct ffa_regs) { .x = { FFA_MSG_SEND_DIRECT_REQ, slow.receiver } };
	sim_call(gate.sim, 0, &regs);
	assert_int_equal((int32_t)regs.x[2], FFA_ABORTED);
	worker_join(&slow);
	assert_int_equal(slow.others, 1);
	assert_int_equal((int32_t)slow.reply.x[2], FFA_ABORTED);
	free(gate.sim);
}

/* Partitions appear while calls are under way. */
static void test_add_meanwhile(void **state)
{
	struct gate gate;
	struct worker worker = { .gate = &gate, .cpu = 0, .rounds = ROUNDS };

	gate_start(&gate);
	worker.receiver = gate_add(&gate, 1, (struct sim_behaviour) { 0 });
	worker_start(&worker);
	for (unsigned int i = 1; i < SIM_PARTITIONS_MAX; i++) {
		uint16_t id = gate_add(&gate, 1, (struct sim_behaviour) { 0 });
		struct ffa_regs regs = { .x = { FFA_MSG_SEND_DIRECT_REQ, id, 0, i } };

		sim_call(gate.sim, 1, &regs);
		assert_int_equal(regs.x[0], FFA_MSG_SEND_DIRECT_RESP);
		assert_int_equal(regs.x[3], i);
	}
	worker_join(&worker);
	assert_int_equal(worker.answers, ROUNDS);
	free(gate.sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slow_holds_nobody), cmocka_unit_test(test_slow_multiprocessor),
		cmocka_unit_test(test_contention),        cmocka_unit_test(test_abort_while_running),
		cmocka_unit_test(test_add_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
