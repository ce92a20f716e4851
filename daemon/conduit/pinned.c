/* SPDX-License-Identifier: BSD-3-Clause */
#include "daemon/conduit/pinned.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/conduit/backend.h"

#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_FRAME ((UINT64_C(1) << 55) - 1)
#define POOL_UNITS 64

int pinned_open(struct pinned *ret_pinned, char **ret_reason)
{
	_cleanup_close_ int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (pagemap < 0)
		return conduit_fail(-errno, ret_reason,
				    "/proc/self/pagemap: %s; start ffad as root: it drops its "
				    "privileges by itself",
				    strerror(errno));
	*ret_pinned = (struct pinned) {
		.udmabuf_fd = open("/dev/udmabuf", O_RDWR | O_CLOEXEC),
		.pagemap_fd = take_fd(&pagemap),
	};
	return 0;
}

void pinned_close(struct pinned *pinned)
{
	if (pinned->udmabuf_fd >= 0)
		close(take_fd(&pinned->udmabuf_fd));
	if (pinned->pagemap_fd >= 0)
		close(take_fd(&pinned->pagemap_fd));
}

/* One kernel page of the memfd. */
struct unit {
	uint64_t frame; /* physical address */
	size_t index;   /* in the memfd */
};

/* A mapping that ends with its scope. */
struct mapping {
	void *map;
	size_t size;
};

static void cleanup_mapping(struct mapping *mapping)
{
	if (mapping->map)
		munmap(mapping->map, mapping->size);
}

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* Where a populated page of ours lies. */
static int read_frame(const struct pinned *pinned, const void *address, uint64_t *ret_frame)
{
	uint64_t entry;
	off_t offset = (off_t)((uintptr_t)address / page_size() * sizeof(entry));

	if (pread(pinned->pagemap_fd, &entry, sizeof(entry), offset) != sizeof(entry))
		return -EIO;
	/* Frame zero: the kernel hides them from us. */
	if (!(entry & PAGEMAP_PRESENT) || (entry & PAGEMAP_FRAME) == 0)
		return -EPERM;
	*ret_frame = (entry & PAGEMAP_FRAME) * page_size();
	return 0;
}

static int make_memfd(size_t size)
{
	_cleanup_close_ int fd = memfd_create("ffad-pages", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, (off_t)size) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0)
		return -errno;
	return take_fd(&fd);
}

static int compare_units(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;

	return x->frame < y->frame ? -1 : x->frame > y->frame;
}

static bool is_run(const struct unit *units, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (units[i].frame != units[0].frame + i * page_size())
			return false;
	return true;
}

/* First of `count` units, sorted by frame, that lie one behind the other; aligned to their size if that can be. */
static size_t find_run(const struct unit *units, size_t pool, size_t count)
{
	size_t any = 0;

	for (size_t i = pool - count + 1; i-- > 0;) {
		if (!is_run(units + i, count))
			continue;
		any = i;
		if (units[i].frame % (count * page_size()) == 0)
			return i;
	}
	return any;
}

/* Populate the memfd and sort its pages by where they are. */
static int sort_pool(const struct pinned *pinned, int memfd, size_t pool, struct unit *units)
{
	_cleanup_(cleanup_mapping) struct mapping mapping = { .size = pool * page_size() };
	void *map = mmap(NULL, mapping.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, memfd, 0);
	int r;

	if (map == MAP_FAILED)
		return -errno;
	mapping.map = map;
	for (size_t i = 0; i < pool; i++) {
		units[i].index = i;
		r = read_frame(pinned, (char *)map + i * page_size(), &units[i].frame);
		if (r < 0)
			return r;
	}
	qsort(units, pool, sizeof(*units), compare_units);
	return 0;
}

/* A dma-buf of these pages in this order. From here on they stay where they are. */
static int make_dmabuf(const struct pinned *pinned, int memfd, const struct unit *units, size_t count)
{
	_cleanup_free_ struct udmabuf_create_list *list =
		calloc(1, sizeof(*list) + count * sizeof(struct udmabuf_create_item));
	int fd;

	if (!list)
		return -ENOMEM;
	list->flags = UDMABUF_FLAGS_CLOEXEC;
	for (size_t i = 0; i < count; i++) {
		struct udmabuf_create_item *last = list->count ? &list->list[list->count - 1] : NULL;

		if (last && last->offset + last->size == units[i].index * page_size())
			last->size += page_size();
		else
			list->list[list->count++] = (struct udmabuf_create_item) {
				.memfd = (unsigned int)memfd,
				.offset = units[i].index * page_size(),
				.size = page_size(),
			};
	}
	fd = ioctl(pinned->udmabuf_fd, UDMABUF_CREATE_LIST, list);
	return fd < 0 ? -errno : fd;
}

/* Map the chosen pages in their order, and give the others back. */
static int map_units(int memfd, const struct unit *units, size_t pool, size_t first, size_t count,
		     void **ret_map)
{
	_cleanup_(cleanup_mapping) struct mapping mapping = { .size = count * page_size() };
	void *map = mmap(NULL, mapping.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return -errno;
	mapping.map = map;
	for (size_t i = 0; i < count; i++)
		if (mmap((char *)map + i * page_size(), page_size(), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED | MAP_POPULATE, memfd,
			 (off_t)(units[first + i].index * page_size())) == MAP_FAILED)
			return -errno;
	for (size_t i = 0; i < pool; i++)
		if (i < first || i >= first + count)
			(void)fallocate(memfd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
					(off_t)(units[i].index * page_size()), (off_t)page_size());
	mapping.map = NULL;
	*ret_map = map;
	return 0;
}

int pinned_alloc(struct pinned *pinned, size_t count, struct ffa_pages *ret_pages)
{
	size_t units_wanted = (count * FFA_PAGE_SIZE + page_size() - 1) / page_size();
	/* A few pages are chosen from more, so that they lie together where firmware wants that. */
	size_t pool = units_wanted <= POOL_UNITS ? units_wanted + POOL_UNITS : units_wanted;
	_cleanup_close_ int memfd = -1, dmabuf = -1;
	_cleanup_free_ struct unit *units = NULL;
	_cleanup_free_ uint64_t *frames = NULL;
	void *map;
	size_t first;
	int r;

	if (count == 0 || count > SIZE_MAX / FFA_PAGE_SIZE / 2)
		return -EINVAL;
	if (pinned->udmabuf_fd < 0)
		return -EOPNOTSUPP;
	memfd = make_memfd(pool * page_size());
	if (memfd < 0)
		return memfd;
	units = calloc(pool, sizeof(*units));
	frames = calloc(count, sizeof(*frames));
	if (!units || !frames)
		return -ENOMEM;
	r = sort_pool(pinned, memfd, pool, units);
	if (r < 0)
		return r;
	first = find_run(units, pool, units_wanted);
	dmabuf = make_dmabuf(pinned, memfd, units + first, units_wanted);
	if (dmabuf < 0)
		return dmabuf;
	r = map_units(memfd, units, pool, first, units_wanted, &map);
	/* Pinning may have moved pages, so what counts is read now. */
	for (size_t i = 0; r == 0 && i < count; i++) {
		r = read_frame(pinned, (char *)map + i * FFA_PAGE_SIZE, &frames[i]);
		frames[i] += i * FFA_PAGE_SIZE % page_size();
		if (r < 0)
			munmap(map, units_wanted * page_size());
	}
	if (r < 0)
		return r;
	*ret_pages = (struct ffa_pages) {
		.map = map, .count = count, .frames = take_ptr(frames), .fd = take_fd(&dmabuf)
	};
	return 0;
}

void pinned_free(struct ffa_pages *pages)
{
	if (!pages->frames)
		return;
	munmap(pages->map, (pages->count * FFA_PAGE_SIZE + page_size() - 1) / page_size() * page_size());
	close(pages->fd);
	free(pages->frames);
	*pages = (struct ffa_pages) { .fd = -1 };
}
