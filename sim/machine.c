/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/machine.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "abi/fid.h"
#include "base/cleanup.h"
#include "sim/behaviour.h"
#include "sim/builtin.h"
#include "sim/manifest_file.h"

#define CACHE_LINE 64

/* Counters of calls: [0] is for what is no FF-A function. */
#define FUNCTION_COUNT (FFA_FID_LAST - FFA_FID_FIRST + 2)

/* Of one CPU, on a cache line of its own: CPUs do not disturb each other. */
struct cpu {
	_Alignas(CACHE_LINE) atomic_ullong returned; /* calls that came back */
	atomic_ullong calls[FUNCTION_COUNT];         /* calls that were issued */
};

struct machine {
	struct sim *sim;
	unsigned int cpu_count;
	struct cpu cpus[SIM_CPUS_MAX];
	struct host *host;
	const struct sim_profile *profile;
	struct manifest_set manifests;
};

static void cleanup_machine(struct machine **machine)
{
	machine_free(*machine);
}

static void cleanup_manifest(struct manifest **manifest)
{
	manifest_free(*manifest);
}

/* CPUs that this process may run on. */
static unsigned int count_cpus(void)
{
	cpu_set_t set;
	int count;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return 1;
	count = CPU_COUNT(&set);
	return count < 1 ? 1 : count > SIM_CPUS_MAX ? SIM_CPUS_MAX : (unsigned int)count;
}

/* Parse and add to the set, not yet to the firmware. */
static int add_manifest(struct machine *machine, const char *file, const void *dtb, size_t size,
			struct manifest_report *report, struct manifest **ret_manifest)
{
	_cleanup_(cleanup_manifest) struct manifest *manifest = NULL;
	struct manifest *added;
	int error;

	error = manifest_parse(file, dtb, size, report, &manifest);
	if (error < 0)
		return error;
	error = manifest_set_add(&machine->manifests, manifest, report);
	if (error < 0)
		return error;
	added = take_ptr(manifest);
	if (ret_manifest)
		*ret_manifest = added;
	return 0;
}

static int add_file(struct machine *machine, const char *file, struct manifest_report *report)
{
	_cleanup_free_ void *dtb = NULL;
	size_t size;
	int error;

	error = manifest_file_read(file, report, &dtb, &size);
	if (error < 0)
		return error;
	return add_manifest(machine, file, dtb, size, report, NULL);
}

static int set_behaviour(struct manifest *manifest, const char *text, struct manifest_report *report)
{
	char reason[BEHAVIOUR_REASON_SIZE];

	if (behaviour_parse(text, &manifest->partition.behaviour, reason, sizeof(reason)) < 0)
		return manifest_report_refuse(report, manifest->file, NULL, NULL, "behaviour: %s", reason);
	return 0;
}

/* "WHO=BEHAVIOUR"; no behaviour has a '=' in it, a name may. */
static int apply_behaviour(struct machine *machine, const char *assignment, struct manifest_report *report)
{
	const char *equals = strrchr(assignment, '=');
	_cleanup_free_ char *who = NULL;
	struct manifest *manifest;
	int error;

	if (!equals || equals == assignment)
		return manifest_report_refuse(report, "behaviour", NULL, assignment,
					      "is not of the form PARTITION=BEHAVIOUR; write for example "
					      "0x8001=yielder:3");
	who = strndup(assignment, (size_t)(equals - assignment));
	if (!who)
		return -ENOMEM;
	error = manifest_set_find(&machine->manifests, who, &manifest);
	if (error == -ENOTUNIQ)
		return manifest_report_refuse(report, "behaviour", NULL, who,
					      "means more than one partition; use the id instead");
	if (error < 0)
		return manifest_report_refuse(
			report, "behaviour", NULL, who,
			"is no partition here; use an id, a UUID, a name, or a manifest's file "
			"name without suffix");
	return set_behaviour(manifest, equals + 1, report);
}

static void unclaim_regions(struct machine *machine, const struct manifest *manifest, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (manifest->regions[i].has_base)
			host_unclaim(machine->host, manifest->regions[i].base, manifest->regions[i].size);
}

static enum sim_memory_kind region_kind(const struct manifest_region *region)
{
	if (region->kind == MANIFEST_DEVICE)
		return SIM_MEMORY_DEVICE;
	return region->attributes & MANIFEST_NON_SECURE ? SIM_MEMORY_NONE : SIM_MEMORY_SECURE;
}

static int claim_regions(struct machine *machine, const struct manifest *manifest,
			 struct manifest_report *report)
{
	int error;

	for (size_t i = 0; i < manifest->region_count; i++) {
		const struct manifest_region *region = &manifest->regions[i];

		if (!region->has_base)
			continue;
		error = host_claim(machine->host, region_kind(region), region->base, region->size);
		if (error == 0)
			continue;
		unclaim_regions(machine, manifest, i);
		if (error == -EEXIST)
			return manifest_report_refuse(
				report, manifest->file, region->node, region->property,
				"the normal world uses RAM there now; load the manifest when the "
				"simulator starts, or move the region");
		return error;
	}
	return 0;
}

/* Hand a manifest of the set to the firmware. */
static int boot_partition(struct machine *machine, struct manifest *manifest, struct manifest_report *report)
{
	int error;

	if (manifest->contexts_per_cpu)
		manifest->partition.exec_ctx_count = (uint16_t)machine->cpu_count;
	else if (manifest->partition.exec_ctx_count > 1 &&
		 manifest->partition.exec_ctx_count < machine->cpu_count)
		manifest_report_warn(
			report, manifest->file, "/", "execution-ctx-count",
			"%u contexts on a machine of %u CPUs: calls from the other CPUs are refused; use 1, "
			"or one per CPU",
			manifest->partition.exec_ctx_count, machine->cpu_count);
	error = claim_regions(machine, manifest, report);
	if (error < 0)
		return error;
	error = sim_add_partition(machine->sim, &manifest->partition, &manifest->partition.id);
	if (error < 0) {
		unclaim_regions(machine, manifest, manifest->region_count);
		return manifest_report_refuse(
			report, manifest->file, NULL, NULL,
			"the simulated firmware does not take the partition (%s); check id, UUIDs "
			"and ffa-version against its profile",
			strerror(-error));
	}
	return 0;
}

static int boot(struct machine *machine, const struct machine_options *options,
		struct manifest_report *report)
{
	int error;

	if (options->manifests) {
		for (const char *const *file = options->manifests; *file; file++) {
			error = add_file(machine, *file, report);
			if (error < 0)
				return error;
		}
	} else {
		for (size_t i = 0; i < builtin_manifests_count; i++) {
			error = add_manifest(machine, builtin_manifests[i].name, builtin_manifests[i].dtb,
					     builtin_manifests[i].size, report, NULL);
			if (error < 0)
				return error;
		}
	}
	manifest_set_settle(&machine->manifests);
	for (const char *const *text = options->behaviours; text && *text; text++) {
		error = apply_behaviour(machine, *text, report);
		if (error < 0)
			return error;
	}
	for (size_t i = 0; i < machine->manifests.count; i++) {
		error = boot_partition(machine, machine->manifests.manifests[i], report);
		if (error < 0)
			return error;
	}
	return 0;
}

int machine_new(const struct machine_options *options, struct manifest_report *report,
		struct machine **ret_machine)
{
	const char *profile = options->profile ? options->profile : "spec";
	_cleanup_(cleanup_machine) struct machine *machine = NULL;
	int error;

	if (posix_memalign((void **)&machine, CACHE_LINE, sizeof(*machine)) != 0) {
		machine = NULL;
		return -ENOMEM;
	}
	memset(machine, 0, sizeof(*machine));
	machine->cpu_count = options->cpus ? options->cpus : count_cpus();
	machine->profile = sim_profile_find(profile);
	if (!machine->profile)
		return manifest_report_refuse(report, "profile", NULL, profile,
					      "is unknown; use spec, hafnium, el3 or optee");
	if (machine->cpu_count > SIM_CPUS_MAX)
		return manifest_report_refuse(report, "cpus", NULL, NULL, "%u are too many; use 1 to %u",
					      machine->cpu_count, SIM_CPUS_MAX);
	error = host_new(&machine->host);
	if (error < 0)
		return error;
	/* A size that the alignment divides, as aligned_alloc() wants it. */
	machine->sim = aligned_alloc(CACHE_LINE, (sim_size() + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
	if (!machine->sim)
		return -ENOMEM;
	if (sim_init(machine->sim, machine->profile, host_interface(machine->host), machine->cpu_count,
		     options->version) < 0)
		return manifest_report_refuse(
			report, "FF-A version", NULL, NULL,
			"0x%08x is none that profile %s can speak; use 0x00010000 (1.0) to "
			"0x00010003 (1.3)",
			options->version, profile);
	error = boot(machine, options, report);
	if (error < 0)
		return error;
	*ret_machine = take_ptr(machine);
	return 0;
}

void machine_stop(struct machine *machine)
{
	host_stop(machine->host);
}

struct machine *machine_free(struct machine *machine)
{
	if (!machine)
		return NULL;
	if (machine->host)
		host_stop(machine->host);
	/* No delays any more: what is still under way is over in microseconds. */
	for (unsigned int i = 0; i < SIM_CPUS_MAX; i++)
		while (machine_in_flight(machine, i) > 0)
			sched_yield();
	manifest_set_clear(&machine->manifests);
	free(machine->sim);
	host_free(machine->host);
	free(machine);
	return NULL;
}

int machine_load(struct machine *machine, const char *file, const void *dtb, size_t size,
		 const char *behaviour, struct manifest_report *report, uint16_t *ret_id)
{
	struct manifest *manifest;
	int error;

	error = add_manifest(machine, file, dtb, size, report, &manifest);
	if (error < 0)
		return error;
	manifest_set_settle(&machine->manifests);
	if (behaviour)
		error = set_behaviour(manifest, behaviour, report);
	if (error == 0)
		error = boot_partition(machine, manifest, report);
	if (error < 0) {
		manifest_set_remove(&machine->manifests, manifest);
		return error;
	}
	*ret_id = manifest->partition.id;
	return 0;
}

static unsigned int function_index(uint32_t number)
{
	return number >= FFA_FID_FIRST && number <= FFA_FID_LAST ? number - FFA_FID_FIRST + 1 : 0;
}

void machine_call(struct machine *machine, unsigned int cpu, struct ffa_regs *regs)
{
	struct cpu *counters = &machine->cpus[cpu];
	uint32_t fid = ffa_regs_w(regs, 0);

	atomic_fetch_add_explicit(&counters->calls[function_index(FFA_FID_NUMBER(fid))], 1,
				  memory_order_relaxed);
	sim_call(machine->sim, cpu, regs);
	atomic_fetch_add_explicit(&counters->returned, 1, memory_order_release);
}

uint64_t machine_calls(const struct machine *machine, unsigned int number)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < machine->cpu_count; i++)
		sum += atomic_load_explicit(&machine->cpus[i].calls[function_index(number)],
					    memory_order_relaxed);
	return sum;
}

unsigned int machine_in_flight(const struct machine *machine, unsigned int cpu)
{
	const struct cpu *counters = &machine->cpus[cpu];
	/* First this one, so that the difference is never negative. */
	unsigned long long returned = atomic_load_explicit(&counters->returned, memory_order_acquire);
	unsigned long long issued = 0;

	for (unsigned int i = 0; i < FUNCTION_COUNT; i++)
		issued += atomic_load_explicit(&counters->calls[i], memory_order_relaxed);
	return (unsigned int)(issued - returned);
}

unsigned int machine_cpus(const struct machine *machine)
{
	return machine->cpu_count;
}

const char *machine_profile(const struct machine *machine)
{
	return sim_profile_name(machine->profile);
}

struct host *machine_host(struct machine *machine)
{
	return machine->host;
}

struct sim *machine_sim(struct machine *machine)
{
	return machine->sim;
}

const struct manifest_set *machine_manifests(const struct machine *machine)
{
	return &machine->manifests;
}
