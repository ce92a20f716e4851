/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * In a guest, as root: what the kernel module makes of hostile use of /dev/ffa-shim.
 *
 *    shim-fuzz [SEED]
 *
 * Each check ends with "ok NAME" or "not ok NAME: why"; the last line is the count. Whether the kernel stayed
 * sound is for the kernel's log to say. Calls are random, so this is for the simulated SPMC only.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/direct.h"
#include "abi/fid.h"
#include "abi/regs.h"
#include "abi/version.h"
#include "kmod-shim/uapi/linux/ffa_shim.h"

#define DEVICE "/dev/ffa-shim"
#define MODULE "ffa_shim"
#define PAGE 4096u
#define KERNEL_ADDRESS ((void *)UINT64_C(0xffff800080000000))
#define INTID_SHARED_FIRST 32

#define OUTSIDE_CALLS 20000
#define INSIDE_CALLS 50000
#define THREADS 4
#define THREAD_CALLS 5000
#define OPENERS 4
#define OPENS 500
#define KILLS 20
#define SLOW_PARTITION 0x8007 /* of the built-in set: stays in a call for 2 ms */

_Static_assert(sizeof(struct ffa_shim_frame) == sizeof(struct ffa_regs), "a frame is its registers");

static unsigned int passed, failed;
static uint64_t seed = 1;

/* NULL: it holds. */
static void report(const char *name, const char *complaint)
{
	if (complaint) {
		failed++;
		printf("not ok shim: %s: %s\n", name, complaint);
	} else {
		passed++;
		printf("ok shim: %s\n", name);
	}
	fflush(stdout);
}

static void check(const char *name, bool holds)
{
	report(name, holds ? NULL : "does not hold");
}

/* splitmix64 */
static uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static int open_shim(int flags)
{
	return open(DEVICE, O_RDWR | O_CLOEXEC | flags);
}

/* 0 or the errno. */
static int call(int fd, void *frame)
{
	return ioctl(fd, FFA_SHIM_CALL, frame) < 0 ? errno : 0;
}

static bool is_ffa(uint64_t x0)
{
	uint32_t fid = (uint32_t)x0, number = fid & 0xffff;

	return (fid & 0xbfff0000) == 0x84000000 && number >= 0x60 && number <= 0xef;
}

/* Mostly values that mean something somewhere. */
static uint64_t draw_value(uint64_t *state)
{
	static const uint64_t values[] = { 0, 1, 2, 0x8001, 0x8002, 0x8007, 0xffff, 0x10002, UINT64_MAX };
	uint64_t value = draw(state);

	switch (value % 4) {
	case 0:
		return values[value / 4 % (sizeof(values) / sizeof(values[0]))];
	case 1:
		return value >> 48;
	case 2:
		return value >> 32;
	default:
		return value;
	}
}

static void test_outside(int fd)
{
	const char *complaint = NULL;
	uint64_t state = seed;

	for (int i = 0; i < OUTSIDE_CALLS && !complaint; i++) {
		struct ffa_regs regs, before;

		for (unsigned int n = 0; n < FFA_REGS_COUNT; n++)
			regs.x[n] = draw_value(&state);
		/* Near the range as well: next numbers, other services, yielding calls. */
		if (i % 2 == 0)
			regs.x[0] = (FFA_FID_32(0x50) + draw(&state) % 0xb0) ^ UINT64_C(1)
										       << draw(&state) % 32;
		if (is_ffa(regs.x[0]))
			continue;
		before = regs;
		if (call(fd, &regs) != EPERM)
			complaint = "a call was not refused by EPERM";
		else if (memcmp(&regs, &before, sizeof(regs)) != 0)
			complaint = "a refused frame was changed";
	}
	report("function ids outside of FF-A are refused", complaint);
}

/* A random call that leaves the guest's memory alone: no address is told to the firmware. */
static void draw_call(uint64_t *state, struct ffa_regs *ret_regs)
{
	do {
		for (unsigned int n = 0; n < FFA_REGS_COUNT; n++)
			ret_regs->x[n] = draw_value(state);
		ret_regs->x[0] = FFA_FID_32(0x60 + draw(state) % 0x90) | (draw(state) & 0x40000000);
	} while (FFA_FID_NUMBER(ret_regs->x[0]) == FFA_FID_NUMBER(FFA_RXTX_MAP));
}

static const char *random_calls(int fd, uint64_t *state, int count)
{
	for (int i = 0; i < count; i++) {
		struct ffa_regs regs;

		draw_call(state, &regs);
		if (call(fd, &regs) != 0)
			return "a call failed in the module";
	}
	return NULL;
}

static void test_inside(int fd)
{
	uint64_t state = seed;

	report("function ids of FF-A are forwarded", random_calls(fd, &state, INSIDE_CALLS));
}

struct caller {
	pthread_t thread;
	int fd;
	uint64_t state;
	const char *complaint;
};

static void *caller_run(void *arg)
{
	struct caller *caller = arg;

	caller->complaint = random_calls(caller->fd, &caller->state, THREAD_CALLS);
	return NULL;
}

static void test_threads(int fd)
{
	struct caller callers[THREADS];
	const char *complaint = NULL;
	int started = 0;

	for (; started < THREADS; started++) {
		callers[started] = (struct caller) { .fd = fd, .state = seed + (uint64_t)started };
		if (pthread_create(&callers[started].thread, NULL, caller_run, &callers[started]) != 0)
			break;
	}
	if (started < THREADS)
		complaint = "a thread does not start";
	for (int i = 0; i < started; i++) {
		pthread_join(callers[i].thread, NULL);
		if (callers[i].complaint)
			complaint = callers[i].complaint;
	}
	report("threads call at once", complaint);
}

static void test_pointers(int fd)
{
	struct ffa_regs id_get = { .x = { FFA_ID_GET } };
	char *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const unsigned long commands[] = { FFA_SHIM_INFO, FFA_SHIM_CALL, FFA_SHIM_IRQS };
	const char *complaint = NULL;

	if (pages == MAP_FAILED) {
		report("bad pointers", "no memory");
		return;
	}
	/* Readable only; then nothing. */
	memcpy(pages + PAGE, &id_get, sizeof(id_get));
	mprotect(pages + PAGE, PAGE, PROT_READ);
	munmap(pages + 2 * PAGE, PAGE);
	void *const bad[] = { NULL,           (void *)1,          pages + 2 * PAGE, pages + 2 * PAGE - 4,
			      KERNEL_ADDRESS, (void *)UINTPTR_MAX };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		for (size_t c = 0; c < sizeof(commands) / sizeof(commands[0]); c++)
			if (ioctl(fd, commands[c], bad[i]) == 0 || errno != EFAULT)
				complaint = "a bad pointer was not refused by EFAULT";
	if (call(fd, pages + PAGE) != EFAULT)
		complaint = "a frame that cannot be written was not refused by EFAULT";
	munmap(pages, 2 * PAGE);
	report("bad pointers", complaint);
}

static void test_commands(int fd)
{
	const char *complaint = NULL;
	char buffer[256];
	uint64_t state = seed;

	for (int i = 0; i < OUTSIDE_CALLS; i++) {
		unsigned int command = (unsigned int)draw(&state);

		if (i % 2 == 0)
			command =
				_IOC(command >> 30, FFA_SHIM_IOC_TYPE, command & 0xff, command >> 8 & 0x3fff);
		if (command == FFA_SHIM_INFO || command == FFA_SHIM_CALL || command == FFA_SHIM_IRQS)
			continue;
		/* What the kernel itself answers for every file. */
		if (_IOC_TYPE(command) == 'T' || _IOC_TYPE(command) == 'f' || _IOC_TYPE(command) == 0 ||
		    _IOC_TYPE(command) == 'X' || _IOC_TYPE(command) == 0x15)
			continue;
		if (ioctl(fd, command, buffer) == 0 || errno != ENOTTY)
			complaint = "an unknown ioctl was not refused by ENOTTY";
	}
	report("unknown ioctls", complaint);
}

static void test_file(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char buffer[2 * sizeof(struct ffa_shim_event)] = { 0 };

	check("a short read is refused", read(fd, buffer, 1) < 0 && errno == EINVAL);
	check("there is nothing to read", read(fd, buffer, sizeof(buffer)) < 0 && errno == EAGAIN);
	check("poll() reports nothing", poll(&poll_fd, 1, 0) == 0);
	check("it cannot be written", write(fd, buffer, sizeof(buffer)) < 0 && errno == EINVAL);
	check("it has no position", lseek(fd, 0, SEEK_SET) < 0 && errno == ESPIPE);
	check("it cannot be mapped",
	      mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == ENODEV);
}

static void test_irqs(int fd)
{
	const char *complaint = NULL;
	unsigned int taken = 0, busy = 0;
	uint64_t state = seed;
	struct ffa_shim_irqs irqs;
	cpu_set_t all;

	/* Every interrupt that it might take, also those that are the kernel's own: they must survive it. */
	for (uint32_t intid = 1; intid < INTID_SHARED_FIRST; intid++) {
		irqs = (struct ffa_shim_irqs) { .schedule_receiver = intid };
		if (ioctl(fd, FFA_SHIM_IRQS, &irqs) == 0)
			taken++;
		else if (errno == EBUSY)
			busy++;
	}
	printf("FACT shim: %u interrupts taken, %u busy\n", taken, busy);
	check("an interrupt that is free can be taken", taken > 0);
	check("the kernel's own interrupts are refused by EBUSY", busy > 0);
	for (int i = 0; i < 100; i++) {
		irqs = (struct ffa_shim_irqs) { (uint32_t)draw_value(&state), (uint32_t)draw_value(&state) };
		if (irqs.schedule_receiver < INTID_SHARED_FIRST)
			irqs.schedule_receiver += INTID_SHARED_FIRST;
		if (ioctl(fd, FFA_SHIM_IRQS, &irqs) == 0 || errno != EINVAL)
			complaint = "an interrupt that is shared was not refused by EINVAL";
	}
	report("interrupts that are no SGI or PPI are refused", complaint);

	irqs = (struct ffa_shim_irqs) { 0 };
	check("interrupts are given back", ioctl(fd, FFA_SHIM_IRQS, &irqs) == 0);
	/* A kernel that has lost a CPU's timer or the interrupts between CPUs does not come out of this. */
	CPU_ZERO(&all);
	for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
		cpu_set_t one;

		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		CPU_SET(cpu, &all);
		sched_setaffinity(0, sizeof(one), &one);
		usleep(1000);
		syscall(SYS_membarrier, 1 /* global */, 0, 0);
	}
	sched_setaffinity(0, sizeof(all), &all);
}

static void test_module(void)
{
	check("the module stays while it is open",
	      syscall(SYS_delete_module, MODULE, O_NONBLOCK) < 0 && (errno == EWOULDBLOCK || errno == EBUSY));
}

/* Wait for a child; its exit status, or -1 when a signal ended it. */
static int wait_for(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Exit status of a child: the errno of opening the device without CAP_SYS_RAWIO. */
static int open_without_capability(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data) < 0)
		return 0;
	data[CAP_TO_INDEX(CAP_SYS_RAWIO)].effective &= ~CAP_TO_MASK(CAP_SYS_RAWIO);
	if (syscall(SYS_capset, &header, data) < 0)
		return 0;
	return open_shim(0) < 0 ? errno : 0;
}

static void test_capability(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(open_without_capability());
	check("opening needs CAP_SYS_RAWIO", wait_for(child) == EPERM);
}

/* Shared by processes that all want the device. */
struct contest {
	int holders;
	int clashes, opens, refusals, surprises;
};

static void compete(struct contest *contest, uint64_t state)
{
	for (int i = 0; i < OPENS; i++) {
		int fd = open_shim(0);

		if (fd < 0) {
			__atomic_add_fetch(errno == EBUSY ? &contest->refusals : &contest->surprises, 1,
					   __ATOMIC_SEQ_CST);
			continue;
		}
		if (__atomic_add_fetch(&contest->holders, 1, __ATOMIC_SEQ_CST) != 1)
			__atomic_add_fetch(&contest->clashes, 1, __ATOMIC_SEQ_CST);
		if (random_calls(fd, &state, 3))
			__atomic_add_fetch(&contest->surprises, 1, __ATOMIC_SEQ_CST);
		__atomic_add_fetch(&contest->opens, 1, __ATOMIC_SEQ_CST);
		__atomic_sub_fetch(&contest->holders, 1, __ATOMIC_SEQ_CST);
		close(fd);
	}
}

static void test_openers(void)
{
	struct contest *contest =
		mmap(NULL, sizeof(*contest), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t children[OPENERS];
	bool ended = true;

	if (contest == MAP_FAILED) {
		report("openers compete", "no memory");
		return;
	}
	for (int i = 0; i < OPENERS; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			compete(contest, seed + (uint64_t)i);
			_exit(0);
		}
	}
	for (int i = 0; i < OPENERS; i++)
		ended = wait_for(children[i]) == 0 && ended;
	printf("FACT shim: %d openers: %d opens, %d refused\n", OPENERS, contest->opens, contest->refusals);
	check("openers compete: one at a time, others are told BUSY",
	      ended && contest->clashes == 0 && contest->surprises == 0 && contest->opens > 0);
	munmap(contest, sizeof(*contest));
}

/* The child of a kill test: says that it is ready and goes on until it is killed. */
_Noreturn static void victim(int ready, bool reads)
{
	struct ffa_direct request = { .receiver = SLOW_PARTITION };
	struct ffa_regs regs;
	char buffer[sizeof(struct ffa_shim_event)];
	int fd = open_shim(0);

	if (fd < 0 || write(ready, "", 1) != 1)
		_exit(1);
	for (;;) {
		ffa_direct_encode_req(&request, &regs);
		if (reads ? read(fd, buffer, sizeof(buffer)) < 0 : call(fd, &regs) != 0)
			_exit(2);
	}
}

static const char *kill_one(bool reads)
{
	int pipe_fds[2], status, fd;
	pid_t child;
	char byte;

	if (pipe(pipe_fds) < 0)
		return "no pipe";
	child = fork();
	if (child == 0)
		victim(pipe_fds[1], reads);
	close(pipe_fds[1]);
	if (read(pipe_fds[0], &byte, 1) != 1) {
		close(pipe_fds[0]);
		waitpid(child, &status, 0);
		return "the device was not free";
	}
	close(pipe_fds[0]);
	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		return "the process ended otherwise";
	fd = open_shim(0);
	if (fd < 0)
		return "the device is still taken";
	close(fd);
	return NULL;
}

static void test_kills(const char *name, bool reads)
{
	const char *complaint = NULL;

	for (int i = 0; i < KILLS && !complaint; i++)
		complaint = kill_one(reads);
	report(name, complaint);
}

int main(int argc, char **argv)
{
	struct ffa_shim_info info = { 0 };
	struct ffa_shim_frame version = { .x = { FFA_VERSION, FFA_VERSION_1_2 } };
	int fd = open_shim(O_NONBLOCK);

	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	if (fd < 0 || ioctl(fd, FFA_SHIM_INFO, &info) < 0) {
		perror("shim-fuzz: " DEVICE);
		return EXIT_FAILURE;
	}
	if (info.conduit != FFA_SHIM_CONDUIT_HVC) {
		printf("SKIP shim: random calls are not for real firmware\n");
		printf("shim-fuzz: 0 passed, 0 failed, 1 skipped\n");
		return EXIT_SUCCESS;
	}
	printf("FACT shim: seed %" PRIu64 "\n", seed);
	check("the interface has its version",
	      info.abi_version >= FFA_SHIM_ABI_VERSION && info.reserved == 0);
	check("FFA_VERSION is answered",
	      call(fd, &version) == 0 && (version.x[0] & ~UINT64_C(0xf)) == 0x10000);
	check("a second opener is refused", open_shim(0) < 0 && errno == EBUSY);
	test_module();
	test_file(fd);
	test_pointers(fd);
	test_commands(fd);
	test_outside(fd);
	test_irqs(fd);
	test_inside(fd);
	test_threads(fd);
	close(fd);
	test_capability();
	test_openers();
	test_kills("a process dies inside a call", false);
	test_kills("a process dies while it waits for an event", true);
	printf("shim-fuzz: %u passed, %u failed, 0 skipped\n", passed, failed);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
