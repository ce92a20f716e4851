/* SPDX-License-Identifier: BSD-3-Clause */
#include "count.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocations.h"
#include "base/cleanup.h"
#include "calls.h"

#define COUNTED_CALLS 2000
#define WARM_CALLS 500
#define PER_CALL_MIN 0.1
#define COUNT_TRIES 3

static void make_calls(const char *socket, size_t warm, size_t counted, void (*between)(void *), void *arg)
{
	struct ffa_client *client = calls_connect(socket);
	struct samples samples;

	samples_init(&samples, warm + counted);
	calls_direct(client, warm, &samples);
	between(arg);
	calls_direct(client, counted, &samples);
	samples_clear(&samples);
	ffa_client_free(client);
}

/* ---- System calls ---- */

struct tracer {
	pid_t ffad, pid;
	char output[PROCESS_PATH_SIZE + 16];
	FILE *messages; /* its stderr; it has to be read to the end */
	bool attached;
};

/* The thread that serves sessions; ffad has one for each CPU, so one here. The watchdog beside it looks at it now and
 * then, however many calls there are. 0: none. */
static pid_t message_thread(pid_t ffad)
{
	char path[64], name[32];
	pid_t found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)ffad);
	dir = opendir(path);
	for (struct dirent *entry = dir ? readdir(dir) : NULL; entry && !found; entry = readdir(dir)) {
		char comm[sizeof(path) + sizeof(entry->d_name) + 8];
		FILE *file;

		snprintf(comm, sizeof(comm), "%s/%s/comm", path, entry->d_name);
		file = fopen(comm, "re");
		if (file && fgets(name, sizeof(name), file) && strncmp(name, "ffad-msg", 8) == 0)
			found = (pid_t)strtol(entry->d_name, NULL, 10);
		if (file)
			fclose(file);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Start strace and wait until it says that it is attached. */
static void attach(void *arg)
{
	struct tracer *tracer = arg;
	char pid[16], line[512];
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return;
	snprintf(pid, sizeof(pid), "%d", (int)message_thread(tracer->ffad));
	tracer->pid = fork();
	if (tracer->pid == 0) {
		process_pin(-1);
		dup2(fds[1], STDERR_FILENO);
		execlp("strace", "strace", "-c", "-o", tracer->output, "-p", pid, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	tracer->messages = fdopen(fds[0], "r");
	while (tracer->messages && fgets(line, sizeof(line), tracer->messages))
		if (strstr(line, " attached")) {
			tracer->attached = true;
			return;
		}
}

/* "% time  seconds  usecs/call  calls  [errors]  syscall" */
static void parse_line(char *line, struct syscall_count *count)
{
	char *words[8], *save = NULL;
	size_t n = 0;
	double per_call;

	for (char *word = strtok_r(line, " \n", &save); word && n < 8; word = strtok_r(NULL, " \n", &save))
		words[n++] = word;
	if (n < 5 || words[0][0] < '0' || words[0][0] > '9')
		return;
	per_call = strtod(words[3], NULL) / COUNTED_CALLS;
	if (strcmp(words[n - 1], "total") == 0) {
		count->per_call = per_call;
	} else if (per_call >= PER_CALL_MIN && count->names < COUNT_NAMES_MAX) {
		snprintf(count->by_name[count->names].name, sizeof(count->by_name[0].name), "%s",
			 words[n - 1]);
		count->by_name[count->names++].per_call = per_call;
	}
}

static bool count_once(const struct process *ffad, struct syscall_count *ret_count)
{
	struct tracer tracer = { .ffad = ffad->pid };
	struct syscall_count count = { 0 };
	_cleanup_fclose_ FILE *output = NULL;
	char line[512];

	snprintf(tracer.output, sizeof(tracer.output), "%s/strace", ffad->folder);
	make_calls(ffad->socket, WARM_CALLS, COUNTED_CALLS, attach, &tracer);
	if (tracer.pid <= 0)
		return false;
	kill(tracer.pid, SIGINT);
	while (tracer.messages && fgets(line, sizeof(line), tracer.messages))
		;
	if (tracer.messages)
		fclose(tracer.messages);
	waitpid(tracer.pid, NULL, 0);
	output = fopen(tracer.output, "re");
	unlink(tracer.output);
	if (!tracer.attached || !output)
		return false;
	while (fgets(line, sizeof(line), output))
		parse_line(line, &count);
	if (count.per_call == 0)
		return false;
	*ret_count = count;
	return true;
}

bool count_syscalls(const struct process *ffad, struct syscall_count *ret_count)
{
	struct syscall_count count;
	bool counted = false;

	/* The tracer slows ffad down so much that quick calls may look slow to it, and take another way. */
	for (size_t i = 0; i < COUNT_TRIES; i++)
		if (count_once(ffad, &count) && (!counted || count.per_call < ret_count->per_call)) {
			*ret_count = count;
			counted = true;
		}
	return counted;
}

/* ---- Allocations ---- */

struct allocation_mark {
	_Atomic uint64_t *counter;
	uint64_t before;
};

static void mark(void *arg)
{
	struct allocation_mark *at = arg;

	at->before = atomic_load(at->counter);
}

double count_allocations(const struct process_options *options, const char *preload)
{
	struct process_options counted = *options;
	struct allocation_mark at;
	struct process ffad;
	char path[] = "/tmp/ffad-bench-allocations-XXXXXX";
	uint64_t after;
	int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0 || ftruncate(fd, sizeof(*at.counter)) < 0)
		process_fail("%s: %s", path, strerror(errno));
	at.counter = mmap(NULL, sizeof(*at.counter), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (at.counter == MAP_FAILED)
		process_fail("mmap: %s", strerror(errno));
	setenv(ALLOCATIONS_VARIABLE, path, 1);
	counted.preload = preload;
	process_start(&ffad, &counted);
	unsetenv(ALLOCATIONS_VARIABLE);
	make_calls(ffad.socket, WARM_CALLS, COUNTED_CALLS, mark, &at);
	after = atomic_load(at.counter);
	process_stop(&ffad);
	unlink(path);
	if (after == 0)
		process_fail("%s does not count", preload);
	munmap(at.counter, sizeof(*at.counter));
	return (double)(after - at.before) / COUNTED_CALLS;
}
