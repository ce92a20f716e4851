/* SPDX-License-Identifier: BSD-3-Clause */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "stats.h"

#define ARGS_MAX 32
#define PATIENCE_MS 30000

static cpu_set_t first_set;
static bool first_set_known;

_Noreturn void process_fail(const char *format, ...)
{
	va_list args;

	fputs("bench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static void know_first_set(void)
{
	if (first_set_known)
		return;
	if (sched_getaffinity(0, sizeof(first_set), &first_set) < 0)
		process_fail("sched_getaffinity: %s", strerror(errno));
	first_set_known = true;
}

void process_pin(int cpu)
{
	cpu_set_t set;

	know_first_set();
	set = first_set;
	if (cpu >= 0) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
	}
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		process_fail("CPU %d: %s: choose another with --cpu", cpu, strerror(errno));
}

size_t process_cpus(int *ret_cpus, size_t size)
{
	size_t count = 0;

	know_first_set();
	for (int cpu = 0; cpu < CPU_SETSIZE && count < size; cpu++)
		if (CPU_ISSET(cpu, &first_set))
			ret_cpus[count++] = cpu;
	return count;
}

static int notify_socket(const struct process *process, char *ret_path, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", process->folder);
	snprintf(ret_path, size, "%s/notify", process->folder);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		process_fail("%s: %s", ret_path, strerror(errno));
	return fd;
}

static void wait_ready(const struct process *process, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char text[1024];
	ssize_t n;

	for (;;) {
		if (poll(&poll_fd, 1, PATIENCE_MS) != 1)
			process_fail("ffad does not get ready: see its messages above");
		n = recv(fd, text, sizeof(text) - 1, 0);
		if (n < 0)
			process_fail("NOTIFY_SOCKET: %s", strerror(errno));
		text[n] = '\0';
		if (strstr(text, "READY=1"))
			return;
	}
}

static _Noreturn void become(const struct process *process, const struct process_options *options,
			     const char *config, const char *notify)
{
	const char *argv[ARGS_MAX] = { options->program, "--config",    config, "--socket",
				       process->socket,  "--conduit",   "sim",  "--log",
				       "stderr",         "--log-level", "err",  NULL };
	size_t count = 11;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	process_pin(options->cpu);
	setenv("NOTIFY_SOCKET", notify, 1);
	if (options->preload)
		setenv("LD_PRELOAD", options->preload, 1);
	for (size_t i = 0; options->manifests && options->manifests[i] && count + 3 < ARGS_MAX; i++) {
		argv[count++] = "--sim-manifest";
		argv[count++] = options->manifests[i];
	}
	execv(argv[0], (char **)argv);
	fprintf(stderr, "bench: %s: %s: name ffad with --ffad\n", argv[0], strerror(errno));
	_exit(127);
}

void process_start(struct process *process, const struct process_options *options)
{
	_cleanup_close_ int fd = -1;
	char config[PROCESS_PATH_SIZE + 16], notify[PROCESS_PATH_SIZE + 16];
	uint64_t start_ns;
	int config_fd;

	*process = (struct process) { 0 };
	snprintf(process->folder, sizeof(process->folder), "/tmp/ffad-bench-XXXXXX");
	if (!mkdtemp(process->folder))
		process_fail("%s: %s", process->folder, strerror(errno));
	snprintf(process->socket, sizeof(process->socket), "%s/socket", process->folder);
	snprintf(config, sizeof(config), "%s/ffad.conf", process->folder);
	config_fd = open(config, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	/* The benchmark's user may do everything, root or not. */
	if (config_fd < 0 ||
	    dprintf(config_fd, "[rule bench]\nuser = %u\npartition = *\nallow = all\n", geteuid()) < 0)
		process_fail("%s: %s", config, strerror(errno));
	close(config_fd);
	fd = notify_socket(process, notify, sizeof(notify));
	start_ns = stats_now_ns();
	process->pid = fork();
	if (process->pid < 0)
		process_fail("fork: %s", strerror(errno));
	if (process->pid == 0)
		become(process, options, config, notify);
	wait_ready(process, fd);
	process->ready_ns = stats_now_ns() - start_ns;
}

static void remove_folder(const struct process *process)
{
	static const char *const names[] = { "notify", "ffad.conf", "socket", "socket.lock" };
	char path[PROCESS_PATH_SIZE + 16];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", process->folder, names[i]);
		unlink(path);
	}
	rmdir(process->folder);
}

void process_stop(struct process *process)
{
	int status;

	if (kill(process->pid, SIGTERM) < 0 || waitpid(process->pid, &status, 0) < 0)
		process_fail("ffad: %s", strerror(errno));
	remove_folder(process);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		process_fail("ffad has not ended well (wait status 0x%x)", (unsigned int)status);
	process->pid = 0;
}

size_t process_memory(pid_t pid, const char *file, const char *name)
{
	_cleanup_fclose_ FILE *stream = NULL;
	char path[64], line[256], format[64];
	unsigned long kib = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	stream = fopen(path, "re");
	if (!stream)
		return 0;
	snprintf(format, sizeof(format), "%s:", name);
	while (fgets(line, sizeof(line), stream))
		if (strncmp(line, format, strlen(format)) == 0) {
			kib = strtoul(line + strlen(format), NULL, 10);
			break;
		}
	return kib * 1024;
}
