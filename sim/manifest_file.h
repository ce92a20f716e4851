/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Manifests from files: a device tree blob as it is, a source by the device tree compiler (dtc).
 */
#pragma once

#include <stddef.h>

#include "sim/manifest_report.h"

/*
 * Read the blob of a .dtb or .dts file (told apart by their content). Negative errno, with a sentence in
 * *report. The caller frees *ret_dtb.
 */
int manifest_file_read(const char *path, struct manifest_report *report, void **ret_dtb, size_t *ret_size);
