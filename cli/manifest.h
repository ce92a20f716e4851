/* SPDX-License-Identifier: BSD-3-Clause */
/* Partition manifests from files: device trees, flattened (.dtb) or as source (.dts), which dtc compiles. */
#pragma once

#include "cli.h"

#define MANIFEST_SIZE_MAX (1024 * 1024) /* bytes; of the file and of the device tree */

/*
 * Read a manifest, "-" being stdin; whether it is source, its contents tell. *ret_dtb is the caller's to
 * free. Reports what is wrong; returns CLI_OK or CLI_LOCAL.
 */
enum cli_exit manifest_read(const struct cli *cli, const char *path, uint8_t **ret_dtb, size_t *ret_size);
