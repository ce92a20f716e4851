/* SPDX-License-Identifier: BSD-3-Clause */
/* Issues frames through a conduit and writes them and their replies as docs/recording.md describes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "abi/regs.h"
#include "daemon/conduit/conduit.h"
#include "tests/replay/symbol.h"

#define RECORDER_PAGES 16 /* P0 … P15, one behind the other */

struct recorder {
	struct ffa_conduit *conduit; /* the caller's */
	FILE *out;                   /* the caller's */
	struct ffa_pages pages;      /* ours are some of them */
	size_t first_page;           /* index of P0 in `pages` */
	struct symbols symbols;
	uint8_t *shadow; /* the pages as they were last written down */
	size_t tx_page;  /* where TX lines write: of the last pair mapped, page 0 without */
	size_t rx_page;  /* valid while `mapped` */
	bool mapped, raw;
	uint16_t partitions[8]; /* that a clean firmware gets an echo from */
	size_t partition_count;
	uint16_t spinners
		[8]; /* that spin x4 times when x3 of a request is 2, and can be interrupted meanwhile */
	size_t spinner_count;
	unsigned long calls;
};

/*
 * Allocate the pages and write BOOT and the calls that settle version and id. Negative errno: no pages, or pages that do not
 * lie together (-ENOMEM), or the conduit's.
 */
int recorder_begin(struct recorder *recorder, struct ffa_conduit *conduit, FILE *out, const char *name,
		   uint64_t seed);
void recorder_end(struct recorder *recorder);

/* Everything clean and all pages zero. */
void recorder_sequence(struct recorder *recorder, uint64_t seed, unsigned int number, const char *theme);
void recorder_case(struct recorder *recorder, const char *tag);
/* Bytes into TX (`page` -1) or page `page`, and the line that says so. -ERANGE. */
int recorder_write(struct recorder *recorder, int page, size_t offset, const uint8_t *bytes, size_t size);
/* The next call's INTERRUPT stays unanswered. */
void recorder_raw(struct recorder *recorder);
/* One call; *regs is the last reply. Negative errno: the conduit failed. */
int recorder_call(struct recorder *recorder, struct ffa_regs *regs);
/* Bring the firmware back to where a sequence starts. 1: it is, 0: it is not, recording should end. */
int recorder_clean(struct recorder *recorder);

/* Address of a page. */
uint64_t recorder_page(const struct recorder *recorder, size_t page);
