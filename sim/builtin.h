/* SPDX-License-Identifier: BSD-3-Clause */
/* The built-in set of partitions: the manifests of sim/manifests, compiled into the library. */
#pragma once

#include <stddef.h>

struct builtin_manifest {
	const char *name; /* "echo.dts" */
	const unsigned char *dtb;
	size_t size;
};

extern const struct builtin_manifest builtin_manifests[];
extern const size_t builtin_manifests_count;
