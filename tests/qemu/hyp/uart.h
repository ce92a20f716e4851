/* SPDX-License-Identifier: BSD-3-Clause */
/* The console, shared with the guest, which sets it up: for a few lines of ours. */
#pragma once

#include <stdint.h>

void uart_puts(const char *text);
void uart_put_hex(uint64_t value);
