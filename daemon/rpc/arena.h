/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory for decoding one request: a fixed block that is reset for each. protobuf-c has no limit of its own, and some
 * bytes on the wire cost fifty in memory; what does not fit here is not decoded.
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#define ARENA_SIZE (32 * 1024)

struct arena {
	ProtobufCAllocator allocator; /* for protobuf-c; its allocator_data is the arena */
	size_t used;
	_Alignas(16) unsigned char block[ARENA_SIZE];
};

void arena_init(struct arena *arena);

static inline void arena_reset(struct arena *arena)
{
	arena->used = 0;
}
