/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest_report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void manifest_report_clear(struct manifest_report *report)
{
	free(report->refusal);
	for (size_t i = 0; i < report->warning_count; i++)
		free(report->warnings[i]);
	*report = (struct manifest_report)MANIFEST_REPORT_INIT;
}

/* NULL when out of memory; a sentence that is too long ends early. */
__attribute__((format(printf, 4, 0))) static char *
sentence(const char *file, const char *node, const char *property, const char *format, va_list args)
{
	char text[MANIFEST_SENTENCE_SIZE];
	size_t length = 0;

	for (size_t i = 0; i < 3; i++) {
		const char *part = i == 0 ? file : i == 1 ? node : property;

		if (part && length < sizeof(text))
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s: ", part);
	}
	if (length < sizeof(text))
		vsnprintf(text + length, sizeof(text) - length, format, args);
	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	return strdup(text);
}

int manifest_report_refuse(struct manifest_report *report, const char *file, const char *node,
			   const char *property, const char *format, ...)
{
	va_list args;

	if (report && !report->refusal) {
		va_start(args, format);
		report->refusal = sentence(file, node, property, format, args);
		va_end(args);
	}
	return -EINVAL;
}

void manifest_report_warn(struct manifest_report *report, const char *file, const char *node,
			  const char *property, const char *format, ...)
{
	va_list args;
	char *warning;

	if (!report)
		return;
	if (report->warning_count == MANIFEST_WARNINGS_MAX) {
		report->warnings_left_out++;
		return;
	}
	va_start(args, format);
	warning = sentence(file, node, property, format, args);
	va_end(args);
	if (warning)
		report->warnings[report->warning_count++] = warning;
	else
		report->warnings_left_out++;
}
