/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest_services.h"

#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>

#include "abi/version.h"

#define MESSAGES_REQ2 (FFA_PARTITION_DIRECT_REQ2_RECV | FFA_PARTITION_DIRECT_REQ2_SEND)
#define MESSAGES_ALL                                                                                         \
	(FFA_PARTITION_DIRECT_REQ_RECV | FFA_PARTITION_DIRECT_REQ_SEND | FFA_PARTITION_INDIRECT_MSG |        \
	 MESSAGES_REQ2)
#define MESSAGES_ALLOWED                                                                                     \
	"use 1 (receive direct requests), 2 (send them), 4 (indirect messages), 0x200 and 0x400 (receive "   \
	"and send REQ2)"

/* Where the services come from and go to. */
struct services_parse {
	const struct manifest_reader *reader;
	const struct manifest_node *root;
	int section; /* the services node, negative: none */
	struct sim_partition_config *partition;
};

static int add_service(struct services_parse *parse, const struct manifest_node *node,
		       const struct ffa_uuid *uuid)
{
	struct sim_partition_config *partition = parse->partition;
	char text[FFA_UUID_STR_SIZE];

	if (ffa_uuid_is_nil(uuid))
		return manifest_refuse(
			parse->reader, node, "uuid",
			"is nil, which means every partition in a query; choose one (uuidgen)");
	for (size_t i = 0; i < partition->service_count; i++) {
		if (!ffa_uuid_equal(&partition->services[i].uuid, uuid))
			continue;
		ffa_uuid_format(uuid, text);
		return manifest_refuse(parse->reader, node, "uuid",
				       "%s is listed twice in this manifest; remove one", text);
	}
	partition->services[partition->service_count++].uuid = *uuid;
	return 0;
}

static int add_messages(struct services_parse *parse, const struct manifest_node *node, size_t service,
			uint32_t method)
{
	struct sim_partition_config *partition = parse->partition;

	if (method & ~MESSAGES_ALL)
		return manifest_refuse(parse->reader, node, "messaging-method",
				       "0x%" PRIx32 " has reserved bits; " MESSAGES_ALLOWED, method);
	if ((method & MESSAGES_REQ2) && partition->ffa_version < FFA_VERSION_1_2)
		return manifest_refuse(
			parse->reader, node, "messaging-method",
			"0x%" PRIx32
			" names REQ2 (bits 9, 10), which came with FF-A 1.2; raise ffa-version to "
			"<0x00010002> or clear the bits",
			method);
	partition->services[service].properties = method;
	return 0;
}

/* Form 1.0: lists at the root. */
static int parse_uuid_list(struct services_parse *parse)
{
	const struct manifest_reader *reader = parse->reader;
	const void *words, *methods;
	size_t word_count, method_count, uuid_count;

	if (manifest_reader_cells(reader, parse->root, "uuid", 4, 4 * SIM_UUIDS_MAX, &words, &word_count) <
		    0 ||
	    manifest_reader_cells(reader, parse->root, "messaging-method", 1, SIM_UUIDS_MAX, &methods,
				  &method_count) < 0)
		return -EINVAL;
	if (word_count == 0)
		return manifest_refuse(
			parse->reader, parse->root, "uuid",
			"is missing; give the protocol's UUID as four cells (or a services node)");
	if (method_count == 0)
		return manifest_refuse(parse->reader, parse->root, "messaging-method",
				       "is missing; " MESSAGES_ALLOWED);
	uuid_count = word_count / 4;
	if (method_count != 1 && method_count != uuid_count)
		return manifest_refuse(parse->reader, parse->root, "messaging-method",
				       "has %zu values for %zu UUIDs; give one for all or one for each",
				       method_count, uuid_count);
	for (size_t i = 0; i < uuid_count; i++) {
		const struct ffa_uuid uuid = ffa_uuid_from_words(
			manifest_reader_cell(words, 4 * i), manifest_reader_cell(words, 4 * i + 1),
			manifest_reader_cell(words, 4 * i + 2), manifest_reader_cell(words, 4 * i + 3));

		if (add_service(parse, parse->root, &uuid) < 0 ||
		    add_messages(parse, parse->root, i,
				 manifest_reader_cell(methods, method_count == 1 ? 0 : i)) < 0)
			return -EINVAL;
	}
	return 0;
}

/* Form 1.1: a node for each service. */
static int parse_services(struct services_parse *parse)
{
	static const char *const known[] = { "uuid", "description", NULL };
	static const struct manifest_uint_rule rule = { "messaging-method", MANIFEST_U32,    true, 0, 0,
							UINT32_MAX,         MESSAGES_ALLOWED };
	const struct manifest_reader *reader = parse->reader;
	struct manifest_node section = manifest_reader_node(reader, parse->section);
	struct sim_partition_config *partition = parse->partition;
	size_t count = manifest_reader_count_children(reader, &section);
	int offset;

	if (count == 0)
		return manifest_refuse(
			reader, &section, NULL,
			"is empty; add a node with uuid and messaging-method for each service");
	if (count > SIM_UUIDS_MAX)
		return manifest_refuse(reader, &section, NULL, "has %zu services; at most %u are supported",
				       count, SIM_UUIDS_MAX);
	fdt_for_each_subnode(offset, reader->fdt, section.offset)
	{
		struct manifest_node node = manifest_reader_node(reader, offset);
		struct manifest_uint method;
		struct ffa_uuid uuid;
		const char *text;

		manifest_reader_warn_unknown(reader, &node, &rule, 1, known);
		if (manifest_reader_string(reader, &node, "uuid", &text) < 0)
			return -EINVAL;
		if (!text)
			return manifest_refuse(reader, &node, "uuid", "is missing; add it as a string");
		if (ffa_uuid_parse(text, &uuid) < 0)
			return manifest_refuse(reader, &node, "uuid",
					       "\"%.40s\" is no UUID; use the form "
					       "\"b4b5671e-4a90-4fe1-b81f-fb13dae1dacb\"",
					       text);
		if (manifest_reader_uints(reader, &node, &rule, 1, &method) < 0 ||
		    add_service(parse, &node, &uuid) < 0 ||
		    add_messages(parse, &node, partition->service_count - 1, (uint32_t)method.value) < 0)
			return -EINVAL;
	}
	return 0;
}

int manifest_services_parse(const struct manifest_reader *reader, const struct manifest_node *root,
			    unsigned int minor, int section, struct sim_partition_config *partition)
{
	struct services_parse parse = { reader, root, section, partition };
	bool list = fdt_getprop(reader->fdt, root->offset, "uuid", NULL) ||
		    fdt_getprop(reader->fdt, root->offset, "messaging-method", NULL);
	bool services = section >= 0;

	if (list && services)
		return manifest_refuse(
			reader, root, "uuid",
			"contradicts the services node; keep the UUIDs and methods in one place");
	if (list && minor >= 1)
		manifest_warn(reader, root, "uuid",
			      "is the form of manifest 1.0; move it to a services node or set 1.0");
	if (services && minor == 0)
		manifest_warn(reader, root, "compatible",
			      "services nodes came with manifest 1.1; set \"arm,ffa-manifest-1.1\"");
	return services ? parse_services(&parse) : parse_uuid_list(&parse);
}
