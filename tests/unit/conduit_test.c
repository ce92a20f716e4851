/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The conduits to the simulated SPMC: what they promise in daemon/conduit/conduit.h, the same for the one in
 * this process and the one behind a socket.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/conduit/conduit.h"
#include "sim/builtin.h"
#include "sim/manifest_file.h"
#include "tests/unit/sim_process.h"

#define CPUS 4
#define ECHO 0x8001
#define ECHO_MP 0x8002
#define YIELDER 0x8004
#define SLOW 0x8007
#define CALLS_PER_THREAD 500

/* A conduit under test; `process` has a pid when it is the remote one. */
struct fixture {
	struct sim_process process;
	struct ffa_conduit *conduit;
};

static void open_conduit(struct fixture *fixture, const char *behaviour)
{
	const char *behaviours[] = { behaviour, NULL };
	const struct ffa_conduit_options options = { .cpus = CPUS, .sim_behaviours = behaviours };
	_cleanup_free_ char *reason = NULL;

	if (ffa_conduit_open(fixture->process.pid ? fixture->process.spec : "sim", &options,
			     &fixture->conduit, &reason) < 0)
		fail_msg("%s", reason);
	assert_int_equal(fixture->conduit->cpus, CPUS);
}

static struct fixture local(const char *behaviour)
{
	struct fixture fixture = { 0 };

	open_conduit(&fixture, behaviour);
	return fixture;
}

static struct fixture remote(const char *behaviour)
{
	const char *arguments[] = { "--cpus", "4", behaviour ? "--behaviour" : NULL, behaviour, NULL };
	struct fixture fixture;

	sim_process_prepare(&fixture.process);
	sim_process_start(&fixture.process, arguments);
	open_conduit(&fixture, NULL);
	return fixture;
}

static void done(struct fixture *fixture)
{
	ffa_conduit_free(fixture->conduit);
	if (!fixture->process.pid)
		return;
	assert_int_equal(sim_process_stop(&fixture->process, SIGTERM), 0);
	assert_int_equal(access(fixture->process.socket, F_OK), -1);
	sim_process_done(&fixture->process);
}

static struct ffa_regs call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs regs)
{
	assert_int_equal(ffa_conduit_call(conduit, cpu, &regs), 0);
	return regs;
}

static struct ffa_regs request(struct ffa_conduit *conduit, unsigned int cpu, uint16_t to, uint32_t argument)
{
	return call(conduit, cpu, (struct ffa_regs) { { FFA_MSG_SEND_DIRECT_REQ, to, 0, argument } });
}

static void negotiate(struct ffa_conduit *conduit)
{
	assert_int_equal(call(conduit, 0, (struct ffa_regs) { { FFA_VERSION, FFA_VERSION_1_2 } }).x[0],
			 FFA_VERSION_1_2);
}

static void check_calls(struct fixture fixture)
{
	struct ffa_conduit *conduit = fixture.conduit;
	struct ffa_regs regs = { { FFA_ID_GET } };

	negotiate(conduit);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++) {
		regs = request(conduit, cpu, ECHO_MP, 0x5a5a + cpu);
		assert_int_equal(regs.x[0], FFA_MSG_SEND_DIRECT_RESP);
		assert_int_equal(regs.x[1], (uint32_t)ECHO_MP << 16);
		assert_int_equal(regs.x[3], 0x5a5a + cpu);
	}
	regs = call(conduit, 0,
		    (struct ffa_regs) { { FFA_MSG_SEND_DIRECT_REQ_64, ECHO, 0, UINT64_MAX - 1 } });
	assert_int_equal(regs.x[0], FFA_MSG_SEND_DIRECT_RESP_64);
	assert_true(regs.x[3] == UINT64_MAX - 1);
	regs = request(conduit, 0, YIELDER, 1);
	assert_int_equal(regs.x[0], FFA_YIELD);
	assert_int_equal(regs.x[1], (uint32_t)YIELDER << 16);
	regs = (struct ffa_regs) { { FFA_ID_GET } };
	assert_int_equal(ffa_conduit_call(conduit, CPUS, &regs), -EINVAL);
	assert_int_equal(conduit->ops->event_fd(conduit), -1);
	done(&fixture);
}

static void test_calls_local(void **state)
{
	check_calls(local(NULL));
}

static void test_calls_remote(void **state)
{
	check_calls(remote(NULL));
}

/* What the firmware writes into pages is what ffad and the descriptor's holder see. */
static void check_pages(struct fixture fixture)
{
	struct ffa_conduit *conduit = fixture.conduit;
	struct ffa_pages tx, rx, large;
	struct ffa_regs regs;
	uint16_t *entries;
	void *other;

	negotiate(conduit);
	assert_int_equal(conduit->ops->pages_alloc(conduit, 1, &tx), 0);
	assert_int_equal(conduit->ops->pages_alloc(conduit, 1, &rx), 0);
	assert_int_equal(conduit->ops->pages_alloc(conduit, 1024, &large), 0);
	assert_int_equal(conduit->ops->pages_alloc(conduit, 0, &large), -EINVAL);
	assert_true(tx.frames[0] <= UINT32_MAX && rx.frames[0] <= UINT32_MAX);
	assert_true(tx.frames[0] % FFA_PAGE_SIZE == 0 && tx.frames[0] != rx.frames[0]);
	for (size_t i = 1; i < large.count; i++)
		assert_true(large.frames[i] == large.frames[0] + i * FFA_PAGE_SIZE);

	other = mmap(NULL, FFA_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, rx.fd, 0);
	assert_true(other != MAP_FAILED);
	regs = call(conduit, 1, (struct ffa_regs) { { FFA_RXTX_MAP_64, tx.frames[0], rx.frames[0], 1 } });
	assert_int_equal(regs.x[0], FFA_SUCCESS);
	regs = call(conduit, 1, (struct ffa_regs) { { FFA_PARTITION_INFO_GET } });
	assert_int_equal(regs.x[0], FFA_SUCCESS);
	assert_true(regs.x[2] >= builtin_manifests_count);
	entries = rx.map;
	assert_int_equal(entries[0], ECHO);
	assert_memory_equal(other, rx.map, FFA_PAGE_SIZE);
	munmap(other, FFA_PAGE_SIZE);

	if (fixture.process.pid) {
		_cleanup_free_ char *text = sim_process_inspect(&fixture.process);

		assert_non_null(strstr(text, "memory ranges=3 pages=1026\n"));
		assert_non_null(strstr(text, "rxtx=mapped"));
		assert_non_null(strstr(text, "rx_state=full\n"));
		assert_non_null(strstr(text, "calls function=FFA_RXTX_MAP number=0x66 count=1\n"));
		assert_non_null(strstr(text, "vcpu id=0x8001 index=0 state=waiting"));
	}
	call(conduit, 1, (struct ffa_regs) { { FFA_RX_RELEASE } });
	assert_int_equal(call(conduit, 1, (struct ffa_regs) { { FFA_RXTX_UNMAP } }).x[0], FFA_SUCCESS);
	conduit->ops->pages_free(conduit, &tx);
	conduit->ops->pages_free(conduit, &rx);
	conduit->ops->pages_free(conduit, &large);
	assert_null(large.frames);
	/* What was given back is gone. */
	assert_int_equal(conduit->ops->pages_alloc(conduit, 2, &tx), 0);
	regs = call(
		conduit, 1,
		(struct ffa_regs) { { FFA_RXTX_MAP_64, tx.frames[0] - 2 * FFA_PAGE_SIZE, tx.frames[0], 1 } });
	assert_int_equal(regs.x[0], FFA_ERROR);
	assert_int_equal((int32_t)regs.x[2], FFA_INVALID_PARAMETERS);
	conduit->ops->pages_free(conduit, &tx);
	done(&fixture);
}

static void test_pages_local(void **state)
{
	check_pages(local(NULL));
}

static void test_pages_remote(void **state)
{
	check_pages(remote(NULL));
}

static const char late_source[] =
	"/dts-v1/; / { compatible = \"arm,ffa-manifest-1.0\"; description = \"late\"; ffa-version = "
	"<0x00010002>;"
	"uuid = <1 2 3 4>; messaging-method = <3>; execution-ctx-count = <1>; exception-level = <2>;"
	"execution-state = <0>; };";

static void *compile_late(size_t *ret_size)
{
	char path[] = "/tmp/conduit_test.XXXXXX";
	int fd = mkstemp(path);
	void *dtb;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, late_source, sizeof(late_source) - 1), sizeof(late_source) - 1);
	assert_int_equal(manifest_file_read(path, NULL, &dtb, ret_size), 0);
	close(fd);
	unlink(path);
	return dtb;
}

static void check_load(struct fixture fixture)
{
	const struct builtin_manifest *echo = &builtin_manifests[0];
	struct ffa_conduit *conduit = fixture.conduit;
	_cleanup_free_ void *dtb = NULL;
	struct ffa_regs regs;
	uint16_t id = 0;
	char *reason = NULL;
	size_t size;

	negotiate(conduit);
	dtb = compile_late(&size);
	assert_int_equal(
		conduit->ops->sim_load(conduit, "again.dtb", echo->dtb, echo->size, NULL, &id, &reason),
		-EINVAL);
	assert_string_equal(
		reason, "again.dtb: /: id: 0x8001 belongs to echo (file echo.dts); choose another, or leave "
			"id out to get a free one");
	free(reason);
	reason = NULL;
	assert_int_equal(conduit->ops->sim_load(conduit, "late.dtb", dtb, size, "sleepy", &id, &reason),
			 -EINVAL);
	assert_string_equal(reason,
			    "late.dtb: behaviour: unknown behaviour \"sleepy\": use echo, refuser, yielder, "
			    "interruptible, busy, slow, borrower or aborting");
	free(reason);
	reason = NULL;
	assert_int_equal(conduit->ops->sim_load(conduit, "late.dtb", dtb, size / 2, NULL, &id, NULL),
			 -EINVAL);
	assert_int_equal(id, 0);
	/* What was refused left nothing behind. */
	assert_int_equal(conduit->ops->sim_load(conduit, "late.dtb", dtb, size, "yielder:1", &id, &reason),
			 0);
	assert_null(reason);
	assert_int_equal(id, 0x8001 + builtin_manifests_count);
	regs = request(conduit, 0, id, 7);
	assert_int_equal(regs.x[0], FFA_YIELD);
	regs = call(conduit, 0, (struct ffa_regs) { { FFA_RUN, (uint64_t)id << 16 } });
	assert_int_equal(regs.x[0], FFA_MSG_SEND_DIRECT_RESP);
	assert_int_equal(regs.x[3], 7);
	done(&fixture);
}

static void test_load_local(void **state)
{
	check_load(local(NULL));
}

static void test_load_remote(void **state)
{
	check_load(remote(NULL));
}

struct caller {
	pthread_t thread;
	struct ffa_conduit *conduit;
	unsigned int cpu;
	unsigned int wrong;
	int error;
};

static void *caller_main(void *arg)
{
	struct caller *caller = arg;

	for (uint32_t i = 0; i < CALLS_PER_THREAD; i++) {
		uint32_t argument = caller->cpu << 24 | i;
		struct ffa_regs regs = { { FFA_MSG_SEND_DIRECT_REQ, ECHO_MP, 0, argument } };

		caller->error = ffa_conduit_call(caller->conduit, caller->cpu, &regs);
		if (caller->error < 0 || regs.x[0] != FFA_MSG_SEND_DIRECT_RESP || regs.x[3] != argument)
			caller->wrong++;
	}
	return NULL;
}

/* A call from each CPU at once, pages coming and going meanwhile. */
static void check_concurrent(struct fixture fixture)
{
	struct ffa_conduit *conduit = fixture.conduit;
	struct caller callers[CPUS];

	negotiate(conduit);
	for (unsigned int i = 0; i < CPUS; i++) {
		callers[i] = (struct caller) { .conduit = conduit, .cpu = i };
		assert_int_equal(pthread_create(&callers[i].thread, NULL, caller_main, &callers[i]), 0);
	}
	for (unsigned int i = 0; i < 50; i++) {
		struct ffa_pages pages;

		assert_int_equal(conduit->ops->pages_alloc(conduit, 1 + i, &pages), 0);
		memset(pages.map, (int)i, FFA_PAGE_SIZE);
		conduit->ops->pages_free(conduit, &pages);
	}
	for (unsigned int i = 0; i < CPUS; i++) {
		pthread_join(callers[i].thread, NULL);
		assert_int_equal(callers[i].wrong, 0);
	}
	done(&fixture);
}

static void test_concurrent_local(void **state)
{
	check_concurrent(local(NULL));
}

static void test_concurrent_remote(void **state)
{
	check_concurrent(remote(NULL));
}

static void *stuck_main(void *arg)
{
	struct caller *caller = arg;
	struct ffa_regs regs;

	/* BUSY while the other one looks. */
	do {
		regs = (struct ffa_regs) { { FFA_MSG_SEND_DIRECT_REQ, SLOW, 0, 1 } };
		caller->error = ffa_conduit_call(caller->conduit, caller->cpu, &regs);
	} while (caller->error == 0 && regs.x[0] == FFA_ERROR && (int32_t)regs.x[2] == FFA_BUSY);
	return NULL;
}

/* Start a call that does not come back, and see that it is under way. */
static void get_stuck(struct caller *caller, struct ffa_conduit *conduit)
{
	struct ffa_regs regs;

	negotiate(conduit);
	*caller = (struct caller) { .conduit = conduit, .cpu = 1, .error = 1 };
	assert_int_equal(pthread_create(&caller->thread, NULL, stuck_main, caller), 0);
	/* A context that waits answers FFA_RUN with FFA_MSG_WAIT; one that runs is BUSY. */
	do {
		sched_yield();
		regs = call(conduit, 0, (struct ffa_regs) { { FFA_RUN, (uint32_t)SLOW << 16 } });
	} while (regs.x[0] != FFA_ERROR);
	assert_int_equal((int32_t)regs.x[2], FFA_BUSY);
}

/* It holds its own caller, on its CPU, and nobody else; the end of the conduit ends it. */
static void check_forever(struct fixture fixture)
{
	struct caller caller;

	get_stuck(&caller, fixture.conduit);
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		assert_int_equal(request(fixture.conduit, cpu, ECHO_MP, 3).x[3], 3);
	fixture.conduit = ffa_conduit_free(fixture.conduit);
	pthread_join(caller.thread, NULL);
	assert_int_equal(caller.error, fixture.process.pid ? -EIO : 0);
	done(&fixture);
}

static void test_forever_local(void **state)
{
	check_forever(local("slow=slow:forever"));
}

static void test_forever_remote(void **state)
{
	check_forever(remote("0x8007=slow:forever"));
}

/* The firmware outlives the conduit: its successor finds RX/TX mapped, and calls under way still so. */
static void test_successor(void **state)
{
	struct fixture fixture = remote("slow=slow:forever");
	struct ffa_pages tx, rx;
	struct caller caller;
	struct ffa_regs regs;
	uint64_t tx_pa, rx_pa;

	get_stuck(&caller, fixture.conduit);
	assert_int_equal(fixture.conduit->ops->pages_alloc(fixture.conduit, 1, &tx), 0);
	assert_int_equal(fixture.conduit->ops->pages_alloc(fixture.conduit, 1, &rx), 0);
	tx_pa = tx.frames[0];
	rx_pa = rx.frames[0];
	regs = call(fixture.conduit, 0, (struct ffa_regs) { { FFA_RXTX_MAP_64, tx_pa, rx_pa, 1 } });
	assert_int_equal(regs.x[0], FFA_SUCCESS);
	fixture.conduit = ffa_conduit_free(fixture.conduit);
	pthread_join(caller.thread, NULL);

	open_conduit(&fixture, NULL);
	regs = call(fixture.conduit, 0, (struct ffa_regs) { { FFA_RXTX_MAP_64, tx_pa, rx_pa, 1 } });
	assert_int_equal((int32_t)regs.x[2], FFA_DENIED);
	assert_int_equal(call(fixture.conduit, 0, (struct ffa_regs) { { FFA_PARTITION_INFO_GET } }).x[0],
			 FFA_SUCCESS);
	assert_int_equal(*(uint16_t *)rx.map, ECHO);
	regs = request(fixture.conduit, 0, SLOW, 1);
	assert_int_equal((int32_t)regs.x[2], FFA_BUSY);
	munmap(tx.map, FFA_PAGE_SIZE);
	munmap(rx.map, FFA_PAGE_SIZE);
	close(tx.fd);
	close(rx.fd);
	free(tx.frames);
	free(rx.frames);
	done(&fixture);
}

/* A lost ffa-sim stays lost, even when another one listens at its place. */
static void test_lost(void **state)
{
	static const char *const none[] = { "--cpus", "4", NULL };
	struct fixture fixture = remote("slow=slow:forever");
	struct ffa_regs regs = { { FFA_ID_GET } };
	struct ffa_pages pages;
	struct caller caller;
	uint16_t id;

	get_stuck(&caller, fixture.conduit);
	assert_int_equal(fixture.conduit->ops->pages_alloc(fixture.conduit, 1, &pages), 0);
	assert_true(WIFSIGNALED(sim_process_stop(&fixture.process, SIGKILL)));
	pthread_join(caller.thread, NULL);
	assert_int_equal(caller.error, -EIO);
	assert_int_equal(ffa_conduit_call(fixture.conduit, 0, &regs), -EIO);
	/* The socket file that was left behind is replaced. */
	sim_process_start(&fixture.process, none);
	assert_int_equal(ffa_conduit_call(fixture.conduit, 0, &regs), -EIO);
	assert_int_equal(fixture.conduit->ops->sim_load(fixture.conduit, "x", "x", 1, NULL, &id, NULL), -EIO);
	fixture.conduit->ops->pages_free(fixture.conduit, &pages);
	assert_null(pages.frames);
	assert_int_equal(fixture.conduit->ops->pages_alloc(fixture.conduit, 1, &pages), -EIO);

	ffa_conduit_free(fixture.conduit);
	open_conduit(&fixture, NULL);
	negotiate(fixture.conduit);
	assert_int_equal(request(fixture.conduit, 0, ECHO, 5).x[3], 5);
	done(&fixture);
}

static void expect_refusal(const char *spec, const struct ffa_conduit_options *options, int expected,
			   const char *sentence)
{
	_cleanup_free_ char *reason = NULL;
	struct ffa_conduit *conduit = NULL;

	assert_int_equal(ffa_conduit_open(spec, options, &conduit, &reason), expected);
	assert_null(conduit);
	assert_non_null(reason);
	assert_string_equal(reason, sentence);
}

static void test_refused(void **state)
{
	static const char *const missing[] = { "/nonexistent/sp.dts", NULL };
	static const char *const nobody[] = { "nobody=echo", NULL };
	static const char *const unclear[] = { "echo", NULL };
	static const char unknown[] = "conduit \"smoke\" is unknown; use shim (real firmware), sim, "
				      "sim:/path (a socket of ffa-sim), or trace: "
				      "before one of these";

	expect_refusal("smoke", NULL, -EINVAL, unknown);
	expect_refusal("trace:smoke", NULL, -EINVAL, unknown);
	expect_refusal("trace:trace:sim", NULL, -EINVAL,
		       "conduit \"trace:trace:sim\" is unknown; use shim (real firmware), sim, sim:/path (a "
		       "socket of ffa-sim), or "
		       "trace: before "
		       "one of these");
	expect_refusal("sim:relative", NULL, -EINVAL,
		       "conduit \"sim:relative\": the socket of ffa-sim must be an absolute path; write "
		       "sim:/run/ffad/sim.sock");
	expect_refusal("sim:/nonexistent/s", NULL, -ENOENT,
		       "no ffa-sim listens at /nonexistent/s; start one with ffa-sim --socket "
		       "/nonexistent/s, or use the "
		       "conduit sim");
	expect_refusal("sim", &(struct ffa_conduit_options) { .sim_profile = "best" }, -EINVAL,
		       "simulated SPMC: profile: best: is unknown; use spec, hafnium, el3 or optee");
	expect_refusal("sim", &(struct ffa_conduit_options) { .cpus = 65 }, -EINVAL,
		       "simulated SPMC: cpus: 65 are too many; use 1 to 64");
	expect_refusal("sim", &(struct ffa_conduit_options) { .sim_version = 0x20000 }, -EINVAL,
		       "simulated SPMC: FF-A version: 0x00020000 is none that profile spec can speak; use "
		       "0x00010000 (1.0) "
		       "to 0x00010003 (1.3)");
	expect_refusal("sim", &(struct ffa_conduit_options) { .sim_manifests = missing }, -ENOENT,
		       "simulated SPMC: /nonexistent/sp.dts: cannot be opened: No such file or directory; "
		       "check path and "
		       "permissions");
	expect_refusal("sim", &(struct ffa_conduit_options) { .sim_behaviours = nobody }, -EINVAL,
		       "simulated SPMC: behaviour: nobody: is no partition here; use an id, a UUID, a name, "
		       "or a manifest's "
		       "file name without suffix");
	expect_refusal(
		"sim", &(struct ffa_conduit_options) { .sim_behaviours = unclear }, -EINVAL,
		"simulated SPMC: behaviour: echo: is not of the form PARTITION=BEHAVIOUR; write for example "
		"0x8001=yielder:3");
}

/* The tracer passes everything on, and says it. */
static void test_trace(void **state)
{
	const struct ffa_conduit_options options = { .cpus = CPUS };
	struct fixture fixture = { 0 };
	_cleanup_close_ int saved = dup(STDERR_FILENO), log = memfd_create("log", MFD_CLOEXEC);
	struct ffa_pages pages;
	char text[8192];
	ssize_t length;

	assert_true(saved >= 0 && log >= 0);
	assert_int_equal(ffa_conduit_open("trace:sim", &options, &fixture.conduit, NULL), 0);
	assert_string_equal(fixture.conduit->name, "trace:sim");
	assert_int_equal(fixture.conduit->cpus, CPUS);
	negotiate(fixture.conduit); /* not logged: not at this level */

	assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
	log_setup("conduit_test", LOG_TARGET_STDERR, LOG_DEBUG);
	request(fixture.conduit, 2, ECHO, 0x5a5a);
	assert_int_equal(fixture.conduit->ops->pages_alloc(fixture.conduit, 1, &pages), 0);
	fixture.conduit->ops->pages_free(fixture.conduit, &pages);
	log_setup("conduit_test", LOG_TARGET_STDERR, LOG_INFO);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);

	length = pread(log, text, sizeof(text) - 1, 0);
	assert_true(length > 0);
	text[length] = '\0';
	assert_null(strstr(text, "FFA_VERSION"));
	assert_non_null(strstr(text, "cpu 2: FFA_MSG_SEND_DIRECT_REQ"));
	assert_non_null(strstr(text, "w3=0x5a5a: FFA_MSG_SEND_DIRECT_RESP"));
	assert_non_null(strstr(text, "pages: 1 allocated from 0xa0000000 on"));
	assert_non_null(strstr(text, "pages: 1 freed from 0xa0000000 on"));
	done(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_local),      cmocka_unit_test(test_calls_remote),
		cmocka_unit_test(test_pages_local),      cmocka_unit_test(test_pages_remote),
		cmocka_unit_test(test_load_local),       cmocka_unit_test(test_load_remote),
		cmocka_unit_test(test_concurrent_local), cmocka_unit_test(test_concurrent_remote),
		cmocka_unit_test(test_forever_local),    cmocka_unit_test(test_forever_remote),
		cmocka_unit_test(test_successor),        cmocka_unit_test(test_lost),
		cmocka_unit_test(test_refused),          cmocka_unit_test(test_trace),
	};

	return cmocka_run_group_tests_name("conduit", tests, NULL, NULL);
}
