/* SPDX-License-Identifier: BSD-3-Clause */
/* The manifest loader on any bytes: a manifest that holds what it promises, or a reason. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/version.h"
#include "sim/behaviour.h"
#include "sim/manifest_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_partition(const struct sim_partition_config *partition)
{
	char text[BEHAVIOUR_TEXT_SIZE];
	struct sim_behaviour again;

	assert(memchr(partition->name, '\0', sizeof(partition->name)));
	assert(partition->id == 0 || (partition->id > 0x8000 && partition->id < 0xffff));
	assert(partition->exec_ctx_count >= 1 && partition->exec_ctx_count <= SIM_CPUS_MAX);
	assert(partition->ffa_version >= FFA_VERSION_1_0 && partition->ffa_version <= FFA_VERSION_1_3);
	assert(partition->service_count >= 1 && partition->service_count <= SIM_UUIDS_MAX);
	for (size_t i = 0; i < partition->service_count; i++) {
		const struct sim_service *service = &partition->services[i];

		assert(!ffa_uuid_is_nil(&service->uuid));
		assert((service->properties & ~0x607u) == 0);
		assert(!(service->properties & 0x600) || partition->ffa_version >= FFA_VERSION_1_2);
		for (size_t j = 0; j < i; j++)
			assert(!ffa_uuid_equal(&service->uuid, &partition->services[j].uuid));
	}
	behaviour_format(&partition->behaviour, text);
	assert(behaviour_parse(text, &again, NULL, 0) == 0);
	assert(again.kind == partition->behaviour.kind && again.count == partition->behaviour.count &&
	       again.delay_us == partition->behaviour.delay_us);
}

static void check_regions(const struct manifest *manifest)
{
	assert(manifest->region_count <= 1 + MANIFEST_MEMORY_REGIONS_MAX + MANIFEST_DEVICE_REGIONS_MAX);
	assert(manifest->interrupt_count <= MANIFEST_INTERRUPTS_MAX);
	for (size_t i = 0; i < manifest->region_count; i++) {
		const struct manifest_region *a = &manifest->regions[i];

		assert(a->size > 0 && a->size % 4096 == 0 && memchr(a->node, '\0', sizeof(a->node)));
		assert(!a->has_base || (a->base % 4096 == 0 && a->base < UINT64_C(1) << 52 &&
					a->size <= (UINT64_C(1) << 52) - a->base));
		for (size_t j = 0; j < i; j++) {
			const struct manifest_region *b = &manifest->regions[j];
			uint64_t last_a = a->base + a->size - 1, last_b = b->base + b->size - 1;

			if (!a->has_base || !b->has_base || a->kind == MANIFEST_IMAGE ||
			    b->kind == MANIFEST_IMAGE ||
			    (a->kind == MANIFEST_DEVICE && b->kind == MANIFEST_DEVICE))
				continue;
			assert(last_a < b->base || last_b < a->base);
		}
	}
}

/* A manifest beside itself: whatever it fixes is a conflict. */
static void check_twice(struct manifest *manifest, const uint8_t *data, size_t size)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	struct manifest_set set = { 0 };
	bool fixed = manifest->partition.id != 0 || manifest->has_boot_order ||
		     !ffa_uuid_is_nil(&manifest->partition.image_uuid);
	struct manifest *again;
	int error;

	for (size_t i = 0; i < manifest->region_count; i++)
		fixed = fixed ||
			(manifest->regions[i].has_base &&
			 (manifest->regions[i].kind != MANIFEST_DEVICE || manifest->regions[i].exclusive));
	assert(manifest_parse("b.dtb", data, size, NULL, &again) == 0);
	assert(manifest_set_add(&set, manifest, &report) == 0);
	error = manifest_set_add(&set, again, &report);
	assert(error == (fixed ? -EINVAL : 0));
	assert((report.refusal != NULL) == fixed);
	if (error < 0)
		manifest_free(again);
	manifest_set_settle(&set);
	for (size_t i = 0; i < set.count; i++)
		assert(set.manifests[i]->partition.id > 0x8000);
	manifest_set_clear(&set);
	manifest_report_clear(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	struct manifest *manifest = NULL;
	int error;

	error = manifest_parse("a.dtb", data, size, &report, &manifest);
	if (error < 0) {
		assert(error == -EINVAL && !manifest && report.refusal &&
		       strlen(report.refusal) < MANIFEST_SENTENCE_SIZE);
	} else {
		assert(!report.refusal);
		check_partition(&manifest->partition);
		check_regions(manifest);
		check_twice(manifest, data, size);
	}
	manifest_report_clear(&report);
	return 0;
}
