/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon.h"

#define ARGS_MAX 64
#define LOG_TAIL 12288
#define LISTEN_FD 3

/* ---- Processes ---- */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static const char *program(const char *variable)
{
	const char *path = getenv(variable);

	if (!path || access(path, X_OK) < 0)
		fail_msg("%s does not name a program: run the tests by \"meson test\"", variable);
	return path;
}

static char *read_log(const struct daemon *daemon, size_t *ret_size)
{
	_cleanup_close_ int fd = open(daemon->log, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return NULL;
	text = malloc((size_t)st.st_size + 1);
	assert_non_null(text);
	n = pread(fd, text, (size_t)st.st_size, 0);
	*ret_size = n < 0 ? 0 : (size_t)n;
	text[*ret_size] = '\0';
	return text;
}

static void show_log(const struct daemon *daemon)
{
	size_t size;
	_cleanup_free_ char *text = read_log(daemon, &size);

	if (text)
		print_error("--- end of the daemon's log ---\n%s---\n",
			    size > LOG_TAIL ? text + size - LOG_TAIL : text);
}

#define FAIL(daemon, ...)                                                                                    \
	do {                                                                                                 \
		show_log(daemon);                                                                            \
		fail_msg(__VA_ARGS__);                                                                       \
	} while (0)

static void limit_descriptors(uint64_t count)
{
	struct rlimit limit = { .rlim_cur = count, .rlim_max = count };

	if (count && setrlimit(RLIMIT_NOFILE, &limit) < 0)
		_exit(126);
}

/* In the child: the log is stdout and stderr, everything else is the parent's business and closed on exec. */
static void enter_child(const struct daemon *daemon, const struct daemon_options *options, pid_t parent)
{
	int fd = open(daemon->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char number[16], path[sizeof(daemon->folder) + 16];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || fd < 0 || null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 ||
	    dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
		_exit(126);
	snprintf(path, sizeof(path), "%s/notify", daemon->folder);
	setenv("NOTIFY_SOCKET", path, 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("LISTEN_FDS");
	if (options->listen_fd) {
		if (options->listen_fd == LISTEN_FD)
			fcntl(LISTEN_FD, F_SETFD, 0);
		else if (dup2(options->listen_fd, LISTEN_FD) < 0)
			_exit(126);
		snprintf(number, sizeof(number), "%d", (int)getpid());
		setenv("LISTEN_PID", number, 1);
		setenv("LISTEN_FDS", "1", 1);
	}
	limit_descriptors(options->descriptors);
}

static pid_t spawn(const struct daemon *daemon, const struct daemon_options *options, const char *const *argv,
		   int *ret_pid_fd)
{
	pid_t parent = getpid(), pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		enter_child(daemon, options, parent);
		execv(argv[0], (char **)argv);
		_exit(127);
	}
	*ret_pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_true(*ret_pid_fd >= 0);
	return pid;
}

/* Wait for the end; the wait status. */
static int wait_end(const struct daemon *daemon, pid_t pid, int *pid_fd)
{
	struct pollfd poll_fd = { .fd = *pid_fd, .events = POLLIN };
	int status;

	if (poll(&poll_fd, 1, DAEMON_PATIENCE_MS) != 1)
		FAIL(daemon, "process %d does not end", (int)pid);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(take_fd(pid_fd));
	return status;
}

/* ---- Ready ---- */

static void make_notify_socket(struct daemon *daemon)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	daemon->notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(daemon->notify_fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", daemon->folder);
	unlink(address.sun_path);
	assert_return_code(bind(daemon->notify_fd, (struct sockaddr *)&address, sizeof(address)), errno);
}

/* Wait for READY=1; false: the process has ended instead. */
static bool wait_ready(struct daemon *daemon, int pid_fd)
{
	struct pollfd fds[] = { { .fd = daemon->notify_fd, .events = POLLIN },
				{ .fd = pid_fd, .events = POLLIN } };
	char text[1024];

	for (;;) {
		ssize_t n;

		if (poll(fds, 2, DAEMON_PATIENCE_MS) <= 0)
			FAIL(daemon, "the daemon does not get ready");
		if (!(fds[0].revents & POLLIN))
			return false;
		n = recv(daemon->notify_fd, text, sizeof(text) - 1, 0);
		assert_true(n >= 0);
		text[n] = '\0';
		if (strstr(text, "READY=1"))
			return true;
	}
}

static const char *wanted_conduit(struct daemon *daemon, const struct daemon_options *options)
{
	const char *kind = getenv("FFAD_TEST_CONDUIT");

	if (options->conduit)
		return options->conduit;
	return kind && strcmp(kind, "remote") == 0 ? NULL : "sim";
}

static size_t add_manifests(const struct daemon_options *options, const char *option, const char **argv,
			    size_t count)
{
	for (size_t i = 0; options->manifests && options->manifests[i]; i++) {
		assert_true(count + 3 < ARGS_MAX);
		argv[count++] = option;
		argv[count++] = options->manifests[i];
	}
	return count;
}

static void start_sim(struct daemon *daemon, const struct daemon_options *options)
{
	const char *argv[ARGS_MAX] = { program("FFA_SIM"), "--socket", daemon->sim_socket };
	struct daemon_options plain = { .manifests = options->manifests };

	add_manifests(options, "--manifest", argv, 3);
	daemon->sim_pid = spawn(daemon, &plain, argv, &daemon->sim_pid_fd);
	if (!wait_ready(daemon, daemon->sim_pid_fd))
		FAIL(daemon, "ffa-sim has ended instead of getting ready");
}

static void spawn_daemon(struct daemon *daemon, const struct daemon_options *options)
{
	const char *conduit = wanted_conduit(daemon, options);
	char remote[sizeof(daemon->sim_socket) + 8];
	const char *argv[ARGS_MAX] = { program("FFAD"), "--config", daemon->config, "--log", "stderr" };
	size_t count = 5;

	if (!conduit) {
		if (!daemon->sim_pid)
			start_sim(daemon, options);
		snprintf(remote, sizeof(remote), "sim:%s", daemon->sim_socket);
		conduit = remote;
	} else {
		count = add_manifests(options, "--sim-manifest", argv, count);
	}
	argv[count++] = "--conduit";
	argv[count++] = conduit;
	if (!options->listen_fd) {
		argv[count++] = "--socket";
		argv[count++] = daemon->socket;
	}
	if (options->quiet) {
		argv[count++] = "--log-level";
		argv[count++] = "err";
	}
	for (size_t i = 0; options->args && options->args[i]; i++) {
		assert_true(count + 1 < ARGS_MAX);
		argv[count++] = options->args[i];
	}
	argv[count] = NULL;
	daemon->pid = spawn(daemon, options, argv, &daemon->pid_fd);
}

/* What a daemon of another user needs: its folder, our socket, its configuration. Root's files stay root's. */
static void give_folder(const struct daemon *daemon, uid_t user)
{
	char path[sizeof(daemon->folder) + 16];

	snprintf(path, sizeof(path), "%s/notify", daemon->folder);
	assert_return_code(chmod(path, 0666), errno);
	assert_return_code(chown(daemon->folder, user, (gid_t)-1), errno);
	assert_return_code(close(open(daemon->config, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)), errno);
}

static void make_folder(struct daemon *daemon, const struct daemon_options *options)
{
	*daemon = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	snprintf(daemon->folder, sizeof(daemon->folder), "/tmp/ffad-test-XXXXXX");
	assert_non_null(mkdtemp(daemon->folder));
	if (options->open_folder)
		assert_return_code(chmod(daemon->folder, 0755), errno);
	snprintf(daemon->socket, sizeof(daemon->socket), "%s/socket", daemon->folder);
	snprintf(daemon->config, sizeof(daemon->config), "%s/ffad.conf", daemon->folder);
	snprintf(daemon->log, sizeof(daemon->log), "%s/log", daemon->folder);
	snprintf(daemon->sim_socket, sizeof(daemon->sim_socket), "%s/sim", daemon->folder);
	make_notify_socket(daemon);
	if (options->user)
		give_folder(daemon, options->user);
}

void daemon_start_again(struct daemon *daemon, const struct daemon_options *options)
{
	static const struct daemon_options plain;
	uint64_t start = now_ns();

	if (!options)
		options = &plain;
	daemon_set_config(daemon, options->config ? options->config : "");
	spawn_daemon(daemon, options);
	if (!wait_ready(daemon, daemon->pid_fd))
		FAIL(daemon, "ffad has ended instead of getting ready");
	daemon->ready_ns = now_ns() - start;
}

void daemon_start(struct daemon *daemon, const struct daemon_options *options)
{
	static const struct daemon_options plain;

	make_folder(daemon, options ? options : &plain);
	daemon_start_again(daemon, options);
}

int daemon_start_fails(struct daemon *daemon, const struct daemon_options *options)
{
	int status;

	if (!*daemon->folder)
		make_folder(daemon, options);
	daemon_set_config(daemon, options->config ? options->config : "");
	spawn_daemon(daemon, options);
	if (wait_ready(daemon, daemon->pid_fd))
		FAIL(daemon, "ffad has started where it must not");
	status = wait_end(daemon, daemon->pid, &daemon->pid_fd);
	daemon->pid = 0;
	if (!WIFEXITED(status))
		FAIL(daemon, "ffad has died by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* ---- End ---- */

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void check_reports(const struct daemon *daemon)
{
	static const char *const signs[] = { "Sanitizer", "runtime error:" };
	size_t size;
	_cleanup_free_ char *text = read_log(daemon, &size);

	for (size_t i = 0; text && i < sizeof(signs) / sizeof(*signs); i++) {
		char *report = strstr(text, signs[i]);

		if (report) {
			print_error("%.*s\n", LOG_TAIL * 2, report);
			fail_msg("a sanitizer has something to report");
		}
	}
}

static void expect_clean_end(struct daemon *daemon, const char *name, int status)
{
	if (WIFSIGNALED(status))
		FAIL(daemon, "%s has died by signal %d", name, WTERMSIG(status));
	check_reports(daemon);
	if (WEXITSTATUS(status) != 0)
		FAIL(daemon, "%s has ended with exit status %d", name, WEXITSTATUS(status));
}

void daemon_terminate(struct daemon *daemon)
{
	if (!daemon_is_running(daemon))
		FAIL(daemon, "ffad does not run any more");
	assert_return_code(kill(daemon->pid, SIGTERM), errno);
	daemon_expect_end(daemon);
}

void daemon_expect_end(struct daemon *daemon)
{
	int status = wait_end(daemon, daemon->pid, &daemon->pid_fd);

	daemon->pid = 0;
	expect_clean_end(daemon, "ffad", status);
	if (access(daemon->socket, F_OK) == 0)
		FAIL(daemon, "ffad has left its socket behind");
	if (!daemon->sim_pid)
		return;
	assert_return_code(kill(daemon->sim_pid, SIGTERM), errno);
	status = wait_end(daemon, daemon->sim_pid, &daemon->sim_pid_fd);
	daemon->sim_pid = 0;
	expect_clean_end(daemon, "ffa-sim", status);
}

static void kill_process(const struct daemon *daemon, pid_t *pid, int *pid_fd)
{
	if (*pid == 0)
		return;
	kill(*pid, SIGKILL);
	wait_end(daemon, *pid, pid_fd);
	*pid = 0;
}

void daemon_kill(struct daemon *daemon)
{
	kill_process(daemon, &daemon->pid, &daemon->pid_fd);
}

void daemon_kill_sim(struct daemon *daemon)
{
	kill_process(daemon, &daemon->sim_pid, &daemon->sim_pid_fd);
}

static void remove_folder(struct daemon *daemon)
{
	if (daemon->notify_fd >= 0)
		close(take_fd(&daemon->notify_fd));
	if (*daemon->folder)
		nftw(daemon->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	*daemon->folder = '\0';
}

void daemon_forget(struct daemon *daemon)
{
	check_reports(daemon);
	remove_folder(daemon);
}

void daemon_stop(struct daemon *daemon)
{
	daemon_terminate(daemon);
	remove_folder(daemon);
}

int daemon_teardown(void **state)
{
	struct daemon *daemon = *state;

	if (!*daemon->folder)
		return 0;
	/* The test has failed, or skipped before there was anything to tell. */
	print_error("The daemon %s.\n", daemon_is_running(daemon) ? "runs" : "does not run");
	show_log(daemon);
	kill_process(daemon, &daemon->pid, &daemon->pid_fd);
	kill_process(daemon, &daemon->sim_pid, &daemon->sim_pid_fd);
	remove_folder(daemon);
	return 0;
}

/* ---- While it runs ---- */

void daemon_set_config(struct daemon *daemon, const char *text)
{
	_cleanup_close_ int fd = open(daemon->config, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	/* Tests expect to be root, who may do everything. */
	if (geteuid() != 0)
		assert_true(dprintf(fd, "\n[rule test]\nuser = %u\npartition = *\nallow = all\n", geteuid()) >
			    0);
}

void daemon_reload(struct daemon *daemon)
{
	assert_return_code(kill(daemon->pid, SIGHUP), errno);
	if (!wait_ready(daemon, daemon->pid_fd))
		FAIL(daemon, "ffad has ended at a reload");
}

bool daemon_has_logged(const struct daemon *daemon, const char *text)
{
	size_t size;
	_cleanup_free_ char *log = read_log(daemon, &size);

	return log && strstr(log, text);
}

bool daemon_is_running(const struct daemon *daemon)
{
	siginfo_t info = { 0 };

	return daemon->pid && waitid(P_PID, (id_t)daemon->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == 0;
}

size_t daemon_rss(const struct daemon *daemon)
{
	_cleanup_fclose_ FILE *file = NULL;
	unsigned long kib = 0;
	char path[64], line[256];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)daemon->pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "VmRSS: %lu kB", &kib) == 1)
			break;
	assert_true(kib > 0);
	return kib * 1024;
}

size_t daemon_descriptors(const struct daemon *daemon)
{
	size_t count = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)daemon->pid);
	dir = opendir(path);
	if (!dir && errno == EACCES)
		return DAEMON_UNKNOWN;
	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
		count += *entry->d_name != '.';
	closedir(dir);
	return count;
}

void daemon_wait_descriptors(const struct daemon *daemon, size_t count)
{
	uint64_t end_ns = now_ns() + DAEMON_PATIENCE_MS * 1000000ull;

	if (count == DAEMON_UNKNOWN || daemon_descriptors(daemon) == DAEMON_UNKNOWN) {
		print_message("SKIP: that ffad closes every descriptor: only root can see them\n");
		return;
	}
	while (daemon_descriptors(daemon) > count) {
		if (now_ns() > end_ns)
			FAIL(daemon, "ffad has %zu descriptors open instead of %zu",
			     daemon_descriptors(daemon), count);
		sched_yield();
	}
}

/* ---- The test itself ---- */

void daemon_need_descriptors(uint64_t count)
{
	struct rlimit limit;

	assert_return_code(getrlimit(RLIMIT_NOFILE, &limit), errno);
	if (limit.rlim_max < count) {
		print_message("SKIP: needs %llu file descriptors, the hard limit is %llu: raise ulimit -Hn\n",
			      (unsigned long long)count, (unsigned long long)limit.rlim_max);
		skip();
	}
	if (limit.rlim_cur >= count)
		return;
	limit.rlim_cur = count;
	assert_return_code(setrlimit(RLIMIT_NOFILE, &limit), errno);
}

bool daemon_is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return true;
#else
	return false;
#endif
#else
	return false;
#endif
}
