/* SPDX-License-Identifier: BSD-3-Clause */
#include "uuid.h"

#include <stddef.h>

#include "bytes.h"
#include "linux_errno.h"

const struct ffa_uuid ffa_uuid_nil = { { 0 } };

bool ffa_uuid_is_nil(const struct ffa_uuid *uuid)
{
	return ffa_uuid_equal(uuid, &ffa_uuid_nil);
}

bool ffa_uuid_equal(const struct ffa_uuid *a, const struct ffa_uuid *b)
{
	return memcmp(a->bytes, b->bytes, FFA_UUID_SIZE) == 0;
}

struct ffa_uuid ffa_uuid_from_words(uint32_t w0, uint32_t w1, uint32_t w2, uint32_t w3)
{
	struct ffa_uuid uuid;

	bytes_store32(uuid.bytes, w0);
	bytes_store32(uuid.bytes + 4, w1);
	bytes_store32(uuid.bytes + 8, w2);
	bytes_store32(uuid.bytes + 12, w3);
	return uuid;
}

void ffa_uuid_to_words(const struct ffa_uuid *uuid, uint32_t ret_words[static 4])
{
	for (size_t i = 0; i < 4; i++)
		ret_words[i] = bytes_load32(uuid->bytes + 4 * i);
}

struct ffa_uuid ffa_uuid_from_u64(uint64_t lo, uint64_t hi)
{
	struct ffa_uuid uuid;

	bytes_store64(uuid.bytes, lo);
	bytes_store64(uuid.bytes + 8, hi);
	return uuid;
}

void ffa_uuid_to_u64(const struct ffa_uuid *uuid, uint64_t *ret_lo, uint64_t *ret_hi)
{
	*ret_lo = bytes_load64(uuid->bytes);
	*ret_hi = bytes_load64(uuid->bytes + 8);
}

/* The text form has a hyphen before these bytes. */
static bool hyphen_before(size_t byte)
{
	return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void ffa_uuid_format(const struct ffa_uuid *uuid, char ret_text[static FFA_UUID_STR_SIZE])
{
	static const char digits[16] = "0123456789abcdef";
	char *p = ret_text;

	for (size_t i = 0; i < FFA_UUID_SIZE; i++) {
		if (hyphen_before(i))
			*p++ = '-';
		*p++ = digits[uuid->bytes[i] >> 4];
		*p++ = digits[uuid->bytes[i] & 0xf];
	}
	*p = '\0';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int ffa_uuid_parse(const char *text, struct ffa_uuid *ret_uuid)
{
	struct ffa_uuid uuid;
	const char *p = text;

	for (size_t i = 0; i < FFA_UUID_SIZE; i++) {
		int high, low;

		if (hyphen_before(i) && *p++ != '-')
			return -LINUX_EINVAL;
		/* The NUL is no digit: nothing behind it is read. */
		high = digit_value(*p);
		if (high < 0)
			return -LINUX_EINVAL;
		low = digit_value(p[1]);
		if (low < 0)
			return -LINUX_EINVAL;
		uuid.bytes[i] = (uint8_t)(high << 4 | low);
		p += 2;
	}
	if (*p != '\0')
		return -LINUX_EINVAL;
	*ret_uuid = uuid;
	return 0;
}
