/* SPDX-License-Identifier: BSD-3-Clause */
/* Plays a recording line by line against a simulated SPMC and judges each call. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/regs.h"

#include "firmware.h"
#include "symbol.h"
#include "tally.h"

#define PLAYER_NAME_MAX 64
#define PLAYER_TAG_MAX 128

struct player_options {
	const struct sim_profile *profile; /* NULL: the recorded firmware's */
	const struct firmware *firmware;   /* NULL: as file name and BOOT line say */
	uint32_t function;                 /* number to look at, 0 for all */
	unsigned int groups;               /* bits of enum replay_group to look at */
	bool show;                         /* print every disagreement */
};

/* The call that waits for the lines that belong to its reply. */
struct player_call {
	bool open;
	bool replied; /* RET was seen */
	unsigned int line;
	uint32_t fid;
	struct ffa_regs call, expected, got;
	enum verdict verdict;
	uint32_t unsimulated; /* function that a partition called and the simulator does not have; 0 none */
	bool rx_differs;
};

struct player {
	const struct player_options *options;
	const char *file;
	unsigned int line;
	unsigned int errors; /* malformed lines */
	struct tally tally;

	const struct firmware *firmware;
	struct board board;
	char boot[PLAYER_NAME_MAX];
	uint32_t version; /* that the boot's first call asked for; 0: nobody asked yet */
	bool fresh;       /* the board was not called in a sequence yet */

	char sequence[PLAYER_NAME_MAX], tag[PLAYER_TAG_MAX];
	struct symbols symbols;
	uint64_t tx, rx; /* of the last RXTX_MAP that succeeded in the recording */
	bool in_sequence;
	bool raw;
	bool lost;       /* after a difference in state: the rest of the sequence is not comparable */
	bool rx_unknown; /* a partition's message may be in RX */
	struct player_call call;
};

/* `file` is kept by reference. */
void player_begin(struct player *player, const struct player_options *options, const char *file);
/*
 * Play one line, without its newline; the text is cut up. -EINVAL: malformed, and said on stderr; -ENOMEM:
 * give up.
 */
int player_line(struct player *player, char *line);
/* Judge what is still open and free everything but the tally. */
void player_end(struct player *player);
