/* SPDX-License-Identifier: BSD-3-Clause */
/* Whole files, "-" being stdin or stdout. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Read all of a file: at most `max` bytes. *ret_data is the caller's to free. -EFBIG: there is more; else the
 * negative errno of open(2) or read(2), -ENOMEM.
 */
int file_read(const char *path, size_t max, uint8_t **ret_data, size_t *ret_size);
/* The same from a descriptor, which stays the caller's. */
int file_read_fd(int fd, size_t max, uint8_t **ret_data, size_t *ret_size);
/* Make or replace a file. Negative errno. */
int file_write(const char *path, const void *data, size_t size);
