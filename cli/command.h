/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The commands of ffa-cli as data: `ffa-cli OBJECT VERB`. Parsing, usage messages, --help, `ffa-cli help
 * --json` and the shell completions all come from these tables; there is no second list.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cli;
struct arguments;

/* What a value is, for completion. */
enum operand {
	OPERAND_NONE, /* nothing can be offered: a number, a hex word */
	OPERAND_FILE,
	OPERAND_PARTITION,
	OPERAND_CHOICE, /* one of `choices` */
};

#define COMMAND_OPTIONS_MAX 8

struct command_option {
	const char *name;  /* without the two hyphens */
	const char *value; /* what usage shows for its value; NULL: the option takes none */
	enum operand operand;
	const char *choices; /* OPERAND_CHOICE: separated by spaces; then other values are refused */
	const char *help;
};

struct command {
	const char *verb;     /* NULL: the object is a command by itself */
	const char *operands; /* as usage shows them; NULL: takes none */
	unsigned int operands_min, operands_max;
	enum operand operand; /* what the first operand is */
	const char *choices;  /* with OPERAND_CHOICE, as in struct command_option */
	const char *help;     /* one line */
	const struct command_option *options;
	size_t option_count;
	int (*run)(struct cli *cli, const struct arguments *arguments); /* returns enum cli_exit */
};

#define COMMANDS_MAX 8 /* verbs of one object */

struct object {
	const char *name;
	const char *help;
	const struct command *commands;
	size_t command_count;
};

/* Options that every command takes: their values are in struct cli_options. */
enum global_option {
	GLOBAL_SOCKET,
	GLOBAL_JSON,
	GLOBAL_NO_HEADINGS,
	GLOBAL_COLOR,
	GLOBAL_TIMEOUT,
	GLOBAL_WAIT,
	GLOBAL_HELP,
	GLOBAL_VERSION,
	GLOBAL_OPTION_COUNT,
};

extern const struct command_option global_options[GLOBAL_OPTION_COUNT];

/* One file for each object defines its own. */
extern const struct object completion_object;
extern const struct object feature_object;
extern const struct object help_object;
extern const struct object info_object;
extern const struct object limit_object;
extern const struct object message_object;
extern const struct object partition_object;
extern const struct object ping_object;
extern const struct object sim_object;
extern const struct object version_object;

/* All of them, in the order in which help shows them. */
extern const struct object *const objects[];
extern const size_t object_count;

/* NULL when there is none. */
const struct object *object_find(const char *name);
/* verb NULL: the object's own command, if it is one by itself. */
const struct command *object_find_command(const struct object *object, const char *verb);
/* Whether `text` is one of the words of `choices`. */
bool choices_contain(const char *choices, const char *text);

/* "ffa-cli message direct PARTITION [WORD...] [--kind 32|64|req2] …", one line; the caller's to free. */
char *command_usage(const struct object *object, const struct command *command);

/* --help at each level. */
void command_print_help(FILE *stream, const struct object *object, const struct command *command);
void object_print_help(FILE *stream, const struct object *object);
void program_print_help(FILE *stream);
