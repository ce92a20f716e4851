/* SPDX-License-Identifier: BSD-3-Clause */
/* Partition manifests made up by a test, as device tree blobs. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MANIFEST_BLOB_SIZE 2048

struct manifest_recipe {
	uint16_t id;
	uint8_t uuid_end;      /* last byte of its UUID, the rest is the same for all; 0: from the id */
	const char *behaviour; /* as for ffa-sim --behaviour */
	uint16_t contexts;     /* 0: 1 */
};

/* The blob; its size. */
size_t manifest_make(const struct manifest_recipe *recipe, uint8_t ret_blob[static MANIFEST_BLOB_SIZE]);
/* The 16 bytes of the UUID that it offers. */
void manifest_uuid(const struct manifest_recipe *recipe, uint8_t ret_uuid[static 16]);
/* Load it into the running simulated SPMC, through the session `fd` of an administrator. */
void manifest_load(const struct manifest_recipe *recipe, int fd);
/* The blob in a file of that name. */
void manifest_write(const struct manifest_recipe *recipe, const char *path);
