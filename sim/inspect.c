/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/inspect.h"

#include <inttypes.h>

#include "abi/fid.h"
#include "abi/version.h"
#include "sim/behaviour.h"
#include "sim/spmc.h"

static void write_partition(const struct manifest *manifest, FILE *file)
{
	static const char *const kinds[] = {
		[MANIFEST_IMAGE] = "image",
		[MANIFEST_MEMORY] = "memory",
		[MANIFEST_DEVICE] = "device",
	};
	const struct sim_partition_config *partition = &manifest->partition;
	char behaviour[BEHAVIOUR_TEXT_SIZE], uuid[FFA_UUID_STR_SIZE];

	behaviour_format(&partition->behaviour, behaviour);
	fprintf(file,
		"partition id=0x%04x name=\"%s\" file=\"%s\" ffa=%u.%u contexts=%u properties=0x%x "
		"behaviour=%s\n",
		partition->id, partition->name, manifest->file, ffa_version_major(partition->ffa_version),
		ffa_version_minor(partition->ffa_version), partition->exec_ctx_count, partition->properties,
		behaviour);
	for (size_t i = 0; i < partition->service_count; i++) {
		ffa_uuid_format(&partition->services[i].uuid, uuid);
		fprintf(file, "service id=0x%04x uuid=%s messages=0x%x\n", partition->id, uuid,
			partition->services[i].properties);
	}
	for (size_t i = 0; i < manifest->region_count; i++) {
		const struct manifest_region *region = &manifest->regions[i];

		fprintf(file, "region id=0x%04x kind=%s node=%s ", partition->id, kinds[region->kind],
			region->node);
		if (region->has_base)
			fprintf(file, "range=0x%" PRIx64 "-0x%" PRIx64, region->base,
				region->base + region->size);
		else
			fprintf(file, "size=0x%" PRIx64, region->size);
		fprintf(file, " attributes=0x%x%s\n", region->attributes,
			region->exclusive ? " exclusive" : "");
	}
}

void inspect_write_manifests(const struct manifest_set *set, FILE *file)
{
	for (size_t i = 0; i < set->count; i++)
		write_partition(set->manifests[i], file);
}

static void write_calls(const struct machine *machine, FILE *file)
{
	for (unsigned int number = FFA_FID_FIRST; number <= FFA_FID_LAST; number++) {
		const uint64_t calls = machine_calls(machine, number);
		const char *name = ffa_fid_name(FFA_FID_32(number));

		if (calls == 0)
			continue;
		if (!name)
			name = ffa_fid_name(FFA_FID_64(number));
		fprintf(file, "calls function=%s number=0x%x count=%" PRIu64 "\n", name ? name : "?", number,
			calls);
	}
	if (machine_calls(machine, 0) > 0)
		fprintf(file, "calls function=other count=%" PRIu64 "\n", machine_calls(machine, 0));
	for (unsigned int cpu = 0; cpu < machine_cpus(machine); cpu++)
		if (machine_in_flight(machine, cpu) > 0)
			fprintf(file, "cpu index=%u in_flight=%u\n", cpu, machine_in_flight(machine, cpu));
}

static void write_endpoint(const struct sim_endpoint *endpoint, FILE *file)
{
	fprintf(file, "endpoint id=0x%04x version=%u.%u negotiated=%u", endpoint->id,
		ffa_version_major(endpoint->version), ffa_version_minor(endpoint->version),
		endpoint->negotiated);
	if (endpoint->rxtx.mapped)
		fprintf(file,
			" rxtx=mapped tx=0x%" PRIx64 " rx=0x%" PRIx64 " size=0x%" PRIx64 " rx_state=%s\n",
			endpoint->rxtx.tx, endpoint->rxtx.rx, endpoint->rxtx.size,
			sim_rx_state_name(endpoint->rxtx.rx_state));
	else
		fprintf(file, " rxtx=unmapped\n");
}

static void write_transactions(const struct sim_memory *memory, FILE *file)
{
	static const char *const ops[FFA_MEMORY_OP_COUNT] = {
		[FFA_MEMORY_DONATE] = "donate",
		[FFA_MEMORY_LEND] = "lend",
		[FFA_MEMORY_SHARE] = "share",
	};

	fprintf(file, "transactions panics=%" PRIu64 "\n", memory->panics);
	for (size_t i = 0; i < memory->region_count; i++) {
		const struct sim_region *region = &memory->regions[i];

		if (region->state == SIM_REGION_FREE)
			continue;
		fprintf(file,
			"transaction handle=0x%" PRIx64 " kind=%s state=%s owner=0x%04x pages=%" PRIu32
			" ranges=%" PRIu32 "\n",
			region->transaction.handle, ops[region->op], sim_region_state_name(region->state),
			region->owner, region->page_count, region->range_count);
		for (uint32_t j = 0; j < region->borrower_count; j++)
			fprintf(file, "borrower handle=0x%" PRIx64 " id=0x%04x permissions=0x%x holds=%u\n",
				region->transaction.handle, region->borrowers[j].id,
				region->borrowers[j].permissions, region->borrowers[j].holds);
	}
}

/* The firmware's own state, at one moment. */
static void write_firmware(struct sim *sim, FILE *file)
{
	sim->host.lock(sim->host.ctx);
	write_endpoint(&sim->normal_world, file);
	for (size_t i = 0; i < sim->partition_count; i++) {
		const struct sim_partition *partition = &sim->partitions[i];

		for (unsigned int j = 0; j < partition->config.exec_ctx_count; j++)
			fprintf(file, "vcpu id=0x%04x index=%u state=%s cpu=%u\n", partition->config.id, j,
				sim_vcpu_state_name(partition->vcpus[j].state), partition->vcpus[j].cpu);
	}
	write_transactions(&sim->memory, file);
	sim->host.unlock(sim->host.ctx);
}

void inspect_write(struct machine *machine, FILE *file)
{
	uint64_t pages;
	size_t ranges;

	host_usage(machine_host(machine), &ranges, &pages);
	fprintf(file, "machine profile=%s cpus=%u\n", machine_profile(machine), machine_cpus(machine));
	fprintf(file, "memory ranges=%zu pages=%" PRIu64 "\n", ranges, pages);
	inspect_write_manifests(machine_manifests(machine), file);
	write_firmware(machine_sim(machine), file);
	write_calls(machine, file);
}
