/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest_set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/manifest_regions.h"

#define ID_SECURE 0x8000u
#define ID_FIRST 0x8001u

static const char *describe_region(const struct manifest_region *region)
{
	return region->kind == MANIFEST_IMAGE ? "the image" : region->node;
}

static bool regions_conflict(const struct manifest_region *a, const struct manifest_region *b)
{
	if (!a->has_base || !b->has_base || !manifest_regions_overlap(a, b))
		return false;
	return a->kind != MANIFEST_DEVICE || b->kind != MANIFEST_DEVICE || a->exclusive || b->exclusive;
}

static int check_regions(const struct manifest *manifest, const struct manifest *other,
			 struct manifest_report *report)
{
	for (size_t i = 0; i < manifest->region_count; i++) {
		const struct manifest_region *a = &manifest->regions[i];

		for (size_t j = 0; j < other->region_count; j++) {
			const struct manifest_region *b = &other->regions[j];
			bool devices = a->kind == MANIFEST_DEVICE && b->kind == MANIFEST_DEVICE;

			if (!regions_conflict(a, b))
				continue;
			return manifest_report_refuse(
				report, manifest->file, a->node, a->property,
				"%s 0x%" PRIx64 "-0x%" PRIx64 " overlaps %s 0x%" PRIx64 "-0x%" PRIx64
				" of %s (file %s); %s",
				a->kind == MANIFEST_IMAGE ? "image" : "region", a->base, a->base + a->size,
				describe_region(b), b->base, b->base + b->size, other->partition.name,
				other->file,
				devices ? "remove exclusive-access or let one of them see the device"
					: "move or shrink one of them, or load one of the two");
		}
	}
	return 0;
}

/* Two partitions can see one device, but an interrupt reaches one of them. */
static void warn_interrupts(const struct manifest *manifest, const struct manifest *other,
			    struct manifest_report *report)
{
	for (size_t i = 0; i < manifest->interrupt_count; i++)
		for (size_t j = 0; j < other->interrupt_count; j++)
			if (manifest->interrupts[i] == other->interrupts[j])
				manifest_report_warn(
					report, manifest->file, "/device-regions", "interrupts",
					"interrupt %" PRIu32 " also belongs to %s (file %s), and firmware "
					"delivers it to one of them; remove it from the other",
					manifest->interrupts[i], other->partition.name, other->file);
}

static int check_pair(const struct manifest *manifest, const struct manifest *other,
		      struct manifest_report *report)
{
	const struct sim_partition_config *a = &manifest->partition, *b = &other->partition;

	if (a->id != 0 && a->id == b->id)
		return manifest_report_refuse(
			report, manifest->file, "/", "id",
			"0x%04x belongs to %s (file %s); choose another, or leave id out to get a "
			"free one",
			a->id, b->name, other->file);
	if (manifest->has_boot_order && other->has_boot_order && manifest->boot_order == other->boot_order)
		return manifest_report_refuse(
			report, manifest->file, "/", "boot-order",
			"%u is also that of %s (file %s); choose another, or leave it out",
			manifest->boot_order, b->name, other->file);
	if (!ffa_uuid_is_nil(&a->image_uuid) && ffa_uuid_equal(&a->image_uuid, &b->image_uuid))
		return manifest_report_refuse(report, manifest->file, "/", "image-uuid",
					      "is also that of %s (file %s); choose another (uuidgen)",
					      b->name, other->file);
	return check_regions(manifest, other, report);
}

int manifest_set_add(struct manifest_set *set, struct manifest *manifest, struct manifest_report *report)
{
	if (set->count == SIM_PARTITIONS_MAX)
		return manifest_report_refuse(
			report, manifest->file, NULL, NULL,
			"there are %u partitions already, which is the most; load fewer", SIM_PARTITIONS_MAX);
	for (size_t i = 0; i < set->count; i++)
		if (check_pair(manifest, set->manifests[i], report) < 0)
			return -EINVAL;
	for (size_t i = 0; i < set->count; i++)
		warn_interrupts(manifest, set->manifests[i], report);
	set->manifests[set->count++] = manifest;
	return 0;
}

void manifest_set_remove(struct manifest_set *set, struct manifest *manifest)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->manifests[i] != manifest)
			continue;
		manifest_free(manifest);
		set->count--;
		memmove(&set->manifests[i], &set->manifests[i + 1],
			(set->count - i) * sizeof(set->manifests[0]));
		return;
	}
}

static bool id_taken(const struct manifest_set *set, unsigned int id)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->manifests[i]->partition.id == id)
			return true;
	return false;
}

void manifest_set_settle(struct manifest_set *set)
{
	unsigned int id = ID_FIRST;

	for (size_t i = 1; i < set->count; i++) {
		struct manifest *manifest = set->manifests[i];
		size_t j = i;

		for (; j > 0 && set->manifests[j - 1]->boot_order > manifest->boot_order; j--)
			set->manifests[j] = set->manifests[j - 1];
		set->manifests[j] = manifest;
	}
	for (size_t i = 0; i < set->count; i++) {
		if (set->manifests[i]->partition.id != 0)
			continue;
		while (id_taken(set, id))
			id++;
		set->manifests[i]->partition.id = (uint16_t)id;
	}
}

/* Whether `text` is the file's name without directory and suffix. */
static bool is_stem(const char *file, const char *text)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	const char *dot = strrchr(base, '.');
	size_t length = dot && dot != base ? (size_t)(dot - base) : strlen(base);

	return strlen(text) == length && memcmp(base, text, length) == 0;
}

static bool matches(const struct manifest *manifest, const char *text, const struct ffa_uuid *uuid)
{
	const struct sim_partition_config *partition = &manifest->partition;

	if (!uuid)
		return strcmp(partition->name, text) == 0 || is_stem(manifest->file, text);
	for (size_t i = 0; i < partition->service_count; i++)
		if (ffa_uuid_equal(&partition->services[i].uuid, uuid))
			return true;
	return false;
}

int manifest_set_find(const struct manifest_set *set, const char *text, struct manifest **ret_manifest)
{
	struct manifest *found = NULL;
	struct ffa_uuid uuid;
	bool is_uuid = ffa_uuid_parse(text, &uuid) == 0;
	unsigned long id;
	char *end;

	id = strtoul(text, &end, 0);
	for (size_t i = 0; i < set->count; i++) {
		struct manifest *manifest = set->manifests[i];

		if (text[0] >= '0' && text[0] <= '9' && *end == '\0') {
			if (id > UINT16_MAX || manifest->partition.id != (id | ID_SECURE))
				continue;
		} else if (!matches(manifest, text, is_uuid ? &uuid : NULL)) {
			continue;
		}
		if (found)
			return -ENOTUNIQ;
		found = manifest;
	}
	if (!found)
		return -ENOENT;
	*ret_manifest = found;
	return 0;
}

void manifest_set_clear(struct manifest_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		manifest_free(set->manifests[i]);
	*set = (struct manifest_set) { 0 };
}
