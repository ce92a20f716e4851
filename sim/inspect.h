/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a simulated machine looks like from outside, as text: a line for each thing, its kind first, then
 * "name=value" pairs; the values have no blanks but for quoted names. For tests and for people.
 */
#pragma once

#include <stdio.h>

#include "sim/machine.h"

void inspect_write(struct machine *machine, FILE *file);
/* The part that says what the manifests ask for: partitions, UUIDs, regions. */
void inspect_write_manifests(const struct manifest_set *set, FILE *file);
