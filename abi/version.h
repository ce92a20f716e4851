/* SPDX-License-Identifier: BSD-3-Clause */
/* FF-A version numbers as FFA_VERSION carries them: [30:16] major, [15:0] minor, bit 31 zero. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define FFA_VERSION_MAKE(major, minor) ((uint32_t)(major) << 16 | (uint32_t)(minor))
#define FFA_VERSION_1_0 FFA_VERSION_MAKE(1, 0)
#define FFA_VERSION_1_1 FFA_VERSION_MAKE(1, 1)
#define FFA_VERSION_1_2 FFA_VERSION_MAKE(1, 2)
#define FFA_VERSION_1_3 FFA_VERSION_MAKE(1, 3)
#define FFA_VERSION_MBZ (UINT32_C(1) << 31)

static inline uint16_t ffa_version_major(uint32_t version)
{
	return (version >> 16) & 0x7fff;
}

static inline uint16_t ffa_version_minor(uint32_t version)
{
	return version & 0xffff;
}
