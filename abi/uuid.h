/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partition and service UUIDs. In memory: the 16 bytes of RFC 4122, in that order. In registers: those
 * bytes read as four little-endian words (w1-w4) or two little-endian doublewords (lo, hi).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FFA_UUID_SIZE 16
#define FFA_UUID_STR_SIZE 37 /* 36 characters and NUL */

struct ffa_uuid {
	uint8_t bytes[FFA_UUID_SIZE];
};

extern const struct ffa_uuid ffa_uuid_nil;

bool ffa_uuid_is_nil(const struct ffa_uuid *uuid);
bool ffa_uuid_equal(const struct ffa_uuid *a, const struct ffa_uuid *b);

struct ffa_uuid ffa_uuid_from_words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3);
void ffa_uuid_to_words(const struct ffa_uuid *uuid, uint32_t ret_words[static 4]);
struct ffa_uuid ffa_uuid_from_u64(uint64_t lo, uint64_t hi);
void ffa_uuid_to_u64(const struct ffa_uuid *uuid, uint64_t *ret_lo, uint64_t *ret_hi);

/* Lower-case text with hyphens. */
void ffa_uuid_format(const struct ffa_uuid *uuid, char ret_text[static FFA_UUID_STR_SIZE]);
/* The canonical 36-character form only, either case. -EINVAL otherwise. */
int ffa_uuid_parse(const char *text, struct ffa_uuid *ret_uuid);
