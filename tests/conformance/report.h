/* SPDX-License-Identifier: BSD-3-Clause */
/* What came out of a run, and how it is shown. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "tests/conformance/probe.h"

#define REPORT_COLUMNS_MAX (FIRMWARE_COUNT * AT_COUNT)

struct report_column {
	enum firmware firmware;
	enum conformance_version version;
};

struct report;

/* Columns are copied. -ENOMEM. */
int report_new(const struct report_column *columns, size_t column_count, struct report **ret_report);
struct report *report_free(struct report *report); /* accepts NULL; returns NULL */

/* Begin the row of a case. -ENOMEM. */
int report_case(struct report *report, const struct conformance_case *conformance_case);
/* What the last row's case had for result in a column. -ENOMEM. */
int report_result(struct report *report, size_t column, const struct probe *probe);

/* A table, then a line for each reason of a skip, then one for each failure (verbose: with its frames). */
int report_print(const struct report *report, bool verbose, FILE *out);
int report_print_json(const struct report *report, FILE *out);
/* Results, one for each case and column it applies to. */
void report_count(const struct report *report, size_t *ret_passed, size_t *ret_failed, size_t *ret_skipped);
