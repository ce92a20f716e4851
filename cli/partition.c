/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli partition: the partition table, as ffad shows it to this client. */
#include "arguments.h"
#include "output.h"
#include "partition_row.h"
#include "target.h"
#include "value.h"
#include "watch.h"

enum {
	LIST_UUID
};

static const struct command_option list_options[] = {
	[LIST_UUID] = { "uuid", "UUID", OPERAND_NONE, NULL, "only partitions that offer this service" },
};

enum {
	WATCH_COUNT
};

static const struct command_option watch_options[] = {
	[WATCH_COUNT] = { "count", "N", OPERAND_NONE, NULL,
			  "end after N tables; the first is the present one" },
};

static int partition_list_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	const char *text = arguments->values[LIST_UUID];
	uint8_t uuid[FFA_UUID_BYTES];
	struct ffa_partition_list *list;
	int result;

	if (text && ffa_parse_uuid(text, uuid) < 0)
		return cli_usage(cli, "--uuid %s: no UUID", text);
	result = (int)cli_connect(cli);
	if (result != CLI_OK)
		return result;
	result = ffa_client_list_partitions(cli->client, text ? uuid : NULL, &list);
	if (result < 0)
		return cli_failed(cli, result, NULL);
	result = partition_row_output(&cli->options, OUTPUT_TABLE, false, &output);
	for (size_t i = 0; result == 0 && i < ffa_partition_list_get_count(list); i++) {
		struct partition_row row;

		partition_row_get(ffa_partition_list_get(list, i), &row);
		partition_row_add(output, &row);
	}
	ffa_partition_list_free(list);
	return output_finish(cli, output, result);
}

static int partition_show_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	const char *text = arguments->operands[0];
	struct ffa_partition_list *list;
	struct target target;
	size_t found = 0;
	int result = (int)target_parse(cli, text, &target);

	if (result == CLI_OK)
		result = (int)cli_connect(cli);
	if (result == CLI_OK)
		result = (int)target_resolve(cli, &target);
	if (result != CLI_OK)
		return result;
	result = ffa_client_list_partitions(cli->client, NULL, &list);
	if (result < 0)
		return cli_failed(cli, result, text);
	result = partition_row_output(&cli->options, OUTPUT_RECORD, false, &output);
	for (size_t i = 0; result == 0 && i < ffa_partition_list_get_count(list); i++) {
		struct partition_row row;

		partition_row_get(ffa_partition_list_get(list, i), &row);
		if (row.id != target.id)
			continue;
		partition_row_add(output, &row);
		found++;
	}
	ffa_partition_list_free(list);
	if (result == 0 && !found) {
		cli_error(cli, "there is no partition %s that you may see", text);
		cli_hint("ffa-cli partition list shows what is there");
		return CLI_REFUSED;
	}
	return output_finish(cli, output, result);
}

static int partition_watch_run(struct cli *cli, const struct arguments *arguments)
{
	const char *text = arguments->values[WATCH_COUNT];
	uint32_t count = 0;
	int result;

	if (text && value_parse_u32(text, 1, UINT32_MAX, &count) < 0)
		return cli_usage(cli, "--count %s: a number from 1 to %u is needed", text, UINT32_MAX);
	result = (int)cli_connect(cli);
	return result == CLI_OK ? (int)watch_run(cli, count) : result;
}

static const struct command commands[] = {
	{
		.verb = "list",
		.help = "list the partitions: one line for each service that a partition offers",
		.options = list_options,
		.option_count = sizeof(list_options) / sizeof(list_options[0]),
		.run = partition_list_run,
	},
	{
		.verb = "show",
		.operands = "PARTITION",
		.operands_min = 1,
		.operands_max = 1,
		.operand = OPERAND_PARTITION,
		.help = "show all that is known about one partition",
		.run = partition_show_run,
	},
	{
		.verb = "watch",
		.help = "print the partition table, then its changes as they happen",
		.options = watch_options,
		.option_count = sizeof(watch_options) / sizeof(watch_options[0]),
		.run = partition_watch_run,
	},
};

const struct object partition_object = { "partition", "the partition table", commands,
					 sizeof(commands) / sizeof(commands[0]) };
