/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading of files that decide what ffad grants: no symbolic links, owned by root or by the user who runs
 * ffad, writable by nobody else, of a sane size. What is checked is what is read: the open file, not its
 * path.
 */
#pragma once

#include <stddef.h>

#define CONFIG_FILE_MAX (1024 * 1024) /* bytes */

/*
 * The text of file `name`, relative to `dir_fd` (AT_FDCWD or a directory), NUL-terminated; free() it. It
 * holds no NUL within. Negative errno and a sentence to free() in *ret_reason, without the file's name;
 * -ENOENT when there is no such file.
 */
int config_file_read(int dir_fd, const char *name, char **ret_text, char **ret_reason);

/* The names of the directory's *.conf files, sorted by bytes. */
struct config_names {
	int dir_fd;
	char **names;
	size_t count;
};

/* Close and free what the list holds. */
void config_names_clear(struct config_names *names);
/*
 * List the drop-in folder `path`. -ENOENT without reason when there is none, else as config_file_read().
 * config_names_clear() *ret_names.
 */
int config_names_list(const char *path, struct config_names *ret_names, char **ret_reason);
