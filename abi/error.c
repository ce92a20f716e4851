/* SPDX-License-Identifier: BSD-3-Clause */
#include "error.h"

#include <stddef.h>

#include "linux_errno.h"

/* Indexed by the negated code, which runs without a gap from 0 to 10. */
static const struct {
	const char *name;
	int linux_errno;
} errors[] = {
	[-FFA_OK] = { "OK", 0 },
	[-FFA_NOT_SUPPORTED] = { "NOT_SUPPORTED", LINUX_EOPNOTSUPP },
	[-FFA_INVALID_PARAMETERS] = { "INVALID_PARAMETERS", LINUX_EINVAL },
	[-FFA_NO_MEMORY] = { "NO_MEMORY", LINUX_ENOMEM },
	[-FFA_BUSY] = { "BUSY", LINUX_EBUSY },
	[-FFA_INTERRUPTED] = { "INTERRUPTED", LINUX_EINTR },
	[-FFA_DENIED] = { "DENIED", LINUX_EACCES },
	[-FFA_RETRY] = { "RETRY", LINUX_EAGAIN },
	[-FFA_ABORTED] = { "ABORTED", LINUX_ECANCELED },
	[-FFA_NO_DATA] = { "NO_DATA", LINUX_ENODATA },
	[-FFA_NOT_READY] = { "NOT_READY", LINUX_EAGAIN },
};

#define ERRORS_COUNT ((int32_t)(sizeof(errors) / sizeof(errors[0])))

const char *ffa_error_name(int32_t error)
{
	if (error > 0 || error <= -ERRORS_COUNT)
		return NULL;
	return errors[-error].name;
}

int ffa_error_to_errno(int32_t error)
{
	if (error > 0 || error <= -ERRORS_COUNT)
		return -LINUX_EINVAL;
	return -errors[-error].linux_errno;
}
