/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli ping: how long ffad, or a partition behind it, takes to answer. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "arguments.h"
#include "latency.h"
#include "output.h"
#include "target.h"
#include "value.h"

#define COUNT_DEFAULT 10
#define COUNT_MAX 10000000 /* samples are kept in memory, 8 bytes each */
#define PAYLOAD_SIZE 16    /* bytes of a ping to ffad */
#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_MSEC 1000000L

enum {
	PING_COUNT,
	PING_INTERVAL,
	PING_PARTITION
};

static const struct command_option ping_options[] = {
	[PING_COUNT] = { "count", "N", OPERAND_NONE, NULL, "how many messages; default 10" },
	[PING_INTERVAL] = { "interval", "MS", OPERAND_NONE, NULL,
			    "from the start of one to the start of the next; default 0: no pause" },
	[PING_PARTITION] = { "partition", "PARTITION", OPERAND_PARTITION, NULL,
			     "send direct messages to this partition, which must echo them" },
};

enum {
	COLUMN_TARGET,
	COLUMN_SENT,
	COLUMN_ANSWERED,
	COLUMN_MIN,
	COLUMN_P50,
	COLUMN_P90,
	COLUMN_P99,
	COLUMN_MAX,
	COLUMN_COUNT,
};

static const struct output_column columns[COLUMN_COUNT] = {
	[COLUMN_TARGET] = { "target", "TARGET", OUTPUT_STRING, OUTPUT_BOTH },
	[COLUMN_SENT] = { "sent", "SENT", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_ANSWERED] = { "answered", "ANSWERED", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_MIN] = { "min_ns", "MIN", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_P50] = { "p50_ns", "P50", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_P90] = { "p90_ns", "P90", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_P99] = { "p99_ns", "P99", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_MAX] = { "max_ns", "MAX", OUTPUT_NUMBER, OUTPUT_BOTH },
};

struct ping {
	struct cli *cli;
	uint32_t count, interval_ms;
	bool to_partition;
	struct target target;
	enum ffa_message_kind kind; /* of messages to the partition */
	struct latency latency;
	uint32_t sent;
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

/* An interrupt ends the series: its figures are printed all the same. */
static void catch_interrupt(void)
{
	struct sigaction action = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &action, NULL);
}

static enum cli_exit parse(const struct cli *cli, const struct arguments *arguments, struct ping *ping)
{
	const char *count = arguments->values[PING_COUNT], *interval = arguments->values[PING_INTERVAL];
	const char *partition = arguments->values[PING_PARTITION];

	ping->count = COUNT_DEFAULT;
	if (count && value_parse_u32(count, 1, COUNT_MAX, &ping->count) < 0)
		return cli_usage(cli, "--count %s: a number from 1 to %u is needed", count, COUNT_MAX);
	if (interval && value_parse_u32(interval, 0, INT32_MAX, &ping->interval_ms) < 0)
		return cli_usage(cli, "--interval %s: a number of milliseconds from 0 to %d is needed",
				 interval, INT32_MAX);
	ping->to_partition = partition != NULL;
	return partition ? target_parse(cli, partition, &ping->target) : CLI_OK;
}

/* A partition may take no other message than REQ2, and then for one of its services. */
static enum cli_exit choose_kind(const struct cli *cli, struct ping *ping)
{
	struct target *target = &ping->target;
	struct ffa_partition_list *list;
	int result = ffa_client_list_partitions(cli->client, NULL, &list);

	if (result < 0)
		return cli_failed(cli, result, target->name);
	ping->kind = FFA_MESSAGE_DIRECT_32;
	for (size_t i = 0; i < ffa_partition_list_get_count(list); i++) {
		const struct ffa_partition *partition = ffa_partition_list_get(list, i);
		uint32_t properties = ffa_partition_get_properties(partition);

		if (ffa_partition_get_id(partition) != target->id ||
		    (target->by_uuid &&
		     memcmp(ffa_partition_get_uuid(partition), target->uuid, FFA_UUID_BYTES) != 0))
			continue;
		if (properties & FFA_PROPERTY_DIRECT_REQ_RECV) {
			ping->kind = FFA_MESSAGE_DIRECT_32;
			break;
		}
		if (properties & FFA_PROPERTY_DIRECT_REQ2_RECV) {
			ping->kind = FFA_MESSAGE_DIRECT_REQ2;
			memcpy(target->uuid, ffa_partition_get_uuid(partition), FFA_UUID_BYTES);
		}
	}
	ffa_partition_list_free(list);
	return CLI_OK;
}

/* One message there and back: 0, a negative errno, or 1 when the answer is not the echo. */
static int exchange(const struct ping *ping, uint32_t number)
{
	uint64_t args[FFA_MESSAGE_REQ2_ARGS] = { number, ~number }, reply[FFA_MESSAGE_REQ2_ARGS];
	uint32_t args32[FFA_MESSAGE_ARGS] = { number, ~number }, reply32[FFA_MESSAGE_ARGS];
	uint8_t payload[PAYLOAD_SIZE];
	struct ffa_client *client = ping->cli->client;
	int result;

	if (!ping->to_partition) {
		memset(payload, (int)(number & 0xff), sizeof(payload));
		return ffa_client_ping(client, payload, sizeof(payload));
	}
	if (ping->kind == FFA_MESSAGE_DIRECT_32) {
		result = ffa_client_direct32(client, ping->target.id, args32, 0, reply32);
		return result < 0 ? result : memcmp(args32, reply32, sizeof(args32)) != 0;
	}
	result = ffa_client_direct_req2(client, ping->target.id, ping->target.uuid, args, 0, reply);
	return result < 0 ? result : memcmp(args, reply, sizeof(args)) != 0;
}

static uint64_t elapsed_ns(const struct timespec *start, const struct timespec *end)
{
	return (uint64_t)((end->tv_sec - start->tv_sec) * NSEC_PER_SEC + (end->tv_nsec - start->tv_nsec));
}

static void add_ms(struct timespec *time, uint32_t ms)
{
	time->tv_sec += ms / 1000;
	time->tv_nsec += (long)(ms % 1000) * NSEC_PER_MSEC;
	if (time->tv_nsec >= NSEC_PER_SEC) {
		time->tv_sec++;
		time->tv_nsec -= NSEC_PER_SEC;
	}
}

static enum cli_exit run_series(struct ping *ping)
{
	const struct cli *cli = ping->cli;
	struct timespec next, start, end;

	clock_gettime(CLOCK_MONOTONIC, &next);
	for (uint32_t i = 0; i < ping->count && !interrupted; i++) {
		int result;

		clock_gettime(CLOCK_MONOTONIC, &start);
		ping->sent++;
		result = exchange(ping, i);
		clock_gettime(CLOCK_MONOTONIC, &end);
		if (result < 0)
			return cli_failed(cli, result, ping->to_partition ? ping->target.name : NULL);
		if (result > 0) {
			cli_error(cli, "%s answers, but not with what it was sent", ping->target.text);
			cli_hint("only a partition whose protocol is an echo can be pinged; ping ffad itself "
				 "without --partition");
			return CLI_REFUSED;
		}
		latency_add(&ping->latency, elapsed_ns(&start, &end));
		add_ms(&next, ping->interval_ms);
		if (ping->interval_ms && i + 1 < ping->count)
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
	return CLI_OK;
}

static enum cli_exit print(struct ping *ping)
{
	static const struct {
		unsigned int column, percent;
	} percentiles[] = {
		{ COLUMN_MIN, 0 },  { COLUMN_P50, 50 },  { COLUMN_P90, 90 },
		{ COLUMN_P99, 99 }, { COLUMN_MAX, 100 },
	};
	_cleanup_(output_freep) struct output *output = NULL;
	int result = output_new(&ping->cli->options, "ping", OUTPUT_TABLE, columns, COLUMN_COUNT, &output);

	if (result == 0) {
		output_row(output);
		if (ping->to_partition)
			output_string(output, COLUMN_TARGET, ping->target.name);
		else
			output_string(output, COLUMN_TARGET, "ffad");
		output_number(output, COLUMN_SENT, ping->sent);
		output_number(output, COLUMN_ANSWERED, ping->latency.count);
		latency_sort(&ping->latency);
		for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++)
			if (ping->latency.count)
				output_time(output, percentiles[i].column,
					    latency_percentile(&ping->latency, percentiles[i].percent));
	}
	return output_finish(ping->cli, output, result);
}

static int ping_run(struct cli *cli, const struct arguments *arguments)
{
	struct ping ping = { .cli = cli };
	enum cli_exit exit_code = parse(cli, arguments, &ping), print_exit_code;

	if (exit_code == CLI_OK)
		exit_code = cli_connect(cli);
	if (exit_code == CLI_OK && ping.to_partition)
		exit_code = target_resolve(cli, &ping.target);
	if (exit_code == CLI_OK && ping.to_partition)
		exit_code = choose_kind(cli, &ping);
	if (exit_code != CLI_OK)
		return exit_code;
	if (latency_init(&ping.latency, ping.count) < 0)
		return output_finish(cli, NULL, -ENOMEM);
	catch_interrupt();
	exit_code = run_series(&ping);
	print_exit_code = print(&ping);
	latency_deinit(&ping.latency);
	return exit_code != CLI_OK ? exit_code : print_exit_code;
}

static const struct command commands[] = {
	{
		.help = "measure how long ffad, or a partition, takes to answer",
		.options = ping_options,
		.option_count = sizeof(ping_options) / sizeof(ping_options[0]),
		.run = ping_run,
	},
};

const struct object ping_object = { "ping", "latency of answers", commands, 1 };
