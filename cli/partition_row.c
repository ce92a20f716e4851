/* SPDX-License-Identifier: BSD-3-Clause */
#include "partition_row.h"

#include <string.h>

#define CHANGE_WIDTH 7               /* "removed" */
#define STATE_WIDTH 7                /* "stalled" */
#define PROPERTY_TYPE_MASK (3u << 4) /* not a property but the type */

enum {
	COLUMN_CHANGE,
	COLUMN_GENERATION,
	COLUMN_ID,
	COLUMN_UUID,
	COLUMN_CONTEXTS,
	COLUMN_PROXY,
	COLUMN_TYPE,
	COLUMN_VERSION,
	COLUMN_IMAGE_UUID,
	COLUMN_ALLOWED,
	COLUMN_STATE,
	COLUMN_CLAIMED,
	COLUMN_STALLED,
	COLUMN_PROPERTIES,
	COLUMN_PROPERTY_BITS,
	COLUMN_COUNT,
};

static const struct output_column columns[COLUMN_COUNT] = {
	[COLUMN_CHANGE] = { "change", "CHANGE", OUTPUT_STRING, OUTPUT_BOTH },
	[COLUMN_GENERATION] = { "generation", "GENERATION", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_ID] = { "id", "ID", OUTPUT_STRING, OUTPUT_BOTH },
	[COLUMN_UUID] = { "uuid", "UUID", OUTPUT_STRING, OUTPUT_BOTH },
	[COLUMN_CONTEXTS] = { "exec_ctx_count", "CONTEXTS", OUTPUT_NUMBER, OUTPUT_BOTH },
	[COLUMN_PROXY] = { "proxy_id", "PROXY", OUTPUT_STRING, OUTPUT_DETAIL },
	[COLUMN_TYPE] = { "type", "TYPE", OUTPUT_STRING, OUTPUT_DETAIL },
	[COLUMN_VERSION] = { "ffa_version", "FF-A", OUTPUT_STRING, OUTPUT_DETAIL },
	[COLUMN_IMAGE_UUID] = { "image_uuid", "IMAGE-UUID", OUTPUT_STRING, OUTPUT_DETAIL },
	[COLUMN_ALLOWED] = { "direct_allowed", "ALLOWED", OUTPUT_BOOLEAN, OUTPUT_BOTH },
	[COLUMN_STATE] = { "state", "STATE", OUTPUT_STRING, OUTPUT_PEOPLE },
	[COLUMN_CLAIMED] = { "claimed", NULL, OUTPUT_BOOLEAN, OUTPUT_PROGRAMS },
	[COLUMN_STALLED] = { "stalled", NULL, OUTPUT_BOOLEAN, OUTPUT_PROGRAMS },
	[COLUMN_PROPERTIES] = { "properties", "PROPERTIES", OUTPUT_LIST, OUTPUT_BOTH },
	[COLUMN_PROPERTY_BITS] = { "property_bits", "PROPERTY-BITS", OUTPUT_STRING, OUTPUT_DETAIL },
};

static const struct {
	const char *name;
	enum output_colour colour;
} changes[] = {
	[PARTITION_PRESENT] = { "present", OUTPUT_PLAIN },
	[PARTITION_ADDED] = { "added", OUTPUT_GOOD },
	[PARTITION_REMOVED] = { "removed", OUTPUT_BAD },
	[PARTITION_CHANGED] = { "changed", OUTPUT_PLAIN },
};

void partition_row_get(const struct ffa_partition *partition, struct partition_row *ret_row)
{
	struct partition_row row = {
		.id = ffa_partition_get_id(partition),
		.exec_ctx_count = ffa_partition_get_exec_ctx_count(partition),
		.properties = ffa_partition_get_properties(partition),
		.ffa_version = ffa_partition_get_ffa_version(partition),
		.type = ffa_partition_get_type(partition),
		.claimed = ffa_partition_is_claimed(partition),
		.direct_allowed = ffa_partition_is_direct_allowed(partition),
		.stalled = ffa_partition_is_stalled(partition),
	};

	memcpy(row.uuid, ffa_partition_get_uuid(partition), sizeof(row.uuid));
	memcpy(row.image_uuid, ffa_partition_get_image_uuid(partition), sizeof(row.image_uuid));
	*ret_row = row;
}

bool partition_row_same(const struct partition_row *a, const struct partition_row *b)
{
	return a->id == b->id && memcmp(a->uuid, b->uuid, sizeof(a->uuid)) == 0;
}

bool partition_row_equal(const struct partition_row *a, const struct partition_row *b)
{
	return partition_row_same(a, b) && a->exec_ctx_count == b->exec_ctx_count &&
	       a->properties == b->properties && a->ffa_version == b->ffa_version && a->type == b->type &&
	       memcmp(a->image_uuid, b->image_uuid, sizeof(a->image_uuid)) == 0 && a->claimed == b->claimed &&
	       a->direct_allowed == b->direct_allowed && a->stalled == b->stalled;
}

int partition_row_output(const struct cli_options *options, enum output_layout layout, bool watch,
			 struct output **ret_output)
{
	struct output *output;
	int result = output_new(options, "partitions", layout, columns, COLUMN_COUNT, &output);

	if (result < 0)
		return result;
	if (watch) {
		output_set_width(output, COLUMN_CHANGE, CHANGE_WIDTH);
		output_set_width(output, COLUMN_STATE, STATE_WIDTH);
	} else {
		output_hide(output, COLUMN_CHANGE);
		output_hide(output, COLUMN_GENERATION);
	}
	*ret_output = output;
	return 0;
}

static void add_properties(struct output *output, uint32_t properties)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		uint32_t property = properties & (UINT32_C(1) << bit) & ~PROPERTY_TYPE_MASK;
		const char *name = property ? ffa_property_name(property) : NULL;
		char unknown[sizeof("bit-31")];

		if (!property)
			continue;
		snprintf(unknown, sizeof(unknown), "bit-%u", bit);
		output_append(output, COLUMN_PROPERTIES, name ? name : unknown);
	}
	output_format(output, COLUMN_PROPERTY_BITS, "0x%08x", properties);
}

static void add_uuid(struct output *output, size_t column, const uint8_t *uuid)
{
	static const uint8_t nil[FFA_UUID_BYTES];
	char text[FFA_UUID_TEXT_SIZE];

	if (memcmp(uuid, nil, sizeof(nil)) == 0)
		return;
	ffa_format_uuid(uuid, text);
	output_string(output, column, text);
}

static void add_type(struct output *output, const struct partition_row *row)
{
	const char *name = ffa_partition_type_name(row->type);

	output_string(output, COLUMN_TYPE, name ? name : "unknown");
	if (row->type == FFA_PARTITION_TYPE_SEPID_DEPENDENT)
		output_format(output, COLUMN_PROXY, "0x%04x", row->exec_ctx_count);
	else
		output_number(output, COLUMN_CONTEXTS, row->exec_ctx_count);
}

static void add_state(struct output *output, const struct partition_row *row)
{
	output_boolean(output, COLUMN_ALLOWED, row->direct_allowed);
	output_colour(output, COLUMN_ALLOWED, row->direct_allowed ? OUTPUT_GOOD : OUTPUT_DIM);
	output_boolean(output, COLUMN_CLAIMED, row->claimed);
	output_boolean(output, COLUMN_STALLED, row->stalled);
	output_string(output, COLUMN_STATE, row->stalled ? "stalled" : row->claimed ? "claimed" : "ok");
	output_colour(output, COLUMN_STATE, row->stalled ? OUTPUT_BAD : OUTPUT_PLAIN);
}

void partition_row_add(struct output *output, const struct partition_row *row)
{
	char text[FFA_VERSION_TEXT_SIZE];

	output_row(output);
	output_format(output, COLUMN_ID, "0x%04x", row->id);
	add_uuid(output, COLUMN_UUID, row->uuid);
	add_uuid(output, COLUMN_IMAGE_UUID, row->image_uuid);
	add_type(output, row);
	if (row->ffa_version) {
		ffa_format_version(row->ffa_version, text);
		output_string(output, COLUMN_VERSION, text);
	}
	add_state(output, row);
	add_properties(output, row->properties);
}

void partition_row_add_change(struct output *output, const struct partition_row *row,
			      enum partition_change change, uint64_t generation)
{
	partition_row_add(output, row);
	output_string(output, COLUMN_CHANGE, changes[change].name);
	output_colour(output, COLUMN_CHANGE, changes[change].colour);
	output_number(output, COLUMN_GENERATION, generation);
}
