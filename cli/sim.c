/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli sim: the simulated SPMC, when ffad runs on it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/cleanup.h"
#include "manifest.h"
#include "output.h"

enum {
	LOAD_BEHAVIOUR
};

static const struct command_option load_options[] = {
	[LOAD_BEHAVIOUR] = { "behaviour", "B", OPERAND_NONE, NULL,
			     "what the partition does: echo, refuser, yielder:3, ... (else what the manifest "
			     "says)" },
};

enum {
	LOADED_ID,
	LOADED_FILE,
	LOADED_COLUMNS
};

static const struct output_column loaded_columns[LOADED_COLUMNS] = {
	[LOADED_ID] = { "id", "ID", OUTPUT_STRING, OUTPUT_BOTH },
	[LOADED_FILE] = { "file", "FILE", OUTPUT_STRING, OUTPUT_BOTH },
};

static enum cli_exit print_loaded(const struct cli *cli, uint16_t id, const char *path)
{
	_cleanup_(output_freep) struct output *output = NULL;
	int result =
		output_new(&cli->options, "loaded", OUTPUT_TABLE, loaded_columns, LOADED_COLUMNS, &output);

	if (result == 0) {
		output_row(output);
		output_format(output, LOADED_ID, "0x%04x", id);
		output_string(output, LOADED_FILE, path);
	}
	return output_finish(cli, output, result);
}

static int sim_load_run(struct cli *cli, const struct arguments *arguments)
{
	const char *path = arguments->operands[0];
	_cleanup_free_ uint8_t *dtb = NULL;
	uint16_t id;
	size_t size;
	int result = (int)manifest_read(cli, path, &dtb, &size);

	if (result == CLI_OK)
		result = (int)cli_connect(cli);
	if (result != CLI_OK)
		return result;
	result = ffa_client_sim_load(cli->client, strcmp(path, "-") == 0 ? "stdin" : path, dtb, size,
				     arguments->values[LOAD_BEHAVIOUR], &id);
	if (result < 0)
		return cli_failed(cli, result, NULL);
	return print_loaded(cli, id, path);
}

enum {
	LIST_ID,
	LIST_CONTEXTS,
	LIST_SERVICES,
	LIST_COLUMNS
};

static const struct output_column list_columns[LIST_COLUMNS] = {
	[LIST_ID] = { "id", "ID", OUTPUT_STRING, OUTPUT_BOTH },
	[LIST_CONTEXTS] = { "exec_ctx_count", "CONTEXTS", OUTPUT_NUMBER, OUTPUT_BOTH },
	[LIST_SERVICES] = { "services", "SERVICES", OUTPUT_LIST, OUTPUT_BOTH },
};

/* Reports when ffad does not run on the simulated SPMC. */
static enum cli_exit check_conduit(const struct cli *cli)
{
	struct ffa_info *info;
	enum cli_exit exit_code = CLI_OK;
	int result = ffa_client_query_info(cli->client, &info);

	if (result < 0)
		return cli_failed(cli, result, NULL);
	if (!strstr(ffa_info_get_conduit(info), "sim")) {
		cli_error(cli, "ffad runs on firmware (%s), not on the simulated SPMC",
			  ffa_info_get_conduit(info));
		cli_hint("ffa-cli partition list shows the firmware's partitions; conduit = sim in "
			 "/etc/ffad/ffad.conf simulates");
		exit_code = CLI_REFUSED;
	}
	ffa_info_free(info);
	return exit_code;
}

/* One row for each partition: entries of one partition follow each other. */
static void add_simulated(struct output *output, const struct ffa_partition_list *list)
{
	int last = -1;

	for (size_t i = 0; i < ffa_partition_list_get_count(list); i++) {
		const struct ffa_partition *partition = ffa_partition_list_get(list, i);
		char uuid[FFA_UUID_TEXT_SIZE];

		if (ffa_partition_get_id(partition) != last) {
			last = ffa_partition_get_id(partition);
			output_row(output);
			output_format(output, LIST_ID, "0x%04x", (unsigned int)last);
			output_number(output, LIST_CONTEXTS, ffa_partition_get_exec_ctx_count(partition));
		}
		ffa_format_uuid(ffa_partition_get_uuid(partition), uuid);
		output_append(output, LIST_SERVICES, uuid);
	}
}

static int sim_list_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	struct ffa_partition_list *list;
	int result = (int)cli_connect(cli);

	if (result == CLI_OK)
		result = (int)check_conduit(cli);
	if (result != CLI_OK)
		return result;
	result = ffa_client_list_partitions(cli->client, NULL, &list);
	if (result < 0)
		return cli_failed(cli, result, NULL);
	result = output_new(&cli->options, "simulated", OUTPUT_TABLE, list_columns, LIST_COLUMNS, &output);
	if (result == 0)
		add_simulated(output, list);
	ffa_partition_list_free(list);
	return output_finish(cli, output, result);
}

static const struct command commands[] = {
	{
		.verb = "load",
		.operands = "FILE",
		.operands_min = 1,
		.operands_max = 1,
		.operand = OPERAND_FILE,
		.help = "add a partition to the simulated SPMC, from an FF-A manifest (.dts, .dtb)",
		.options = load_options,
		.option_count = sizeof(load_options) / sizeof(load_options[0]),
		.run = sim_load_run,
	},
	{
		.verb = "list",
		.help = "list the simulated partitions: one line for each, with its services",
		.run = sim_list_run,
	},
};

const struct object sim_object = { "sim", "the simulated SPMC", commands,
				   sizeof(commands) / sizeof(commands[0]) };
