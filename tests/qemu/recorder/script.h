/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequences from a file: the lines SEQ, CASE, TX, FILL, RAW, CALL and CLEANUP of a recording; its other lines are skipped. */
#pragma once

#include "recorder.h"

/*
 * Play a file; each sequence is cleaned as generated ones are, whatever its own cleanup is. 1: done, 0: the firmware cannot be
 * cleaned, negative errno: the file (said on stderr) or the conduit failed.
 */
int script_play(struct recorder *recorder, const char *path);
