/* SPDX-License-Identifier: BSD-3-Clause */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"

static void print_help(const struct cli *cli)
{
	if (cli->command)
		command_print_help(stdout, cli->object, cli->command);
	else if (cli->object)
		object_print_help(stdout, cli->object);
	else
		program_print_help(stdout);
}

int main(int argc, char **argv)
{
	struct cli cli = { 0 };
	struct arguments arguments = { 0 };
	enum arguments_action action = ARGUMENTS_RUN;
	int exit_code;

	setlocale(LC_ALL, "");
	exit_code = arguments_parse(&cli, argc, argv, &arguments, &action);
	if (exit_code != CLI_OK)
		return exit_code;
	switch (action) {
	case ARGUMENTS_HELP:
		print_help(&cli);
		break;
	case ARGUMENTS_VERSION:
		printf("ffa-cli %s\n", FFA_CLI_VERSION);
		break;
	case ARGUMENTS_RUN:
		exit_code = cli.command->run(&cli, &arguments);
		cli_disconnect(&cli);
		break;
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("ffa-cli: cannot write the output");
		return exit_code == CLI_OK ? CLI_LOCAL : exit_code;
	}
	return exit_code;
}
