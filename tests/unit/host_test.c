/* SPDX-License-Identifier: BSD-3-Clause */
/* The simulated physical memory, and time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sim/host.h"

#define PAGE UINT64_C(4096)

static struct host *new_host(void)
{
	struct host *host;

	assert_int_equal(host_new(&host), 0);
	return host;
}

/* Plug `pages` pages of a memfd that is closed again. */
static uint64_t plug(struct host *host, size_t pages, void **ret_map)
{
	_cleanup_close_ int fd = -1;
	uint64_t pa;

	assert_int_equal(host_memfd(pages, &fd), 0);
	assert_int_equal(host_plug(host, fd, pages, &pa, ret_map), 0);
	return pa;
}

static void *memory(struct host *host, uint64_t pa, uint64_t size)
{
	const struct sim_host *interface = host_interface(host);
	void *pointer;

	interface->lock(interface->ctx);
	pointer = interface->memory(interface->ctx, pa, size);
	interface->unlock(interface->ctx);
	return pointer;
}

static enum sim_memory_kind kind(struct host *host, uint64_t pa, uint64_t size)
{
	const struct sim_host *interface = host_interface(host);
	enum sim_memory_kind found;

	interface->lock(interface->ctx);
	found = interface->memory_kind(interface->ctx, pa, size);
	interface->unlock(interface->ctx);
	return found;
}

static void test_memory(void **state)
{
	struct host *host = new_host();
	uint64_t pa, next, pages;
	void *map, *next_map;
	size_t ranges;

	pa = plug(host, 3, &map);
	next = plug(host, 1, &next_map);
	assert_int_equal(pa % PAGE, 0);
	assert_int_equal(next, pa + 3 * PAGE); /* beside it, in a mapping of its own */
	assert_ptr_equal(memory(host, pa, 1), map);
	assert_ptr_equal(memory(host, pa + 5, 3 * PAGE - 5), (uint8_t *)map + 5);
	assert_null(memory(host, pa + 5, 3 * PAGE - 4));
	assert_null(memory(host, pa, 0));
	assert_null(memory(host, pa - 1, 2));
	assert_null(memory(host, pa, UINT64_MAX));
	assert_null(memory(host, UINT64_MAX, 2));
	assert_ptr_equal(memory(host, next, PAGE), next_map);
	assert_null(memory(host, next, PAGE + 1));

	assert_int_equal(kind(host, pa, 4 * PAGE), SIM_MEMORY_NS_RAM);
	assert_int_equal(kind(host, pa, 4 * PAGE + 1), SIM_MEMORY_NONE);
	assert_int_equal(kind(host, pa - 1, 2), SIM_MEMORY_NONE);
	assert_int_equal(kind(host, pa, 0), SIM_MEMORY_NONE);
	assert_int_equal(kind(host, pa, UINT64_MAX), SIM_MEMORY_NONE);

	host_usage(host, &ranges, &pages);
	assert_int_equal(ranges, 2);
	assert_int_equal(pages, 4);
	assert_int_equal(host_unplug(host, pa, 2), -ENOENT);
	assert_int_equal(host_unplug(host, pa + PAGE, 2), -ENOENT);
	assert_int_equal(host_unplug(host, pa, 3), 0);
	assert_int_equal(host_unplug(host, pa, 3), -ENOENT);
	assert_null(memory(host, pa, 1));
	assert_int_equal(kind(host, pa, 4 * PAGE), SIM_MEMORY_NONE);
	assert_ptr_equal(memory(host, next, PAGE), next_map);
	/* An address that was given back is not the next one to be given out. */
	assert_int_equal(plug(host, 1, &map), next + PAGE);
	/* Much goes where SMC32 frames do not reach. */
	assert_true(plug(host, HOST_LOW_PAGES_MAX + 1, &map) > UINT32_MAX);
	host_free(host);
}

/* A client that comes again with the same memory finds it where it was. */
static void test_again(void **state)
{
	_cleanup_close_ int fd = -1, other = -1;
	struct host *host = new_host();
	uint64_t pa, again, pages;
	void *map, *map_again;
	size_t ranges;

	assert_int_equal(host_memfd(2, &fd), 0);
	assert_int_equal(host_plug(host, fd, 2, &pa, &map), 0);
	other = dup(fd);
	assert_int_equal(host_plug(host, other, 2, &again, &map_again), 0);
	assert_int_equal(again, pa);
	assert_ptr_equal(map_again, map);
	host_usage(host, &ranges, &pages);
	assert_int_equal(ranges, 1);
	host_free(host);
}

/* Memory that could change its size or be written by nobody is not taken. */
static void test_not_taken(void **state)
{
	_cleanup_close_ int open_end = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	_cleanup_close_ int fd = -1;
	struct host *host = new_host();
	uint64_t pa = 77;
	void *map;

	assert_int_equal(host_memfd(0, &fd), -EINVAL);
	assert_int_equal(host_memfd(HOST_PAGES_MAX + 1, &fd), -EINVAL);
	assert_int_equal(fd, -1);
	assert_int_equal(host_memfd(1, &fd), 0);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(ftruncate(fd, 8192), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_int_equal(ftruncate(open_end, 4096), 0);

	assert_int_equal(host_plug(host, -1, 1, &pa, &map), -EINVAL);
	assert_int_equal(host_plug(host, null, 1, &pa, &map), -EINVAL);
	assert_int_equal(host_plug(host, open_end, 1, &pa, &map), -EINVAL);
	assert_int_equal(host_plug(host, fd, 2, &pa, &map), -EINVAL);
	assert_int_equal(host_plug(host, fd, 0, &pa, &map), -EINVAL);
	assert_int_equal(fcntl(open_end, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE), 0);
	assert_int_equal(host_plug(host, open_end, 1, &pa, &map), -EINVAL);
	assert_int_equal(pa, 77);
	host_free(host);
}

static void test_limits(void **state)
{
	_cleanup_close_ int all = -1, one = -1;
	struct host *host = new_host();
	uint64_t pa;
	void *map;

	assert_int_equal(host_memfd(HOST_PAGES_MAX, &all), 0); /* sparse */
	assert_int_equal(host_plug(host, all, HOST_PAGES_MAX, &pa, &map), 0);
	assert_int_equal(host_memfd(1, &one), 0);
	assert_int_equal(host_plug(host, one, 1, &pa, &map), -ENOSPC);
	host_free(host);
}

/* RAM goes around what manifests claim, whatever is where. */
static void test_claims(void **state)
{
	struct host *host = new_host();
	uint64_t pa;
	void *map;

	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, HOST_LOW_BASE, PAGE), 0);
	assert_int_equal(host_claim(host, SIM_MEMORY_DEVICE, HOST_LOW_BASE + 2 * PAGE, PAGE), 0);
	assert_int_equal(host_claim(host, SIM_MEMORY_NONE, HOST_LOW_BASE + 4 * PAGE, PAGE), 0);
	pa = plug(host, 2, &map);
	assert_int_equal(pa, HOST_LOW_BASE + 5 * PAGE);
	assert_int_equal(kind(host, HOST_LOW_BASE, PAGE), SIM_MEMORY_SECURE);
	assert_int_equal(kind(host, HOST_LOW_BASE, PAGE + 1), SIM_MEMORY_NONE);
	assert_int_equal(kind(host, HOST_LOW_BASE + 2 * PAGE + 5, 8), SIM_MEMORY_DEVICE);
	assert_int_equal(kind(host, HOST_LOW_BASE + 4 * PAGE, 8), SIM_MEMORY_NONE);
	assert_null(memory(host, HOST_LOW_BASE, 8));

	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, pa + PAGE, PAGE), -EEXIST);
	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, pa - PAGE, 2 * PAGE), -EEXIST);
	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, 0, UINT64_C(1) << 52), -EEXIST);
	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, pa + 2 * PAGE, PAGE), 0);
	host_unclaim(host, HOST_LOW_BASE, PAGE);
	assert_int_equal(kind(host, HOST_LOW_BASE, PAGE), SIM_MEMORY_NONE);
	assert_int_equal(kind(host, HOST_LOW_BASE + 2 * PAGE, PAGE), SIM_MEMORY_DEVICE);

	/* The whole window below 4 GiB: then above; everything: then nowhere. */
	assert_int_equal(host_unplug(host, pa, 2), 0);
	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, HOST_LOW_BASE, HOST_LOW_END - HOST_LOW_BASE), 0);
	pa = plug(host, 1, &map);
	assert_int_equal(pa, HOST_HIGH_BASE);
	assert_int_equal(host_unplug(host, pa, 1), 0);
	assert_int_equal(host_claim(host, SIM_MEMORY_SECURE, HOST_HIGH_BASE, HOST_HIGH_END - HOST_HIGH_BASE),
			 0);
	{
		_cleanup_close_ int fd = -1;

		assert_int_equal(host_memfd(1, &fd), 0);
		assert_int_equal(host_plug(host, fd, 1, &pa, &map), -ENOSPC);
	}
	host_free(host);
}

/* Many ranges, in and out at random: what the host says agrees with a plain list. */
static void test_many(void **state)
{
	enum {
		SLOTS = 64,
		STEPS = 2000
	};
	struct {
		uint64_t pa;
		size_t pages;
		void *map;
	} slots[SLOTS] = { 0 };
	struct host *host = new_host();
	unsigned int seed = 1;

	for (unsigned int step = 0; step < STEPS; step++) {
		unsigned int i = (unsigned int)rand_r(&seed) % SLOTS;

		if (slots[i].pages) {
			assert_int_equal(host_unplug(host, slots[i].pa, slots[i].pages), 0);
			slots[i].pages = 0;
		} else {
			slots[i].pages = 1 + (size_t)rand_r(&seed) % 24;
			slots[i].pa = plug(host, slots[i].pages, &slots[i].map);
		}
		for (unsigned int j = 0; j < SLOTS; j++) {
			if (!slots[j].pages)
				continue;
			assert_ptr_equal(memory(host, slots[j].pa, slots[j].pages * PAGE), slots[j].map);
			for (unsigned int k = 0; k < j; k++)
				assert_true(!slots[k].pages ||
					    slots[j].pa + slots[j].pages * PAGE <= slots[k].pa ||
					    slots[k].pa + slots[k].pages * PAGE <= slots[j].pa);
		}
	}
	host_free(host);
}

static void *delay_forever(void *arg)
{
	const struct sim_host *interface = arg;

	interface->delay(interface->ctx, 0, SIM_DELAY_FOREVER);
	interface->delay(interface->ctx, 0, UINT64_C(3600) * 1000000);
	return NULL;
}

/* Every delay ends when the host stops, and none begins after. */
static void test_stop(void **state)
{
	struct host *host = new_host();
	pthread_t threads[4];

	host_interface(host)->delay(host_interface(host)->ctx, 0, 0);
	host_interface(host)->delay(host_interface(host)->ctx, 0, 1);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, delay_forever,
						(void *)(uintptr_t)host_interface(host)),
				 0);
	host_stop(host);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	host_free(host);
	assert_null(host_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),    cmocka_unit_test(test_again),
		cmocka_unit_test(test_not_taken), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_claims),    cmocka_unit_test(test_many),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
