/* SPDX-License-Identifier: BSD-3-Clause */
#include "limit.h"

#include <errno.h>
#include <stdlib.h>

#include "outcome.h"

#define LIMIT_NAME_SIZE 64
#define LIMIT_DESCRIPTION_SIZE 192

struct ffa_limit {
	uint64_t value, used;
	char name[LIMIT_NAME_SIZE];
	char description[LIMIT_DESCRIPTION_SIZE];
};

struct ffa_limit_list {
	size_t count;
	struct ffa_limit limits[];
};

int limit_list_from_wire(const Ffa__V1__LimitsResponse *response, struct ffa_limit_list **ret_list)
{
	/* The count is bounded by the arena that it was decoded into. */
	struct ffa_limit_list *list = malloc(sizeof(*list) + response->n_limits * sizeof(list->limits[0]));

	if (!list)
		return -ENOMEM;
	list->count = response->n_limits;
	for (size_t i = 0; i < list->count; i++) {
		const Ffa__V1__Limit *wire = response->limits[i];
		struct ffa_limit *limit = &list->limits[i];

		limit->value = wire->value;
		limit->used = wire->used;
		outcome_copy_text(wire->name, sizeof(limit->name), limit->name);
		outcome_copy_text(wire->description, sizeof(limit->description), limit->description);
	}
	*ret_list = list;
	return 0;
}

struct ffa_limit_list *ffa_limit_list_free(struct ffa_limit_list *list)
{
	free(list);
	return NULL;
}

size_t ffa_limit_list_get_count(const struct ffa_limit_list *list)
{
	return list->count;
}

const struct ffa_limit *ffa_limit_list_get(const struct ffa_limit_list *list, size_t index)
{
	return index < list->count ? &list->limits[index] : NULL;
}

const char *ffa_limit_get_name(const struct ffa_limit *limit)
{
	return limit->name;
}

uint64_t ffa_limit_get_value(const struct ffa_limit *limit)
{
	return limit->value;
}

uint64_t ffa_limit_get_used(const struct ffa_limit *limit)
{
	return limit->used;
}

const char *ffa_limit_get_description(const struct ffa_limit *limit)
{
	return limit->description;
}
