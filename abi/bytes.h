/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Little-endian fields of descriptors at any alignment, and the four memory functions that a freestanding
 * implementation provides to every compiler.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict dst, const void *restrict src, size_t size);
void *memset(void *dst, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

static inline uint16_t bytes_load16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t bytes_load32(const uint8_t *p)
{
	return (uint32_t)bytes_load16(p) | (uint32_t)bytes_load16(p + 2) << 16;
}

static inline uint64_t bytes_load64(const uint8_t *p)
{
	return (uint64_t)bytes_load32(p) | (uint64_t)bytes_load32(p + 4) << 32;
}

static inline void bytes_store16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static inline void bytes_store32(uint8_t *p, uint32_t value)
{
	bytes_store16(p, (uint16_t)value);
	bytes_store16(p + 2, (uint16_t)(value >> 16));
}

static inline void bytes_store64(uint8_t *p, uint64_t value)
{
	bytes_store32(p, (uint32_t)value);
	bytes_store32(p + 4, (uint32_t)(value >> 32));
}
