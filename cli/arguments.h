/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line, parsed by the tables of command.h. */
#pragma once

#include "cli.h"

/* What one command was given. Pointers are into argv. */
struct arguments {
	const char
		*values[COMMAND_OPTIONS_MAX]; /* by index in command->options; NULL: not given; "" a flag */
	char **operands;
	size_t operand_count;
};

/* What to do after parsing, when it is not to run the command. */
enum arguments_action {
	ARGUMENTS_RUN,
	ARGUMENTS_HELP, /* of cli->command, else cli->object, else the program */
	ARGUMENTS_VERSION,
};

/*
 * Parse all of argv: global options anywhere, then object, verb, the command's options and operands in any
 * order; "--" ends options. Fills cli->options, object and command. Returns CLI_OK or CLI_USAGE, the latter
 * with a message on stderr.
 */
enum cli_exit arguments_parse(struct cli *cli, int argc, char **argv, struct arguments *ret_arguments,
			      enum arguments_action *ret_action);
