/* SPDX-License-Identifier: BSD-3-Clause */
#include "symbol.h"

#include <errno.h>
#include <string.h>

void symbols_reset(struct symbols *symbols)
{
	symbols->handle_count = 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -EINVAL;
}

static int read_hex(const char *text, size_t length, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (length == 0 || length > 16)
		return -EINVAL;
	for (size_t i = 0; i < length; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return digit;
		value = value << 4 | (unsigned int)digit;
	}
	*ret_value = value;
	return 0;
}

static int read_decimal(const char *text, size_t length, size_t *ret_used, unsigned int *ret_value)
{
	unsigned int value = 0;
	size_t i;

	for (i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
		value = value * 10 + (unsigned int)(text[i] - '0');
		if (value > UINT16_MAX)
			return -EINVAL;
	}
	if (i == 0)
		return -EINVAL;
	*ret_used = i;
	*ret_value = value;
	return 0;
}

/* The symbol itself, without addend; *ret_used is what it took. */
static int read_symbol(const struct symbols *symbols, const char *text, size_t length, size_t *ret_used,
		       uint64_t *ret_value)
{
	unsigned int number;
	uint64_t value;
	size_t used;

	if (length < 2 || read_decimal(text + 1, length - 1, &used, &number) < 0)
		return -EINVAL;
	used++;
	if (text[0] == 'P') {
		*ret_value = symbols->base + number * PAGE_BYTES;
		*ret_used = used;
		return 0;
	}
	value = number < symbols->handle_count ? symbols->handles[number] : 0;
	if (length - used >= 3 && strncmp(text + used, ".lo", 3) == 0) {
		value = (uint32_t)value;
		used += 3;
	} else if (length - used >= 3 && strncmp(text + used, ".hi", 3) == 0) {
		value >>= 32;
		used += 3;
	}
	*ret_value = value;
	*ret_used = used;
	return 0;
}

int symbols_value(const struct symbols *symbols, const char *text, size_t length, uint64_t *ret_value)
{
	uint64_t value, addend = 0;
	size_t used;

	if (length == 0)
		return -EINVAL;
	if (text[0] != 'P' && text[0] != 'H')
		return read_hex(text, length, ret_value);
	if (read_symbol(symbols, text, length, &used, &value) < 0)
		return -EINVAL;
	if (used < length && (text[used] != '+' || read_hex(text + used + 1, length - used - 1, &addend) < 0))
		return -EINVAL;
	*ret_value = value + addend;
	return 0;
}

int symbols_handle(const char *text)
{
	unsigned int number;
	size_t used;

	if (text[0] != 'H' || read_decimal(text + 1, strlen(text + 1), &used, &number) < 0)
		return -ENOENT;
	return (int)number;
}

int symbols_bind(struct symbols *symbols, unsigned int handle, uint64_t value)
{
	if (handle >= SYMBOL_HANDLES_MAX)
		return -EINVAL;
	while (symbols->handle_count <= handle)
		symbols->handles[symbols->handle_count++] = 0;
	symbols->handles[handle] = value;
	return 0;
}

static int put_symbol(const struct symbols *symbols, const char **text, uint8_t buf[static 8])
{
	const char *end = strchr(*text, '>');
	uint64_t value;

	if (end == NULL || symbols_value(symbols, *text + 1, (size_t)(end - *text) - 1, &value) < 0)
		return -EINVAL;
	for (unsigned int i = 0; i < 8; i++)
		buf[i] = value >> 8 * i & 0xff;
	*text = end + 1;
	return 0;
}

int symbols_bytes(const struct symbols *symbols, const char *text, uint8_t *buf, size_t size)
{
	size_t count = 0;

	while (*text != '\0') {
		size_t width = *text == '<' ? 8 : 1;

		if (count + width > size)
			return -ENOSPC;
		if (*text == '<') {
			if (put_symbol(symbols, &text, buf + count) < 0)
				return -EINVAL;
		} else {
			int high = hex_digit(text[0]), low = high < 0 ? -EINVAL : hex_digit(text[1]);

			if (low < 0)
				return -EINVAL;
			buf[count] = (uint8_t)(high << 4 | low);
			text += 2;
		}
		count += width;
	}
	return (int)count;
}
