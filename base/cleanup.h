/* SPDX-License-Identifier: BSD-3-Clause */
/* Cleanup attributes: what a scope owns is given back when the scope ends. */
#pragma once

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

/* Never retried on EINTR: Linux has released the descriptor by then. */
static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_unlock(pthread_mutex_t **mutex)
{
	if (*mutex)
		pthread_mutex_unlock(*mutex);
}

#define _cleanup_free_ _cleanup_(cleanup_free)
#define _cleanup_close_ _cleanup_(cleanup_close)
#define _cleanup_fclose_ _cleanup_(cleanup_fclose)

/* Hold a mutex until the scope ends. */
#define MUTEX_GUARD_NAME_(line) mutex_guard_##line
#define MUTEX_GUARD_NAME(line) MUTEX_GUARD_NAME_(line)
#define MUTEX_GUARD(mutex)                                                                                   \
	_cleanup_(cleanup_unlock) pthread_mutex_t *MUTEX_GUARD_NAME(__LINE__) = (mutex);                     \
	pthread_mutex_lock(MUTEX_GUARD_NAME(__LINE__))

/* Hand a descriptor over: the scope no longer closes it. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/* Hand a pointer over: the scope no longer frees it. */
#define take_ptr(pointer)                                                                                    \
	({                                                                                                   \
		__typeof__(pointer) *take_from_ = &(pointer);                                                \
		__typeof__(pointer) taken_ = *take_from_;                                                    \
		*take_from_ = NULL;                                                                          \
		taken_;                                                                                      \
	})
