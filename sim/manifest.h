/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One FF-A partition manifest ("arm,ffa-manifest-1.0" and "-1.1"; DEN0077 §5.2 and the shared binding of the
 * field): read from a device tree blob, checked, turned into what the simulated SPMC needs. A blob is not
 * trusted: every count is bounded before anything is allocated for it, every sum is checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/manifest_report.h"
#include "sim/sim.h"

#define MANIFEST_SIZE_MAX (1u << 20) /* bytes of a blob */
#define MANIFEST_PATH_SIZE 128       /* of a node, cut when longer */
#define MANIFEST_MEMORY_REGIONS_MAX 64
#define MANIFEST_DEVICE_REGIONS_MAX 64
#define MANIFEST_STREAMS_MAX 64    /* of one region */
#define MANIFEST_INTERRUPTS_MAX 64 /* of one partition */
#define MANIFEST_PA_BITS 52        /* architectural limit of physical addresses */

/* Bits of a region's attributes. */
#define MANIFEST_READ (1u << 0)
#define MANIFEST_WRITE (1u << 1)
#define MANIFEST_EXECUTE (1u << 2)
#define MANIFEST_NON_SECURE (1u << 3)

enum manifest_region_kind {
	MANIFEST_IMAGE, /* what is known to be occupied from the load address on */
	MANIFEST_MEMORY,
	MANIFEST_DEVICE,
};

struct manifest_region {
	enum manifest_region_kind kind;
	char node[MANIFEST_PATH_SIZE]; /* "/memory-regions/heap"; "/" for the image */
	const char *property;          /* which one says where it is; static */
	bool has_base;                 /* false: the SPMC places it, nothing can conflict */
	uint64_t base, size;           /* bytes: [base, base + size) */
	uint32_t attributes;
	uint32_t phandle; /* 0: none */
	bool exclusive;   /* a device that no other partition may see */
};

struct manifest {
	char *file;                            /* as given to manifest_parse() */
	struct sim_partition_config partition; /* .id 0 until one is chosen */
	bool has_boot_order;
	uint16_t boot_order;   /* 0xffff when not given */
	bool contexts_per_cpu; /* as many execution contexts as the machine has CPUs */
	size_t region_count;
	struct manifest_region *regions;
	size_t interrupt_count;
	uint32_t *interrupts; /* interrupt ids of its devices */
};

/*
 * Read a blob of `size` bytes (copied). `file` names it in sentences and is copied too. The manifest
 * alone is checked; against others: manifest_set_add(). -EINVAL refused, see *report (may be NULL);
 * -ENOMEM. The caller owns *ret_manifest.
 */
int manifest_parse(const char *file, const void *dtb, size_t size, struct manifest_report *report,
		   struct manifest **ret_manifest);

/* Accepts NULL; returns NULL. */
struct manifest *manifest_free(struct manifest *manifest);
