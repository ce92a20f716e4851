/* SPDX-License-Identifier: BSD-3-Clause */
/* The symbols of a recording: pages P0, P1 … and memory handles H0, H1 …, and numbers written with them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_BYTES UINT64_C(4096)
#define SYMBOL_HANDLES_MAX 4096 /* of one sequence */

struct symbols {
	uint64_t base; /* address of P0 */
	size_t handle_count;
	uint64_t handles[SYMBOL_HANDLES_MAX];
};

/* Forget the handles. */
void symbols_reset(struct symbols *symbols);

/*
 * Read a number in a recording's form: hex digits, `Pn`, `Hn`, `Hn.lo` or `Hn.hi`, plus an optional hex
 * addend. A handle that was not announced reads as 0. -EINVAL for anything else, as `length` says.
 */
int symbols_value(const struct symbols *symbols, const char *text, size_t length, uint64_t *ret_value);

/* Does a field of a reply announce a handle? Its number, -ENOENT when not. */
int symbols_handle(const char *text);
/* -EINVAL for a number that is out of range. */
int symbols_bind(struct symbols *symbols, unsigned int handle, uint64_t value);

/*
 * Turn a hex string with symbols in angle brackets, each 8 little-endian bytes, into bytes. Returns their
 * number, -EINVAL for anything else, -ENOSPC when they are more than `size`.
 */
int symbols_bytes(const struct symbols *symbols, const char *text, uint8_t *buf, size_t size);
