/* SPDX-License-Identifier: BSD-3-Clause */
/* What a compiler asks of every environment. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void *memset(void *dst, int value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)dst)[i] = (uint8_t)value;
	return dst;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)dst)[i] = ((const uint8_t *)src)[i];
	return dst;
}

void *memmove(void *dst, const void *src, size_t size)
{
	uint8_t *d = dst;
	const uint8_t *s = src;

	if ((uintptr_t)d <= (uintptr_t)s)
		return memcpy(dst, src, size);
	while (size-- > 0)
		d[size] = s[size];
	return dst;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *x = a, *y = b;

	for (size_t i = 0; i < size; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

int strcmp(const char *a, const char *b)
{
	for (; *a == *b && *a != '\0'; a++)
		b++;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t size)
{
	for (; size > 0 && *a == *b && *a != '\0'; a++, size--)
		b++;
	return size == 0 ? 0 : (uint8_t)*a - (uint8_t)*b;
}
