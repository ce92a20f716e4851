/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "partition_row.h"

struct watch {
	struct cli *cli;
	uint32_t tables; /* seen so far */
	bool headings;   /* were printed */
	struct partition_row *rows;
	size_t row_count;
	int result;              /* of the watch: negative when it has ended */
	enum cli_exit exit_code; /* of printing */
};

static const struct partition_row *find(const struct partition_row *rows, size_t count,
					const struct partition_row *row)
{
	for (size_t i = 0; i < count; i++)
		if (partition_row_same(&rows[i], row))
			return &rows[i];
	return NULL;
}

static size_t add_changes(const struct watch *watch, const struct partition_row *rows, size_t count,
			  uint64_t generation, struct output *output)
{
	size_t changes = 0;

	for (size_t i = 0; i < watch->row_count; i++)
		if (!find(rows, count, &watch->rows[i])) {
			partition_row_add_change(output, &watch->rows[i], PARTITION_REMOVED, generation);
			changes++;
		}
	for (size_t i = 0; i < count; i++) {
		const struct partition_row *old = find(watch->rows, watch->row_count, &rows[i]);

		if (old && partition_row_equal(old, &rows[i]))
			continue;
		partition_row_add_change(output, &rows[i],
					 watch->tables == 0 ? PARTITION_PRESENT
					 : old              ? PARTITION_CHANGED
							    : PARTITION_ADDED,
					 generation);
		changes++;
	}
	return changes;
}

static enum cli_exit show(struct watch *watch, const struct partition_row *rows, size_t count,
			  uint64_t generation)
{
	_cleanup_(output_freep) struct output *output = NULL;
	int result = partition_row_output(&watch->cli->options, OUTPUT_TABLE, true, &output);

	if (result == 0) {
		if (watch->headings)
			output_hide_headings(output);
		if (add_changes(watch, rows, count, generation, output))
			watch->headings = true;
	}
	return output_finish(watch->cli, output, result);
}

static void take_table(struct watch *watch, const struct ffa_partition_list *list)
{
	size_t count = ffa_partition_list_get_count(list);
	struct partition_row *rows = calloc(count ? count : 1, sizeof(*rows));

	if (!rows) {
		watch->exit_code = output_finish(watch->cli, NULL, -ENOMEM);
		return;
	}
	for (size_t i = 0; i < count; i++)
		partition_row_get(ffa_partition_list_get(list, i), &rows[i]);
	watch->exit_code = show(watch, rows, count, ffa_partition_list_get_generation(list));
	free(watch->rows);
	watch->rows = rows;
	watch->row_count = count;
	watch->tables++;
}

static void watch_event(struct ffa_partition_watch *object, int result, const struct ffa_partition_list *list,
			void *userdata)
{
	struct watch *watch = userdata;

	(void)object;
	if (result < 0)
		watch->result = result;
	else
		take_table(watch, list);
}

static enum cli_exit dispatch(struct watch *watch, uint32_t count)
{
	struct cli *cli = watch->cli;
	int timeout = cli->options.timeout_ms && cli->options.timeout_ms <= INT32_MAX
			      ? (int)cli->options.timeout_ms
			      : -1;

	while (watch->exit_code == CLI_OK && (count == 0 || watch->tables < count)) {
		int result = ffa_client_dispatch(cli->client, timeout);

		if (watch->result < 0 || result < 0)
			return cli_failed_status(cli, watch->result < 0 ? watch->result : result,
						 FFA_STATUS_LOCAL, 0, "", NULL);
		if (result == 0) {
			cli_error(cli, "nothing has changed within %u ms", cli->options.timeout_ms);
			cli_hint("leave --timeout out to wait for ever");
			return CLI_TIMEOUT;
		}
	}
	return watch->exit_code;
}

enum cli_exit watch_run(struct cli *cli, uint32_t count)
{
	struct watch watch = { .cli = cli };
	struct ffa_partition_watch *object;
	enum cli_exit exit_code;
	int result = ffa_partition_watch_new(cli->client, watch_event, &watch, &object);

	if (result < 0)
		return cli_failed_status(cli, result, FFA_STATUS_LOCAL, 0, "", NULL);
	result = ffa_partition_watch_start(object);
	if (result < 0)
		exit_code = cli_failed_status(cli, result, FFA_STATUS_LOCAL, 0, "", NULL);
	else
		exit_code = dispatch(&watch, count);
	ffa_partition_watch_free(object);
	free(watch.rows);
	return exit_code;
}
