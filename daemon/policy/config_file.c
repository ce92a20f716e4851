/* SPDX-License-Identifier: BSD-3-Clause */
#include "config_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "reason.h"

/* O_NONBLOCK: a FIFO in place of the file must not hold the daemon up. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

static int check_trusted(const struct stat *st, char **ret_reason)
{
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return reason_set(ret_reason, -EPERM, "it belongs to uid %u: give it to root (chown root)",
				  st->st_uid);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return reason_set(ret_reason, -EPERM,
				  "others may write it (mode %04o): take that away (chmod go-w)",
				  st->st_mode & 07777);
	return 0;
}

static int open_failed(int error, char **ret_reason)
{
	if (error == ELOOP)
		return reason_set(ret_reason, -ELOOP, "it is a symbolic link: put the file itself there");
	return reason_set(ret_reason, -error, "it cannot be opened: %s; correct that or remove it",
			  strerror(error));
}

int config_file_read(int dir_fd, const char *name, char **ret_text, char **ret_reason)
{
	_cleanup_close_ int fd = openat(dir_fd, name, OPEN_FLAGS);
	_cleanup_free_ char *text = NULL;
	size_t used = 0;
	struct stat st;
	int r;

	if (fd < 0)
		return open_failed(errno, ret_reason);
	if (fstat(fd, &st) < 0)
		return open_failed(errno, ret_reason);
	if (!S_ISREG(st.st_mode))
		return reason_set(ret_reason, S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL,
				  "it is not a regular file: put one there");
	r = check_trusted(&st, ret_reason);
	if (r < 0)
		return r;
	text = malloc(CONFIG_FILE_MAX + 1);
	if (!text)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, text + used, CONFIG_FILE_MAX + 1 - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return reason_set(ret_reason, -errno,
					  "it cannot be read: %s; mend the disk or the file",
					  strerror(errno));
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > CONFIG_FILE_MAX)
			return reason_set(
				ret_reason, -EFBIG,
				"it is larger than %d bytes: split it or remove what is no configuration",
				CONFIG_FILE_MAX);
	}
	if (memchr(text, '\0', used))
		return reason_set(ret_reason, -EINVAL, "it contains NUL bytes: write it as plain text");
	text[used] = '\0';
	*ret_text = take_ptr(text);
	return 0;
}

void config_names_clear(struct config_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->names[i]);
	free(names->names);
	if (names->dir_fd >= 0)
		close(names->dir_fd);
	*names = (struct config_names) { .dir_fd = -1 };
}

static int is_drop_in(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '.' && length > strlen(".conf") &&
	       strcmp(entry->d_name + length - strlen(".conf"), ".conf") == 0;
}

/* By bytes: the order must not depend on the locale. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int take_names(struct dirent **entries, int count, struct config_names *names)
{
	int r = 0;

	names->names = calloc((size_t)count + 1, sizeof(*names->names));
	if (!names->names)
		r = -ENOMEM;
	for (int i = 0; i < count; i++) {
		if (r == 0) {
			names->names[i] = strdup(entries[i]->d_name);
			if (names->names[i])
				names->count++;
			else
				r = -ENOMEM;
		}
		free(entries[i]);
	}
	free(entries);
	return r;
}

int config_names_list(const char *path, struct config_names *ret_names, char **ret_reason)
{
	_cleanup_(config_names_clear) struct config_names names = { .dir_fd = -1 };
	struct dirent **entries;
	struct stat st;
	int count, r;

	names.dir_fd = open(path, OPEN_FLAGS | O_DIRECTORY);
	if (names.dir_fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (names.dir_fd < 0 && errno == ENOTDIR)
		return reason_set(ret_reason, -ENOTDIR, "it is no directory: make it one, or remove it");
	if (names.dir_fd < 0 || fstat(names.dir_fd, &st) < 0)
		return open_failed(errno, ret_reason);
	r = check_trusted(&st, ret_reason);
	if (r < 0)
		return r;
	count = scandirat(names.dir_fd, ".", &entries, is_drop_in, compare_names);
	if (count < 0)
		return open_failed(errno, ret_reason);
	r = take_names(entries, count, &names);
	if (r < 0)
		return r;
	*ret_names = names;
	names = (struct config_names) { .dir_fd = -1 };
	return 0;
}
