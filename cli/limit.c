/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli limit: what ffad lets one client, one user and everybody have. */
#include "arguments.h"
#include "output.h"

enum {
	LIMIT_NAME,
	LIMIT_VALUE,
	LIMIT_USED,
	LIMIT_DESCRIPTION,
	LIMIT_COLUMNS
};

static const struct output_column columns[LIMIT_COLUMNS] = {
	[LIMIT_NAME] = { "name", "NAME", OUTPUT_STRING, OUTPUT_BOTH },
	[LIMIT_VALUE] = { "value", "VALUE", OUTPUT_NUMBER, OUTPUT_BOTH },
	[LIMIT_USED] = { "used", "USED", OUTPUT_NUMBER, OUTPUT_BOTH },
	[LIMIT_DESCRIPTION] = { "description", "DESCRIPTION", OUTPUT_STRING, OUTPUT_BOTH },
};

static void add_limit(struct output *output, const struct ffa_limit *limit)
{
	output_row(output);
	output_string(output, LIMIT_NAME, ffa_limit_get_name(limit));
	output_number(output, LIMIT_VALUE, ffa_limit_get_value(limit));
	output_number(output, LIMIT_USED, ffa_limit_get_used(limit));
	if (ffa_limit_get_value(limit) && ffa_limit_get_used(limit) >= ffa_limit_get_value(limit))
		output_colour(output, LIMIT_USED, OUTPUT_BAD);
	output_string(output, LIMIT_DESCRIPTION, ffa_limit_get_description(limit));
}

static int limit_list_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	struct ffa_limit_list *list;
	int result = (int)cli_connect(cli);

	if (result != CLI_OK)
		return result;
	result = ffa_client_query_limits(cli->client, &list);
	if (result < 0)
		return cli_failed(cli, result, NULL);
	result = output_new(&cli->options, "limits", OUTPUT_TABLE, columns, LIMIT_COLUMNS, &output);
	for (size_t i = 0; result == 0 && i < ffa_limit_list_get_count(list); i++)
		add_limit(output, ffa_limit_list_get(list, i));
	ffa_limit_list_free(list);
	return output_finish(cli, output, result);
}

static const struct command commands[] = {
	{
		.verb = "list",
		.help = "list the limits of ffad and how much of them your user has used",
		.run = limit_list_run,
	},
};

const struct object limit_object = { "limit", "limits of ffad", commands, 1 };
