/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One rule of a policy, as a [rule NAME] section of the configuration gives it: whom it is for, which
 * partitions it is about, and the verbs that it allows and denies. Values add up: a rule is for everybody
 * who is in any of its lists.
 */
#pragma once

#include "policy.h"

/* Inclusive ranges of user or group ids. */
struct id_range {
	uint32_t first, last;
};

struct id_ranges {
	struct id_range *items;
	size_t count;
};

struct policy_rule {
	struct id_ranges users, groups;
	struct id_ranges partitions; /* FF-A ids */
	struct ffa_uuid *uuids;
	size_t uuid_count;
	bool every_partition;
	uint32_t allow, deny; /* bits 1 << verb; never the same bit in both */
};

/* Free what the rule holds, not the rule itself; it is empty afterwards. */
void policy_rule_clear(struct policy_rule *rule);

/*
 * Add what a value of the configuration says: entries between commas and blanks, at least one. Users and
 * groups are "*", a name, a number or a range "1000-1999", names looked up at once; partitions "*", an id
 * such as 0x8001 or a UUID; verbs "list", "direct", "admin", "claimed" or "all".
 * -EINVAL with a sentence to free() in *ret_reason, -ENOMEM without. A rule that failed is fit for clearing
 * only.
 */
int policy_rule_add_users(struct policy_rule *rule, const char *value, char **ret_reason);
int policy_rule_add_groups(struct policy_rule *rule, const char *value, char **ret_reason);
int policy_rule_add_partitions(struct policy_rule *rule, const char *value, char **ret_reason);
int policy_rule_add_allow(struct policy_rule *rule, const char *value, char **ret_reason);
int policy_rule_add_deny(struct policy_rule *rule, const char *value, char **ret_reason);
/*
 * Once all values are in: whether it says whom, what and which, without contradiction. -EINVAL and a
 * sentence to free() in *ret_reason. Narrows what "all" stands for: administration concerns the whole
 * daemon, so that a rule about particular partitions never includes it; and what a kernel driver uses has to be
 * allowed by name.
 */
int policy_rule_finish(struct policy_rule *rule, char **ret_reason);

/* One reference to a policy of these rules, which are the policy's from now on, their array too (malloc).
 * -ENOMEM: they stay the caller's. */
int policy_new(struct policy_rule *rules, size_t count, struct policy **ret_policy);
