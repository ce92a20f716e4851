/* SPDX-License-Identifier: BSD-3-Clause */
#include "feature.h"

#include <errno.h>
#include <stdlib.h>

#include "outcome.h"

#define FEATURE_NAME_SIZE 64

struct ffa_feature {
	uint32_t id, w2, w3;
	bool supported;
	char name[FEATURE_NAME_SIZE];
};

struct ffa_feature_list {
	size_t count;
	struct ffa_feature features[];
};

int feature_list_from_wire(const Ffa__V1__FeaturesResponse *response, struct ffa_feature_list **ret_list)
{
	/* The count is bounded by the arena that it was decoded into. */
	struct ffa_feature_list *list =
		malloc(sizeof(*list) + response->n_features * sizeof(list->features[0]));

	if (!list)
		return -ENOMEM;
	list->count = response->n_features;
	for (size_t i = 0; i < list->count; i++) {
		const Ffa__V1__Feature *wire = response->features[i];
		struct ffa_feature *feature = &list->features[i];

		feature->id = wire->id;
		feature->supported = wire->supported;
		feature->w2 = wire->properties2;
		feature->w3 = wire->properties3;
		outcome_copy_text(wire->name, sizeof(feature->name), feature->name);
	}
	*ret_list = list;
	return 0;
}

struct ffa_feature_list *ffa_feature_list_free(struct ffa_feature_list *list)
{
	free(list);
	return NULL;
}

size_t ffa_feature_list_get_count(const struct ffa_feature_list *list)
{
	return list->count;
}

const struct ffa_feature *ffa_feature_list_get(const struct ffa_feature_list *list, size_t index)
{
	return index < list->count ? &list->features[index] : NULL;
}

uint32_t ffa_feature_get_id(const struct ffa_feature *feature)
{
	return feature->id;
}

const char *ffa_feature_get_name(const struct ffa_feature *feature)
{
	return feature->name;
}

bool ffa_feature_is_supported(const struct ffa_feature *feature)
{
	return feature->supported;
}

uint32_t ffa_feature_get_w2(const struct ffa_feature *feature)
{
	return feature->w2;
}

uint32_t ffa_feature_get_w3(const struct ffa_feature *feature)
{
	return feature->w3;
}
