/* SPDX-License-Identifier: BSD-3-Clause */
#include "reason.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int reason_set(char **ret_reason, int error, const char *format, ...)
{
	va_list args;
	char *reason;
	int length;

	va_start(args, format);
	length = vasprintf(&reason, format, args);
	va_end(args);
	if (length < 0)
		return -ENOMEM;
	*ret_reason = reason;
	return error;
}
