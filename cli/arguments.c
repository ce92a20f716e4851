/* SPDX-License-Identifier: BSD-3-Clause */
#include "arguments.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "value.h"

#define COMMAND_OPTION_BASE 256 /* getopt's return value for a command's first option */

/* When --color does not decide: a terminal that understands colours, and nobody who asked for none. */
static bool colour_by_default(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static enum cli_exit parse_milliseconds(const struct cli *cli, const char *option, const char *text,
					uint32_t *ret_value)
{
	if (value_parse_u32(text, 1, UINT32_MAX, ret_value) < 0)
		return cli_usage(cli, "--%s %s: a number of milliseconds from 1 to %u is needed", option,
				 text, UINT32_MAX);
	return CLI_OK;
}

static enum cli_exit take_global(struct cli *cli, enum global_option option, const char *value,
				 enum arguments_action *action)
{
	struct cli_options *options = &cli->options;

	switch (option) {
	case GLOBAL_SOCKET:
		options->socket = value;
		return *value ? CLI_OK : cli_usage(cli, "--socket: the path is empty");
	case GLOBAL_JSON:
		options->json = true;
		return CLI_OK;
	case GLOBAL_NO_HEADINGS:
		options->no_headings = true;
		return CLI_OK;
	case GLOBAL_COLOR:
		if (!choices_contain(global_options[GLOBAL_COLOR].choices, value))
			return cli_usage(cli, "--color %s: auto, always or never is needed", value);
		options->colour = strcmp(value, "auto") == 0 ? colour_by_default() : *value == 'a';
		return CLI_OK;
	case GLOBAL_TIMEOUT:
		return parse_milliseconds(cli, "timeout", value, &options->timeout_ms);
	case GLOBAL_WAIT:
		return parse_milliseconds(cli, "wait", value, &options->wait_ms);
	case GLOBAL_HELP:
		*action = ARGUMENTS_HELP;
		return CLI_OK;
	case GLOBAL_VERSION:
		if (*action == ARGUMENTS_RUN)
			*action = ARGUMENTS_VERSION;
		return CLI_OK;
	default:
		return CLI_USAGE;
	}
}

static enum cli_exit take_option(struct cli *cli, size_t index, const char *value,
				 struct arguments *arguments)
{
	const struct command_option *option = &cli->command->options[index];

	if (option->choices && !choices_contain(option->choices, value))
		return cli_usage(cli, "--%s %s: must be one of: %s", option->name, value, option->choices);
	arguments->values[index] = value ? value : "";
	return CLI_OK;
}

static void add_long_options(struct option *list, size_t *count, const struct command_option *options,
			     size_t option_count, int base)
{
	for (size_t i = 0; i < option_count; i++)
		list[(*count)++] = (struct option) {
			.name = options[i].name,
			.has_arg = options[i].value ? required_argument : no_argument,
			.val = base + (int)i,
		};
}

/*
 * Parse options: up to the first operand (`stop`), or all of argv, moving operands to its end. getopt's "-h"
 * is a courtesy and not documented as an option of its own.
 */
static enum cli_exit parse_options(struct cli *cli, int argc, char **argv, bool stop,
				   struct arguments *arguments, enum arguments_action *action)
{
	struct option list[GLOBAL_OPTION_COUNT + COMMAND_OPTIONS_MAX + 1] = { 0 };
	size_t count = 0;
	int c;

	add_long_options(list, &count, global_options, GLOBAL_OPTION_COUNT, 0);
	if (cli->command)
		add_long_options(list, &count, cli->command->options, cli->command->option_count,
				 COMMAND_OPTION_BASE);
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, stop ? "+:h" : ":h", list, NULL)) != -1) {
		enum cli_exit exit_code;

		if (c == ':')
			return cli_usage(cli, "%s needs a value", argv[optind - 1]);
		if (c == '?')
			return cli_usage(cli, "unknown option %s", argv[optind - 1]);
		if (c >= COMMAND_OPTION_BASE)
			exit_code = take_option(cli, (size_t)(c - COMMAND_OPTION_BASE), optarg, arguments);
		else
			exit_code = take_global(cli, c == 'h' ? GLOBAL_HELP : (enum global_option)c, optarg,
						action);
		if (exit_code != CLI_OK)
			return exit_code;
	}
	return CLI_OK;
}

static enum cli_exit check_operands(const struct cli *cli, const struct arguments *arguments)
{
	const struct command *command = cli->command;

	if (arguments->operand_count < command->operands_min)
		return cli_usage(cli, "%s is missing", command->operands);
	if (arguments->operand_count > command->operands_max)
		return cli_usage(cli, "%s: one argument too many",
				 arguments->operands[command->operands_max]);
	if (command->choices && arguments->operand_count &&
	    !choices_contain(command->choices, arguments->operands[0]))
		return cli_usage(cli, "%s: must be one of: %s", arguments->operands[0], command->choices);
	return CLI_OK;
}

static enum cli_exit find_command(struct cli *cli, const char *verb)
{
	cli->command = object_find_command(cli->object, verb);
	if (cli->command)
		return CLI_OK;
	if (verb)
		return cli_usage(cli, "%s has no command %s", cli->object->name, verb);
	return cli_usage(cli, "a command is missing");
}

/* Skip what the last parse_options() has consumed: argv[0] of the next one is a word that was looked at. */
static void advance(int *argc, char ***argv, int count)
{
	*argc -= count;
	*argv += count;
}

enum cli_exit arguments_parse(struct cli *cli, int argc, char **argv, struct arguments *ret_arguments,
			      enum arguments_action *ret_action)
{
	struct arguments arguments = { 0 };
	enum arguments_action action = ARGUMENTS_RUN;
	enum cli_exit exit_code;

	cli->options.colour = colour_by_default();
	exit_code = parse_options(cli, argc, argv, true, &arguments, &action);
	if (exit_code != CLI_OK)
		return exit_code;
	advance(&argc, &argv, optind);
	if (argc == 0) {
		*ret_action = action;
		return action == ARGUMENTS_RUN ? cli_usage(cli, "a command is missing") : CLI_OK;
	}
	cli->object = object_find(argv[0]);
	if (!cli->object)
		return cli_usage(cli, "there is no command %s", argv[0]);

	if (!object_find_command(cli->object, NULL)) {
		exit_code = parse_options(cli, argc, argv, true, &arguments, &action);
		if (exit_code != CLI_OK)
			return exit_code;
		advance(&argc, &argv, optind);
		if (argc == 0 && action != ARGUMENTS_RUN) {
			*ret_action = action;
			return CLI_OK;
		}
		if (argc && strcmp(argv[0], "help") == 0) {
			*ret_action = ARGUMENTS_HELP;
			return CLI_OK;
		}
	}
	exit_code = find_command(cli, object_find_command(cli->object, NULL) ? NULL : argc ? argv[0] : NULL);
	if (exit_code == CLI_OK)
		exit_code = parse_options(cli, argc, argv, false, &arguments, &action);
	if (exit_code != CLI_OK)
		return exit_code;
	arguments.operands = argv + optind;
	arguments.operand_count = (size_t)(argc - optind);
	if (action == ARGUMENTS_RUN)
		exit_code = check_operands(cli, &arguments);
	if (exit_code != CLI_OK)
		return exit_code;
	*ret_arguments = arguments;
	*ret_action = action;
	return CLI_OK;
}
