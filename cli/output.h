/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ffa-cli prints: tables, for people as aligned text, for programs (--json) as one JSON object whose
 * only member is an array of rows. The columns' names are the JSON members and stay as they are; types are
 * fixed for each column: identifiers, versions and register values are strings, counts and times numbers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "cli.h"

enum output_type {
	OUTPUT_STRING,
	OUTPUT_NUMBER,  /* JSON number, right-aligned text */
	OUTPUT_BOOLEAN, /* true and false, "yes" and "no" */
	OUTPUT_LIST,    /* array of strings, text with commas */
};

/* Where a column is shown. */
enum output_audience {
	OUTPUT_BOTH,
	OUTPUT_PEOPLE,
	OUTPUT_PROGRAMS,
	OUTPUT_DETAIL, /* in JSON and in records, not in text tables */
};

struct output_column {
	const char *name;    /* JSON */
	const char *heading; /* text; NULL with OUTPUT_PROGRAMS */
	enum output_type type;
	enum output_audience audience;
};

enum output_layout {
	OUTPUT_TABLE,  /* a line for each row */
	OUTPUT_RECORD, /* text: a line for each column, an empty line between rows */
};

enum output_colour {
	OUTPUT_PLAIN,
	OUTPUT_GOOD,
	OUTPUT_BAD,
	OUTPUT_DIM
};

#define OUTPUT_COLUMNS_MAX 32

struct output;

/*
 * name: of the JSON member. columns: kept, must outlive the output; at most OUTPUT_COLUMNS_MAX. -ENOMEM.
 * Every failure of the functions that add values is remembered and returned by output_print().
 */
int output_new(const struct cli_options *options, const char *name, enum output_layout layout,
	       const struct output_column *columns, size_t column_count, struct output **ret_output);
struct output *output_free(struct output *output);

static inline void output_freep(struct output **output)
{
	output_free(*output);
}

/* Leave a column out. */
void output_hide(struct output *output, size_t column);
/* Make a column at least so wide: for tables that are printed in pieces. */
void output_set_width(struct output *output, size_t column, unsigned int width);
/* Without headings, whatever the options say. */
void output_hide_headings(struct output *output);

/* A new row, that the following values are for; values that are not set are null, or the empty list. */
void output_row(struct output *output);
/* Colour of the value or of the row, where colours are wanted. */
void output_colour(struct output *output, size_t column, enum output_colour colour);
void output_row_colour(struct output *output, enum output_colour colour);

void output_string(struct output *output, size_t column, const char *text);
void output_format(struct output *output, size_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void output_number(struct output *output, size_t column, uint64_t value);
void output_boolean(struct output *output, size_t column, bool value);
/* Add one word, of letters, digits and hyphens, to the list in this column. */
void output_append(struct output *output, size_t column, const char *word);
/* A time: JSON in nanoseconds, text with a unit. */
void output_time(struct output *output, size_t column, uint64_t nanoseconds);

/* Print to stdout and flush. Negative errno. */
int output_print(struct output *output);
/*
 * The end of most commands: print, unless output_new() had returned the failure `result`, and report what
 * went wrong. Returns the exit code.
 */
enum cli_exit output_finish(const struct cli *cli, struct output *output, int result);
