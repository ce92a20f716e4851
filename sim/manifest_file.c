/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/manifest_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libfdt.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "sim/manifest.h"

#define COMPILER "dtc"
#define COMPILER_MESSAGE_SIZE 512

static void cleanup_actions(posix_spawn_file_actions_t *actions)
{
	posix_spawn_file_actions_destroy(actions);
}

static void cleanup_attributes(posix_spawnattr_t *attributes)
{
	posix_spawnattr_destroy(attributes);
}

/* All bytes from the start on, into memory that the caller frees. */
static int read_all(int fd, size_t size, void **ret_data)
{
	_cleanup_free_ uint8_t *data = malloc(size > 0 ? size : 1);
	size_t done = 0;

	if (!data)
		return -ENOMEM;
	while (done < size) {
		ssize_t n = pread(fd, data + done, size - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO;
		done += (size_t)n;
	}
	*ret_data = take_ptr(data);
	return 0;
}

/* A size that can be a manifest's. */
static int file_size(const char *path, int fd, struct manifest_report *report, size_t *ret_size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return manifest_report_refuse(report, path, NULL, NULL,
					      "is no regular file; name a .dts or .dtb file");
	if (st.st_size > (off_t)MANIFEST_SIZE_MAX)
		return manifest_report_refuse(report, path, NULL, NULL,
					      "has %lld bytes; a manifest of more than %u is not read",
					      (long long)st.st_size, MANIFEST_SIZE_MAX);
	*ret_size = (size_t)st.st_size;
	return 0;
}

static int spawn_compiler(const char *path, int out_fd, int error_fd, pid_t *ret_pid)
{
	char *const argv[] = { (char[]) { COMPILER }, (char[]) { "-I" },  (char[]) { "dts" },
			       (char[]) { "-O" },     (char[]) { "dtb" }, (char[]) { "-q" },
			       (char[]) { "--" },     (char *)path,       NULL };
	_cleanup_(cleanup_actions) posix_spawn_file_actions_t actions;
	_cleanup_(cleanup_attributes) posix_spawnattr_t attributes;
	sigset_t none, ignored;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&actions, error_fd, STDERR_FILENO);
	if (!error)
		error = posix_spawnattr_setsigmask(&attributes, &none);
	if (!error)
		error = posix_spawnattr_setsigdefault(&attributes, &ignored);
	if (!error)
		error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (!error)
		error = posix_spawnp(ret_pid, COMPILER, &actions, &attributes, argv, environ);
	return -error;
}

/* What the compiler said, in one line. */
static void read_message(int fd, char ret_message[static COMPILER_MESSAGE_SIZE])
{
	ssize_t n = pread(fd, ret_message, COMPILER_MESSAGE_SIZE - 1, 0);

	if (n < 0)
		n = 0;
	while (n > 0 && ret_message[n - 1] == '\n')
		n--;
	ret_message[n] = '\0';
	for (char *p = ret_message; *p; p++)
		if (*p == '\n')
			*p = ' ';
}

static int compile(const char *path, struct manifest_report *report, void **ret_dtb, size_t *ret_size)
{
	_cleanup_close_ int out_fd = memfd_create("manifest.dtb", MFD_CLOEXEC);
	_cleanup_close_ int error_fd = memfd_create("manifest.messages", MFD_CLOEXEC);
	char message[COMPILER_MESSAGE_SIZE];
	int error, status;
	size_t size = 0;
	pid_t pid;

	if (out_fd < 0 || error_fd < 0)
		return -errno;
	error = spawn_compiler(path, out_fd, error_fd, &pid);
	if (error == -ENOENT)
		return manifest_report_refuse(
			report, path, NULL, NULL,
			"is a source and " COMPILER
			" is not installed; install device-tree-compiler, or compile it "
			"elsewhere and name the .dtb");
	if (error < 0)
		return error;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		read_message(error_fd, message);
		return manifest_report_refuse(report, path, NULL, NULL,
					      "does not compile; correct what " COMPILER " says: %s",
					      message[0] ? message : "(nothing)");
	}
	error = file_size(path, out_fd, report, &size);
	if (error < 0)
		return error;
	error = read_all(out_fd, size, ret_dtb);
	if (error == 0)
		*ret_size = size;
	return error;
}

int manifest_file_read(const char *path, struct manifest_report *report, void **ret_dtb, size_t *ret_size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	_cleanup_free_ void *data = NULL;
	fdt32_t magic;
	size_t size;
	int error;

	if (fd < 0) {
		error = -errno;
		manifest_report_refuse(report, path, NULL, NULL,
				       "cannot be opened: %s; check path and permissions", strerror(-error));
		return error;
	}
	error = file_size(path, fd, report, &size);
	if (error < 0)
		return error;
	error = read_all(fd, size, &data);
	if (error < 0)
		return error;
	if (size >= sizeof(magic)) {
		memcpy(&magic, data, sizeof(magic));
		if (fdt32_to_cpu(magic) == FDT_MAGIC) {
			*ret_dtb = take_ptr(data);
			*ret_size = size;
			return 0;
		}
	}
	return compile(path, report, ret_dtb, ret_size);
}
