/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli feature: what the firmware implements (FFA_FEATURES). */
#include "arguments.h"
#include "output.h"

enum {
	FEATURE_ID,
	FEATURE_NAME,
	FEATURE_SUPPORTED,
	FEATURE_W2,
	FEATURE_W3,
	FEATURE_COLUMNS
};

static const struct output_column columns[FEATURE_COLUMNS] = {
	[FEATURE_ID] = { "id", "ID", OUTPUT_STRING, OUTPUT_BOTH },
	[FEATURE_NAME] = { "name", "NAME", OUTPUT_STRING, OUTPUT_BOTH },
	[FEATURE_SUPPORTED] = { "supported", "SUPPORTED", OUTPUT_BOOLEAN, OUTPUT_BOTH },
	[FEATURE_W2] = { "w2", "W2", OUTPUT_STRING, OUTPUT_BOTH },
	[FEATURE_W3] = { "w3", "W3", OUTPUT_STRING, OUTPUT_BOTH },
};

static void add_feature(struct output *output, const struct ffa_feature *feature)
{
	bool supported = ffa_feature_is_supported(feature);

	output_row(output);
	output_format(output, FEATURE_ID, "0x%08x", ffa_feature_get_id(feature));
	output_string(output, FEATURE_NAME, ffa_feature_get_name(feature));
	output_boolean(output, FEATURE_SUPPORTED, supported);
	output_row_colour(output, supported ? OUTPUT_PLAIN : OUTPUT_DIM);
	if (!supported)
		return;
	output_format(output, FEATURE_W2, "0x%08x", ffa_feature_get_w2(feature));
	output_format(output, FEATURE_W3, "0x%08x", ffa_feature_get_w3(feature));
}

static int feature_list_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	struct ffa_feature_list *list;
	int result = (int)cli_connect(cli);

	if (result != CLI_OK)
		return result;
	result = ffa_client_query_features(cli->client, &list);
	if (result < 0)
		return cli_failed(cli, result, NULL);
	result = output_new(&cli->options, "features", OUTPUT_TABLE, columns, FEATURE_COLUMNS, &output);
	for (size_t i = 0; result == 0 && i < ffa_feature_list_get_count(list); i++)
		add_feature(output, ffa_feature_list_get(list, i));
	ffa_feature_list_free(list);
	return output_finish(cli, output, result);
}

static const struct command commands[] = {
	{
		.verb = "list",
		.help = "list the FF-A functions and features of the firmware",
		.run = feature_list_run,
	},
};

const struct object feature_object = { "feature", "functions and features of the firmware", commands, 1 };
