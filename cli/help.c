/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli help: the commands; as data with --json. */
#include <stdlib.h>

#include "arguments.h"
#include "base/cleanup.h"
#include "output.h"

enum {
	HELP_COMMAND,
	HELP_USAGE,
	HELP_HELP,
	HELP_OPTIONS,
	HELP_COLUMNS
};

static const struct output_column columns[HELP_COLUMNS] = {
	[HELP_COMMAND] = { "command", "COMMAND", OUTPUT_STRING, OUTPUT_BOTH },
	[HELP_USAGE] = { "usage", "USAGE", OUTPUT_STRING, OUTPUT_BOTH },
	[HELP_HELP] = { "help", "HELP", OUTPUT_STRING, OUTPUT_BOTH },
	[HELP_OPTIONS] = { "options", "OPTIONS", OUTPUT_LIST, OUTPUT_BOTH },
};

static void add_option(struct output *output, const struct command_option *option)
{
	_cleanup_free_ char *text = NULL;

	if (asprintf(&text, "--%s", option->name) >= 0)
		output_append(output, HELP_OPTIONS, text);
}

static void add_command(struct output *output, const struct object *object, const struct command *command)
{
	_cleanup_free_ char *usage = command_usage(object, command);

	output_row(output);
	output_format(output, HELP_COMMAND, "%s%s%s", object->name, command->verb ? " " : "",
		      command->verb ? command->verb : "");
	if (usage)
		output_string(output, HELP_USAGE, usage);
	output_string(output, HELP_HELP, command->help);
	for (size_t i = 0; i < command->option_count; i++)
		add_option(output, &command->options[i]);
	for (size_t i = 0; i < GLOBAL_OPTION_COUNT; i++)
		add_option(output, &global_options[i]);
}

static int help_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	int result;

	if (!cli->options.json) {
		program_print_help(stdout);
		return CLI_OK;
	}
	result = output_new(&cli->options, "commands", OUTPUT_TABLE, columns, HELP_COLUMNS, &output);
	for (size_t i = 0; result == 0 && i < object_count; i++)
		for (size_t j = 0; j < objects[i]->command_count; j++)
			add_command(output, objects[i], &objects[i]->commands[j]);
	return output_finish(cli, output, result);
}

static const struct command commands[] = {
	{
		.help = "show all commands",
		.run = help_run,
	},
};

const struct object help_object = { "help", "all commands", commands, 1 };
