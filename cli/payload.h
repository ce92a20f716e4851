/* SPDX-License-Identifier: BSD-3-Clause */
/* The argument registers of a direct message as bytes: packed one after the other, each little-endian. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "client-lib/ffa-client.h"

/* Bytes in one register, and registers, of a kind of message. */
size_t payload_register_size(enum ffa_message_kind kind);
size_t payload_register_count(enum ffa_message_kind kind);
/* Bytes that a message carries: 20, 40, 112. */
size_t payload_capacity(enum ffa_message_kind kind);
/* Number of the first argument register: 3 for w3 and x3, 4 for x4. */
unsigned int payload_first_register(enum ffa_message_kind kind);
#define PAYLOAD_CAPACITY_MAX (FFA_MESSAGE_REQ2_ARGS * sizeof(uint64_t))

/* Fills all registers; what `size` bytes do not reach becomes 0. size: at most payload_capacity(). */
void payload_pack(enum ffa_message_kind kind, const uint8_t *bytes, size_t size, uint64_t *ret_args);
/* Writes payload_capacity() bytes. */
void payload_unpack(enum ffa_message_kind kind, const uint64_t *args, uint8_t *ret_bytes);
