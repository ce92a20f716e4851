/* SPDX-License-Identifier: BSD-3-Clause */
#include "tally.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>

#include "abi/fid.h"

#define ROW_64 0x80   /* added for the 64-bit form */
#define ROW_UNKNOWN 0 /* ids that are no function of FF-A */

static const char *const group_names[GROUP_COUNT] = {
	[GROUP_SETUP] = "setup",
	[GROUP_RXTX] = "rxtx",
	[GROUP_FEATURES] = "features",
	[GROUP_DISCOVERY] = "discovery",
	[GROUP_DIRECT] = "direct",
	[GROUP_MEMORY] = "memory",
	[GROUP_NOTIFICATION] = "notification",
	[GROUP_INDIRECT] = "indirect",
	[GROUP_OTHER] = "other",
};

const char *group_name(enum replay_group group)
{
	return group_names[group];
}

int group_find(const char *name, size_t length)
{
	for (int i = 0; i < GROUP_COUNT; i++) {
		if (strlen(group_names[i]) == length && strncmp(group_names[i], name, length) == 0)
			return i;
	}
	return -EINVAL;
}

enum replay_group group_of(uint32_t fid)
{
	const struct ffa_function *function = ffa_function_find(fid);

	if (function == NULL || !function->ns_call)
		return GROUP_OTHER;
	switch (FFA_FID_32(function->number)) {
	case FFA_VERSION:
	case FFA_ID_GET:
	case FFA_SPM_ID_GET:
		return GROUP_SETUP;
	case FFA_RXTX_MAP:
	case FFA_RXTX_UNMAP:
	case FFA_RX_RELEASE:
	case FFA_RX_ACQUIRE:
		return GROUP_RXTX;
	case FFA_FEATURES:
		return GROUP_FEATURES;
	case FFA_PARTITION_INFO_GET:
	case FFA_FID_32(0x8b): /* FFA_PARTITION_INFO_GET_REGS */
		return GROUP_DISCOVERY;
	case FFA_RUN:
	case FFA_MSG_SEND_DIRECT_REQ:
	case FFA_FID_32(0x8d): /* FFA_MSG_SEND_DIRECT_REQ2 */
		return GROUP_DIRECT;
	case FFA_MSG_SEND:
	case FFA_MSG_SEND2:
		return GROUP_INDIRECT;
	default:
		break;
	}
	if ((function->number >= FFA_FID_NUMBER(FFA_NOTIFICATION_BITMAP_CREATE) &&
	     function->number <= FFA_FID_NUMBER(FFA_NOTIFICATION_INFO_GET)) ||
	    function->number >= FFA_FID_NUMBER(FFA_NOTIFICATION_BIND2))
		return GROUP_NOTIFICATION;
	return GROUP_MEMORY;
}

static size_t row_of(uint32_t fid)
{
	if (FFA_FID_32(FFA_FID_NUMBER(fid)) != (fid & ~UINT32_C(0x40000000)) ||
	    FFA_FID_NUMBER(fid) < FFA_FID_FIRST || FFA_FID_NUMBER(fid) > FFA_FID_LAST)
		return ROW_UNKNOWN;
	return FFA_FID_NUMBER(fid) - FFA_FID_FIRST + 1 + (FFA_FID_IS_64(fid) ? ROW_64 : 0);
}

static uint32_t row_fid(size_t row)
{
	uint32_t number = FFA_FID_FIRST + (uint32_t)(row & (ROW_64 - 1)) - 1;

	if (row == ROW_UNKNOWN)
		return 0;
	return (row & ROW_64) != 0 ? FFA_FID_64(number) : FFA_FID_32(number);
}

void tally_count(struct tally *tally, uint32_t fid, enum verdict verdict)
{
	tally->counts[row_of(fid)][verdict]++;
}

void tally_add(struct tally *tally, const struct tally *other)
{
	for (size_t row = 0; row < TALLY_ROWS; row++) {
		for (size_t verdict = 0; verdict < VERDICT_COUNT; verdict++)
			tally->counts[row][verdict] += other->counts[row][verdict];
	}
}

struct sum {
	size_t counts[VERDICT_COUNT];
};

static void sum_add(struct sum *sum, const size_t counts[static VERDICT_COUNT])
{
	for (size_t verdict = 0; verdict < VERDICT_COUNT; verdict++)
		sum->counts[verdict] += counts[verdict];
}

static size_t sum_all(const struct sum *sum)
{
	size_t all = 0;

	for (size_t verdict = 0; verdict < VERDICT_COUNT; verdict++)
		all += sum->counts[verdict];
	return all;
}

static double sum_percent(const struct sum *sum)
{
	size_t agree = sum->counts[VERDICT_AGREES];
	size_t comparable = agree + sum->counts[VERDICT_DISAGREES];

	return comparable == 0 ? 100.0 : 100.0 * (double)agree / (double)comparable;
}

static struct sum sum_groups(const struct tally *tally, unsigned int groups)
{
	struct sum sum = { 0 };

	for (size_t row = 0; row < TALLY_ROWS; row++) {
		if ((groups & 1u << group_of(row_fid(row))) != 0)
			sum_add(&sum, tally->counts[row]);
	}
	return sum;
}

double tally_percent(const struct tally *tally, unsigned int groups)
{
	struct sum sum = sum_groups(tally, groups);

	return sum_percent(&sum);
}

enum column {
	COLUMN_FUNCTION,
	COLUMN_CALLS,
	COLUMN_COMPARABLE,
	COLUMN_AGREE,
	COLUMN_DISAGREE,
	COLUMN_PERCENT,
	COLUMN_NOT_SIMULATED,
	COLUMN_NOT_COMPARABLE,
	COLUMN_COUNT,
};

static const char *const column_names[COLUMN_COUNT] = {
	"function", "calls", "comparable", "agree", "disagree", "percent", "not-simulated", "not-comparable",
};

static int put(struct libscols_line *line, enum column column, size_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", value);
	return scols_line_set_data(line, column, text);
}

static int put_percent(struct libscols_line *line, double value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.2f", value);
	return scols_line_set_data(line, COLUMN_PERCENT, text);
}

static int add_row(struct libscols_table *table, struct libscols_line *parent, const char *name,
		   const struct sum *sum, struct libscols_line **ret_line)
{
	size_t comparable = sum->counts[VERDICT_AGREES] + sum->counts[VERDICT_DISAGREES];
	struct libscols_line *line = scols_table_new_line(table, parent);
	int error;

	if (line == NULL)
		return -ENOMEM;
	error = scols_line_set_data(line, COLUMN_FUNCTION, name);
	if (error == 0)
		error = put(line, COLUMN_CALLS, sum_all(sum));
	if (error == 0)
		error = put(line, COLUMN_COMPARABLE, comparable);
	if (error == 0)
		error = put(line, COLUMN_AGREE, sum->counts[VERDICT_AGREES]);
	if (error == 0)
		error = put(line, COLUMN_DISAGREE, sum->counts[VERDICT_DISAGREES]);
	if (error == 0 && comparable > 0)
		error = put_percent(line, sum_percent(sum));
	if (error == 0)
		error = put(line, COLUMN_NOT_SIMULATED, sum->counts[VERDICT_NOT_SIMULATED]);
	if (error == 0)
		error = put(line, COLUMN_NOT_COMPARABLE, sum->counts[VERDICT_NOT_COMPARABLE]);
	if (error == 0)
		*ret_line = line;
	return error;
}

static int add_functions(struct libscols_table *table, struct libscols_line *parent,
			 const struct tally *tally, enum replay_group group)
{
	for (size_t row = 0; row < TALLY_ROWS; row++) {
		uint32_t fid = row_fid(row);
		const char *name = ffa_fid_name(fid);
		struct libscols_line *line;
		struct sum sum = { 0 };
		char text[64];
		int error;

		sum_add(&sum, tally->counts[row]);
		if (group_of(fid) != group || sum_all(&sum) == 0)
			continue;
		if (name != NULL)
			snprintf(text, sizeof(text), "%s%s", name, FFA_FID_IS_64(fid) ? " (64)" : "");
		else if (row == ROW_UNKNOWN)
			snprintf(text, sizeof(text), "no FF-A function");
		else
			snprintf(text, sizeof(text), "0x%08x", fid);
		error = add_row(table, parent, text, &sum, &line);
		if (error != 0)
			return error;
	}
	return 0;
}

static int fill(struct libscols_table *table, const struct tally *tally, unsigned int groups)
{
	struct sum sum = sum_groups(tally, groups);
	struct libscols_line *line;
	int error = 0;

	for (int i = 0; error == 0 && i < COLUMN_COUNT; i++) {
		int flags = i == COLUMN_FUNCTION ? SCOLS_FL_TREE : SCOLS_FL_RIGHT;
		struct libscols_column *column = scols_table_new_column(table, column_names[i], 0, flags);

		if (column == NULL)
			return -ENOMEM;
		if (i != COLUMN_FUNCTION)
			error = scols_column_set_json_type(column, SCOLS_JSON_NUMBER);
	}
	for (int group = 0; error == 0 && group < GROUP_COUNT; group++) {
		struct sum part = sum_groups(tally, 1u << group);

		if ((groups & 1u << group) == 0 || sum_all(&part) == 0)
			continue;
		error = add_row(table, NULL, group_names[group], &part, &line);
		if (error == 0)
			error = add_functions(table, line, tally, (enum replay_group)group);
	}
	return error == 0 ? add_row(table, NULL, "all", &sum, &line) : error;
}

int tally_print(const struct tally *tally, unsigned int groups, const char *title, const char *profile,
		bool json)
{
	struct libscols_table *table = scols_new_table();
	int error;

	if (table == NULL)
		return -ENOMEM;
	scols_table_enable_json(table, json);
	error = scols_table_set_name(table, title);
	if (error == 0)
		error = fill(table, tally, groups);
	if (error == 0 && !json)
		printf("%s as %s\n", title, profile);
	if (error == 0)
		error = scols_print_table(table);
	scols_unref_table(table);
	return error;
}
