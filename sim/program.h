/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What runs inside a partition. A program sees the partition's side of FF-A: it is entered with the frame
 * that the SPMC hands it (a request, the answer to its own last call) and leaves with the FF-A call that it
 * makes next. Built-in programs are chosen by enum sim_behaviour_kind; a host brings its own by
 * struct sim_behaviour.program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/regs.h"

#include "sim.h"

#define SIM_PROGRAM_WORDS 4
#define SIM_MESSAGE_SIZE 256 /* bytes of a context's RX and TX buffer */

/* Why a program gave the CPU back. */
enum sim_exit {
	SIM_EXIT_CALL, /* it made the FF-A call in *regs */
	/*
	 * A normal-world interrupt came. It is entered again, with *regs as it left them: by FFA_RUN, or at
	 * once when its manifest lets such interrupts wait.
	 */
	SIM_EXIT_PREEMPTED,
	SIM_EXIT_ABORTED, /* it crashed and never runs again */
};

/* One execution context, while it runs. */
struct sim_context {
	const struct sim_partition_config *config;
	const struct sim_host *host;
	unsigned int cpu;
	uint16_t vcpu;
	struct ffa_regs request; /* the last direct request, as delivered */
	struct sim *sim;
	/* Its RX/TX buffers: descriptors that it passes and gets, in fragments when they are longer. */
	uint8_t tx[SIM_MESSAGE_SIZE], rx[SIM_MESSAGE_SIZE];
	uint64_t words[SIM_PROGRAM_WORDS]; /* the program's own, zero at first, kept between entries */
};

struct sim_program {
	/*
	 * A request is about to be delivered to a waiting context. FFA_OK lets it in, an error is the SPMC's
	 * answer. `words` belong to the partition, not to a context. Called with the lock held: must return
	 * at once. NULL: lets everything in.
	 */
	int32_t (*admit)(const struct sim_partition_config *config, uint64_t words[SIM_PROGRAM_WORDS]);
	/* Run until the next call, interrupt or crash. Called without the lock, on the thread of the CPU. */
	enum sim_exit (*run)(struct sim_context *context, struct ffa_regs *regs);
};

/*
 * Read or write the memory of a transaction that the context's partition holds, from byte `offset` of all its
 * ranges together. False, where a partition would take a data abort: it is not held, not that large, or not to be
 * written. Take and release the lock.
 */
bool sim_context_read(struct sim_context *context, uint64_t handle, uint64_t offset, void *ret_bytes,
		      size_t size);
bool sim_context_write(struct sim_context *context, uint64_t handle, uint64_t offset, const void *bytes,
		       size_t size);

/* The program of a configuration: the host's own or the built-in one. NULL for an unknown kind. */
const struct sim_program *sim_program_of(const struct sim_behaviour *behaviour);
