/* SPDX-License-Identifier: BSD-3-Clause */
/* What one call costs in system calls and allocations: counts, which do not depend on the machine. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "process.h"

#define COUNT_NAMES_MAX 8

struct syscall_count {
	double per_call; /* all of them, of the thread that serves the client */
	size_t names;    /* those that happen at least once in ten calls */
	struct {
		char name[32];
		double per_call;
	} by_name[COUNT_NAMES_MAX];
};

/* Of ffad for one blocking direct message, by strace; the least of several counts. False: strace is not there, or may
 * not. */
bool count_syscalls(const struct process *ffad, struct syscall_count *ret_count);

/* Allocations of ffad for one blocking direct message, once it has warmed up. Starts an ffad of its own. */
double count_allocations(const struct process_options *options, const char *preload);
