/* SPDX-License-Identifier: BSD-3-Clause */
/* An ffa-sim that a test starts, with a directory for its socket. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct sim_process {
	char directory[64];
	char socket[96];
	char spec[128]; /* "sim:" and the socket */
	pid_t pid;
};

/* Make the directory only. */
void sim_process_prepare(struct sim_process *process);
/* Start ffa-sim with the NULL-terminated arguments besides --socket, and wait until it is ready. */
void sim_process_start(struct sim_process *process, const char *const *arguments);
/* Send it a signal and reap it; the wait status. */
int sim_process_stop(struct sim_process *process, int signal);
/* Remove the directory. */
void sim_process_done(struct sim_process *process);

/*
 * Run ffa-sim with these arguments to its end; the exit code. Both outputs land in `output` (cut, with NUL).
 */
int sim_process_run(const char *const *arguments, char *output, size_t size);

/* What IPC_INSPECT says; freed by the caller. */
char *sim_process_inspect(const struct sim_process *process);
