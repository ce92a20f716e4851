/* SPDX-License-Identifier: BSD-3-Clause */
#include "completion.h"

#include "command.h"

static void print_words_of(FILE *stream, const struct command_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fprintf(stream, " --%s", options[i].name);
}

static void print_reply(FILE *stream, enum operand operand, const char *choices)
{
	switch (operand) {
	case OPERAND_FILE:
		fputs("_ffa_cli_files", stream);
		break;
	case OPERAND_PARTITION:
		fputs("_ffa_cli_words \"$(_ffa_cli_partitions)\"", stream);
		break;
	case OPERAND_CHOICE:
		fprintf(stream, "_ffa_cli_words '%s'", choices);
		break;
	default:
		fputs(":", stream);
		break;
	}
}

/* "message direct" or "info", as the script has it in $command. */
static void print_command(FILE *stream, const struct object *object, const struct command *command)
{
	fprintf(stream, "'%s", object->name);
	if (command->verb)
		fprintf(stream, " %s", command->verb);
	fputc('\'', stream);
}

static void print_functions(FILE *stream)
{
	fputs("# bash completion for ffa-cli, written by: ffa-cli completion bash\n"
	      "\n"
	      "_ffa_cli_words()\n"
	      "{\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
	      "}\n"
	      "\n"
	      "_ffa_cli_files()\n"
	      "{\n"
	      "\tcompopt -o filenames 2>/dev/null\n"
	      "\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "}\n"
	      "\n"
	      "_ffa_cli_partitions()\n"
	      "{\n"
	      "\t\"${COMP_WORDS[0]}\" --timeout 500 --no-headings ${socket:+--socket \"$socket\"} \\\n"
	      "\t\tpartition list 2>/dev/null | while read -r id _; do echo \"$id\"; done | sort -u\n"
	      "}\n"
	      "\n",
	      stream);
}

/* Options whose next word is a value, of all commands: no option takes a value here and none there. */
static void print_value_options(FILE *stream)
{
	const char *separator = "";

	for (size_t i = 0; i < GLOBAL_OPTION_COUNT; i++)
		if (global_options[i].value && i != GLOBAL_SOCKET) {
			fprintf(stream, "%s--%s", separator, global_options[i].name);
			separator = " | ";
		}
	for (size_t i = 0; i < object_count; i++)
		for (size_t j = 0; j < objects[i]->command_count; j++) {
			const struct command *command = &objects[i]->commands[j];

			for (size_t k = 0; k < command->option_count; k++)
				if (command->options[k].value)
					fprintf(stream, " | --%s", command->options[k].name);
		}
}

/* Objects that are commands by themselves: their second word is an operand. */
static void print_verbless(FILE *stream)
{
	const char *separator = "";

	for (size_t i = 0; i < object_count; i++)
		if (object_find_command(objects[i], NULL)) {
			fprintf(stream, "%s%s", separator, objects[i]->name);
			separator = " | ";
		}
}

/* Sets object, verb, command and operands from the words before the cursor. */
static void print_scan(FILE *stream)
{
	fputs("_ffa_cli_scan()\n"
	      "{\n"
	      "\tlocal i word\n"
	      "\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tword=${COMP_WORDS[i]}\n"
	      "\t\tcase $word in\n"
	      "\t\t--socket)\n"
	      "\t\t\t[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
	      "\t\t\t((i++))\n"
	      "\t\t\tsocket=${COMP_WORDS[i]}\n"
	      "\t\t\t;;\n"
	      "\t\t",
	      stream);
	print_value_options(stream);
	fputs(")\n"
	      "\t\t\t[[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
	      "\t\t\t((i++))\n"
	      "\t\t\t;;\n"
	      "\t\t-*) ;;\n"
	      "\t\t*)\n"
	      "\t\t\tif [[ -z $object ]]; then\n"
	      "\t\t\t\tobject=$word\n"
	      "\t\t\t\tcommand=$word\n"
	      "\t\t\t\tcase $word in\n"
	      "\t\t\t\t",
	      stream);
	print_verbless(stream);
	fputs(") verb=$word ;;\n"
	      "\t\t\t\tesac\n"
	      "\t\t\telif [[ -z $verb ]]; then\n"
	      "\t\t\t\tverb=$word\n"
	      "\t\t\t\tcommand=\"$object $word\"\n"
	      "\t\t\telse\n"
	      "\t\t\t\t((operands++))\n"
	      "\t\t\tfi\n"
	      "\t\t\t;;\n"
	      "\t\tesac\n"
	      "\tdone\n"
	      "}\n"
	      "\n",
	      stream);
}

/* The value of the option before the cursor; fails when there is none. */
static void print_values(FILE *stream)
{
	fputs("_ffa_cli_value()\n{\n\tcase \"$command $prev\" in\n", stream);
	for (size_t i = 0; i < object_count; i++)
		for (size_t j = 0; j < objects[i]->command_count; j++) {
			const struct command *command = &objects[i]->commands[j];

			for (size_t k = 0; k < command->option_count; k++) {
				const struct command_option *option = &command->options[k];

				if (!option->value)
					continue;
				fputc('\t', stream);
				print_command(stream, objects[i], command);
				fprintf(stream, "' --%s') ", option->name);
				print_reply(stream, option->operand, option->choices);
				fputs(" ;;\n", stream);
			}
		}
	for (size_t i = 0; i < GLOBAL_OPTION_COUNT; i++) {
		if (!global_options[i].value)
			continue;
		fprintf(stream, "\t*' --%s') ", global_options[i].name);
		print_reply(stream, global_options[i].operand, global_options[i].choices);
		fputs(" ;;\n", stream);
	}
	fputs("\t*) return 1 ;;\n\tesac\n}\n\n", stream);
}

static void print_options(FILE *stream)
{
	fputs("_ffa_cli_options()\n{\n\tlocal list='", stream);
	print_words_of(stream, global_options, GLOBAL_OPTION_COUNT);
	fputs("'\n\n\tcase $command in\n", stream);
	for (size_t i = 0; i < object_count; i++)
		for (size_t j = 0; j < objects[i]->command_count; j++) {
			const struct command *command = &objects[i]->commands[j];

			if (!command->option_count)
				continue;
			fputc('\t', stream);
			print_command(stream, objects[i], command);
			fputs(") list+='", stream);
			print_words_of(stream, command->options, command->option_count);
			fputs("' ;;\n", stream);
		}
	fputs("\tesac\n\t_ffa_cli_words \"$list\"\n}\n\n", stream);
}

/* Objects, verbs, or the first operand. */
static void print_operands(FILE *stream)
{
	fputs("_ffa_cli_operand()\n{\n\t((operands > 0)) && return\n\tcase $command in\n\t'') _ffa_cli_words "
	      "'",
	      stream);
	for (size_t i = 0; i < object_count; i++)
		fprintf(stream, "%s%s", i ? " " : "", objects[i]->name);
	fputs("' ;;\n", stream);
	for (size_t i = 0; i < object_count; i++) {
		const struct object *object = objects[i];

		if (!object_find_command(object, NULL)) {
			fprintf(stream, "\t'%s') _ffa_cli_words '", object->name);
			for (size_t j = 0; j < object->command_count; j++)
				fprintf(stream, "%s%s", j ? " " : "", object->commands[j].verb);
			fputs("' ;;\n", stream);
		}
		for (size_t j = 0; j < object->command_count; j++) {
			const struct command *command = &object->commands[j];

			if (command->operand == OPERAND_NONE)
				continue;
			fputc('\t', stream);
			print_command(stream, object, command);
			fputs(") ", stream);
			print_reply(stream, command->operand, command->choices);
			fputs(" ;;\n", stream);
		}
	}
	fputs("\tesac\n}\n\n", stream);
}

void completion_print_bash(FILE *stream)
{
	print_functions(stream);
	print_scan(stream);
	print_values(stream);
	print_options(stream);
	print_operands(stream);
	fputs("_ffa_cli()\n"
	      "{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	      "\tlocal object='' verb='' command='' socket='' operands=0\n"
	      "\n"
	      "\tCOMPREPLY=()\n"
	      "\t# The shell cuts --option=value into three words.\n"
	      "\tif [[ $cur == = ]]; then\n"
	      "\t\tcur=''\n"
	      "\telif [[ $prev == = ]]; then\n"
	      "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	      "\tfi\n"
	      "\t_ffa_cli_scan\n"
	      "\t_ffa_cli_value && return\n"
	      "\tif [[ $cur == -* ]]; then\n"
	      "\t\t_ffa_cli_options\n"
	      "\telse\n"
	      "\t\t_ffa_cli_operand\n"
	      "\tfi\n"
	      "}\n"
	      "\n"
	      "complete -F _ffa_cli ffa-cli\n",
	      stream);
}
