/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers as the configuration writes them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The first `length` characters of `text`: decimal digits, or 0x and hexadecimal ones, at most 16 of them.
 * -EINVAL for anything else: empty, a sign, blanks, a suffix.
 */
int number_parse(const char *text, size_t length, uint64_t *ret_number);
