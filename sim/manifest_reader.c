/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#define FDT_VERSION_WITH_SIZES 17

/*
 * What fdt_check_full() takes for granted: the sizes of the blocks, which versions before 17 do not have, and
 * their alignment.
 */
int manifest_reader_check(const void *fdt, size_t size)
{
	uint64_t total;

	if (size < sizeof(struct fdt_header))
		return -FDT_ERR_TRUNCATED;
	if (fdt_magic(fdt) != FDT_MAGIC)
		return -FDT_ERR_BADMAGIC;
	total = fdt_totalsize(fdt);
	if (total > size)
		return -FDT_ERR_TRUNCATED;
	if (fdt_version(fdt) < FDT_VERSION_WITH_SIZES || fdt_last_comp_version(fdt) > FDT_VERSION_WITH_SIZES)
		return -FDT_ERR_BADVERSION;
	if (fdt_off_dt_struct(fdt) % sizeof(fdt32_t) != 0 || fdt_off_mem_rsvmap(fdt) % sizeof(fdt64_t) != 0)
		return -FDT_ERR_ALIGNMENT;
	if ((uint64_t)fdt_off_dt_struct(fdt) + fdt_size_dt_struct(fdt) > total ||
	    (uint64_t)fdt_off_dt_strings(fdt) + fdt_size_dt_strings(fdt) > total ||
	    fdt_off_mem_rsvmap(fdt) > total)
		return -FDT_ERR_TRUNCATED;
	return fdt_check_full(fdt, size);
}

struct manifest_node manifest_reader_node(const struct manifest_reader *reader, int offset)
{
	struct manifest_node node = { .offset = offset };

	if (fdt_get_path(reader->fdt, offset, node.path, sizeof(node.path)) < 0)
		snprintf(node.path, sizeof(node.path), "…/%.*s", MANIFEST_PATH_SIZE / 2,
			 manifest_reader_name(reader, &node));
	return node;
}

size_t manifest_reader_count_children(const struct manifest_reader *reader, const struct manifest_node *node)
{
	size_t count = 0;
	int child;

	fdt_for_each_subnode(child, reader->fdt, node->offset) count++;
	return count;
}

const char *manifest_reader_name(const struct manifest_reader *reader, const struct manifest_node *node)
{
	const char *name = fdt_get_name(reader->fdt, node->offset, NULL);

	return name ? name : "";
}

bool manifest_reader_compatible(const struct manifest_reader *reader, const struct manifest_node *node,
				const char *compatible)
{
	return fdt_stringlist_search(reader->fdt, node->offset, "compatible", compatible) >= 0;
}

/* "4", "1, 2 or 4": the lengths of a rule. */
static void describe_lengths(unsigned int lengths, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int length = MANIFEST_U8; length <= MANIFEST_U64; length *= 2) {
		if (!(lengths & length) || used >= size)
			continue;
		lengths &= ~length;
		used += (size_t)snprintf(text + used, size - used, "%s%u",
					 used == 0 ? ""
					 : lengths ? ", "
						   : " or ",
					 length);
	}
}

static int read_uint(const struct manifest_reader *reader, const struct manifest_node *node,
		     const struct manifest_uint_rule *rule, struct manifest_uint *ret_value)
{
	struct manifest_uint value = { .value = rule->fallback };
	const uint8_t *bytes;
	char lengths[32];
	int length;

	bytes = fdt_getprop(reader->fdt, node->offset, rule->name, &length);
	if (!bytes) {
		if (rule->mandatory)
			return manifest_refuse(reader, node, rule->name, "is missing; %s", rule->allowed);
		*ret_value = value;
		return 0;
	}
	if (length <= 0 || (length & (length - 1)) != 0 || !(rule->lengths & (unsigned int)length)) {
		describe_lengths(rule->lengths, lengths, sizeof(lengths));
		return manifest_refuse(reader, node, rule->name, "has %d bytes where %s belong; %s", length,
				       lengths, rule->allowed);
	}
	value.present = true;
	value.value = 0;
	for (int i = 0; i < length; i++)
		value.value = value.value << 8 | bytes[i];
	if (value.value < rule->min || value.value > rule->max)
		return manifest_refuse(reader, node, rule->name, "cannot be 0x%" PRIx64 "; %s", value.value,
				       rule->allowed);
	*ret_value = value;
	return 0;
}

int manifest_reader_uints(const struct manifest_reader *reader, const struct manifest_node *node,
			  const struct manifest_uint_rule *rules, size_t count,
			  struct manifest_uint *ret_values)
{
	for (size_t i = 0; i < count; i++)
		if (read_uint(reader, node, &rules[i], &ret_values[i]) < 0)
			return -EINVAL;
	return 0;
}

int manifest_reader_string(const struct manifest_reader *reader, const struct manifest_node *node,
			   const char *name, const char **ret_string)
{
	const char *string;
	int length;

	string = fdt_getprop(reader->fdt, node->offset, name, &length);
	if (string && (length <= 0 || memchr(string, '\0', (size_t)length) != string + length - 1))
		return manifest_refuse(reader, node, name, "is not one string; write it in quotes");
	*ret_string = string;
	return 0;
}

int manifest_reader_flag(const struct manifest_reader *reader, const struct manifest_node *node,
			 const char *name, bool *ret_present)
{
	const void *value;
	int length;

	value = fdt_getprop(reader->fdt, node->offset, name, &length);
	if (value && length != 0)
		return manifest_refuse(
			reader, node, name,
			"has a value of %d bytes, but is true by being there; remove the value "
			"(or the property, for false)",
			length);
	*ret_present = value != NULL;
	return 0;
}

int manifest_reader_cells(const struct manifest_reader *reader, const struct manifest_node *node,
			  const char *name, size_t group, size_t max, const void **ret_cells,
			  size_t *ret_count)
{
	const void *cells;
	int length;

	cells = fdt_getprop(reader->fdt, node->offset, name, &length);
	if (!cells) {
		*ret_cells = NULL;
		*ret_count = 0;
		return 0;
	}
	if (length < 0 || (size_t)length % (group * 4) != 0 || length == 0)
		return manifest_refuse(
			reader, node, name,
			"has %d bytes, which is no list of %zu-cell entries; give %zu cells for each", length,
			group, group);
	if ((size_t)length / 4 > max)
		return manifest_refuse(reader, node, name, "has %zu entries; at most %zu are supported",
				       (size_t)length / 4 / group, max / group);
	*ret_cells = cells;
	*ret_count = (size_t)length / 4;
	return 0;
}

uint32_t manifest_reader_cell(const void *cells, size_t index)
{
	const uint8_t *bytes = (const uint8_t *)cells + index * 4;

	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

void manifest_reader_warn_unknown(const struct manifest_reader *reader, const struct manifest_node *node,
				  const struct manifest_uint_rule *rules, size_t count,
				  const char *const *others)
{
	int property;

	fdt_for_each_property_offset(property, reader->fdt, node->offset)
	{
		const char *name = NULL;
		bool known = false;

		if (!fdt_getprop_by_offset(reader->fdt, property, &name, NULL) || !name)
			continue;
		for (size_t i = 0; i < count && !known; i++)
			known = strcmp(rules[i].name, name) == 0;
		for (const char *const *other = others; *other && !known; other++)
			known = strcmp(*other, name) == 0;
		if (!known)
			manifest_warn(
				reader, node, name,
				"unknown property, ignored; check its spelling if it is meant to matter");
	}
}
