/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli completion: what the shells need to know, from the command tables. */
#include <string.h>

#include "arguments.h"
#include "completion.h"

static int completion_run(struct cli *cli, const struct arguments *arguments)
{
	(void)cli;
	if (strcmp(arguments->operands[0], "bash") == 0)
		completion_print_bash(stdout);
	else
		completion_print_zsh(stdout);
	return CLI_OK;
}

static const struct command commands[] = {
	{
		.operands = "SHELL",
		.operands_min = 1,
		.operands_max = 1,
		.operand = OPERAND_CHOICE,
		.choices = "bash zsh",
		.help = "print the completion script of a shell: bash or zsh",
		.run = completion_run,
	},
};

const struct object completion_object = { "completion", "shell completion", commands, 1 };
