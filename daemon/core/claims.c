/* SPDX-License-Identifier: BSD-3-Clause */
#include "claims.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define ATTRIBUTE_SIZE 64

static void cleanup_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* One line of a small file, without its newline. Nothing but a plain file is opened for good: sysfs has no others. */
static int read_attribute(int device_fd, const char *name, char text[static ATTRIBUTE_SIZE])
{
	_cleanup_close_ int fd = openat(device_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	n = read(fd, text, ATTRIBUTE_SIZE);
	if (n < 0)
		return -errno;
	if (n == 0 || n == ATTRIBUTE_SIZE)
		return -EINVAL;
	text[n] = '\0';
	if (strlen(text) != (size_t)n)
		return -EINVAL;
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

/* "0x8001" */
static int parse_id(const char *text, uint16_t *ret_id)
{
	unsigned long id;
	char *end;

	if (text[0] != '0' || text[1] != 'x' || !isxdigit((unsigned char)text[2]))
		return -EINVAL;
	id = strtoul(text, &end, 16);
	if (*end || id > UINT16_MAX)
		return -EINVAL;
	*ret_id = (uint16_t)id;
	return 0;
}

/* The last part of where the link goes; "" when there is none. */
static void read_driver(int device_fd, char driver[static CLAIM_DRIVER_SIZE])
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(device_fd, "driver", target, sizeof(target) - 1);
	const char *name;
	size_t i;

	driver[0] = '\0';
	if (n < 0) {
		struct stat st;

		/* A driver that is not a link is odd, but it is one. */
		if (errno == EINVAL && fstatat(device_fd, "driver", &st, 0) == 0)
			snprintf(driver, CLAIM_DRIVER_SIZE, "unknown");
		return;
	}
	target[n] = '\0';
	name = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
	for (i = 0; name[i] && i < CLAIM_DRIVER_SIZE - 1; i++)
		driver[i] = isgraph((unsigned char)name[i]) ? name[i] : '?';
	driver[i] = '\0';
	if (!driver[0])
		snprintf(driver, CLAIM_DRIVER_SIZE, "unknown");
}

static int read_device(int folder_fd, const char *name, struct claim *ret_claim)
{
	_cleanup_close_ int fd = openat(folder_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct claim claim = { 0 };
	char text[ATTRIBUTE_SIZE];
	int r;

	if (fd < 0)
		return -errno;
	r = read_attribute(fd, "partition_id", text);
	if (r == 0)
		r = parse_id(text, &claim.id);
	if (r < 0)
		return r;
	if (read_attribute(fd, "uuid", text) < 0 || ffa_uuid_parse(text, &claim.uuid) < 0)
		claim.uuid = (struct ffa_uuid) { 0 };
	read_driver(fd, claim.driver);
	*ret_claim = claim;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	order = memcmp(x->uuid.bytes, y->uuid.bytes, sizeof(x->uuid.bytes));
	return order ? order : strcmp(x->driver, y->driver);
}

static int add(struct claims *claims, const struct claim *claim)
{
	struct claim *grown = reallocarray(claims->items, claims->count + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	grown[claims->count++] = *claim;
	claims->items = grown;
	return 0;
}

int claims_read(const char *folder, struct claims *ret_claims)
{
	_cleanup_(claims_clear) struct claims claims = { 0 };
	_cleanup_(cleanup_dir) DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir && errno != ENOENT && errno != ENOTDIR)
		return -errno;
	while (dir && (entry = readdir(dir))) {
		struct claim claim;
		int r;

		if (entry->d_name[0] == '.')
			continue;
		if (claims.count == CLAIMS_MAX) {
			log_warning("%s has more than %d devices: the others are not looked at", folder,
				    CLAIMS_MAX);
			break;
		}
		r = read_device(dirfd(dir), entry->d_name, &claim);
		if (r < 0) {
			log_notice("%s/%s is no FF-A device (%s): it is left out", folder, entry->d_name,
				   strerror(-r));
			continue;
		}
		if (add(&claims, &claim) < 0)
			return -ENOMEM;
	}
	if (claims.count)
		qsort(claims.items, claims.count, sizeof(*claims.items), compare);
	*ret_claims = claims;
	claims = (struct claims) { 0 };
	return 0;
}

void claims_clear(struct claims *claims)
{
	free(claims->items);
	*claims = (struct claims) { 0 };
}

static bool offers(const struct ffa_uuid *uuids, size_t count, const struct ffa_uuid *uuid)
{
	for (size_t i = 0; i < count; i++)
		if (ffa_uuid_equal(&uuids[i], uuid))
			return true;
	return false;
}

const struct claim *claims_find(const struct claims *claims, uint16_t id, const struct ffa_uuid *uuid,
				const struct ffa_uuid *uuids, size_t uuid_count)
{
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];

		if (claim->id != id || !claim->driver[0])
			continue;
		if (ffa_uuid_is_nil(uuid) || ffa_uuid_is_nil(&claim->uuid) ||
		    ffa_uuid_equal(uuid, &claim->uuid) || !offers(uuids, uuid_count, &claim->uuid))
			return claim;
	}
	return NULL;
}
