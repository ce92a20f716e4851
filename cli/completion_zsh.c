/* SPDX-License-Identifier: BSD-3-Clause */
#include "completion.h"

#include <string.h>

#include "command.h"

/* Text inside single quotes, in which _arguments and _describe give these characters a meaning. */
static void print_escaped(FILE *stream, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			fputs("'\\''", stream);
		else if (strchr(":[]\\", *c))
			fprintf(stream, "\\%c", *c);
		else
			fputc(*c, stream);
	}
}

static void print_action(FILE *stream, enum operand operand, const char *choices)
{
	switch (operand) {
	case OPERAND_FILE:
		fputs("_files", stream);
		break;
	case OPERAND_PARTITION:
		fputs("_ffa_cli_partitions", stream);
		break;
	case OPERAND_CHOICE:
		fprintf(stream, "(%s)", choices);
		break;
	default:
		fputc(' ', stream);
		break;
	}
}

static void print_option(FILE *stream, const struct command_option *option)
{
	fprintf(stream, "'--%s[", option->name);
	print_escaped(stream, option->help);
	fputc(']', stream);
	if (option->value) {
		fprintf(stream, ":%s:", option->value);
		print_action(stream, option->operand, option->choices);
	}
	fputc('\'', stream);
}

/* _arguments for what follows the verb. */
static void print_command(FILE *stream, const struct command *command, const char *indent)
{
	fputs("_arguments $globals", stream);
	for (size_t i = 0; i < command->option_count; i++) {
		fprintf(stream, " \\\n%s\t", indent);
		print_option(stream, &command->options[i]);
	}
	if (command->operand != OPERAND_NONE) {
		fprintf(stream, " \\\n%s\t'1:%s:", indent, command->operands);
		print_action(stream, command->operand, command->choices);
		fputc('\'', stream);
	}
	fputc('\n', stream);
}

static void print_object(FILE *stream, const struct object *object)
{
	const struct command *own = object_find_command(object, NULL);

	fprintf(stream, "\t%s)\n\t\t", object->name);
	if (own) {
		print_command(stream, own, "\t\t");
		fputs("\t\t;;\n", stream);
		return;
	}
	fputs("_arguments -C $globals '1:verb:->verb' '*::argument:->argument'\n"
	      "\t\tcase $state in\n"
	      "\t\tverb)\n"
	      "\t\t\tlist=(\n",
	      stream);
	for (size_t i = 0; i < object->command_count; i++) {
		fprintf(stream, "\t\t\t\t'%s:", object->commands[i].verb);
		print_escaped(stream, object->commands[i].help);
		fputs("'\n", stream);
	}
	fputs("\t\t\t)\n\t\t\t_describe verb list\n\t\t\t;;\n\t\targument)\n\t\t\tcase $words[1] in\n",
	      stream);
	for (size_t i = 0; i < object->command_count; i++) {
		fprintf(stream, "\t\t\t%s) ", object->commands[i].verb);
		print_command(stream, &object->commands[i], "\t\t\t");
		fputs("\t\t\t;;\n", stream);
	}
	fputs("\t\t\tesac\n\t\t\t;;\n\t\tesac\n\t\t;;\n", stream);
}

void completion_print_zsh(FILE *stream)
{
	fputs("#compdef ffa-cli\n"
	      "# zsh completion for ffa-cli, written by: ffa-cli completion zsh\n"
	      "\n"
	      "_ffa_cli_partitions()\n"
	      "{\n"
	      "\tlocal -aU ids\n"
	      "\tids=(${${(f)\"$(ffa-cli --timeout 500 --no-headings partition list 2>/dev/null)\"}%% *})\n"
	      "\tcompadd -a ids\n"
	      "}\n"
	      "\n"
	      "_ffa_cli()\n"
	      "{\n"
	      "\tlocal curcontext=\"$curcontext\" state line\n"
	      "\tlocal -a globals list\n"
	      "\n"
	      "\tglobals=(\n",
	      stream);
	for (size_t i = 0; i < GLOBAL_OPTION_COUNT; i++) {
		fputs("\t\t", stream);
		print_option(stream, &global_options[i]);
		fputc('\n', stream);
	}
	fputs("\t)\n"
	      "\t_arguments -C $globals '1:command:->object' '*::argument:->object_argument'\n"
	      "\tif [[ $state == object ]]; then\n"
	      "\t\tlist=(\n",
	      stream);
	for (size_t i = 0; i < object_count; i++) {
		fprintf(stream, "\t\t\t'%s:", objects[i]->name);
		print_escaped(stream, objects[i]->help);
		fputs("'\n", stream);
	}
	fputs("\t\t)\n\t\t_describe command list\n\t\treturn\n\tfi\n"
	      "\t[[ $state == object_argument ]] || return\n\tcase $words[1] in\n",
	      stream);
	for (size_t i = 0; i < object_count; i++)
		print_object(stream, objects[i]);
	fputs("\tesac\n}\n\nif [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n\t_ffa_cli \"$@\"\nelse\n"
	      "\tcompdef _ffa_cli ffa-cli\nfi\n",
	      stream);
}
