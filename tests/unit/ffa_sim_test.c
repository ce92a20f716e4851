/* SPDX-License-Identifier: BSD-3-Clause */
/* The program ffa-sim: options, checking manifests, its socket, and what it makes of strange users. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/fid.h"
#include "base/cleanup.h"
#include "sim/host.h"
#include "sim/ipc.h"
#include "tests/unit/sim_process.h"

#define OUTPUT_SIZE 16384

static char output[OUTPUT_SIZE];

static int run(const char *first, ...)
{
	const char *arguments[16] = { first };
	size_t count = 1;
	va_list args;

	va_start(args, first);
	while (count < 15 && (arguments[count] = va_arg(args, const char *)))
		count++;
	va_end(args);
	return sim_process_run(arguments, output, sizeof(output));
}

static void expect_output(const char *text)
{
	if (!strstr(output, text))
		fail_msg("\"%s\" is not in: %s", text, output);
}

static void test_options(void **state)
{
	static const char *const all[] = {
		"-s, --socket",    "-p, --profile", "--ffa-version", "-c, --cpus",    "-m, --manifest",
		"-b, --behaviour", "--no-default",  "--check",       "-v, --verbose", "--trace",
		"--ready-fd",      "--version",     "-h, --help",
	};

	assert_int_equal(run("--help", NULL), 0);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		expect_output(all[i]);
	assert_int_equal(run("--version", NULL), 0);
	assert_int_equal(strncmp(output, "ffa-sim ", 8), 0);

	assert_int_equal(run("--nonsense", NULL), 2);
	expect_output("Try ffa-sim --help.\n");
	assert_int_equal(run("sp.dts", NULL), 2);
	expect_output("ffa-sim: argument \"sp.dts\": is not understood; a manifest is given by --manifest\n");
	assert_int_equal(run("--cpus", "0", NULL), 2);
	expect_output("ffa-sim: --cpus \"0\": use a number from 1 to 64\n");
	assert_int_equal(run("--cpus", "65", NULL), 2);
	assert_int_equal(run("--cpus", "+4", NULL), 2);
	assert_int_equal(run("--ffa-version", "2.0", NULL), 2);
	expect_output("ffa-sim: --ffa-version \"2.0\": use 1.0 to 1.3\n");
	assert_int_equal(run("--ready-fd", "x", NULL), 2);
	expect_output("ffa-sim: --ready-fd \"x\": use the number of an open file descriptor\n");
	assert_int_equal(run("--profile", "best", "--check", NULL), 1);
	expect_output("ffa-sim: profile: best: is unknown; use spec, hafnium, el3 or optee\n");
}

static void write_text(const char *path, const char *text)
{
	_cleanup_fclose_ FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
}

#define SOURCE(extra)                                                                                        \
	"/dts-v1/; / { compatible = \"arm,ffa-manifest-1.0\"; ffa-version = <0x00010002>; uuid = <1 2 3 4>;" \
	"messaging-method = <3>; execution-ctx-count = <1>; exception-level = <2>; execution-state = "       \
	"<0>;" extra " };"

static void test_check(void **state)
{
	struct sim_process process;
	char path[128], expected[256];

	assert_int_equal(run("--check", "--cpus", "2", "--behaviour", "echo=busy:5", NULL), 0);
	expect_output(
		"partition id=0x8001 name=\"echo\" file=\"echo.dts\" ffa=1.2 contexts=1 properties=0x100 "
		"behaviour=busy:5\n");
	expect_output("partition id=0x8002 name=\"echo-mp\" file=\"echo-mp.dts\" ffa=1.2 contexts=2 "
		      "properties=0x100 "
		      "behaviour=echo\n");
	expect_output("service id=0x8001 uuid=0ca7e5b1-25dd-583b-8439-6dc56e85548a messages=0x607\n");
	assert_int_equal(run("--check", "--no-default", NULL), 0);
	assert_string_equal(output, "");

	sim_process_prepare(&process);
	snprintf(path, sizeof(path), "%s/sp.dts", process.directory);
	write_text(path, SOURCE("colour = <1>; load-address = <0x7000000>;"));
	assert_int_equal(run("--check", "-m", path, "-b", "sp=slow:forever", NULL), 0);
	snprintf(expected, sizeof(expected), "ffa-sim: warning: %s: /: colour: unknown property, ignored;",
		 path);
	expect_output(expected);
	expect_output("behaviour=slow:forever\n");
	expect_output("region id=0x8001 kind=image node=/ range=0x7000000-0x7001000 attributes=0x7\n");
	assert_null(strstr(output, "echo"));

	assert_int_equal(run("--check", "-m", path, "-m", path, NULL), 1);
	snprintf(expected, sizeof(expected),
		 "ffa-sim: %s: /: load-address: image 0x7000000-0x7001000 overlaps the image", path);
	expect_output(expected);
	assert_int_equal(run("--check", "-m", path, "-b", "sp=fast", NULL), 1);
	snprintf(expected, sizeof(expected), "ffa-sim: %s: behaviour: unknown behaviour \"fast\"", path);
	expect_output(expected);
	write_text(path, SOURCE("id = <0>;"));
	assert_int_equal(run("--check", "-m", path, NULL), 1);
	expect_output("sp.dts: /: id: 0x8000 belongs to the firmware itself; use <0x8001> to <0xfffe>\n");
	unlink(path);
	sim_process_done(&process);
}

static void test_socket(void **state)
{
	struct sim_process process;
	char expected[256];
	struct stat st;

	sim_process_prepare(&process);
	sim_process_start(&process, NULL);
	assert_int_equal(lstat(process.socket, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* A second one keeps away, and leaves the first one's socket alone. */
	assert_int_equal(run("--socket", process.socket, NULL), 1);
	snprintf(expected, sizeof(expected),
		 "ffa-sim: %s is in use; stop the ffa-sim there, or choose another path with --socket\n",
		 process.socket);
	expect_output(expected);
	free(sim_process_inspect(&process));
	assert_int_equal(sim_process_stop(&process, SIGINT), 0);
	assert_int_equal(access(process.socket, F_OK), -1);

	/* What is no socket is not replaced. */
	write_text(process.socket, "precious");
	assert_int_equal(run("--socket", process.socket, NULL), 1);
	expect_output(expected);
	assert_int_equal(lstat(process.socket, &st), 0);
	assert_true(S_ISREG(st.st_mode) && st.st_size == 8);
	unlink(process.socket);

	assert_int_equal(run("--socket", "/nonexistent/s", NULL), 1);
	expect_output("ffa-sim: the directory of /nonexistent/s does not exist; create it, or choose another "
		      "path with "
		      "--socket\n");
	memset(output, 'a', 200);
	output[0] = '/';
	output[200] = '\0';
	assert_int_equal(run("--socket", strdupa(output), NULL), 1);
	expect_output("is too long for a socket; choose a shorter path with --socket\n");
	sim_process_done(&process);
}

static int connect_raw(const struct sim_process *process)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	strcpy(address.sun_path, process->socket);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* A message that ends the connection. */
static void expect_end(const struct sim_process *process, const void *message, size_t size, int passed_fd,
		       bool greeted)
{
	_cleanup_close_ int fd = -1;
	struct ipc_hello hello;
	char reply[64];

	if (greeted)
		assert_int_equal(ipc_connect(process->socket, &fd, &hello), 0);
	else
		fd = connect_raw(process);
	assert_int_equal(ipc_send(fd, message, size, passed_fd), 0);
	assert_true(ipc_receive(fd, reply, sizeof(reply), NULL) <= 0);
}

/* The result of a message that is answered. */
static int exchange(int fd, void *message, size_t size, int passed_fd)
{
	assert_int_equal(ipc_exchange(fd, message, size, passed_fd, NULL), 0);
	return ((struct ipc_header *)message)->result;
}

static void test_strangers(void **state)
{
	struct ipc_hello hello = { .header.kind = IPC_HELLO, .magic = IPC_MAGIC, .version = IPC_VERSION + 1 };
	struct ipc_memory memory = { .header.kind = IPC_PLUG, .pages = 1 };
	struct ipc_load load = { .header.kind = IPC_LOAD, .size = 100 };
	struct ipc_call call = { .header.kind = IPC_CALL, .cpu = 64 };
	_cleanup_close_ int fd = -1, pages = -1, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct sim_process process;
	char nothing[1] = { 0 };

	sim_process_prepare(&process);
	sim_process_start(&process, NULL);
	expect_end(&process, "GET / HTTP/1.1", 14, -1, false);
	expect_end(&process, nothing, 1, -1, true);
	expect_end(&process, &call, sizeof(call), -1, false); /* without a hello */
	expect_end(&process, &call, sizeof(call) - 1, -1, true);
	call.header.kind = 99;
	expect_end(&process, &call, sizeof(call), -1, true);

	fd = connect_raw(&process);
	assert_int_equal(exchange(fd, &hello, sizeof(hello), -1), -EPROTO);
	assert_int_equal(hello.version, IPC_VERSION);
	hello.header.result = 0;
	assert_int_equal(exchange(fd, &hello, sizeof(hello), -1), 0);
	assert_string_equal(hello.profile, "spec");

	call = (struct ipc_call) { .header.kind = IPC_CALL, .cpu = 64, .regs = { { FFA_ID_GET } } };
	assert_int_equal(exchange(fd, &call, sizeof(call), -1), -EINVAL);
	assert_int_equal(exchange(fd, &memory, sizeof(memory), -1), -EINVAL);
	assert_int_equal(exchange(fd, &memory, sizeof(memory), null), -EINVAL);
	memory.pages = UINT64_MAX;
	assert_int_equal(exchange(fd, &memory, sizeof(memory), -1), -EINVAL);
	memory = (struct ipc_memory) { .header.kind = IPC_UNPLUG, .pages = 1, .pa = HOST_LOW_BASE };
	assert_int_equal(exchange(fd, &memory, sizeof(memory), -1), -ENOENT);
	assert_int_equal(exchange(fd, &load, sizeof(load), -1), -EBADF);
	assert_int_equal(exchange(fd, &load, sizeof(load), null), -EINVAL);
	load.size = UINT64_MAX;
	assert_int_equal(exchange(fd, &load, sizeof(load), null), -EINVAL);

	/* Names without an end, and a blob that is none. */
	load.size = 4096;
	memset(load.file, 'f', sizeof(load.file));
	memset(load.behaviour, 'b', sizeof(load.behaviour));
	assert_int_equal(host_memfd(1, &pages), 0);
	assert_int_equal(exchange(fd, &load, sizeof(load), pages), -EINVAL);
	assert_non_null(strstr(load.reason, "is no sound device tree blob"));

	/* The same memory twice has one address. */
	memory = (struct ipc_memory) { .header.kind = IPC_PLUG, .pages = 1 };
	assert_int_equal(exchange(fd, &memory, sizeof(memory), pages), 0);
	assert_int_equal(memory.pa, HOST_LOW_BASE);
	memory.pa = 0;
	assert_int_equal(exchange(fd, &memory, sizeof(memory), pages), 0);
	assert_int_equal(memory.pa, HOST_LOW_BASE);

	/* All that, and it still serves; and it ends with connections open. */
	free(sim_process_inspect(&process));
	assert_int_equal(sim_process_stop(&process, SIGTERM), 0);
	sim_process_done(&process);
}

/* One connection too many is turned away, the others stay. */
static void test_crowd(void **state)
{
	struct sim_process process;
	int fds[IPC_CONNECTIONS_MAX], fd;
	struct ipc_hello hello;

	sim_process_prepare(&process);
	sim_process_start(&process, NULL);
	for (size_t i = 0; i < IPC_CONNECTIONS_MAX; i++)
		assert_int_equal(ipc_connect(process.socket, &fds[i], &hello), 0);
	assert_int_equal(ipc_connect(process.socket, &fd, &hello), -EIO);
	for (size_t i = 0; i < IPC_CONNECTIONS_MAX; i++) {
		hello = (struct ipc_hello) { .header.kind = IPC_HELLO,
					     .magic = IPC_MAGIC,
					     .version = IPC_VERSION };
		assert_int_equal(exchange(fds[i], &hello, sizeof(hello), -1), 0);
		close(fds[i]);
	}
	assert_int_equal(sim_process_stop(&process, SIGTERM), 0);
	sim_process_done(&process);
}

static void test_trace(void **state)
{
	static const char *const arguments[] = { "--trace", NULL };
	struct ipc_call call = { .header.kind = IPC_CALL, .regs = { { FFA_ID_GET } } };
	_cleanup_close_ int saved = dup(STDERR_FILENO), log = memfd_create("log", MFD_CLOEXEC), fd = -1;
	struct sim_process process;
	struct ipc_hello hello;
	char text[4096];
	ssize_t length;

	sim_process_prepare(&process);
	assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
	sim_process_start(&process, arguments);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(ipc_connect(process.socket, &fd, &hello), 0);
	assert_int_equal(exchange(fd, &call, sizeof(call), -1), 0);
	assert_int_equal(sim_process_stop(&process, SIGTERM), 0);
	sim_process_done(&process);
	length = pread(log, text, sizeof(text) - 1, 0);
	assert_true(length > 0);
	text[length] = '\0';
	assert_non_null(strstr(text, "cpu 0: FFA_ID_GET"));
	assert_non_null(strstr(text, ": FFA_SUCCESS"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),   cmocka_unit_test(test_check), cmocka_unit_test(test_socket),
		cmocka_unit_test(test_strangers), cmocka_unit_test(test_crowd), cmocka_unit_test(test_trace),
	};

	return cmocka_run_group_tests_name("ffa-sim", tests, NULL, NULL);
}
