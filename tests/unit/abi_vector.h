/* SPDX-License-Identifier: BSD-3-Clause */
/* What the tests of abi/ share: byte vectors written in hexadecimal, and random numbers that repeat. */
#pragma once

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Bytes of a vector; blanks between them are for the reader. Stops the test on anything else. */
static inline size_t vector_bytes(const char *hex, uint8_t *buf, size_t size)
{
	size_t count = 0;

	while (*hex) {
		char digits[3] = { hex[0], hex[1], '\0' };

		if (isspace((unsigned char)*hex)) {
			hex++;
			continue;
		}
		if (!isxdigit((unsigned char)hex[0]) || !isxdigit((unsigned char)hex[1]) || count == size)
			abort();
		buf[count++] = (uint8_t)strtoul(digits, NULL, 16);
		hex += 2;
	}
	return count;
}

/* A small generator (xorshift64*): the same numbers everywhere, so that a failure can be repeated. */
static inline uint64_t vector_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Below `bound`, which is not zero. */
static inline uint64_t vector_below(uint64_t *state, uint64_t bound)
{
	return (vector_random(state) >> 11) % bound;
}

#define VECTOR_SEED UINT64_C(0x9e3779b97f4a7c15)
#define VECTOR_ROUNDS 5000
