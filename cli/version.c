/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli version: of everything between here and the firmware, as far as it can be reached. */
#include "arguments.h"
#include "output.h"

enum {
	VERSION_CLI,
	VERSION_LIBRARY,
	VERSION_DAEMON,
	VERSION_FFA,
	VERSION_COLUMNS
};

static const struct output_column columns[VERSION_COLUMNS] = {
	[VERSION_CLI] = { "cli", "ffa-cli", OUTPUT_STRING, OUTPUT_BOTH },
	[VERSION_LIBRARY] = { "library", "libffa-client", OUTPUT_STRING, OUTPUT_BOTH },
	[VERSION_DAEMON] = { "daemon", "ffad", OUTPUT_STRING, OUTPUT_BOTH },
	[VERSION_FFA] = { "ffa", "FF-A", OUTPUT_STRING, OUTPUT_BOTH },
};

/* Leaves out what cannot be reached: the versions on this side are worth an answer. */
static void add_daemon(struct output *output, struct cli *cli)
{
	char text[FFA_VERSION_TEXT_SIZE];
	struct ffa_info *info;

	if (cli_connect_quietly(cli) != CLI_OK)
		return;
	output_string(output, VERSION_DAEMON, ffa_client_get_daemon_version(cli->client));
	if (ffa_client_query_info(cli->client, &info) < 0)
		return;
	ffa_format_version(ffa_info_get_ffa_version(info), text);
	output_string(output, VERSION_FFA, text);
	ffa_info_free(info);
}

static int version_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	int result = output_new(&cli->options, "version", OUTPUT_RECORD, columns, VERSION_COLUMNS, &output);

	if (result == 0) {
		output_row(output);
		output_string(output, VERSION_CLI, FFA_CLI_VERSION);
		output_string(output, VERSION_LIBRARY, ffa_client_library_version());
		add_daemon(output, cli);
	}
	return output_finish(cli, output, result);
}

static const struct command commands[] = {
	{
		.help = "show the versions of ffa-cli, libffa-client, ffad and FF-A",
		.run = version_run,
	},
};

const struct object version_object = { "version", "versions", commands, 1 };
