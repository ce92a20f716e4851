/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/sim_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sim/ipc.h"

#define ARGUMENTS_MAX 32

void sim_process_prepare(struct sim_process *process)
{
	*process = (struct sim_process) { .directory = "/tmp/ffa-sim-test.XXXXXX" };
	assert_non_null(mkdtemp(process->directory));
	snprintf(process->socket, sizeof(process->socket), "%s/s", process->directory);
	snprintf(process->spec, sizeof(process->spec), "sim:%s", process->socket);
}

void sim_process_start(struct sim_process *process, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX] = { FFA_SIM, "--socket", process->socket, "--ready-fd", "3" };
	posix_spawn_file_actions_t actions;
	size_t count = 5;
	char line[16];
	int ready[2];
	ssize_t n;

	for (; arguments && *arguments; arguments++) {
		assert_true(count < ARGUMENTS_MAX - 1);
		argv[count++] = *arguments;
	}
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ready[1], 3);
	assert_int_equal(posix_spawn(&process->pid, FFA_SIM, &actions, NULL, (char *const *)argv, environ),
			 0);
	posix_spawn_file_actions_destroy(&actions);
	close(ready[1]);
	n = read(ready[0], line, sizeof(line));
	close(ready[0]);
	assert_int_equal(n, 6);
	assert_memory_equal(line, "ready\n", 6);
}

int sim_process_stop(struct sim_process *process, int number)
{
	int status;

	assert_int_equal(kill(process->pid, number), 0);
	assert_int_equal(waitpid(process->pid, &status, 0), process->pid);
	process->pid = 0;
	return status;
}

void sim_process_done(struct sim_process *process)
{
	unlink(process->socket);
	assert_int_equal(rmdir(process->directory), 0);
}

int sim_process_run(const char *const *arguments, char *output, size_t size)
{
	const char *argv[ARGUMENTS_MAX] = { FFA_SIM };
	posix_spawn_file_actions_t actions;
	size_t count = 1, used = 0;
	int out[2], status;
	pid_t pid;

	for (; *arguments; arguments++) {
		assert_true(count < ARGUMENTS_MAX - 1);
		argv[count++] = *arguments;
	}
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
	assert_int_equal(posix_spawn(&pid, FFA_SIM, &actions, NULL, (char *const *)argv, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	for (;;) {
		char rest[256];
		ssize_t n = used < size - 1 ? read(out[0], output + used, size - 1 - used)
					    : read(out[0], rest, sizeof(rest));

		if (n <= 0)
			break;
		if (used < size - 1)
			used += (size_t)n;
	}
	output[used] = '\0';
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *sim_process_inspect(const struct sim_process *process)
{
	struct ipc_inspect inspect = { .header.kind = IPC_INSPECT };
	_cleanup_close_ int fd = -1, text_fd = -1;
	struct ipc_hello hello;
	char *text;

	assert_int_equal(ipc_connect(process->socket, &fd, &hello), 0);
	assert_int_equal(ipc_exchange(fd, &inspect, sizeof(inspect), -1, &text_fd), 0);
	assert_int_equal(inspect.header.result, 0);
	text = calloc(1, inspect.size + 1);
	assert_non_null(text);
	assert_int_equal(pread(text_fd, text, inspect.size, 0), inspect.size);
	return text;
}
