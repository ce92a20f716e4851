/* SPDX-License-Identifier: BSD-3-Clause */
#include "target.h"

#include <stdio.h>
#include <string.h>

#include "value.h"

static bool is_repeated(const struct ffa_partition_list *list, size_t index)
{
	uint16_t id = ffa_partition_get_id(ffa_partition_list_get(list, index));

	for (size_t i = 0; i < index; i++)
		if (ffa_partition_get_id(ffa_partition_list_get(list, i)) == id)
			return true;
	return false;
}

static size_t count_partitions(const struct ffa_partition_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < ffa_partition_list_get_count(list); i++)
		if (!is_repeated(list, i))
			count++;
	return count;
}

static enum cli_exit pick(const struct cli *cli, const struct ffa_partition_list *list, struct target *target)
{
	size_t count = count_partitions(list);

	if (count == 1) {
		target->id = ffa_partition_get_id(ffa_partition_list_get(list, 0));
		return CLI_OK;
	}
	if (count == 0) {
		cli_error(cli, "no partition offers the service %s", target->text);
		cli_hint("ffa-cli partition list shows what is there");
		return CLI_REFUSED;
	}
	cli_error(cli, "%zu partitions offer the service %s:", count, target->text);
	for (size_t i = 0; i < ffa_partition_list_get_count(list); i++)
		if (!is_repeated(list, i))
			fprintf(stderr, "  0x%04x\n", ffa_partition_get_id(ffa_partition_list_get(list, i)));
	cli_hint("name one of them by its id");
	return CLI_REFUSED;
}

enum cli_exit target_parse(const struct cli *cli, const char *text, struct target *ret_target)
{
	struct target target = { .text = text };
	uint32_t id;

	if (value_parse_u32(text, 0, UINT16_MAX, &id) == 0)
		target.id = (uint16_t)id;
	else if (ffa_parse_uuid(text, target.uuid) == 0)
		target.by_uuid = true;
	else
		return cli_usage(cli, "%s: no partition id (0x8001, 32769) and no UUID", text);
	*ret_target = target;
	return CLI_OK;
}

static enum cli_exit find_uuid(const struct cli *cli, struct target *target)
{
	struct ffa_partition_list *list;
	enum cli_exit exit_code;
	int result = ffa_client_list_partitions(cli->client, target->uuid, &list);

	if (result < 0)
		return cli_failed(cli, result, target->text);
	exit_code = pick(cli, list, target);
	ffa_partition_list_free(list);
	return exit_code;
}

enum cli_exit target_resolve(const struct cli *cli, struct target *target)
{
	enum cli_exit exit_code = target->by_uuid ? find_uuid(cli, target) : CLI_OK;

	if (exit_code == CLI_OK)
		snprintf(target->name, sizeof(target->name), "0x%04x", target->id);
	return exit_code;
}
