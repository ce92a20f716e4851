/* SPDX-License-Identifier: BSD-3-Clause */
#include "outcome.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

void outcome_copy_text(const char *text, size_t size, char *ret_text)
{
	size_t i = 0;

	if (text)
		for (; i + 1 < size && text[i] != '\0'; i++) {
			unsigned char c = (unsigned char)text[i];

			ret_text[i] = c < 0x20 || c == 0x7f ? '?' : (char)c;
		}
	ret_text[i] = '\0';
}

void outcome_set_ok(struct outcome *outcome)
{
	outcome->result = 0;
	outcome->status = FFA_STATUS_OK;
	outcome->ffa_code = FFA_CODE_OK;
	outcome->message[0] = '\0';
}

void outcome_set_local(struct outcome *outcome, int result, const char *format, ...)
{
	va_list args;

	outcome->result = result;
	outcome->status = FFA_STATUS_LOCAL;
	outcome->ffa_code = FFA_CODE_OK;
	va_start(args, format);
	vsnprintf(outcome->message, sizeof(outcome->message), format, args);
	va_end(args);
}

void outcome_set_lost(struct outcome *outcome, const struct outcome *notice)
{
	if (notice->result == 0) {
		outcome_set_local(outcome, -ECONNRESET,
				  "ffad closed the connection; see its log (journalctl -u ffad) and connect "
				  "again");
		return;
	}
	*outcome = *notice;
	outcome->result = -ECONNRESET;
}

static int status_to_errno(int code, int32_t ffa_code)
{
	switch (code) {
	case FFA_STATUS_OK:
		return 0;
	case FFA_STATUS_FFA_ERROR:
		/* An error without a code is an error all the same. */
		return ffa_code == FFA_CODE_OK ? -EIO : ffa_code_to_errno(ffa_code);
	case FFA_STATUS_DENIED_BY_POLICY:
	case FFA_STATUS_CLAIMED:
		return -EPERM;
	case FFA_STATUS_QUOTA:
		return -EDQUOT;
	case FFA_STATUS_BAD_ARGUMENT:
		return -EINVAL;
	case FFA_STATUS_GONE:
		return -ENODEV;
	case FFA_STATUS_DEADLINE:
		return -ETIMEDOUT;
	case FFA_STATUS_UNIMPLEMENTED:
		return -ENOSYS;
	case FFA_STATUS_UNAVAILABLE:
		return -ESHUTDOWN;
	case FFA_STATUS_CANCELLED:
		return -ECANCELED;
	default:
		return -EIO; /* of a newer daemon */
	}
}

void outcome_set_wire(struct outcome *outcome, const Ffa__V1__Status *status)
{
	const char *name;

	if (!status || status->code == FFA__V1__STATUS_CODE__STATUS_OK) {
		outcome_set_ok(outcome);
		return;
	}
	/* The library's own status cannot come from outside. */
	outcome->status = (int)status->code < 0 ? FFA_STATUS_BAD_ARGUMENT : (enum ffa_status)status->code;
	outcome->ffa_code = status->ffa_error;
	outcome->result = status_to_errno((int)outcome->status, outcome->ffa_code);
	outcome_copy_text(status->message, sizeof(outcome->message), outcome->message);
	if (outcome->message[0] != '\0')
		return;
	name = outcome->status == FFA_STATUS_FFA_ERROR ? ffa_code_name(outcome->ffa_code)
						       : ffa_status_name(outcome->status);
	if (name)
		snprintf(outcome->message, sizeof(outcome->message), "ffad answered %s", name);
	else
		snprintf(outcome->message, sizeof(outcome->message), "ffad answered status %d, error %d",
			 (int)outcome->status, (int)outcome->ffa_code);
}
