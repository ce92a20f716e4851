/* SPDX-License-Identifier: BSD-3-Clause */
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define NSEC_PER_USEC 1000
#define NSEC_PER_MSEC 1000000
#define NSEC_PER_SEC 1000000000

struct row {
	char **cells; /* by column; owned, NULL: not set */
	enum output_colour *colours;
	enum output_colour colour;
};

struct output {
	const struct cli_options *options;
	const char *name;
	enum output_layout layout;
	const struct output_column *columns;
	size_t column_count;
	struct row *rows;
	size_t row_count;
	bool hidden[OUTPUT_COLUMNS_MAX];
	unsigned int widths[OUTPUT_COLUMNS_MAX]; /* at least */
	bool headings;
	int error; /* the first one, of any value */
};

static const char *const colour_names[] = {
	[OUTPUT_PLAIN] = NULL,
	[OUTPUT_GOOD] = "green",
	[OUTPUT_BAD] = "red",
	[OUTPUT_DIM] = "darkgray",
};

int output_new(const struct cli_options *options, const char *name, enum output_layout layout,
	       const struct output_column *columns, size_t column_count, struct output **ret_output)
{
	struct output *output = calloc(1, sizeof(*output));

	if (!output)
		return -ENOMEM;
	*output = (struct output) {
		.options = options,
		.name = name,
		.layout = layout,
		.columns = columns,
		.column_count = column_count,
		.headings = !options->no_headings && layout == OUTPUT_TABLE,
	};
	*ret_output = output;
	return 0;
}

static void row_done(struct row *row, size_t column_count)
{
	for (size_t i = 0; row->cells && i < column_count; i++)
		free(row->cells[i]);
	free(row->cells);
	free(row->colours);
}

struct output *output_free(struct output *output)
{
	if (!output)
		return NULL;
	for (size_t i = 0; i < output->row_count; i++)
		row_done(&output->rows[i], output->column_count);
	free(output->rows);
	free(output);
	return NULL;
}

void output_hide(struct output *output, size_t column)
{
	output->hidden[column] = true;
}

void output_set_width(struct output *output, size_t column, unsigned int width)
{
	output->widths[column] = width;
}

void output_hide_headings(struct output *output)
{
	output->headings = false;
}

void output_row(struct output *output)
{
	struct row row = { 0 }, *rows;

	if (output->error)
		return;
	rows = reallocarray(output->rows, output->row_count + 1, sizeof(*rows));
	if (rows)
		output->rows = rows;
	row.cells = calloc(output->column_count, sizeof(*row.cells));
	row.colours = calloc(output->column_count, sizeof(*row.colours));
	if (!rows || !row.cells || !row.colours) {
		row_done(&row, output->column_count);
		output->error = -ENOMEM;
		return;
	}
	rows[output->row_count++] = row;
}

static struct row *last_row(const struct output *output)
{
	return &output->rows[output->row_count - 1];
}

void output_colour(struct output *output, size_t column, enum output_colour colour)
{
	if (!output->error)
		last_row(output)->colours[column] = colour;
}

void output_row_colour(struct output *output, enum output_colour colour)
{
	if (!output->error)
		last_row(output)->colour = colour;
}

/* Takes `text`; NULL: there was no memory for it. */
static void take_cell(struct output *output, size_t column, char *text)
{
	char **cell;

	if (!text)
		output->error = -ENOMEM;
	if (output->error) {
		free(text);
		return;
	}
	cell = &last_row(output)->cells[column];
	free(*cell);
	*cell = text;
}

void output_string(struct output *output, size_t column, const char *text)
{
	take_cell(output, column, strdup(text));
}

void output_format(struct output *output, size_t column, const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	if (vasprintf(&text, format, list) < 0)
		text = NULL;
	va_end(list);
	take_cell(output, column, text);
}

void output_number(struct output *output, size_t column, uint64_t value)
{
	output_format(output, column, "%" PRIu64, value);
}

void output_boolean(struct output *output, size_t column, bool value)
{
	if (output->options->json)
		output_string(output, column, value ? "1" : "0");
	else
		output_string(output, column, value ? "yes" : "no");
}

void output_append(struct output *output, size_t column, const char *word)
{
	const char *old;

	if (output->error)
		return;
	old = last_row(output)->cells[column];
	if (!output->options->json)
		output_format(output, column, "%s%s%s", old ? old : "", old ? "," : "", word);
	else if (old)
		output_format(output, column, "%.*s,\"%s\"]", (int)strlen(old) - 1, old, word);
	else
		output_format(output, column, "[\"%s\"]", word);
}

void output_time(struct output *output, size_t column, uint64_t nanoseconds)
{
	double value = (double)nanoseconds;

	if (output->options->json)
		output_number(output, column, nanoseconds);
	else if (nanoseconds < NSEC_PER_MSEC)
		output_format(output, column, "%.1f us", value / NSEC_PER_USEC);
	else if (nanoseconds < NSEC_PER_SEC)
		output_format(output, column, "%.2f ms", value / NSEC_PER_MSEC);
	else
		output_format(output, column, "%.2f s", value / NSEC_PER_SEC);
}

static bool is_shown(const struct output *output, size_t column)
{
	bool json = output->options->json;

	if (output->hidden[column])
		return false;
	switch (output->columns[column].audience) {
	case OUTPUT_PEOPLE:
		return !json;
	case OUTPUT_PROGRAMS:
		return json;
	case OUTPUT_DETAIL:
		return json || output->layout == OUTPUT_RECORD;
	default:
		return true;
	}
}

static void table_unref(struct libscols_table **table)
{
	scols_unref_table(*table);
}

static int make_table(const struct output *output, struct libscols_table **ret_table)
{
	struct libscols_table *table = scols_new_table();

	if (!table)
		return -ENOMEM;
	scols_table_enable_json(table, output->options->json);
	scols_table_enable_noheadings(table, !output->headings);
	scols_table_enable_colors(table, output->options->colour && !output->options->json);
	/* A cell is never cut off nor broken: a line may be longer than the terminal is wide. */
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	*ret_table = table;
	return scols_table_set_name(table, output->name);
}

static int add_column(struct libscols_table *table, const char *name, enum output_type type,
		      unsigned int width)
{
	/* libsmartcols' own arrays cannot be empty: lists come as JSON already. */
	static const int json_types[] = {
		[OUTPUT_STRING] = SCOLS_JSON_STRING,
		[OUTPUT_NUMBER] = SCOLS_JSON_NUMBER,
		[OUTPUT_BOOLEAN] = SCOLS_JSON_BOOLEAN,
		[OUTPUT_LIST] = SCOLS_JSON_NUMBER,
	};
	struct libscols_column *column =
		scols_table_new_column(table, name, width, type == OUTPUT_NUMBER ? SCOLS_FL_RIGHT : 0);

	return column ? scols_column_set_json_type(column, json_types[type]) : -ENOMEM;
}

static int set_cell(struct libscols_line *line, size_t column, const char *text, enum output_colour colour)
{
	int result = scols_line_set_data(line, column, text);

	if (result == 0 && colour_names[colour])
		result = scols_cell_set_color(scols_line_get_cell(line, column), colour_names[colour]);
	return result;
}

/* What stands for nothing: in text a hyphen, so that each line has the same number of words. */
static const char *cell_text(const struct output *output, size_t column, const char *cell)
{
	if (output->options->json)
		return cell || output->columns[column].type != OUTPUT_LIST ? cell : "[]";
	return cell && *cell ? cell : "-";
}

static int fill_line(const struct output *output, const struct row *row, struct libscols_line *line)
{
	size_t position = 0;
	int result = 0;

	if (colour_names[row->colour])
		result = scols_line_set_color(line, colour_names[row->colour]);
	for (size_t i = 0; result == 0 && i < output->column_count; i++)
		if (is_shown(output, i))
			result = set_cell(line, position++, cell_text(output, i, row->cells[i]),
					  row->colours[i]);
	return result;
}

static int print_rows(const struct output *output)
{
	_cleanup_(table_unref) struct libscols_table *table = NULL;
	bool json = output->options->json;
	int result = make_table(output, &table);

	for (size_t i = 0; result == 0 && i < output->column_count; i++) {
		const struct output_column *column = &output->columns[i];

		if (is_shown(output, i))
			result = add_column(table, json ? column->name : column->heading, column->type,
					    output->widths[i]);
	}
	for (size_t i = 0; result == 0 && i < output->row_count; i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		result = line ? fill_line(output, &output->rows[i], line) : -ENOMEM;
	}
	return result == 0 ? scols_print_table(table) : result;
}

/* One row as lines of "heading: value". */
static int print_record(const struct output *output, const struct row *row)
{
	_cleanup_(table_unref) struct libscols_table *table = NULL;
	int result = make_table(output, &table);

	if (result == 0)
		result = add_column(table, "FIELD", OUTPUT_STRING, 0);
	if (result == 0)
		result = add_column(table, "VALUE", OUTPUT_STRING, 0);
	for (size_t i = 0; result == 0 && i < output->column_count; i++) {
		_cleanup_free_ char *field = NULL;
		struct libscols_line *line;

		if (!is_shown(output, i))
			continue;
		line = scols_table_new_line(table, NULL);
		if (!line || asprintf(&field, "%s:", output->columns[i].heading) < 0)
			return -ENOMEM;
		result = set_cell(line, 0, field, OUTPUT_PLAIN);
		if (result == 0)
			result = set_cell(line, 1, cell_text(output, i, row->cells[i]), row->colours[i]);
	}
	return result == 0 ? scols_print_table(table) : result;
}

int output_print(struct output *output)
{
	int result = output->error;

	if (result < 0)
		return result;
	if (output->layout == OUTPUT_TABLE || output->options->json) {
		/* Of an empty text table there is nothing to print, not even its headings. */
		if (output->options->json || output->row_count)
			result = print_rows(output);
	} else {
		for (size_t i = 0; result == 0 && i < output->row_count; i++) {
			if (i)
				putchar('\n');
			result = print_record(output, &output->rows[i]);
		}
	}
	if (result < 0)
		return result;
	return fflush(stdout) == 0 ? 0 : -errno;
}

enum cli_exit output_finish(const struct cli *cli, struct output *output, int result)
{
	if (result == 0)
		result = output_print(output);
	if (result == 0)
		return CLI_OK;
	cli_error(cli, "cannot print the result: %s", strerror(-result));
	cli_hint("free some memory, or look at where the output goes");
	return CLI_LOCAL;
}
