/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* A file of eight bytes, where the preloaded library counts the allocations of the program. */
#define ALLOCATIONS_VARIABLE "FFAD_BENCH_ALLOCATIONS"
