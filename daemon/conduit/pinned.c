/* SPDX-License-Identifier: BSD-3-Clause */
#include "daemon/conduit/pinned.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/udmabuf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/conduit/backend.h"

#define PAGEMAP_PRESENT (UINT64_C(1) << 63)
#define PAGEMAP_FRAME ((UINT64_C(1) << 55) - 1)

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

/* Physical address of each FF-A page of a populated mapping. */
static int read_frames(const struct pinned *pinned, const void *map, size_t count, uint64_t *frames)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < count; i++) {
		uintptr_t address = (uintptr_t)map + i * FFA_PAGE_SIZE;
		uint64_t entry;

		if (pread(pinned->pagemap_fd, &entry, sizeof(entry),
			  (off_t)(address / page_size * sizeof(entry))) != sizeof(entry))
			return -EIO;
		/* Frame zero: the kernel hides them from us. */
		if (!(entry & PAGEMAP_PRESENT) || (entry & PAGEMAP_FRAME) == 0)
			return -EPERM;
		frames[i] = (entry & PAGEMAP_FRAME) * page_size + address % page_size;
	}
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

int pinned_alloc(struct pinned *pinned, size_t count, struct ffa_pages *ret_pages)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);
	size_t size = (count * FFA_PAGE_SIZE + page_size - 1) / page_size * page_size;
	_cleanup_close_ int memfd = -1, dmabuf = -1;
	_cleanup_free_ uint64_t *frames = NULL;
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = size };
	void *map;
	int r;

	if (count == 0 || count > SIZE_MAX / FFA_PAGE_SIZE / 2)
		return -EINVAL;
	if (pinned->udmabuf_fd < 0)
		return -EOPNOTSUPP;
	memfd = make_memfd(size);
	if (memfd < 0)
		return memfd;
	frames = calloc(count, sizeof(*frames));
	if (!frames)
		return -ENOMEM;
	/* Pinning may move pages, so frames are read afterwards. */
	create.memfd = (unsigned int)memfd;
	dmabuf = ioctl(pinned->udmabuf_fd, UDMABUF_CREATE, &create);
	if (dmabuf < 0)
		return -errno;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, memfd, 0);
	if (map == MAP_FAILED)
		return -errno;
	r = read_frames(pinned, map, count, frames);
	if (r < 0) {
		munmap(map, size);
		return r;
	}
	*ret_pages = (struct ffa_pages) {
		.map = map, .count = count, .frames = take_ptr(frames), .fd = take_fd(&dmabuf)
	};
	return 0;
}

void pinned_free(struct ffa_pages *pages)
{
	size_t page_size = (size_t)sysconf(_SC_PAGESIZE);

	if (!pages->frames)
		return;
	munmap(pages->map, (pages->count * FFA_PAGE_SIZE + page_size - 1) / page_size * page_size);
	close(pages->fd);
	free(pages->frames);
	*pages = (struct ffa_pages) { .fd = -1 };
}
