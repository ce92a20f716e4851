/* SPDX-License-Identifier: BSD-3-Clause */
#include "value.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

static int parse(const char *text, int base, uint64_t *ret_value)
{
	unsigned long long value;
	char *end;

	/* strtoull() itself would take blanks, signs, and a second 0x. */
	if (base == 16 ? !isxdigit((unsigned char)*text) : !isdigit((unsigned char)*text))
		return -EINVAL;
	if (base == 16 && strncasecmp(text, "0x", 2) == 0)
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, base);
	if (*end)
		return -EINVAL;
	if (errno)
		return -errno;
	*ret_value = value;
	return 0;
}

int value_parse_hex(const char *text, uint64_t *ret_value)
{
	return parse(strncasecmp(text, "0x", 2) == 0 ? text + 2 : text, 16, ret_value);
}

int value_parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *ret_value)
{
	uint64_t value = 0;
	int result = strncasecmp(text, "0x", 2) == 0 ? parse(text + 2, 16, &value) : parse(text, 10, &value);

	if (result < 0)
		return result;
	if (value < min || value > max)
		return -ERANGE;
	*ret_value = (uint32_t)value;
	return 0;
}
