/* SPDX-License-Identifier: BSD-3-Clause */
#include "limits.h"

#include <errno.h>
#include <string.h>

const struct limit_info limit_infos[] = {
#define LIMIT_INFO(field, limit_name, default_value, min_value, max_value, text)                             \
	{ .name = (limit_name),                                                                              \
	  .description = (text),                                                                             \
	  .def = (default_value),                                                                            \
	  .min = (min_value),                                                                                \
	  .max = (max_value),                                                                                \
	  .offset = offsetof(struct limits, field) },
	LIMITS(LIMIT_INFO)
#undef LIMIT_INFO
};

const size_t limit_infos_count = sizeof(limit_infos) / sizeof(limit_infos[0]);

void limits_default(struct limits *ret_limits)
{
	for (size_t i = 0; i < limit_infos_count; i++)
		memcpy((char *)ret_limits + limit_infos[i].offset, &limit_infos[i].def, sizeof(uint32_t));
}

uint32_t limits_get(const struct limits *limits, const struct limit_info *info)
{
	uint32_t value;

	memcpy(&value, (const char *)limits + info->offset, sizeof(value));
	return value;
}

const struct limit_info *limits_find(const char *name)
{
	for (size_t i = 0; i < limit_infos_count; i++)
		if (strcmp(limit_infos[i].name, name) == 0)
			return &limit_infos[i];
	return NULL;
}

int limits_set(struct limits *limits, const char *name, uint64_t value)
{
	const struct limit_info *info = limits_find(name);
	uint32_t narrow = (uint32_t)value;

	if (!info)
		return -ENOENT;
	if (value < info->min || value > info->max)
		return -ERANGE;
	memcpy((char *)limits + info->offset, &narrow, sizeof(narrow));
	return 0;
}
