/* SPDX-License-Identifier: BSD-3-Clause */
#include "disturb.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls.h"
#include "process.h"

#define HANGING 0x8101
#define SLOWLY 0x8102
#define YIELDING 0x8103
#define SESSIONS 3  /* one for each of them */
#define UNDER_WAY 8 /* calls of each */
#define DEADLINE_MS 3600000
#define GO_ANSWERS 10

/* ---- Idle ---- */

void idle_crowd_start(struct idle_crowd *crowd, const char *socket, size_t count)
{
	for (crowd->count = 0; crowd->count < count && crowd->count < DISTURB_IDLE_MAX; crowd->count++)
		crowd->clients[crowd->count] = calls_connect(socket);
}

void idle_crowd_stop(struct idle_crowd *crowd)
{
	while (crowd->count)
		ffa_client_free(crowd->clients[--crowd->count]);
}

/* ---- Busy ---- */

struct load {
	_Atomic uint64_t *answers;
	struct ffa_message *message;
};

static void start(struct load *load, struct ffa_request *request)
{
	if (ffa_request_start_direct(request, load->message) < 0)
		_exit(1);
}

static void on_done(struct ffa_request *request, int result, void *userdata)
{
	struct load *load = userdata;

	if (result < 0)
		_exit(0); /* ffad has ended */
	if (load->answers)
		atomic_fetch_add(load->answers, 1);
	start(load, request);
}

static void begin(struct ffa_client *client, uint16_t partition, struct load *load)
{
	struct ffa_request *request;

	if (ffa_message_new(FFA_MESSAGE_DIRECT_64, partition, &load->message) < 0)
		_exit(1);
	ffa_message_set_deadline(load->message, DEADLINE_MS);
	for (size_t i = 0; i < UNDER_WAY; i++) {
		if (ffa_request_new(client, on_done, load, &request) < 0)
			_exit(1);
		start(load, request);
	}
}

static _Noreturn void make_load(const char *socket, _Atomic uint64_t *answers)
{
	static const uint16_t partitions[SESSIONS] = { HANGING, SLOWLY, YIELDING };
	struct load loads[SESSIONS] = { { .answers = NULL }, { .answers = answers }, { .answers = NULL } };
	struct ffa_client *clients[SESSIONS];
	struct pollfd fds[SESSIONS];

	for (size_t i = 0; i < SESSIONS; i++) {
		clients[i] = calls_connect(socket);
		begin(clients[i], partitions[i], &loads[i]);
		if (ffa_client_flush(clients[i]) < 0)
			_exit(1);
	}
	for (;;) {
		for (size_t i = 0; i < SESSIONS; i++)
			fds[i] = (struct pollfd) { .fd = ffa_client_get_fd(clients[i]),
						   .events = ffa_client_get_events(clients[i]) };
		if (poll(fds, SESSIONS, -1) < 0 && errno != EINTR)
			_exit(1);
		for (size_t i = 0; i < SESSIONS; i++)
			if (fds[i].revents && ffa_client_dispatch(clients[i], 0) < 0)
				_exit(0);
	}
}

void disturber_start(struct disturber *disturber, const char *socket, int cpu)
{
	disturber->answers = mmap(NULL, sizeof(*disturber->answers), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (disturber->answers == MAP_FAILED)
		process_fail("mmap: %s", strerror(errno));
	disturber->pid = fork();
	if (disturber->pid < 0)
		process_fail("fork: %s", strerror(errno));
	if (disturber->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		process_pin(cpu);
		make_load(socket, disturber->answers);
	}
	disturber_go(disturber);
	disturber_pause(disturber);
}

void disturber_stop(struct disturber *disturber)
{
	kill(disturber->pid, SIGKILL);
	waitpid(disturber->pid, NULL, 0);
	munmap(disturber->answers, sizeof(*disturber->answers));
}

void disturber_go(struct disturber *disturber)
{
	uint64_t before = atomic_load(disturber->answers);

	kill(disturber->pid, SIGCONT);
	while (atomic_load(disturber->answers) < before + GO_ANSWERS) {
		if (waitpid(disturber->pid, NULL, WNOHANG) != 0)
			process_fail("the process that disturbs has ended");
		sched_yield();
	}
}

void disturber_pause(struct disturber *disturber)
{
	kill(disturber->pid, SIGSTOP);
}
