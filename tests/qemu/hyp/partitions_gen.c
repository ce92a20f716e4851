/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes the built-in partitions, which the hypervisor has no manifest loader for, as C (partitions.h); and as a
 * list for the guests' scripts: a line "ID UUID" for each service.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/machine.h"

static void print_uuid(FILE *file, const struct ffa_uuid *uuid)
{
	fprintf(file, "{ {");
	for (size_t i = 0; i < FFA_UUID_SIZE; i++)
		fprintf(file, " 0x%02x,", uuid->bytes[i]);
	fprintf(file, " } }");
}

/* A manifest's description may hold any character. */
static void print_name(FILE *file, const char *name)
{
	fprintf(file, "{");
	for (; *name != '\0'; name++)
		fprintf(file, " %d,", *name);
	fprintf(file, " 0 }");
}

static void print_partition(FILE *file, const struct manifest *manifest)
{
	const struct sim_partition_config *config = &manifest->partition;

	fprintf(file, "\t{ .contexts_per_cpu = %d, .config = {\n\t\t.name = ", manifest->contexts_per_cpu);
	print_name(file, config->name);
	fprintf(file, ",\n\t\t.id = 0x%04x, .exec_ctx_count = %u, .ffa_version = 0x%08" PRIx32 ",\n",
		config->id, config->exec_ctx_count, config->ffa_version);
	fprintf(file, "\t\t.properties = 0x%" PRIx32 ", .ns_interrupt_queued = %d, .logical = %d,\n",
		config->properties, config->ns_interrupt_queued, config->logical);
	fprintf(file, "\t\t.service_count = %zu, .services = {\n", config->service_count);
	for (size_t i = 0; i < config->service_count; i++) {
		fprintf(file, "\t\t\t{ ");
		print_uuid(file, &config->services[i].uuid);
		fprintf(file, ", 0x%" PRIx32 " },\n", config->services[i].properties);
	}
	fprintf(file, "\t\t},\n\t\t.image_uuid = ");
	print_uuid(file, &config->image_uuid);
	fprintf(file,
		",\n\t\t.behaviour = { .kind = %d, .count = %" PRIu32 ", .delay_us = UINT64_C(%" PRIu64
		") },\n",
		config->behaviour.kind, config->behaviour.count, config->behaviour.delay_us);
	fprintf(file, "\t} },\n");
}

static void print_table(FILE *file, const struct manifest_set *manifests)
{
	fprintf(file,
		"/* SPDX-License-Identifier: BSD-3-Clause */\n#include \"tests/qemu/hyp/partitions.h\"\n\n");
	fprintf(file, "const struct hyp_partition hyp_partitions[] = {\n");
	for (size_t i = 0; i < manifests->count; i++)
		print_partition(file, manifests->manifests[i]);
	fprintf(file, "};\nconst size_t hyp_partition_count = %zu;\n", manifests->count);
}

static void print_list(FILE *file, const struct manifest_set *manifests)
{
	for (size_t i = 0; i < manifests->count; i++) {
		const struct sim_partition_config *config = &manifests->manifests[i]->partition;

		for (size_t j = 0; j < config->service_count; j++) {
			char uuid[FFA_UUID_STR_SIZE];

			ffa_uuid_format(&config->services[j].uuid, uuid);
			fprintf(file, "0x%04x %s\n", config->id, uuid);
		}
	}
}

static int write_file(const char *path, const struct manifest_set *manifests,
		      void (*print)(FILE *file, const struct manifest_set *manifests))
{
	FILE *file = fopen(path, "w");
	bool bad;

	if (!file)
		return -1;
	print(file, manifests);
	bad = ferror(file) != 0;
	return fclose(file) != 0 || bad ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	const struct machine_options options = { .cpus = 1 };
	const struct manifest_set *manifests;
	struct machine *machine;
	int status = EXIT_SUCCESS;

	if (argc != 3) {
		fprintf(stderr, "usage: hyp-partitions C-FILE LIST\n");
		return EXIT_FAILURE;
	}
	if (machine_new(&options, &report, &machine) < 0) {
		fprintf(stderr, "hyp-partitions: the built-in manifests do not load: %s\n",
			report.refusal ? report.refusal : "no memory");
		return EXIT_FAILURE;
	}
	manifests = machine_manifests(machine);
	if (write_file(argv[1], manifests, print_table) < 0 ||
	    write_file(argv[2], manifests, print_list) < 0) {
		perror("hyp-partitions");
		status = EXIT_FAILURE;
	}
	machine_free(machine);
	manifest_report_clear(&report);
	return status;
}
