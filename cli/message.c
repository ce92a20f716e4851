/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli message: direct messages to partitions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "base/cleanup.h"
#include "file.h"
#include "output.h"
#include "payload.h"
#include "target.h"
#include "value.h"

enum {
	DIRECT_KIND,
	DIRECT_UUID,
	DIRECT_DEADLINE,
	DIRECT_DATA,
	DIRECT_OUTPUT
};

static const struct command_option direct_options[] = {
	[DIRECT_KIND] = { "kind", "KIND", OPERAND_CHOICE, "32 64 req2",
			  "FF-A call: 32 (5 registers of 32 bits; default), 64 (5 of 64), req2 (14 of 64)" },
	[DIRECT_UUID] = { "uuid", "UUID", OPERAND_NONE, NULL,
			  "the service in the partition; implies --kind req2" },
	[DIRECT_DEADLINE] = { "deadline", "MS", OPERAND_NONE, NULL,
			      "when ffad gives up, in milliseconds (else ffad's default)" },
	[DIRECT_DATA] = { "data", "FILE", OPERAND_FILE, NULL,
			  "take the registers from these bytes, little-endian; - is stdin" },
	[DIRECT_OUTPUT] = { "output", "FILE", OPERAND_FILE, NULL,
			    "write the answer's registers there as bytes; - is stdout" },
};

enum {
	REPLY_REGISTER,
	REPLY_VALUE,
	REPLY_COLUMNS
};

static const struct output_column reply_columns[REPLY_COLUMNS] = {
	[REPLY_REGISTER] = { "register", "REGISTER", OUTPUT_STRING, OUTPUT_BOTH },
	[REPLY_VALUE] = { "value", "VALUE", OUTPUT_STRING, OUTPUT_BOTH },
};

/* A direct message as the command line has it. */
struct direct {
	enum ffa_message_kind kind;
	bool has_uuid;
	uint8_t uuid[FFA_UUID_BYTES];
	uint32_t deadline_ms;
	uint64_t args[FFA_MESSAGE_REQ2_ARGS];
};

static const char *kind_text(enum ffa_message_kind kind)
{
	return kind == FFA_MESSAGE_DIRECT_32 ? "32" : kind == FFA_MESSAGE_DIRECT_64 ? "64" : "req2";
}

static enum cli_exit parse_kind(const struct cli *cli, const struct arguments *arguments,
				struct direct *direct)
{
	const char *kind = arguments->values[DIRECT_KIND], *uuid = arguments->values[DIRECT_UUID];

	if (uuid && ffa_parse_uuid(uuid, direct->uuid) < 0)
		return cli_usage(cli, "--uuid %s: no UUID", uuid);
	direct->has_uuid = uuid != NULL;
	if (!kind)
		kind = uuid ? "req2" : "32";
	direct->kind = strcmp(kind, "32") == 0   ? FFA_MESSAGE_DIRECT_32
		       : strcmp(kind, "64") == 0 ? FFA_MESSAGE_DIRECT_64
						 : FFA_MESSAGE_DIRECT_REQ2;
	if (uuid && direct->kind != FFA_MESSAGE_DIRECT_REQ2)
		return cli_usage(cli, "--uuid: only a message of --kind req2 names a service");
	return CLI_OK;
}

static enum cli_exit parse_words(const struct cli *cli, char **words, size_t count, struct direct *direct)
{
	uint64_t max = direct->kind == FFA_MESSAGE_DIRECT_32 ? UINT32_MAX : UINT64_MAX;

	if (count > payload_register_count(direct->kind))
		return cli_usage(cli, "%zu words: a message of --kind %s has %zu registers", count,
				 kind_text(direct->kind), payload_register_count(direct->kind));
	for (size_t i = 0; i < count; i++) {
		int result = value_parse_hex(words[i], &direct->args[i]);

		if (result == -EINVAL)
			return cli_usage(cli, "%s: no hexadecimal number", words[i]);
		if (result < 0 || direct->args[i] > max)
			return cli_usage(cli, "%s: a register of --kind %s has %zu bits", words[i],
					 kind_text(direct->kind), 8 * payload_register_size(direct->kind));
	}
	return CLI_OK;
}

static enum cli_exit read_payload(const struct cli *cli, const char *path, struct direct *direct)
{
	_cleanup_free_ uint8_t *bytes = NULL;
	size_t size, capacity = payload_capacity(direct->kind);
	int result = file_read(path, capacity, &bytes, &size);

	if (result == -EFBIG) {
		cli_error(cli, "%s: too large: the registers of --kind %s hold %zu bytes", path,
			  kind_text(direct->kind), capacity);
		cli_hint("--kind 64 holds 40 bytes, --kind req2 112; send more in several messages");
		return CLI_USAGE;
	}
	if (result < 0) {
		cli_error(cli, "cannot read %s: %s", path, strerror(-result));
		cli_hint("--data takes the name of a file, or - for stdin");
		return CLI_LOCAL;
	}
	payload_pack(direct->kind, bytes, size, direct->args);
	return CLI_OK;
}

static enum cli_exit parse_direct(const struct cli *cli, const struct arguments *arguments,
				  struct direct *direct)
{
	const char *deadline = arguments->values[DIRECT_DEADLINE], *data = arguments->values[DIRECT_DATA];
	enum cli_exit exit_code = parse_kind(cli, arguments, direct);

	if (exit_code != CLI_OK)
		return exit_code;
	if (deadline && value_parse_u32(deadline, 1, UINT32_MAX, &direct->deadline_ms) < 0)
		return cli_usage(cli, "--deadline %s: a number of milliseconds from 1 to %u is needed",
				 deadline, UINT32_MAX);
	if (data && arguments->operand_count > 1)
		return cli_usage(cli, "--data and words: the registers can come from one of them only");
	if (data)
		return read_payload(cli, data, direct);
	return parse_words(cli, arguments->operands + 1, arguments->operand_count - 1, direct);
}

static enum cli_exit write_reply(const struct cli *cli, const char *path, enum ffa_message_kind kind,
				 const uint64_t *args)
{
	uint8_t bytes[PAYLOAD_CAPACITY_MAX];
	int result;

	payload_unpack(kind, args, bytes);
	result = file_write(path, bytes, payload_capacity(kind));
	if (result == 0)
		return CLI_OK;
	cli_error(cli, "the partition has answered, but %s cannot be written: %s", path, strerror(-result));
	cli_hint("--output takes the name of a file, or - for stdout");
	return CLI_LOCAL;
}

static enum cli_exit print_reply(const struct cli *cli, enum ffa_message_kind kind, const uint64_t *args)
{
	_cleanup_(output_freep) struct output *output = NULL;
	int result = output_new(&cli->options, "reply", OUTPUT_TABLE, reply_columns, REPLY_COLUMNS, &output);
	int digits = 2 * (int)payload_register_size(kind);

	for (size_t i = 0; result == 0 && i < payload_register_count(kind); i++) {
		output_row(output);
		output_format(output, REPLY_REGISTER, "%c%zu", kind == FFA_MESSAGE_DIRECT_32 ? 'w' : 'x',
			      payload_first_register(kind) + i);
		output_format(output, REPLY_VALUE, "0x%0*llx", digits, (unsigned long long)args[i]);
	}
	return output_finish(cli, output, result);
}

static int make_message(const struct direct *direct, uint16_t partition, struct ffa_message **ret_message)
{
	struct ffa_message *message;
	int result = ffa_message_new(direct->kind, partition, &message);

	if (result < 0)
		return result;
	result = ffa_message_set_args(message, direct->args, payload_register_count(direct->kind));
	if (result == 0 && direct->has_uuid)
		result = ffa_message_set_uuid(message, direct->uuid);
	if (result < 0) {
		ffa_message_free(message);
		return result;
	}
	ffa_message_set_deadline(message, direct->deadline_ms);
	*ret_message = message;
	return 0;
}

static int message_direct_run(struct cli *cli, const struct arguments *arguments)
{
	const char *partition = arguments->operands[0], *path = arguments->values[DIRECT_OUTPUT];
	struct direct direct = { 0 };
	struct target target;
	struct ffa_message *message;
	int result = (int)target_parse(cli, partition, &target);

	if (result == CLI_OK)
		result = (int)parse_direct(cli, arguments, &direct);
	if (result == CLI_OK)
		result = (int)cli_connect(cli);
	if (result == CLI_OK)
		result = (int)target_resolve(cli, &target);
	if (result != CLI_OK)
		return result;
	if (direct.kind == FFA_MESSAGE_DIRECT_REQ2 && target.by_uuid && !direct.has_uuid) {
		memcpy(direct.uuid, target.uuid, sizeof(direct.uuid));
		direct.has_uuid = true;
	}
	result = make_message(&direct, target.id, &message);
	if (result < 0)
		return cli_failed_status(cli, result, FFA_STATUS_LOCAL, 0, "", target.name);
	result = ffa_client_direct(cli->client, message, message);
	if (result < 0)
		result = (int)cli_failed(cli, result, target.name);
	else if (path)
		result = (int)write_reply(cli, path, direct.kind, ffa_message_get_args(message));
	else
		result = (int)print_reply(cli, direct.kind, ffa_message_get_args(message));
	ffa_message_free(message);
	return result;
}

static const struct command commands[] = {
	{
		.verb = "direct",
		.operands = "PARTITION [WORD...]",
		.operands_min = 1,
		.operands_max = 1 + FFA_MESSAGE_REQ2_ARGS,
		.operand = OPERAND_PARTITION,
		.help = "send a direct message to a partition and print the registers of its answer",
		.options = direct_options,
		.option_count = sizeof(direct_options) / sizeof(direct_options[0]),
		.run = message_direct_run,
	},
};

const struct object message_object = { "message", "direct messages", commands, 1 };
