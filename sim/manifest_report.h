/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What loading a manifest has to say: why it was refused, and what it warns of. Each is one sentence of the
 * form "FILE: NODE: PROPERTY: what is wrong; what to do".
 */
#pragma once

#include <stddef.h>

#define MANIFEST_WARNINGS_MAX 64
#define MANIFEST_SENTENCE_SIZE 768

struct manifest_report {
	char *refusal; /* NULL: not refused */
	size_t warning_count;
	size_t warnings_left_out; /* beyond MANIFEST_WARNINGS_MAX */
	char *warnings[MANIFEST_WARNINGS_MAX];
};

#define MANIFEST_REPORT_INIT                                                                                 \
	{                                                                                                    \
		0                                                                                            \
	}

/* Free what it holds and start again; a zeroed report is a cleared one. */
void manifest_report_clear(struct manifest_report *report);

/*
 * Say why. Only the first refusal is kept. Returns -EINVAL, so that a check ends in one statement.
 * `report`, `node` and `property` may be NULL. Control characters come out as '?'.
 */
int manifest_report_refuse(struct manifest_report *report, const char *file, const char *node,
			   const char *property, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Note something that does not hinder. */
void manifest_report_warn(struct manifest_report *report, const char *file, const char *node,
			  const char *property, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
