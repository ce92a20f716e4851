/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading typed properties of one manifest's nodes, with sentences about what is wrong with them. Works on a
 * blob that manifest_reader_check() has accepted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/manifest.h"

struct manifest_reader {
	const void *fdt;
	const char *file;
	struct manifest_report *report;
};

struct manifest_node {
	int offset;
	char path[MANIFEST_PATH_SIZE];
};

/* Lengths in bytes that a number may have in the blob; they add up. */
#define MANIFEST_U8 1u
#define MANIFEST_U16 2u
#define MANIFEST_U32 4u
#define MANIFEST_U64 8u

/* What a numeric property must be. A table of rules describes a node. */
struct manifest_uint_rule {
	const char *name;
	unsigned int lengths; /* MANIFEST_U… */
	bool mandatory;
	uint64_t fallback; /* when absent */
	uint64_t min, max;
	const char *allowed; /* ends the sentence of a refusal: "use …" */
};

struct manifest_uint {
	bool present;
	uint64_t value; /* the fallback when absent */
};

#define manifest_refuse(reader, node, property, ...)                                                         \
	manifest_report_refuse((reader)->report, (reader)->file, (node)->path, property, __VA_ARGS__)
#define manifest_warn(reader, node, property, ...)                                                           \
	manifest_report_warn((reader)->report, (reader)->file, (node)->path, property, __VA_ARGS__)

/*
 * Whether libfdt can walk a blob of `size` bytes (8-byte aligned) without leaving it: 0 or a negative FDT_ERR_….
 * Blobs of versions before 17 are not taken.
 */
int manifest_reader_check(const void *fdt, size_t size);

/* The node at `offset`, with its path for sentences. */
struct manifest_node manifest_reader_node(const struct manifest_reader *reader, int offset);
/* Subnodes of `node`. */
size_t manifest_reader_count_children(const struct manifest_reader *reader, const struct manifest_node *node);
/* A node's own name; never NULL. */
const char *manifest_reader_name(const struct manifest_reader *reader, const struct manifest_node *node);
bool manifest_reader_compatible(const struct manifest_reader *reader, const struct manifest_node *node,
				const char *compatible);

/* All numbers that `rules` describe: ret_values[i] belongs to rules[i]. -EINVAL refused. */
int manifest_reader_uints(const struct manifest_reader *reader, const struct manifest_node *node,
			  const struct manifest_uint_rule *rules, size_t count,
			  struct manifest_uint *ret_values);
/* A string without further ones behind it; NULL when absent. -EINVAL refused. */
int manifest_reader_string(const struct manifest_reader *reader, const struct manifest_node *node,
			   const char *name, const char **ret_string);
/* Whether a property without value is there; a value is refused. */
int manifest_reader_flag(const struct manifest_reader *reader, const struct manifest_node *node,
			 const char *name, bool *ret_present);
/*
 * A list of 32-bit cells, at most `max` of them and a multiple of `group`; count 0 when absent.
 * Read its elements by manifest_reader_cell(). -EINVAL refused.
 */
int manifest_reader_cells(const struct manifest_reader *reader, const struct manifest_node *node,
			  const char *name, size_t group, size_t max, const void **ret_cells,
			  size_t *ret_count);
uint32_t manifest_reader_cell(const void *cells, size_t index);

/* Warn of each property that is neither in `rules` nor in the NULL-terminated list `others`. */
void manifest_reader_warn_unknown(const struct manifest_reader *reader, const struct manifest_node *node,
				  const struct manifest_uint_rule *rules, size_t count,
				  const char *const *others);
