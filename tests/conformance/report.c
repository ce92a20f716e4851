/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/report.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "abi/text.h"
#include "base/cleanup.h"

#define HEADING_SIZE 32

struct result {
	enum verdict verdict;
	char *reason;               /* owned; NULL when it passed */
	struct probe_frame *frames; /* owned; of a failure */
	size_t frame_count;
};

struct row {
	const struct conformance_case *conformance_case;
	struct result results[REPORT_COLUMNS_MAX];
};

struct report {
	size_t column_count;
	struct report_column columns[REPORT_COLUMNS_MAX];
	size_t row_count;
	struct row *rows;
};

static const struct {
	const char *name, *colour;
} verdicts[] = {
	[VERDICT_NONE] = { "-", "darkgray" },
	[VERDICT_PASS] = { "pass", "green" },
	[VERDICT_FAIL] = { "FAIL", "red" },
	[VERDICT_SKIP] = { "skip", "yellow" },
};

int report_new(const struct report_column *columns, size_t column_count, struct report **ret_report)
{
	struct report *report = calloc(1, sizeof(*report));

	if (!report)
		return -ENOMEM;
	report->column_count = column_count;
	memcpy(report->columns, columns, column_count * sizeof(*columns));
	*ret_report = report;
	return 0;
}

struct report *report_free(struct report *report)
{
	if (!report)
		return NULL;
	for (size_t i = 0; i < report->row_count; i++) {
		for (size_t j = 0; j < report->column_count; j++) {
			free(report->rows[i].results[j].reason);
			free(report->rows[i].results[j].frames);
		}
	}
	free(report->rows);
	free(report);
	return NULL;
}

int report_case(struct report *report, const struct conformance_case *conformance_case)
{
	struct row *rows = reallocarray(report->rows, report->row_count + 1, sizeof(*rows));

	if (!rows)
		return -ENOMEM;
	rows[report->row_count++] = (struct row) { .conformance_case = conformance_case };
	report->rows = rows;
	return 0;
}

int report_result(struct report *report, size_t column, const struct probe *probe)
{
	struct result *result = &report->rows[report->row_count - 1].results[column];
	size_t kept = probe->frame_count < PROBE_FRAMES_MAX ? probe->frame_count : PROBE_FRAMES_MAX;

	result->verdict = probe->verdict;
	if (probe->verdict == VERDICT_NONE || probe->verdict == VERDICT_PASS)
		return 0;
	result->reason = strdup(probe->reason);
	if (!result->reason)
		return -ENOMEM;
	if (probe->verdict == VERDICT_SKIP || kept == 0)
		return 0;
	result->frames = calloc(kept, sizeof(*result->frames));
	if (!result->frames)
		return -ENOMEM;
	memcpy(result->frames, probe->frames, kept * sizeof(*result->frames));
	result->frame_count = kept;
	return 0;
}

void report_count(const struct report *report, size_t *ret_passed, size_t *ret_failed, size_t *ret_skipped)
{
	size_t counts[] = { [VERDICT_NONE] = 0, [VERDICT_PASS] = 0, [VERDICT_FAIL] = 0, [VERDICT_SKIP] = 0 };

	for (size_t i = 0; i < report->row_count; i++) {
		for (size_t j = 0; j < report->column_count; j++)
			counts[report->rows[i].results[j].verdict]++;
	}
	*ret_passed = counts[VERDICT_PASS];
	*ret_failed = counts[VERDICT_FAIL];
	*ret_skipped = counts[VERDICT_SKIP];
}

static void cleanup_table(struct libscols_table **table)
{
	scols_unref_table(*table);
}

/* "spec:1.0", then ":1.1" as long as the firmware is the same. */
static void heading(const struct report *report, size_t column, char text[static HEADING_SIZE])
{
	const struct report_column *at = &report->columns[column];
	bool same = column > 0 && report->columns[column - 1].firmware == at->firmware;

	snprintf(text, HEADING_SIZE, "%s:%s", same ? "" : firmware_name(at->firmware),
		 conformance_version_name(at->version));
}

static int table_new(FILE *out, struct libscols_table **ret_table)
{
	scols_init_debug(0);
	*ret_table = scols_new_table();
	if (!*ret_table)
		return -ENOMEM;
	return scols_table_set_stream(*ret_table, out);
}

static int print_table(const struct report *report, FILE *out)
{
	_cleanup_(cleanup_table) struct libscols_table *table = NULL;
	int error = table_new(out, &table);
	char text[HEADING_SIZE];

	if (error < 0)
		return error;
	scols_table_enable_colors(table, isatty(fileno(out)));
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	if (!scols_table_new_column(table, "SUITE", 0, 0) || !scols_table_new_column(table, "CASE", 0, 0))
		return -ENOMEM;
	for (size_t j = 0; j < report->column_count; j++) {
		heading(report, j, text);
		if (!scols_table_new_column(table, text, 0, SCOLS_FL_RIGHT))
			return -ENOMEM;
	}
	for (size_t i = 0; i < report->row_count; i++) {
		const struct row *row = &report->rows[i];
		struct libscols_line *line = scols_table_new_line(table, NULL);

		if (!line)
			return -ENOMEM;
		error = scols_line_set_data(line, 0, row->conformance_case->suite);
		if (error == 0)
			error = scols_line_set_data(line, 1, row->conformance_case->name);
		for (size_t j = 0; error == 0 && j < report->column_count; j++) {
			enum verdict verdict = row->results[j].verdict;

			error = scols_line_set_data(line, j + 2, verdicts[verdict].name);
			if (error == 0)
				error = scols_cell_set_color(scols_line_get_cell(line, j + 2),
							     verdicts[verdict].colour);
		}
		if (error < 0)
			return error;
	}
	return scols_print_table(table);
}

static bool same_reason(const struct result *a, const struct result *b)
{
	return a->verdict == b->verdict && strcmp(a->reason, b->reason) == 0;
}

/* Is this the first column of the row with that verdict and reason? */
static bool is_first(const struct row *row, size_t column)
{
	for (size_t j = 0; j < column; j++) {
		if (row->results[j].reason && same_reason(&row->results[j], &row->results[column]))
			return false;
	}
	return true;
}

static void print_reason(const struct report *report, const struct row *row, size_t column, FILE *out)
{
	const struct result *result = &row->results[column];
	size_t applies = 0, alike = 0;

	for (size_t j = 0; j < report->column_count; j++) {
		applies += row->results[j].verdict != VERDICT_NONE;
		alike += row->results[j].reason && same_reason(&row->results[j], result);
	}
	fprintf(out, "%s %s %s", result->verdict == VERDICT_SKIP ? "SKIP" : "FAIL",
		row->conformance_case->suite, row->conformance_case->name);
	for (size_t j = 0; alike < applies && j < report->column_count; j++) {
		if (row->results[j].reason && same_reason(&row->results[j], result))
			fprintf(out, " %s:%s", firmware_name(report->columns[j].firmware),
				conformance_version_name(report->columns[j].version));
	}
	fprintf(out, ": %s\n", result->reason);
}

static void print_frames(const struct report *report, const struct row *row, size_t column, FILE *out)
{
	const struct result *result = &row->results[column];
	char text[FFA_TEXT_SIZE];

	fprintf(out, "FAIL %s %s %s:%s: %s\n", row->conformance_case->suite, row->conformance_case->name,
		firmware_name(report->columns[column].firmware),
		conformance_version_name(report->columns[column].version), result->reason);
	for (size_t i = 0; i < result->frame_count; i++) {
		const struct probe_frame *frame = &result->frames[i];

		ffa_text_call(&frame->call, text, sizeof(text));
		fprintf(out, "  cpu %u  %s\n", frame->cpu, text);
		ffa_text_reply(ffa_regs_w(&frame->call, 0), &frame->reply, text, sizeof(text));
		fprintf(out, "         %s\n", text);
	}
}

static void print_reasons(const struct report *report, enum verdict verdict, bool frames, FILE *out)
{
	for (size_t i = 0; i < report->row_count; i++) {
		const struct row *row = &report->rows[i];

		for (size_t j = 0; j < report->column_count; j++) {
			if (row->results[j].verdict != verdict || !row->results[j].reason)
				continue;
			if (frames)
				print_frames(report, row, j, out);
			else if (is_first(row, j))
				print_reason(report, row, j, out);
		}
	}
}

int report_print(const struct report *report, bool verbose, FILE *out)
{
	int error = print_table(report, out);

	if (error < 0)
		return error;
	fputc('\n', out);
	print_reasons(report, VERDICT_SKIP, false, out);
	print_reasons(report, VERDICT_FAIL, verbose, out);
	return 0;
}

int report_print_json(const struct report *report, FILE *out)
{
	static const char *const names[] = { "suite", "case", "firmware", "version", "result", "reason" };
	_cleanup_(cleanup_table) struct libscols_table *table = NULL;
	int error = table_new(out, &table);

	if (error < 0)
		return error;
	scols_table_enable_json(table, 1);
	scols_table_set_name(table, "conformance");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!scols_table_new_column(table, names[i], 0, 0))
			return -ENOMEM;
	}
	for (size_t i = 0; i < report->row_count; i++) {
		for (size_t j = 0; j < report->column_count; j++) {
			const struct row *row = &report->rows[i];
			const struct result *result = &row->results[j];
			const char *const cells[] = {
				row->conformance_case->suite,
				row->conformance_case->name,
				firmware_name(report->columns[j].firmware),
				conformance_version_name(report->columns[j].version),
				verdicts[result->verdict].name,
				result->reason,
			};
			struct libscols_line *line;

			if (result->verdict == VERDICT_NONE)
				continue;
			line = scols_table_new_line(table, NULL);
			if (!line)
				return -ENOMEM;
			for (size_t k = 0; error == 0 && k < sizeof(cells) / sizeof(cells[0]); k++)
				error = scols_line_set_data(line, k, cells[k]);
			if (error < 0)
				return error;
		}
	}
	error = scols_print_table(table);
	fputc('\n', out);
	return error;
}
