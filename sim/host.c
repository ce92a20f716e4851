/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/host.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"

#define NS_PER_US 1000u
#define NS_PER_S 1000000000u
#define US_PER_S 1000000u

/* RAM: a mapping of a memfd. */
struct range {
	uint64_t base, size;
	void *map;
	dev_t device; /* the memfd's identity */
	ino_t inode;
};

struct claim {
	enum sim_memory_kind kind;
	uint64_t base, size;
};

struct window {
	uint64_t base, end;
	uint64_t cursor; /* where the search for a place goes on, so that addresses are not reused at once */
};

struct host {
	struct sim_host interface;
	pthread_mutex_t lock; /* the core's; also guards everything below but the delays */

	size_t range_count; /* sorted by base */
	struct range ranges[HOST_RANGES_MAX];
	uint64_t pages;
	size_t claim_count;
	struct claim *claims;
	struct window low, high;

	pthread_mutex_t delay_lock;
	pthread_cond_t delay_end;
	bool stopping;
};

static void host_lock(void *ctx)
{
	pthread_mutex_lock(&((struct host *)ctx)->lock);
}

static void host_unlock(void *ctx)
{
	pthread_mutex_unlock(&((struct host *)ctx)->lock);
}

/* Index of the first range that ends behind `pa`. */
static size_t find_range(const struct host *host, uint64_t pa)
{
	size_t low = 0, high = host->range_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (host->ranges[middle].base + host->ranges[middle].size <= pa)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void *host_memory(void *ctx, uint64_t pa, uint64_t size)
{
	const struct host *host = ctx;
	size_t index = find_range(host, pa);
	const struct range *range;

	if (index == host->range_count || size == 0)
		return NULL;
	range = &host->ranges[index];
	if (pa < range->base || size > range->size - (pa - range->base))
		return NULL;
	return (uint8_t *)range->map + (pa - range->base);
}

static enum sim_memory_kind host_memory_kind(void *ctx, uint64_t pa, uint64_t size)
{
	const struct host *host = ctx;
	uint64_t end, covered = pa;

	if (size == 0 || __builtin_add_overflow(pa, size, &end))
		return SIM_MEMORY_NONE;
	for (size_t i = find_range(host, pa); i < host->range_count && host->ranges[i].base <= covered; i++) {
		covered = host->ranges[i].base + host->ranges[i].size;
		if (covered >= end)
			return SIM_MEMORY_NS_RAM;
	}
	for (size_t i = 0; i < host->claim_count; i++) {
		const struct claim *claim = &host->claims[i];

		if (claim->base <= pa && end <= claim->base + claim->size)
			return claim->kind;
	}
	return SIM_MEMORY_NONE;
}

static void host_delay(void *ctx, unsigned int cpu, uint64_t us)
{
	struct host *host = ctx;
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)(us / US_PER_S);
	end.tv_nsec += (long)(us % US_PER_S * NS_PER_US);
	if (end.tv_nsec >= (long)NS_PER_S) {
		end.tv_nsec -= (long)NS_PER_S;
		end.tv_sec++;
	}

	MUTEX_GUARD(&host->delay_lock);
	while (!host->stopping) {
		if (us == SIM_DELAY_FOREVER)
			pthread_cond_wait(&host->delay_end, &host->delay_lock);
		else if (pthread_cond_timedwait(&host->delay_end, &host->delay_lock, &end) == ETIMEDOUT)
			return;
	}
}

int host_new(struct host **ret_host)
{
	struct host *host = calloc(1, sizeof(*host));
	pthread_mutexattr_t mutex_attributes;
	pthread_condattr_t cond_attributes;

	if (!host)
		return -ENOMEM;
	host->interface = (struct sim_host) {
		.ctx = host,
		.lock = host_lock,
		.unlock = host_unlock,
		.memory_kind = host_memory_kind,
		.memory = host_memory,
		.delay = host_delay,
	};
	host->low = (struct window) { HOST_LOW_BASE, HOST_LOW_END, HOST_LOW_BASE };
	host->high = (struct window) { HOST_HIGH_BASE, HOST_HIGH_END, HOST_HIGH_BASE };

	/* Held for well under a microsecond: spinning a little beats sleeping. */
	pthread_mutexattr_init(&mutex_attributes);
	pthread_mutexattr_settype(&mutex_attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(&host->lock, &mutex_attributes);
	pthread_mutexattr_destroy(&mutex_attributes);

	pthread_mutex_init(&host->delay_lock, NULL);
	pthread_condattr_init(&cond_attributes);
	pthread_condattr_setclock(&cond_attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&host->delay_end, &cond_attributes);
	pthread_condattr_destroy(&cond_attributes);
	*ret_host = host;
	return 0;
}

struct host *host_free(struct host *host)
{
	if (!host)
		return NULL;
	for (size_t i = 0; i < host->range_count; i++)
		munmap(host->ranges[i].map, host->ranges[i].size);
	free(host->claims);
	pthread_cond_destroy(&host->delay_end);
	pthread_mutex_destroy(&host->delay_lock);
	pthread_mutex_destroy(&host->lock);
	free(host);
	return NULL;
}

const struct sim_host *host_interface(struct host *host)
{
	return &host->interface;
}

void host_stop(struct host *host)
{
	MUTEX_GUARD(&host->delay_lock);
	host->stopping = true;
	pthread_cond_broadcast(&host->delay_end);
}

int host_claim(struct host *host, enum sim_memory_kind kind, uint64_t base, uint64_t size)
{
	struct claim *claims;
	size_t index;

	MUTEX_GUARD(&host->lock);
	index = find_range(host, base);
	if (index < host->range_count && host->ranges[index].base < base + size)
		return -EEXIST;
	claims = reallocarray(host->claims, host->claim_count + 1, sizeof(*claims));
	if (!claims)
		return -ENOMEM;
	claims[host->claim_count++] = (struct claim) { kind, base, size };
	host->claims = claims;
	return 0;
}

void host_unclaim(struct host *host, uint64_t base, uint64_t size)
{
	MUTEX_GUARD(&host->lock);
	for (size_t i = host->claim_count; i > 0; i--) {
		if (host->claims[i - 1].base != base || host->claims[i - 1].size != size)
			continue;
		host->claims[i - 1] = host->claims[--host->claim_count];
		return;
	}
}

int host_memfd(size_t pages, int *ret_fd)
{
	_cleanup_close_ int fd = -1;

	if (pages == 0 || pages > HOST_PAGES_MAX)
		return -EINVAL;
	fd = memfd_create("ffa-pages", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || ftruncate(fd, (off_t)(pages * HOST_PAGE_SIZE)) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	*ret_fd = take_fd(&fd);
	return 0;
}

/* The end of something that [base, base + size) would overlap; 0 when the place is free. */
static uint64_t find_obstacle(const struct host *host, uint64_t base, uint64_t size)
{
	size_t index = find_range(host, base);

	if (index < host->range_count && host->ranges[index].base < base + size)
		return host->ranges[index].base + host->ranges[index].size;
	for (size_t i = 0; i < host->claim_count; i++) {
		const struct claim *claim = &host->claims[i];

		if (claim->base < base + size && base < claim->base + claim->size)
			return claim->base + claim->size;
	}
	return 0;
}

static int search(const struct host *host, uint64_t from, uint64_t end, uint64_t size, uint64_t *ret_base)
{
	uint64_t base = from, obstacle;

	while (size <= end && base <= end - size) {
		obstacle = find_obstacle(host, base, size);
		if (obstacle == 0) {
			*ret_base = base;
			return 0;
		}
		base = obstacle;
	}
	return -ENOSPC;
}

static int find_place(const struct host *host, struct window *window, uint64_t size, uint64_t *ret_base)
{
	if (search(host, window->cursor, window->end, size, ret_base) < 0 &&
	    search(host, window->base, window->end, size, ret_base) < 0)
		return -ENOSPC;
	window->cursor = *ret_base + size;
	return 0;
}

static void cleanup_map(struct range *range)
{
	if (range->map != MAP_FAILED)
		munmap(range->map, range->size);
}

int host_plug(struct host *host, int fd, size_t pages, uint64_t *ret_pa, void **ret_map)
{
	_cleanup_(cleanup_map) struct range range = { .map = MAP_FAILED };
	const int required = F_SEAL_SHRINK | F_SEAL_GROW;
	struct stat st;
	size_t index;
	int seals;

	seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0 || (seals & required) != required || (seals & F_SEAL_WRITE) || fstat(fd, &st) < 0 ||
	    pages == 0 || pages > HOST_PAGES_MAX || (uint64_t)st.st_size != (uint64_t)pages * HOST_PAGE_SIZE)
		return -EINVAL;
	range.size = (uint64_t)st.st_size;
	range.device = st.st_dev;
	range.inode = st.st_ino;
	range.map = mmap(NULL, range.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (range.map == MAP_FAILED)
		return -errno;

	MUTEX_GUARD(&host->lock);
	for (size_t i = 0; i < host->range_count; i++) {
		if (host->ranges[i].device != range.device || host->ranges[i].inode != range.inode)
			continue;
		*ret_pa = host->ranges[i].base;
		*ret_map = host->ranges[i].map;
		return 0;
	}
	if (host->range_count == HOST_RANGES_MAX || pages > HOST_PAGES_MAX - host->pages)
		return -ENOSPC;
	if ((pages > HOST_LOW_PAGES_MAX || find_place(host, &host->low, range.size, &range.base) < 0) &&
	    find_place(host, &host->high, range.size, &range.base) < 0)
		return -ENOSPC;
	index = find_range(host, range.base);
	memmove(&host->ranges[index + 1], &host->ranges[index],
		(host->range_count - index) * sizeof(host->ranges[0]));
	host->ranges[index] = range;
	host->range_count++;
	host->pages += pages;
	*ret_pa = range.base;
	*ret_map = range.map;
	range.map = MAP_FAILED;
	return 0;
}

int host_unplug(struct host *host, uint64_t pa, size_t pages)
{
	struct range *range;
	size_t index;

	MUTEX_GUARD(&host->lock);
	index = find_range(host, pa);
	if (index == host->range_count)
		return -ENOENT;
	range = &host->ranges[index];
	if (range->base != pa || range->size != (uint64_t)pages * HOST_PAGE_SIZE)
		return -ENOENT;
	munmap(range->map, range->size);
	host->range_count--;
	host->pages -= pages;
	memmove(range, range + 1, (host->range_count - index) * sizeof(*range));
	return 0;
}

void host_usage(struct host *host, size_t *ret_ranges, uint64_t *ret_pages)
{
	MUTEX_GUARD(&host->lock);
	*ret_ranges = host->range_count;
	*ret_pages = host->pages;
}
