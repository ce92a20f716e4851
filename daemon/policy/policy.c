/* SPDX-License-Identifier: BSD-3-Clause */
#include "policy.h"

#include <errno.h>
#include <stdlib.h>

#include "rule.h"

struct policy {
	uint32_t references; /* atomic */
	struct policy_rule *rules;
	size_t count;
};

static const char *const verb_names[POLICY_VERB_COUNT] = {
	[POLICY_LIST] = "list",
	[POLICY_DIRECT] = "direct",
	[POLICY_ADMIN] = "admin",
	[POLICY_CLAIMED] = "claimed",
};

const char *policy_verb_name(enum policy_verb verb)
{
	return verb_names[verb];
}

int policy_new(struct policy_rule *rules, size_t count, struct policy **ret_policy)
{
	struct policy *policy = malloc(sizeof(*policy));

	if (!policy)
		return -ENOMEM;
	*policy = (struct policy) { .references = 1, .rules = rules, .count = count };
	*ret_policy = policy;
	return 0;
}

struct policy *policy_new_default(void)
{
	struct policy *policy = NULL;

	(void)policy_new(NULL, 0, &policy);
	return policy;
}

struct policy *policy_ref(struct policy *policy)
{
	if (policy)
		__atomic_fetch_add(&policy->references, 1, __ATOMIC_RELAXED);
	return policy;
}

struct policy *policy_unref(struct policy *policy)
{
	if (!policy || __atomic_sub_fetch(&policy->references, 1, __ATOMIC_ACQ_REL) != 0)
		return NULL;
	for (size_t i = 0; i < policy->count; i++)
		policy_rule_clear(&policy->rules[i]);
	free(policy->rules);
	free(policy);
	return NULL;
}

static bool ranges_contain(const struct id_ranges *ranges, uint32_t id)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (id >= ranges->items[i].first && id <= ranges->items[i].last)
			return true;
	return false;
}

static bool rule_matches_subject(const struct policy_rule *rule, const struct policy_subject *subject)
{
	if (ranges_contain(&rule->users, subject->uid) || ranges_contain(&rule->groups, subject->gid))
		return true;
	for (size_t i = 0; i < subject->group_count; i++)
		if (ranges_contain(&rule->groups, subject->groups[i]))
			return true;
	return false;
}

/* `uuid` is NULL where the partition has none or none matters. */
static bool rule_matches_partition(const struct policy_rule *rule, uint16_t id, const struct ffa_uuid *uuid)
{
	if (rule->every_partition || ranges_contain(&rule->partitions, id))
		return true;
	for (size_t i = 0; uuid && i < rule->uuid_count; i++)
		if (ffa_uuid_equal(&rule->uuids[i], uuid))
			return true;
	return false;
}

static bool default_allows(const struct policy_subject *subject, enum policy_verb verb)
{
	if (verb == POLICY_CLAIMED)
		return false;
	return subject->uid == 0 || verb == POLICY_LIST;
}

/* The verdict on one service of a partition, or on the daemon itself (no object). */
static bool allows_one(const struct policy *policy, const struct policy_subject *subject,
		       enum policy_verb verb, const struct policy_object *object, const struct ffa_uuid *uuid)
{
	uint32_t bit = 1u << verb;

	for (size_t i = policy->count; i-- > 0;) {
		const struct policy_rule *rule = &policy->rules[i];

		if (!((rule->allow | rule->deny) & bit))
			continue;
		if (object && !rule_matches_partition(rule, object->partition_id, uuid))
			continue;
		if (rule_matches_subject(rule, subject))
			return rule->allow & bit;
	}
	return default_allows(subject, verb);
}

bool policy_allows(const struct policy *policy, const struct policy_subject *subject, enum policy_verb verb,
		   const struct policy_object *object)
{
	if (subject->uid == (uid_t)-1) /* nobody's: credentials that were never filled in */
		return false;
	if (verb == POLICY_ADMIN)
		return allows_one(policy, subject, verb, NULL, NULL);
	if (!object)
		return false;
	if (object->uuid_count == 0)
		return allows_one(policy, subject, verb, object, NULL);
	/* A direct message by id reaches every service of the partition, so that all must be allowed. */
	for (size_t i = 0; i < object->uuid_count; i++)
		if (!allows_one(policy, subject, verb, object, &object->uuids[i]))
			return false;
	return true;
}

uint32_t policy_verbs(const struct policy *policy, const struct policy_subject *subject,
		      const struct policy_object *object)
{
	uint32_t verbs = 0;

	for (int verb = 0; verb < POLICY_VERB_COUNT; verb++)
		if (policy_allows(policy, subject, (enum policy_verb)verb, object))
			verbs |= 1u << verb;
	return verbs;
}
