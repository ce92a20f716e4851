/* SPDX-License-Identifier: BSD-3-Clause */
/* An ffad to measure, on a private socket. What goes wrong ends the benchmark with a message and status 1. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_PATH_SIZE 80

struct process {
	char folder[PROCESS_PATH_SIZE];
	char socket[PROCESS_PATH_SIZE + 16];
	pid_t pid;
	uint64_t ready_ns; /* from fork() to READY=1 */
};

struct process_options {
	const char *program;
	const char *preload;          /* LD_PRELOAD; NULL: none */
	const char *const *manifests; /* NULL-terminated; NULL: the built-in set */
	int cpu;                      /* CPU it is pinned to; -1: any */
};

/* Say what is wrong, and end. */
_Noreturn void process_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Returns when it is ready. */
void process_start(struct process *process, const struct process_options *options);
/* SIGTERM; it has to end with status 0. */
void process_stop(struct process *process);

/* Run this process on that CPU; -1: on all that it could use in the beginning. */
void process_pin(int cpu);
/* CPUs that this process could use in the beginning, lowest first; their number. */
size_t process_cpus(int *ret_cpus, size_t size);

/* A value of /proc/PID/FILE in bytes, such as "VmRSS" of "status"; 0 when it is not there. */
size_t process_memory(pid_t pid, const char *file, const char *name);
