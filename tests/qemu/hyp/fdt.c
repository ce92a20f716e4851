/* SPDX-License-Identifier: BSD-3-Clause */
#include "fdt.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Devicetree specification, chapter 5. */
#define FDT_MAGIC 0xd00dfeed
#define FDT_STRUCT_OFFSET 8 /* of header fields, in bytes */
#define FDT_STRINGS_OFFSET 12
enum fdt_token {
	FDT_BEGIN_NODE = 1,
	FDT_END_NODE = 2,
	FDT_PROP = 3,
	FDT_NOP = 4,
	FDT_END = 9,
};

#define DEPTH_MAX 8

/* One walk over the structure block. */
struct walk {
	uint8_t *next;
	const char *strings;
	const char *nodes[DEPTH_MAX]; /* names on the way to the current node; [0] is the root's */
	size_t depth;                 /* 1 in the root */
	bool psci, memory;            /* found and changed */
	struct fdt_facts facts;
	uint64_t reserved;
};

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint64_t get64(const uint8_t *p)
{
	return (uint64_t)get32(p) << 32 | get32(p + 4);
}

static void put64(uint8_t *p, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		p[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint8_t *align(uint8_t *p)
{
	return (uint8_t *)(((uintptr_t)p + 3) & ~(uintptr_t)3);
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool begin_node(struct walk *walk)
{
	const char *name = (const char *)walk->next;

	if (walk->depth == DEPTH_MAX)
		return false;
	walk->nodes[walk->depth++] = name;
	walk->next = align(walk->next + strlen(name) + 1);
	if (walk->depth == 3 && strcmp(walk->nodes[1], "cpus") == 0 && starts_with(name, "cpu@"))
		walk->facts.cpus++;
	return true;
}

static void property(struct walk *walk)
{
	uint32_t size = get32(walk->next);
	const char *name = walk->strings + get32(walk->next + 4);
	uint8_t *value = walk->next + 8;

	walk->next = align(value + size);
	if (walk->depth != 2)
		return;
	if (strcmp(walk->nodes[1], "psci") == 0 && strcmp(name, "method") == 0 && size == sizeof("smc")) {
		memcpy(value, "hvc", sizeof("hvc"));
		walk->psci = true;
	} else if (starts_with(walk->nodes[1], "memory@") && strcmp(name, "reg") == 0 && size == 16 &&
		   get64(value + 8) > walk->reserved) {
		walk->facts.memory_base = get64(value) + walk->reserved;
		walk->facts.memory_size = get64(value + 8) - walk->reserved;
		put64(value, walk->facts.memory_base);
		put64(value + 8, walk->facts.memory_size);
		walk->memory = true;
	}
}

int fdt_adapt(void *fdt, uint64_t reserved, struct fdt_facts *ret_facts)
{
	uint8_t *start = fdt;
	struct walk walk = { .reserved = reserved };

	if (get32(start) != FDT_MAGIC)
		return -1;
	walk.next = start + get32(start + FDT_STRUCT_OFFSET);
	walk.strings = (const char *)start + get32(start + FDT_STRINGS_OFFSET);
	for (;;) {
		uint32_t token = get32(walk.next);

		walk.next += 4;
		switch (token) {
		case FDT_BEGIN_NODE:
			if (!begin_node(&walk))
				return -1;
			break;
		case FDT_END_NODE:
			walk.depth--;
			break;
		case FDT_PROP:
			property(&walk);
			break;
		case FDT_NOP:
			break;
		case FDT_END:
			if (!walk.psci || !walk.memory || walk.facts.cpus == 0)
				return -1;
			*ret_facts = walk.facts;
			return 0;
		default:
			return -1;
		}
	}
}
