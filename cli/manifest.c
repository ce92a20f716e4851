/* SPDX-License-Identifier: BSD-3-Clause */
#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "file.h"

extern char **environ;

static bool is_flattened(const uint8_t *data, size_t size)
{
	static const uint8_t magic[] = { 0xd0, 0x0d, 0xfe, 0xed };

	return size >= sizeof(magic) && memcmp(data, magic, sizeof(magic)) == 0;
}

static enum cli_exit read_failed(const struct cli *cli, const char *path, int result)
{
	if (result == -EFBIG)
		cli_error(cli, "%s: larger than a manifest may be (%d bytes)", path, MANIFEST_SIZE_MAX);
	else
		cli_error(cli, "cannot read %s: %s", path, strerror(-result));
	cli_hint("FILE is an FF-A partition manifest, a .dts or .dtb file, or - for stdin");
	return CLI_LOCAL;
}

/* A file in memory with these contents, at its beginning. */
static int make_memory_file(const uint8_t *data, size_t size, int *ret_fd)
{
	_cleanup_close_ int fd = memfd_create("ffa-cli-manifest", MFD_CLOEXEC);
	char path[sizeof("/proc/self/fd/2147483647")];
	int result;

	if (fd < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	result = size ? file_write(path, data, size) : 0;
	if (result < 0)
		return result;
	*ret_fd = take_fd(&fd);
	return 0;
}

/* Start dtc with `input` as stdin and `output` as stdout. Returns 0 or a negative errno. */
static int spawn_dtc(const char *path, int input, int output, pid_t *ret_pid)
{
	const char *arguments[] = { "dtc", "-q", "-I", "dts", "-O", "dtb", "-o", "-", "--", path, NULL };
	posix_spawn_file_actions_t actions;
	int result = posix_spawn_file_actions_init(&actions);

	if (result)
		return -result;
	result = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (result == 0)
		result = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (result == 0)
		result = posix_spawnp(ret_pid, "dtc", &actions, NULL, (char *const *)arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -result;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EBADMSG;
}

/* Source that came by name is compiled by name: dtc finds what it includes beside it. */
static int compile(const char *path, const uint8_t *source, size_t source_size, uint8_t **ret_dtb,
		   size_t *ret_size)
{
	_cleanup_close_ int input = -1, output = -1;
	pid_t pid;
	int result = make_memory_file(source, source_size, &input);

	if (result == 0)
		result = make_memory_file(NULL, 0, &output);
	if (result == 0)
		result = spawn_dtc(path, input, output, &pid);
	if (result == 0)
		result = wait_for(pid);
	if (result < 0)
		return result;
	if (lseek(output, 0, SEEK_SET) < 0)
		return -errno;
	return file_read_fd(output, MANIFEST_SIZE_MAX, ret_dtb, ret_size);
}

static enum cli_exit compile_failed(const struct cli *cli, const char *path, int result)
{
	if (result == -ENOENT) {
		cli_error(cli, "%s is device tree source, and there is no dtc to compile it", path);
		cli_hint("install device-tree-compiler, or give a compiled manifest (.dtb)");
	} else if (result == -EBADMSG) {
		cli_error(cli, "%s: dtc cannot compile it", path);
		cli_hint("correct what dtc has named above");
	} else {
		cli_error(cli, "%s: cannot run dtc: %s", path, strerror(-result));
		cli_hint("give a compiled manifest (.dtb)");
	}
	return CLI_LOCAL;
}

enum cli_exit manifest_read(const struct cli *cli, const char *path, uint8_t **ret_dtb, size_t *ret_size)
{
	_cleanup_free_ uint8_t *data = NULL;
	size_t size;
	int result = file_read(path, MANIFEST_SIZE_MAX, &data, &size);

	if (result < 0)
		return read_failed(cli, path, result);
	if (is_flattened(data, size)) {
		*ret_dtb = take_ptr(data);
		*ret_size = size;
		return CLI_OK;
	}
	result = compile(path, data, size, ret_dtb, ret_size);
	return result < 0 ? compile_failed(cli, path, result) : CLI_OK;
}
