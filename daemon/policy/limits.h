/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every limit of ffad: name in ffad.conf [limits], default, smallest and largest value that is accepted.
 * LIMIT(field, "name", default, min, max, "what it bounds")
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define LIMITS(LIMIT)                                                                                        \
	LIMIT(sessions, "sessions", 4096, 1, 65536, "sessions at once")                                      \
	LIMIT(sessions_per_user, "sessions-per-user", 2048, 1, 65536, "sessions of one user at once")        \
	LIMIT(in_flight_per_session, "in-flight-per-session", 256, 1, 4096,                                  \
	      "requests of one session under way")                                                           \
	LIMIT(in_flight_per_user, "in-flight-per-user", 8192, 1, 1048576,                                    \
	      "requests of one user waiting or parked")                                                      \
	LIMIT(output_bytes_per_session, "output-bytes-per-session", 256 * 1024, 65536, 64 * 1024 * 1024,     \
	      "unread reply bytes of one session before it is closed")                                       \
	LIMIT(hello_ms, "hello-timeout-ms", 5000, 100, 600000,                                               \
	      "time a new session has for its first request")                                                \
	LIMIT(partial_frame_ms, "partial-frame-timeout-ms", 5000, 100, 600000,                               \
	      "time the rest of a frame may take")                                                           \
	LIMIT(frames_per_wake, "frames-per-wake", 128, 1, 4096,                                              \
	      "requests of one session served before others")                                                \
	LIMIT(call_deadline_ms, "call-deadline-ms", 30000, 1, 3600000,                                       \
	      "deadline of a request that names none")                                                       \
	LIMIT(stall_ms, "stall-ms", 10, 1, 60000, "time inside a call before other sessions move away")      \
	LIMIT(slow_call_us, "slow-call-us", 100, 1, 1000000,                                                 \
	      "call time from which a partition gets its own thread")                                        \
	LIMIT(lanes, "lanes", 64, 1, 1024, "threads for slow and yielding partitions")                       \
	LIMIT(spare_workers, "spare-workers", 16, 0, 256, "message threads started in place of stalled ones")

struct limits {
#define LIMIT_FIELD(field, name, def, min, max, text) uint32_t field;
	LIMITS(LIMIT_FIELD)
#undef LIMIT_FIELD
};

struct limit_info {
	const char *name, *description;
	uint32_t def, min, max;
	size_t offset; /* of the field in struct limits */
};

extern const struct limit_info limit_infos[];
extern const size_t limit_infos_count;

void limits_default(struct limits *ret_limits);
/* NULL: no limit has that name. */
const struct limit_info *limits_find(const char *name);
uint32_t limits_get(const struct limits *limits, const struct limit_info *info);
/* -ENOENT unknown name, -ERANGE value. */
int limits_set(struct limits *limits, const char *name, uint64_t value);
