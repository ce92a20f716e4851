/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

#define FIRST_SIZE 4096

int file_read_fd(int fd, size_t max, uint8_t **ret_data, size_t *ret_size)
{
	_cleanup_free_ uint8_t *data = NULL;
	size_t size = 0, capacity = 0;

	for (;;) {
		ssize_t count;

		if (size == capacity) {
			size_t wanted = capacity ? capacity * 2 : FIRST_SIZE;
			uint8_t *grown = realloc(data, wanted);

			if (!grown)
				return -ENOMEM;
			data = grown;
			capacity = wanted;
		}
		count = read(fd, data + size, capacity - size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		if (count == 0)
			break;
		size += (size_t)count;
		if (size > max)
			return -EFBIG;
	}
	*ret_data = take_ptr(data);
	*ret_size = size;
	return 0;
}

int file_read(const char *path, size_t max, uint8_t **ret_data, size_t *ret_size)
{
	_cleanup_close_ int fd = -1;

	if (strcmp(path, "-") == 0)
		return file_read_fd(STDIN_FILENO, max, ret_data, ret_size);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return file_read_fd(fd, max, ret_data, ret_size);
}

static int write_all(int fd, const uint8_t *data, size_t size)
{
	while (size) {
		ssize_t count = write(fd, data, size);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -errno;
		data += count;
		size -= (size_t)count;
	}
	return 0;
}

int file_write(const char *path, const void *data, size_t size)
{
	int fd, result;

	if (strcmp(path, "-") == 0)
		return write_all(STDOUT_FILENO, data, size);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	result = write_all(fd, data, size);
	/* A file system may report a lost write only here. */
	if (close(fd) < 0 && result == 0)
		result = -errno;
	return result;
}
