/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machines that recordings were made on: their memory, their partitions and what those answer. A board
 * is put together from the simulated SPMC and these.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/regs.h"
#include "sim/profile.h"
#include "sim/program.h"
#include "sim/sim.h"

#define FIRMWARE_PAGES 128 /* P0 … P127 */

/* A set of partitions, and a build of their program. */
struct firmware {
	const char *name;
	const char *profile;                     /* of sim_profile_find() */
	const struct sim_memory_profile *memory; /* instead of the profile's; NULL: that */
	bool direct_64_whole;                    /* its SPMC has the correction for 64-bit direct arguments */
	bool command_width;                      /* the program knows command 7 */
	bool command_call;                       /* the program knows command 8 */
	uint64_t unknown;                        /* x3 of its answer to a command that it does not know */
	size_t partition_count;
	const struct sim_partition_config *partitions;
};

struct board {
	const struct firmware *firmware;
	struct sim *sim;
	struct sim_profile profile; /* as the firmware has it */
	uint64_t base;              /* address of P0 */
	uint8_t *pages;             /* FIRMWARE_PAGES of them */
	bool rx_unknown;            /* messages that are not simulated may be in the partitions' RX */
	uint32_t unsimulated; /* function that a partition called and the simulator does not have; 0 none */
};

/* NULL for an unknown name: "optee", "optee-mended", "hafnium". */
const struct firmware *firmware_find(const char *name);

/*
 * Start the firmware's partitions over a profile (NULL: the firmware's own). -ENOMEM, -EINVAL. The board is
 * board_stop()'s to free.
 */
int board_start(struct board *board, const struct firmware *firmware, const struct sim_profile *profile,
		uint64_t base);
void board_stop(struct board *board);

/* Issue a call; board->unsimulated tells what partitions called during it. */
void board_call(struct board *board, struct ffa_regs *regs);

/* Bytes at an address; NULL when they are not wholly inside P0 … P127. */
uint8_t *board_memory(const struct board *board, uint64_t address, uint64_t size);
