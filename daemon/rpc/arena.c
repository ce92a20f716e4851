/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"

#define ARENA_ALIGNMENT 16

static void *arena_alloc(void *data, size_t size)
{
	struct arena *arena = data;
	size_t room = ARENA_SIZE - arena->used;
	void *block = arena->block + arena->used;

	if (size > room)
		return NULL;
	size = (size + ARENA_ALIGNMENT - 1) / ARENA_ALIGNMENT * ARENA_ALIGNMENT;
	arena->used += size < room ? size : room;
	return block;
}

/* Everything goes at once, at the next reset. */
static void arena_drop(void *data, void *pointer)
{
	(void)data;
	(void)pointer;
}

void arena_init(struct arena *arena)
{
	arena->allocator =
		(ProtobufCAllocator) { .alloc = arena_alloc, .free = arena_drop, .allocator_data = arena };
	arena->used = 0;
}
