/* SPDX-License-Identifier: BSD-3-Clause */
#include "command.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

const struct command_option global_options[GLOBAL_OPTION_COUNT] = {
	[GLOBAL_SOCKET] = { "socket", "PATH", OPERAND_FILE, NULL,
			    "ffad's socket (else $FFAD_SOCKET, else /run/ffad/ffad.sock)" },
	[GLOBAL_JSON] = { "json", NULL, OPERAND_NONE, NULL, "output for programs" },
	[GLOBAL_NO_HEADINGS] = { "no-headings", NULL, OPERAND_NONE, NULL, "tables without their first line" },
	[GLOBAL_COLOR] = { "color", "WHEN", OPERAND_CHOICE, "auto always never",
			   "colours: auto (on a terminal, unless $NO_COLOR is set), always, never" },
	[GLOBAL_TIMEOUT] = { "timeout", "MS", OPERAND_NONE, NULL,
			     "longest time to wait for one answer of ffad, in milliseconds" },
	[GLOBAL_WAIT] = { "wait", "MS", OPERAND_NONE, NULL,
			  "when ffad does not run yet, try again for so many milliseconds" },
	[GLOBAL_HELP] = { "help", NULL, OPERAND_NONE, NULL, "this text" },
	[GLOBAL_VERSION] = { "version", NULL, OPERAND_NONE, NULL, "version of ffa-cli" },
};

const struct object *const objects[] = {
	&info_object, &feature_object, &partition_object, &message_object,    &ping_object,
	&sim_object,  &limit_object,   &version_object,   &completion_object, &help_object,
};
const size_t object_count = sizeof(objects) / sizeof(objects[0]);

const struct object *object_find(const char *name)
{
	for (size_t i = 0; i < object_count; i++)
		if (strcmp(objects[i]->name, name) == 0)
			return objects[i];
	return NULL;
}

const struct command *object_find_command(const struct object *object, const char *verb)
{
	for (size_t i = 0; i < object->command_count; i++) {
		const struct command *command = &object->commands[i];

		if (verb ? command->verb && strcmp(command->verb, verb) == 0 : !command->verb)
			return command;
	}
	return NULL;
}

bool choices_contain(const char *choices, const char *text)
{
	size_t length = strlen(text);

	for (const char *word = choices; word && *word; word += strspn(word, " ")) {
		size_t word_length = strcspn(word, " ");

		if (word_length == length && memcmp(word, text, length) == 0)
			return true;
		word += word_length;
	}
	return false;
}

/* "32|64|req2" for the choices "32 64 req2". */
static void print_choices(FILE *stream, const char *choices)
{
	for (const char *c = choices; *c; c++)
		fputc(*c == ' ' ? '|' : *c, stream);
}

static void print_option(FILE *stream, const struct command_option *option)
{
	fprintf(stream, "--%s", option->name);
	if (!option->value)
		return;
	fputc(' ', stream);
	if (option->choices)
		print_choices(stream, option->choices);
	else
		fputs(option->value, stream);
}

char *command_usage(const struct object *object, const struct command *command)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	fprintf(stream, "ffa-cli %s", object->name);
	if (command->verb)
		fprintf(stream, " %s", command->verb);
	if (command->operands)
		fprintf(stream, " %s", command->operands);
	for (size_t i = 0; i < command->option_count; i++) {
		fputs(" [", stream);
		print_option(stream, &command->options[i]);
		fputc(']', stream);
	}
	if (fclose(stream) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void print_usage_line(FILE *stream, const char *prefix, const struct object *object,
			     const struct command *command)
{
	_cleanup_free_ char *usage = command_usage(object, command);

	fprintf(stream, "%s%s\n", prefix, usage ? usage : object->name);
}

static void print_options(FILE *stream, const struct command_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *text = NULL;

		if (asprintf(&text, "--%s%s%s", options[i].name, options[i].value ? " " : "",
			     options[i].value ? options[i].value : "") < 0)
			return;
		fprintf(stream, "  %-18s %s\n", text, options[i].help);
	}
}

void command_print_help(FILE *stream, const struct object *object, const struct command *command)
{
	print_usage_line(stream, "Usage: ", object, command);
	fprintf(stream, "\n%s\n", command->help);
	if (command->option_count) {
		fputs("\nOptions:\n", stream);
		print_options(stream, command->options, command->option_count);
	}
	fputs("\nOptions of every command:\n", stream);
	print_options(stream, global_options, GLOBAL_OPTION_COUNT);
	fputs("\nMore: man ffa-cli\n", stream);
}

static void print_commands(FILE *stream, const struct object *object)
{
	for (size_t i = 0; i < object->command_count; i++) {
		print_usage_line(stream, "  ", object, &object->commands[i]);
		fprintf(stream, "      %s\n", object->commands[i].help);
	}
}

void object_print_help(FILE *stream, const struct object *object)
{
	fprintf(stream, "ffa-cli %s: %s\n\nCommands:\n", object->name, object->help);
	print_commands(stream, object);
	fputs("\nOptions of every command:\n", stream);
	print_options(stream, global_options, GLOBAL_OPTION_COUNT);
	fputs("\nMore: man ffa-cli\n", stream);
}

void program_print_help(FILE *stream)
{
	fputs("Usage: ffa-cli [OPTION...] OBJECT [VERB] [ARGUMENT...]\n\n"
	      "Talks to Arm FF-A secure partitions through the broker daemon ffad.\n\nCommands:\n",
	      stream);
	for (size_t i = 0; i < object_count; i++)
		print_commands(stream, objects[i]);
	fputs("\nOptions of every command:\n", stream);
	print_options(stream, global_options, GLOBAL_OPTION_COUNT);
	fputs("\nExit status: 0 done, 1 refused, 2 wrong usage, 3 ffad cannot be reached, 4 not in time,\n"
	      "5 something failed on this side.\n\nMore: man ffa-cli, ffa-cli OBJECT --help\n",
	      stream);
}
