/* SPDX-License-Identifier: BSD-3-Clause */
#include "view.h"

#include <stdlib.h>

struct view *view_new(uint64_t generation, struct partition_table *table, struct policy *policy,
		      const struct limits *limits)
{
	struct view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	atomic_init(&view->refs, 1);
	view->generation = generation;
	view->table = partition_table_ref(table);
	view->policy = policy_ref(policy);
	view->limits = *limits;
	return view;
}

struct view *view_ref(struct view *view)
{
	atomic_fetch_add_explicit(&view->refs, 1, memory_order_relaxed);
	return view;
}

struct view *view_unref(struct view *view)
{
	if (view && atomic_fetch_sub_explicit(&view->refs, 1, memory_order_acq_rel) == 1) {
		partition_table_unref(view->table);
		policy_unref(view->policy);
		free(view);
	}
	return NULL;
}
