/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"

#include <stdint.h>
#include <stdlib.h>

struct arena_block {
	struct arena_block *next;
	_Alignas(max_align_t) unsigned char bytes[];
};

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_block *block;
	size_t block_size;
	void *memory;

	if (size > ARENA_MAX)
		return NULL;
	size = size == 0 ? align : (size + align - 1) / align * align;
	if ((size_t)(arena->end - arena->at) < size) {
		block_size = size > ARENA_BLOCK_SIZE ? size : ARENA_BLOCK_SIZE;
		if (block_size > ARENA_MAX - arena->total)
			return NULL;
		block = malloc(sizeof(*block) + block_size);
		if (!block) {
			arena->out_of_memory = true;
			return NULL;
		}
		block->next = arena->blocks;
		arena->blocks = block;
		arena->total += block_size;
		arena->at = block->bytes;
		arena->end = block->bytes + block_size;
	}
	memory = arena->at;
	arena->at += size;
	return memory;
}

static void *arena_allocator_alloc(void *data, size_t size)
{
	return arena_alloc(data, size);
}

/* Everything goes at once, in arena_reset(). */
static void arena_allocator_free(void *data, void *pointer)
{
	(void)data;
	(void)pointer;
}

void arena_init(struct arena *arena)
{
	arena->allocator.alloc = arena_allocator_alloc;
	arena->allocator.free = arena_allocator_free;
	arena->allocator.allocator_data = arena;
	arena->blocks = NULL;
	arena_reset(arena);
}

void arena_reset(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *block = arena->blocks;

		arena->blocks = block->next;
		free(block);
	}
	arena->at = arena->first;
	arena->end = arena->first + sizeof(arena->first);
	arena->total = sizeof(arena->first);
	arena->out_of_memory = false;
}
