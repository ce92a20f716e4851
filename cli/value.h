/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers on the command line. All of it must be the number: no blanks, no sign. */
#pragma once

#include <stdint.h>

/* Decimal, or hexadecimal with 0x. -EINVAL: no number; -ERANGE: not from min to max. */
int value_parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *ret_value);
/* Hexadecimal, with 0x or without. -EINVAL; -ERANGE: over 64 bits. */
int value_parse_hex(const char *text, uint64_t *ret_value);
