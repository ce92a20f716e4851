/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli info: what ffad and the firmware are. */
#include <string.h>

#include "arguments.h"
#include "output.h"

enum {
	INFO_DAEMON_VERSION,
	INFO_CONDUIT,
	INFO_FFA_VERSION,
	INFO_FIRMWARE_VERSION,
	INFO_ENDPOINT,
	INFO_SPMC,
	INFO_CPUS,
	INFO_RXTX,
	INFO_PARTITIONS,
	INFO_SESSIONS,
	INFO_PARKED,
	INFO_DIRECT,
	INFO_SOCKET,
	INFO_ADMIN,
	INFO_IN_FLIGHT,
	INFO_COLUMNS,
};

static const struct output_column columns[INFO_COLUMNS] = {
	[INFO_DAEMON_VERSION] = { "daemon_version", "ffad", OUTPUT_STRING, OUTPUT_BOTH },
	[INFO_CONDUIT] = { "conduit", "Conduit to the firmware", OUTPUT_STRING, OUTPUT_BOTH },
	[INFO_FFA_VERSION] = { "ffa_version", "FF-A version in use", OUTPUT_STRING, OUTPUT_BOTH },
	[INFO_FIRMWARE_VERSION] = { "firmware_version", "FF-A version of the firmware", OUTPUT_STRING,
				    OUTPUT_BOTH },
	[INFO_ENDPOINT] = { "endpoint_id", "Endpoint id of the normal world", OUTPUT_STRING, OUTPUT_BOTH },
	[INFO_SPMC] = { "spmc_id", "Endpoint id of the SPMC", OUTPUT_STRING, OUTPUT_BOTH },
	[INFO_CPUS] = { "cpus", "CPUs that issue calls", OUTPUT_NUMBER, OUTPUT_BOTH },
	[INFO_RXTX] = { "rxtx_pages", "RX and TX pages (4 KiB) each", OUTPUT_NUMBER, OUTPUT_BOTH },
	[INFO_PARTITIONS] = { "partitions", "Partitions", OUTPUT_NUMBER, OUTPUT_BOTH },
	[INFO_SESSIONS] = { "sessions", "Sessions", OUTPUT_NUMBER, OUTPUT_BOTH },
	[INFO_PARKED] = { "parked_calls", "Calls waiting for their partition", OUTPUT_NUMBER, OUTPUT_BOTH },
	[INFO_DIRECT] = { "direct_calls", "Direct messages since start", OUTPUT_NUMBER, OUTPUT_BOTH },
	[INFO_SOCKET] = { "socket", "Socket", OUTPUT_STRING, OUTPUT_BOTH },
	[INFO_ADMIN] = { "admin", "You are an administrator", OUTPUT_BOOLEAN, OUTPUT_BOTH },
	[INFO_IN_FLIGHT] = { "max_in_flight", "Requests at once in this session", OUTPUT_NUMBER,
			     OUTPUT_BOTH },
};

static void add_version(struct output *output, size_t column, uint32_t version)
{
	char text[FFA_VERSION_TEXT_SIZE];

	ffa_format_version(version, text);
	output_string(output, column, text);
}

static void add_info(struct output *output, const struct cli *cli, const struct ffa_info *info)
{
	output_row(output);
	output_string(output, INFO_DAEMON_VERSION, ffa_info_get_daemon_version(info));
	output_string(output, INFO_CONDUIT, ffa_info_get_conduit(info));
	add_version(output, INFO_FFA_VERSION, ffa_info_get_ffa_version(info));
	add_version(output, INFO_FIRMWARE_VERSION, ffa_info_get_firmware_version(info));
	output_format(output, INFO_ENDPOINT, "0x%04x", ffa_info_get_endpoint_id(info));
	if (ffa_info_get_spmc_id(info))
		output_format(output, INFO_SPMC, "0x%04x", ffa_info_get_spmc_id(info));
	output_number(output, INFO_CPUS, ffa_info_get_cpu_count(info));
	output_number(output, INFO_RXTX, ffa_info_get_rxtx_pages(info));
	output_number(output, INFO_PARTITIONS, ffa_info_get_partition_count(info));
	output_number(output, INFO_SESSIONS, ffa_info_get_session_count(info));
	output_number(output, INFO_PARKED, ffa_info_get_parked_calls(info));
	output_number(output, INFO_DIRECT, ffa_info_get_direct_calls(info));
	output_string(output, INFO_SOCKET, ffa_client_get_socket_path(cli->client));
	output_boolean(output, INFO_ADMIN, ffa_client_is_admin(cli->client));
	output_number(output, INFO_IN_FLIGHT, ffa_client_get_max_in_flight(cli->client));
}

static int info_run(struct cli *cli, const struct arguments *arguments)
{
	_cleanup_(output_freep) struct output *output = NULL;
	struct ffa_info *info;
	int result = (int)cli_connect(cli);

	if (result != CLI_OK)
		return result;
	result = ffa_client_query_info(cli->client, &info);
	if (result < 0)
		return cli_failed(cli, result, NULL);
	result = output_new(&cli->options, "info", OUTPUT_RECORD, columns, INFO_COLUMNS, &output);
	if (result == 0)
		add_info(output, cli, info);
	ffa_info_free(info);
	return output_finish(cli, output, result);
}

static const struct command commands[] = {
	{
		.help = "show what ffad and the firmware are",
		.run = info_run,
	},
};

const struct object info_object = { "info", "ffad and the firmware", commands, 1 };
