/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The FF-A devices of this machine's kernel: one for each UUID of each partition that its own driver (arm_ffa) has found,
 * and which driver, if any, has claimed it. Read from sysfs, which is the kernel's but may be anything in a container: what
 * cannot be understood is left out.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/uuid.h"

#define CLAIMS_FOLDER "/sys/bus/arm_ffa/devices"
#define CLAIMS_MAX 512 /* devices that are believed */
#define CLAIM_DRIVER_SIZE 64

/* One device. */
struct claim {
	uint16_t id;                    /* its partition */
	struct ffa_uuid uuid;           /* nil: not told, the device is the whole partition */
	char driver[CLAIM_DRIVER_SIZE]; /* printable; "": no driver has claimed it */
};

struct claims {
	size_t count;
	struct claim *items; /* owned; sorted by id, UUID and driver */
};

/*
 * Read all devices in `folder`. A folder that is not there has none. Any thread. Negative errno (-ENOMEM, or what opening
 * the folder gave) with nothing set.
 */
int claims_read(const char *folder, struct claims *ret_claims);
/* Free the list; it is empty afterwards. */
void claims_clear(struct claims *claims);

/*
 * The claim on one service of a partition, NULL: nobody's. `uuid` nil: on any of them. A device without UUID is about all
 * services, and so is one whose UUID the partition does not offer (`uuids`, `uuid_count`): better one refusal too many.
 */
const struct claim *claims_find(const struct claims *claims, uint16_t id, const struct ffa_uuid *uuid,
				const struct ffa_uuid *uuids, size_t uuid_count);
