/* SPDX-License-Identifier: BSD-3-Clause */
/* What is measured of ffad: calls through libffa-client, as an application makes them. */
#pragma once

#include <stddef.h>

#include "ffa-client.h"
#include "stats.h"

#define CALLS_ECHO 0x8001
#define CALLS_DEPTH 64

/* A session, or the end of the benchmark. */
struct ffa_client *calls_connect(const char *socket);
/* `count` blocking calls one after another; the time of each in ns added to `samples`. */
void calls_ping(struct ffa_client *client, size_t count, struct samples *samples);
void calls_direct(struct ffa_client *client, size_t count, struct samples *samples);
/* `count` direct messages, CALLS_DEPTH of them under way at each time; ns for one. */
double calls_pipelined(struct ffa_client *client, size_t count);
/* The same without the library: CALLS_DEPTH frames in one write, and so many replies read; ns for one. */
double calls_pipelined_bare(const char *socket, size_t count);
