/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory for decoding one frame: a bump allocator with a cap, behind protobuf-c's allocator interface. Small
 * messages fit its first block, so that decoding them allocates nothing; the rest is given back at reset.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#define ARENA_FIRST_SIZE 4096
#define ARENA_BLOCK_SIZE (64 * 1024)
#define ARENA_MAX (1024 * 1024) /* a body of FFA_FRAME_RESPONSE_MAX that decodes to more is no honest one */

struct arena_block;

struct arena {
	ProtobufCAllocator allocator; /* points back to the arena: an arena must not move */
	struct arena_block *blocks;   /* beyond the first, newest at the head */
	unsigned char *at, *end;      /* free part of the present block */
	size_t total;                 /* bytes of all blocks */
	bool out_of_memory;           /* since the last reset: malloc failed, rather than the cap */
	_Alignas(max_align_t) unsigned char first[ARENA_FIRST_SIZE];
};

void arena_init(struct arena *arena);
/* Forget everything that was allocated. */
void arena_reset(struct arena *arena);
/* NULL: over ARENA_MAX, or out of memory. Aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
