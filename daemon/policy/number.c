/* SPDX-License-Identifier: BSD-3-Clause */
#include "number.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 16 /* fit into 64 bits in either base */

int number_parse(const char *text, size_t length, uint64_t *ret_number)
{
	bool hex = length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char digits[DIGITS_MAX + 1];

	if (hex) {
		text += 2;
		length -= 2;
	}
	if (length == 0 || length > DIGITS_MAX)
		return -EINVAL;
	memcpy(digits, text, length);
	digits[length] = '\0';
	if (strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != length)
		return -EINVAL;
	*ret_number = strtoull(digits, NULL, hex ? 16 : 10);
	return 0;
}
