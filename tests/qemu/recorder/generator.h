/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequences of calls by theme, the same for the same seed as long as the firmware answers the same. */
#pragma once

#include <stdint.h>

#include "recorder.h"

/*
 * Play and write sequence `number`, cleanup included. 1: go on, 0: the firmware cannot be cleaned, negative errno: the conduit
 * failed.
 */
int generator_play(struct recorder *recorder, uint64_t seed, unsigned int number);
