/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/version.h"
#include "base/cleanup.h"
#include "sim/behaviour.h"
#include "sim/manifest_reader.h"
#include "sim/manifest_regions.h"
#include "sim/manifest_services.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* exception-level */
#define LEVEL_S_EL0 1
#define LEVEL_S_EL1 2

/* ns-interrupts-action */
#define NS_ACTION_QUEUED 0
#define NS_ACTION_MANAGED_EXIT 1
#define NS_ACTION_SIGNALED 2

#define ID_SECURE 0x8000u /* bit 15; alone it is the SPMC's own id */
#define ID_SPMD 0xffffu

#define VM_CREATED 1u /* vm-availability-messages */
#define VM_DESTROYED 2u

enum root_property {
	ROOT_FFA_VERSION,
	ROOT_ID,
	ROOT_AUXILIARY_ID,
	ROOT_CONTEXTS,
	ROOT_EXCEPTION_LEVEL,
	ROOT_EXECUTION_STATE,
	ROOT_LOAD_ADDRESS,
	ROOT_IMAGE_SIZE,
	ROOT_MEM_SIZE,
	ROOT_ENTRYPOINT,
	ROOT_GRANULE,
	ROOT_BOOT_ORDER,
	ROOT_NS_ACTION,
	ROOT_S_ACTION,
	ROOT_SRI_POLICY,
	ROOT_GP_REGISTER,
	ROOT_POWER_MESSAGES,
	ROOT_VM_MESSAGES,
	ROOT_RUN_TIME_MODEL,
	ROOT_ABORT_ACTION,
	ROOT_LIVE_REGISTER,
	ROOT_ELF_FORMAT,
	ROOT_SIM_COUNT,
	ROOT_SIM_DELAY,
	ROOT_COUNT,
};

#define ANY_SMALL (MANIFEST_U8 | MANIFEST_U16 | MANIFEST_U32)
#define ANY_WIDE (MANIFEST_U32 | MANIFEST_U64)

static const struct manifest_uint_rule root_rules[ROOT_COUNT] = {
	[ROOT_FFA_VERSION] = { "ffa-version", MANIFEST_U32, true, 0, 0, UINT32_MAX,
			       "use major << 16 | minor, as in <0x00010002>" },
	[ROOT_ID] = { "id", MANIFEST_U16 | MANIFEST_U32, false, 0, 0, 0xffff,
		      "use an endpoint id of 16 bits, as in <0x8001>" },
	[ROOT_AUXILIARY_ID] = { "auxiliary-id", MANIFEST_U16 | MANIFEST_U32, false, 0, 0, 0xffff,
				"use an endpoint id of 16 bits" },
	[ROOT_CONTEXTS] = { "execution-ctx-count", ANY_SMALL, true, 0, 1, SIM_CPUS_MAX,
			    "use 1, or one per CPU (64 at most)" },
	[ROOT_EXCEPTION_LEVEL] = { "exception-level", ANY_SMALL, true, 0, LEVEL_S_EL0, LEVEL_S_EL1,
				   "use <1> for S-EL0 or <2> for S-EL1 (there are only secure partitions "
				   "here)" },
	[ROOT_EXECUTION_STATE] = { "execution-state", ANY_SMALL, true, 0, 0, 1,
				   "use <0> for AArch64 or <1> for AArch32" },
	[ROOT_LOAD_ADDRESS] = { "load-address", ANY_WIDE, false, 0, 0, UINT64_MAX,
				"give an address of one or two cells" },
	[ROOT_IMAGE_SIZE] = { "image-size", ANY_WIDE, false, 0, 1, UINT64_MAX, "give the size in bytes" },
	[ROOT_MEM_SIZE] = { "mem-size", ANY_WIDE, false, 0, 1, UINT64_MAX, "give the size in bytes" },
	[ROOT_ENTRYPOINT] = { "entrypoint-offset", ANY_WIDE, false, 0, 0, UINT64_MAX,
			      "give the offset of the entry point in the image" },
	[ROOT_GRANULE] = { "xlat-granule", ANY_SMALL, false, 0, 0, 2,
			   "use <0> for 4K, <1> for 16K, <2> for 64K" },
	[ROOT_BOOT_ORDER] = { "boot-order", ANY_SMALL, false, 0xffff, 0, 0xffff,
			      "use a number up to 0xffff" },
	[ROOT_NS_ACTION] = { "ns-interrupts-action", ANY_SMALL, false, NS_ACTION_SIGNALED, NS_ACTION_QUEUED,
			     NS_ACTION_SIGNALED, "use <0> queued, <1> managed exit, <2> signaled" },
	[ROOT_S_ACTION] = { "other-s-interrupts-action", ANY_SMALL, false, 1, 0, 1,
			    "use <0> queued, <1> signaled" },
	[ROOT_SRI_POLICY] = { "sri-interrupts-policy", ANY_SMALL, false, 0, 0, 3, "use bits 0 and 1 only" },
	[ROOT_GP_REGISTER] = { "gp-register-num", ANY_SMALL, false, 0, 0, 7, "use a register x0 to x3" },
	[ROOT_POWER_MESSAGES] = { "power-management-messages", ANY_SMALL, false, 0, 0, 7,
				  "use bits 0 (CPU_OFF), 1 (SUSPEND), 2 (SUSPEND_RESUME)" },
	[ROOT_VM_MESSAGES] = { "vm-availability-messages", ANY_SMALL, false, 0, 0, VM_CREATED | VM_DESTROYED,
			       "bits [31:2] are reserved: use bits 0 (VM created) and 1 (VM destroyed)" },
	[ROOT_RUN_TIME_MODEL] = { "run-time-model", ANY_SMALL, false, 0, 0, UINT32_MAX, "give one cell" },
	[ROOT_ABORT_ACTION] = { "abort-action", ANY_SMALL, false, 0, 0, 3,
				"use <0> stop, <1> destroy, <2> restart, <3> propagate" },
	[ROOT_LIVE_REGISTER] = { "live-activation-register", ANY_SMALL, false, 0, 0, 7,
				 "use a register x0 to x3 or x5 to x7" },
	[ROOT_ELF_FORMAT] = { "elf-format", ANY_SMALL, false, 0, 0, UINT32_MAX, "give one cell" },
	[ROOT_SIM_COUNT] = { "ffad,sim-count", MANIFEST_U32, false, 0, 0, BEHAVIOUR_COUNT_MAX,
			     "use at most 1000000" },
	[ROOT_SIM_DELAY] = { "ffad,sim-delay-us", ANY_WIDE, false, 0, 0, UINT64_MAX,
			     "give microseconds in one or two cells" },
};

static const char *const root_others[] = {
	"compatible",
	"#address-cells",
	"#size-cells",
	"description",
	"debug_name",
	"uuid",
	"messaging-method",
	"managed-exit",
	"managed-exit-virq",
	"notification-support",
	"has-primary-scheduler",
	"time-slice-mem",
	"stream-endpoint-ids",
	"image-uuid",
	"lifecycle-support",
	"live-activation-support",
	"ffad,sim-behaviour",
	"ffad,sim-ctx-per-cpu",
	NULL,
};

/* The nodes below the root; each has a name of its own and at most one of it may be there. */
enum section {
	SECTION_SERVICES,
	SECTION_MEMORY,
	SECTION_DEVICES,
	SECTION_RX_TX,
	SECTION_BOOT_INFO,
	SECTION_LIVE,
	SECTION_COUNT
};

static const struct section_form {
	const char *names[3];
	const char *compatible;
	bool compatible_optional;
} section_forms[SECTION_COUNT] = {
	[SECTION_SERVICES] = { { "services" }, "arm,ffa-manifest-services", false },
	[SECTION_MEMORY] = { { "memory-regions" }, "arm,ffa-manifest-memory-regions", false },
	[SECTION_DEVICES] = { { "device-regions" }, "arm,ffa-manifest-device-regions", false },
	[SECTION_RX_TX] = { { "rx_tx-info", "rx-tx-info", "rx-tx-buffer" },
			    "arm,ffa-manifest-rx_tx-buffer",
			    false },
	[SECTION_BOOT_INFO] = { { "boot-info" }, "arm,ffa-manifest-boot-info", true },
	[SECTION_LIVE] = { { "live-state-buffer-info" }, "arm,ffa-manifest,live-state-buffer", false },
};

/* One manifest while it is read. */
struct parse {
	struct manifest_reader reader;
	struct manifest_node root;
	unsigned int minor; /* of the manifest's own version */
	struct manifest_uint values[ROOT_COUNT];
	int sections[SECTION_COUNT]; /* offsets, negative: not there */
	struct manifest *manifest;
};

#define parse_refuse(parse, property, ...)                                                                   \
	manifest_refuse(&(parse)->reader, &(parse)->root, property, __VA_ARGS__)
#define parse_warn(parse, property, ...)                                                                     \
	manifest_warn(&(parse)->reader, &(parse)->root, property, __VA_ARGS__)

struct manifest *manifest_free(struct manifest *manifest)
{
	if (!manifest)
		return NULL;
	free(manifest->file);
	free(manifest->regions);
	free(manifest->interrupts);
	free(manifest);
	return NULL;
}

static void cleanup_manifest(struct manifest **manifest)
{
	manifest_free(*manifest);
}

static int parse_compatible(struct parse *parse)
{
	static const char prefix[] = "arm,ffa-manifest-";
	const void *fdt = parse->reader.fdt;
	int count = fdt_stringlist_count(fdt, parse->root.offset, "compatible");
	const char *found = NULL;

	for (int i = 0; i < count && !found; i++) {
		const char *string = fdt_stringlist_get(fdt, parse->root.offset, "compatible", i, NULL);

		if (string && strncmp(string, prefix, sizeof(prefix) - 1) == 0)
			found = string + sizeof(prefix) - 1;
	}
	if (!found)
		return parse_refuse(
			parse, "compatible",
			"is no FF-A partition manifest; set \"arm,ffa-manifest-1.0\" or \"-1.1\"");
	if (found[0] != '1' || found[1] != '.' || !isdigit((unsigned char)found[2]) ||
	    (found[3] != '\0' && (!isdigit((unsigned char)found[3]) || found[4] != '\0')))
		return parse_refuse(
			parse, "compatible",
			"manifest version %.16s is unknown; use \"arm,ffa-manifest-1.0\" or \"-1.1\"", found);
	parse->minor = (unsigned int)strtoul(found + 2, NULL, 10);
	if (parse->minor > 1)
		parse_warn(parse, "compatible",
			   "manifest version %s is newer than 1.1, read as 1.1; check warnings", found);
	return 0;
}

static int parse_sections(struct parse *parse)
{
	const void *fdt = parse->reader.fdt;
	int offset;

	for (size_t i = 0; i < SECTION_COUNT; i++)
		parse->sections[i] = -1;
	fdt_for_each_subnode(offset, fdt, parse->root.offset)
	{
		struct manifest_node node = manifest_reader_node(&parse->reader, offset);
		const char *name = manifest_reader_name(&parse->reader, &node);
		size_t found = SECTION_COUNT;
		bool compatible = false;

		for (size_t i = 0; i < SECTION_COUNT && found == SECTION_COUNT; i++) {
			const struct section_form *form = &section_forms[i];

			compatible = manifest_reader_compatible(&parse->reader, &node, form->compatible);
			if (compatible)
				found = i;
			for (size_t j = 0; j < ARRAY_SIZE(form->names) && form->names[j]; j++)
				if (strcmp(form->names[j], name) == 0)
					found = i;
		}
		if (found == SECTION_COUNT) {
			manifest_warn(&parse->reader, &node, NULL,
				      "unknown node, ignored; check its name and compatible if it is meant "
				      "to matter");
			continue;
		}
		if (!compatible && !section_forms[found].compatible_optional)
			return manifest_refuse(&parse->reader, &node, "compatible", "must be \"%s\"; set it",
					       section_forms[found].compatible);
		if (parse->sections[found] >= 0)
			return manifest_refuse(&parse->reader, &node, NULL,
					       "is a second node of this kind (\"%s\"); join them",
					       section_forms[found].compatible);
		parse->sections[found] = offset;
	}
	return 0;
}

/* What people call it: description, else debug_name, else the file's name without directory and suffix. */
static int parse_name(struct parse *parse)
{
	char *name = parse->manifest->partition.name;
	const char *description, *debug_name, *slash;

	if (manifest_reader_string(&parse->reader, &parse->root, "description", &description) < 0 ||
	    manifest_reader_string(&parse->reader, &parse->root, "debug_name", &debug_name) < 0)
		return -EINVAL;
	if (description && description[0]) {
		snprintf(name, SIM_NAME_SIZE, "%s", description);
	} else if (debug_name && debug_name[0]) {
		snprintf(name, SIM_NAME_SIZE, "%s", debug_name);
	} else {
		slash = strrchr(parse->reader.file, '/');
		snprintf(name, SIM_NAME_SIZE, "%s", slash ? slash + 1 : parse->reader.file);
		if (name[0] != '.')
			name[strcspn(name, ".")] = '\0';
	}
	for (char *p = name; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	return 0;
}

static int parse_identity(struct parse *parse)
{
	const struct manifest_uint *values = parse->values;
	uint32_t version = (uint32_t)values[ROOT_FFA_VERSION].value;
	struct sim_partition_config *partition = &parse->manifest->partition;

	if ((version & FFA_VERSION_MBZ) || ffa_version_major(version) != 1 || version > FFA_VERSION_1_3)
		return parse_refuse(parse, "ffa-version",
				    "0x%08" PRIx32
				    " is no version that can be simulated; use 1.0 (<0x00010000>) to 1.3 "
				    "(<0x00010003>)",
				    version);
	partition->ffa_version = version;
	if (values[ROOT_ID].present) {
		/* Many manifests leave bit 15 to the SPMC, which counts its partitions from 1. */
		partition->id = (uint16_t)(values[ROOT_ID].value | ID_SECURE);
		if (partition->id == ID_SECURE || partition->id == ID_SPMD)
			return parse_refuse(parse, "id",
					    "0x%04x belongs to the firmware itself; use <0x8001> to <0xfffe>",
					    partition->id);
	}
	partition->exec_ctx_count = (uint16_t)values[ROOT_CONTEXTS].value;
	parse->manifest->has_boot_order = values[ROOT_BOOT_ORDER].present;
	parse->manifest->boot_order = (uint16_t)values[ROOT_BOOT_ORDER].value;
	return parse_name(parse);
}

static int parse_flag(struct parse *parse, const char *name, bool *ret_present)
{
	return manifest_reader_flag(&parse->reader, &parse->root, name, ret_present);
}

static int parse_interrupt_actions(struct parse *parse)
{
	const struct manifest_uint *values = parse->values;
	bool s_el0 = values[ROOT_EXCEPTION_LEVEL].value == LEVEL_S_EL0;
	uint64_t action = values[ROOT_NS_ACTION].value;
	bool managed_exit, managed_exit_virq;

	if (parse_flag(parse, "managed-exit", &managed_exit) < 0 ||
	    parse_flag(parse, "managed-exit-virq", &managed_exit_virq) < 0)
		return -EINVAL;
	if (managed_exit && !values[ROOT_NS_ACTION].present)
		action = NS_ACTION_MANAGED_EXIT;
	else if (managed_exit && action != NS_ACTION_MANAGED_EXIT)
		parse_warn(parse, "managed-exit", "is overruled by ns-interrupts-action; remove it");
	if (managed_exit_virq && action != NS_ACTION_MANAGED_EXIT)
		parse_warn(parse, "managed-exit-virq",
			   "has no effect without managed exit; set ns-interrupts-action "
			   "to <1>");
	if (action == NS_ACTION_MANAGED_EXIT && s_el0)
		return parse_refuse(parse,
				    values[ROOT_NS_ACTION].present ? "ns-interrupts-action" : "managed-exit",
				    "a partition at S-EL0 cannot make a managed exit; use <0> or <2>");
	if (values[ROOT_S_ACTION].value == 0 && action != NS_ACTION_QUEUED)
		return parse_refuse(parse, "other-s-interrupts-action",
				    "secure interrupts can only be queued when non-secure ones are; set "
				    "ns-interrupts-action to <0> or this to <1>");
	if (values[ROOT_SRI_POLICY].value != 0 && s_el0)
		return parse_refuse(parse, "sri-interrupts-policy", "is not for S-EL0; remove it");
	parse->manifest->partition.ns_interrupt_queued = action == NS_ACTION_QUEUED;
	return 0;
}

static int parse_execution(struct parse *parse)
{
	const struct manifest_uint *values = parse->values;
	struct sim_partition_config *partition = &parse->manifest->partition;
	bool s_el0 = values[ROOT_EXCEPTION_LEVEL].value == LEVEL_S_EL0;
	bool notifications, unused;
	uint32_t methods = 0;

	if (parse_flag(parse, "ffad,sim-ctx-per-cpu", &parse->manifest->contexts_per_cpu) < 0 ||
	    parse_flag(parse, "notification-support", &notifications) < 0 ||
	    parse_flag(parse, "time-slice-mem", &unused) < 0 ||
	    parse_flag(parse, "has-primary-scheduler", &unused) < 0)
		return -EINVAL;
	if (s_el0 && (partition->exec_ctx_count != 1 || parse->manifest->contexts_per_cpu))
		return parse_refuse(parse, "execution-ctx-count",
				    "a partition at S-EL0 has one execution context; use <1>");
	if (values[ROOT_EXECUTION_STATE].value == 0)
		partition->properties |= FFA_PARTITION_AARCH64;
	if (notifications)
		partition->properties |= FFA_PARTITION_NOTIFICATION_RECV;
	if (values[ROOT_VM_MESSAGES].value & VM_CREATED)
		partition->properties |= FFA_PARTITION_VM_CREATED;
	if (values[ROOT_VM_MESSAGES].value & VM_DESTROYED)
		partition->properties |= FFA_PARTITION_VM_DESTROYED;
	for (size_t i = 0; i < partition->service_count; i++)
		methods |= partition->services[i].properties;
	if (values[ROOT_VM_MESSAGES].value != 0 && !(methods & FFA_PARTITION_DIRECT_REQ_RECV))
		return parse_refuse(
			parse, "vm-availability-messages",
			"come as direct requests, which no messaging-method receives; set its bit 0");
	if (values[ROOT_POWER_MESSAGES].value != 0 && s_el0)
		parse_warn(parse, "power-management-messages", "are not sent to S-EL0; remove it");
	if (values[ROOT_GP_REGISTER].value > 3)
		parse_warn(parse, "gp-register-num", "some firmware takes x0 to x3 only; use one of them");
	return parse_interrupt_actions(parse);
}

static int parse_lifecycle(struct parse *parse)
{
	const struct manifest_uint *values = parse->values;
	struct sim_partition_config *partition = &parse->manifest->partition;
	bool lifecycle, live;
	const void *words;
	size_t word_count;

	if (parse_flag(parse, "lifecycle-support", &lifecycle) < 0 ||
	    parse_flag(parse, "live-activation-support", &live) < 0 ||
	    manifest_reader_cells(&parse->reader, &parse->root, "image-uuid", 4, 4, &words, &word_count) < 0)
		return -EINVAL;
	if (word_count > 0) {
		partition->image_uuid =
			ffa_uuid_from_words(manifest_reader_cell(words, 0), manifest_reader_cell(words, 1),
					    manifest_reader_cell(words, 2), manifest_reader_cell(words, 3));
		if (ffa_uuid_is_nil(&partition->image_uuid))
			return parse_refuse(parse, "image-uuid", "is nil; choose one (uuidgen)");
		for (size_t i = 0; i < partition->service_count; i++)
			if (ffa_uuid_equal(&partition->services[i].uuid, &partition->image_uuid))
				return parse_refuse(parse, "image-uuid",
						    "is also a protocol UUID; choose another (uuidgen)");
	}
	if (lifecycle && partition->exec_ctx_count != 1)
		return parse_refuse(
			parse, "lifecycle-support",
			"is for partitions with one execution context; set execution-ctx-count to <1>");
	if (values[ROOT_ABORT_ACTION].present && !lifecycle)
		return parse_refuse(parse, "abort-action", "needs lifecycle-support; add it");
	if (!live)
		return 0;
	if (!lifecycle || word_count == 0 || !values[ROOT_LIVE_REGISTER].present ||
	    parse->sections[SECTION_LIVE] < 0)
		return parse_refuse(parse, "live-activation-support",
				    "needs lifecycle-support, image-uuid, live-activation-register and a "
				    "live-state-buffer-info node; add what is missing");
	if (values[ROOT_LIVE_REGISTER].value == 4 ||
	    (values[ROOT_GP_REGISTER].present &&
	     values[ROOT_LIVE_REGISTER].value == values[ROOT_GP_REGISTER].value))
		return parse_refuse(
			parse, "live-activation-register",
			"cannot be x4 or the register of gp-register-num; use another of x0 to x7");
	partition->properties |= FFA_PARTITION_LIVE_ACTIVATION;
	return 0;
}

static int parse_behaviour(struct parse *parse)
{
	const struct manifest_uint *values = parse->values;
	struct sim_behaviour behaviour = { .kind = SIM_ECHO };
	char reason[BEHAVIOUR_REASON_SIZE];
	const char *text, *name;

	if (manifest_reader_string(&parse->reader, &parse->root, "ffad,sim-behaviour", &text) < 0)
		return -EINVAL;
	if (text && strcmp(text, behaviour_name(SIM_SLOW)) == 0 && values[ROOT_SIM_DELAY].present)
		behaviour.kind = SIM_SLOW; /* the time stands in its own property */
	else if (text && behaviour_parse(text, &behaviour, reason, sizeof(reason)) < 0)
		return parse_refuse(parse, "ffad,sim-behaviour", "%s", reason);
	name = behaviour_name(behaviour.kind);
	if (text && strchr(text, ':') && (values[ROOT_SIM_COUNT].present || values[ROOT_SIM_DELAY].present))
		return parse_refuse(
			parse, "ffad,sim-behaviour",
			"has numbers, and ffad,sim-count or ffad,sim-delay-us too; keep them in one place");
	if (values[ROOT_SIM_COUNT].present) {
		if (!behaviour_takes_count(behaviour.kind))
			return parse_refuse(parse, "ffad,sim-count",
					    "\"%s\" has no use for a count; remove it", name);
		behaviour.count = (uint32_t)values[ROOT_SIM_COUNT].value;
	}
	if (values[ROOT_SIM_DELAY].present) {
		uint64_t us = values[ROOT_SIM_DELAY].value;

		if (!behaviour_takes_delay(behaviour.kind))
			return parse_refuse(parse, "ffad,sim-delay-us",
					    "\"%s\" has no use for a time; remove it", name);
		if (us > BEHAVIOUR_DELAY_MAX_US && (us != SIM_DELAY_FOREVER || behaviour.kind != SIM_SLOW))
			return parse_refuse(parse, "ffad,sim-delay-us",
					    "is more than a day; use less, or \"slow:forever\" as behaviour");
		behaviour.delay_us = us;
	}
	parse->manifest->partition.behaviour = behaviour;
	return 0;
}

/*
 * The image occupies at least the way to its entry point, more when the manifest says so. Its own memory
 * regions may describe parts of it.
 */
static int parse_image(struct parse *parse, const struct manifest_layout *layout)
{
	const struct manifest_uint *values = parse->values;
	uint64_t stated = values[ROOT_IMAGE_SIZE].value, size;
	struct manifest_region image = {
		.kind = MANIFEST_IMAGE,
		.node = "/",
		.property = "load-address",
		.has_base = true,
		.base = layout->load_address,
		.attributes = MANIFEST_READ | MANIFEST_WRITE | MANIFEST_EXECUTE,
	};

	if (values[ROOT_MEM_SIZE].value > stated)
		stated = values[ROOT_MEM_SIZE].value;
	if (stated != 0 && values[ROOT_ENTRYPOINT].value >= stated)
		return parse_refuse(parse, "entrypoint-offset",
				    "0x%" PRIx64 " lies behind the image of 0x%" PRIx64
				    " bytes; correct one of them",
				    values[ROOT_ENTRYPOINT].value, stated);
	if (!layout->has_load_address)
		return 0;
	if (layout->load_address % layout->granule != 0)
		return parse_refuse(parse, "load-address",
				    "0x%" PRIx64 " is not aligned to the granule of 0x%" PRIx64
				    " bytes; move it",
				    layout->load_address, layout->granule);
	if (stated == 0 && __builtin_add_overflow(values[ROOT_ENTRYPOINT].value, 1, &stated))
		stated = UINT64_MAX;
	if (__builtin_add_overflow(stated, layout->granule - 1, &size))
		size = UINT64_MAX;
	image.size = size & ~(layout->granule - 1);
	if (!manifest_range_valid(image.base, image.size))
		return parse_refuse(parse, "load-address",
				    "0x%" PRIx64 " and an image of 0x%" PRIx64
				    " bytes end beyond the %u-bit physical address space; lower one of them",
				    image.base, image.size, MANIFEST_PA_BITS);
	parse->manifest->regions[parse->manifest->region_count++] = image;
	return 0;
}

static int parse_regions(struct parse *parse)
{
	const struct manifest_sections sections = {
		.memory_regions = parse->sections[SECTION_MEMORY],
		.device_regions = parse->sections[SECTION_DEVICES],
		.rx_tx = parse->sections[SECTION_RX_TX],
		.live_state = parse->sections[SECTION_LIVE],
	};
	const struct manifest_layout layout = {
		.granule = UINT64_C(4096) << (2 * parse->values[ROOT_GRANULE].value),
		.has_load_address = parse->values[ROOT_LOAD_ADDRESS].present,
		.load_address = parse->values[ROOT_LOAD_ADDRESS].value,
		.s_el0 = parse->values[ROOT_EXCEPTION_LEVEL].value == LEVEL_S_EL0,
	};
	size_t count;

	if (manifest_regions_count(&parse->reader, &sections, &count) < 0)
		return -EINVAL;
	parse->manifest->regions = calloc(count + 1, sizeof(*parse->manifest->regions));
	parse->manifest->interrupts = calloc(MANIFEST_INTERRUPTS_MAX, sizeof(*parse->manifest->interrupts));
	if (!parse->manifest->regions || !parse->manifest->interrupts)
		return -ENOMEM;
	if (parse_image(parse, &layout) < 0)
		return -EINVAL;
	return manifest_regions_parse(&parse->reader, &sections, &layout, parse->manifest);
}

int manifest_parse(const char *file, const void *dtb, size_t size, struct manifest_report *report,
		   struct manifest **ret_manifest)
{
	_cleanup_(cleanup_manifest) struct manifest *manifest = NULL;
	_cleanup_free_ void *fdt = NULL;
	struct parse parse = { .reader = { .file = file, .report = report }, .root = { .path = "/" } };
	int error;

	if (size > MANIFEST_SIZE_MAX)
		return manifest_report_refuse(report, file, NULL, NULL,
					      "has %zu bytes; a manifest of more than %u is not read", size,
					      MANIFEST_SIZE_MAX);
	/* A copy of its own: libfdt wants 8-byte alignment, and what is checked is what is read. */
	fdt = malloc(size > 0 ? size : 1);
	manifest = calloc(1, sizeof(*manifest));
	if (!fdt || !manifest)
		return -ENOMEM;
	memcpy(fdt, dtb, size);
	error = manifest_reader_check(fdt, size);
	if (error < 0)
		return manifest_report_refuse(
			report, file, NULL, NULL,
			"is no sound device tree blob (%s); compile it again with dtc -O dtb",
			fdt_strerror(error));
	manifest->file = strdup(file);
	if (!manifest->file)
		return -ENOMEM;
	parse.reader.fdt = fdt;
	parse.manifest = manifest;

	manifest_reader_warn_unknown(&parse.reader, &parse.root, root_rules, ROOT_COUNT, root_others);
	if (parse_compatible(&parse) < 0 || parse_sections(&parse) < 0 ||
	    manifest_reader_uints(&parse.reader, &parse.root, root_rules, ROOT_COUNT, parse.values) < 0 ||
	    parse_identity(&parse) < 0 ||
	    manifest_services_parse(&parse.reader, &parse.root, parse.minor, parse.sections[SECTION_SERVICES],
				    &manifest->partition) < 0 ||
	    parse_execution(&parse) < 0 || parse_lifecycle(&parse) < 0 || parse_behaviour(&parse) < 0)
		return -EINVAL;
	error = parse_regions(&parse);
	if (error < 0)
		return error;
	*ret_manifest = take_ptr(manifest);
	return 0;
}
