/* SPDX-License-Identifier: BSD-3-Clause */
/* daemon/policy: rules and their verdicts, the last part against an evaluator written in another way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/policy/policy.h"
#include "daemon/policy/rule.h"

#define UUID_A "b4b5671e-4a90-4fe1-b81f-fb13dae1dacb"
#define UUID_B "d1582309-f023-47b9-827c-4464f5578fc8"
#define UUID_C "79b55c73-1d8c-44b9-8593-61e1770ad8d2"

#define LIST (1u << POLICY_LIST)
#define DIRECT (1u << POLICY_DIRECT)
#define ADMIN (1u << POLICY_ADMIN)
#define CLAIMED (1u << POLICY_CLAIMED)

/* A rule as text; NULL: the line is not there. */
struct rule_text {
	const char *user, *group, *partition, *allow, *deny;
};

static int add_line(struct policy_rule *rule, const char *value, char **ret_reason,
		    int (*add)(struct policy_rule *rule, const char *value, char **ret_reason))
{
	return value ? add(rule, value, ret_reason) : 0;
}

static int parse_rule(const struct rule_text *text, struct policy_rule *rule, char **ret_reason)
{
	int r = add_line(rule, text->user, ret_reason, policy_rule_add_users);

	if (r == 0)
		r = add_line(rule, text->group, ret_reason, policy_rule_add_groups);
	if (r == 0)
		r = add_line(rule, text->partition, ret_reason, policy_rule_add_partitions);
	if (r == 0)
		r = add_line(rule, text->allow, ret_reason, policy_rule_add_allow);
	if (r == 0)
		r = add_line(rule, text->deny, ret_reason, policy_rule_add_deny);
	return r < 0 ? r : policy_rule_finish(rule, ret_reason);
}

static struct policy *make_policy(const struct rule_text *texts, size_t count)
{
	struct policy_rule *rules = calloc(count, sizeof(*rules));
	struct policy *policy = NULL;

	assert_non_null(rules);
	for (size_t i = 0; i < count; i++) {
		char *reason = NULL;

		if (parse_rule(&texts[i], &rules[i], &reason) < 0)
			fail_msg("rule %zu: %s", i, reason);
	}
	assert_int_equal(policy_new(rules, count, &policy), 0);
	return policy;
}

#define POLICY(...)                                                                                          \
	make_policy((const struct rule_text[]) { __VA_ARGS__ },                                              \
		    sizeof((const struct rule_text[]) { __VA_ARGS__ }) / sizeof(struct rule_text))

static uint32_t verbs_of(const struct policy *policy, uid_t uid, gid_t gid, uint16_t id,
			 const char *uuid_list)
{
	const struct policy_subject subject = { .uid = uid, .gid = gid };
	struct ffa_uuid uuids[8];
	size_t count = 0;

	for (const char *text = uuid_list; text && *text; text += 36) {
		char one[FFA_UUID_STR_SIZE];

		snprintf(one, sizeof(one), "%.36s", text);
		assert_int_equal(ffa_uuid_parse(one, &uuids[count++]), 0);
	}
	return policy_verbs(
		policy, &subject,
		&(struct policy_object) { .partition_id = id, .uuids = uuids, .uuid_count = count });
}

static void test_default_policy(void **state)
{
	struct policy *policy = policy_new_default();
	const struct policy_subject root = { .uid = 0 }, user = { .uid = 1000 };

	assert_int_equal(verbs_of(policy, 0, 0, 0x8001, UUID_A), LIST | DIRECT | ADMIN);
	assert_int_equal(verbs_of(policy, 1000, 0, 0x8001, UUID_A), LIST);
	assert_int_equal(verbs_of(policy, 4294967294u, 0, 0x8001, NULL), LIST);
	assert_int_equal(policy_verbs(policy, &root, NULL), ADMIN);
	assert_int_equal(policy_verbs(policy, &user, NULL), 0);
	assert_null(policy_unref(policy));
}

static void test_credentials_never_filled_in_get_nothing(void **state)
{
	struct policy *policy = POLICY({ .user = "*", .group = "*", .partition = "*", .allow = "all" });

	assert_int_equal(verbs_of(policy, (uid_t)-1, 0, 0x8001, UUID_A), 0);
	assert_int_equal(verbs_of(policy, 4294967294u, 0, 0x8001, UUID_A), LIST | DIRECT | ADMIN);
	policy_unref(policy);
}

static void test_last_matching_rule_decides(void **state)
{
	struct policy *policy = POLICY({ .user = "1000", .partition = "*", .allow = "direct" },
				       { .user = "1000", .partition = "0x8002", .deny = "direct" },
				       { .user = "1001", .partition = "*", .deny = "direct" },
				       { .user = "1001", .partition = "0x8002", .allow = "direct" },
				       { .user = "1001", .partition = "0x8002", .deny = "list" });

	assert_int_equal(verbs_of(policy, 1000, 0, 0x8001, NULL), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 1000, 0, 0x8002, NULL), LIST);
	assert_int_equal(verbs_of(policy, 1001, 0, 0x8001, NULL), LIST);
	assert_int_equal(verbs_of(policy, 1001, 0, 0x8002, NULL), DIRECT);
	assert_int_equal(verbs_of(policy, 1002, 0, 0x8002, NULL), LIST);
	policy_unref(policy);
}

static void test_rule_is_silent_about_verbs_it_does_not_name(void **state)
{
	struct policy *policy = POLICY({ .user = "*", .partition = "*", .deny = "list" },
				       { .user = "7", .partition = "*", .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, NULL), DIRECT);
	assert_int_equal(verbs_of(policy, 8, 0, 0x8001, NULL), 0);
	policy_unref(policy);
}

static void test_root_can_be_denied(void **state)
{
	struct policy *policy = POLICY({ .user = "0", .partition = "*", .deny = "direct" });

	assert_int_equal(verbs_of(policy, 0, 0, 0x8001, NULL), LIST | ADMIN);
	policy_unref(policy);
}

static void test_user_ranges_include_both_ends(void **state)
{
	struct policy *policy =
		POLICY({ .user = "1000-1002, 4294967294 5", .partition = "*", .allow = "direct" });
	static const struct {
		uid_t uid;
		uint32_t verbs;
	} cases[] = {
		{ 999, LIST },           { 1000, LIST | DIRECT },
		{ 1001, LIST | DIRECT }, { 1002, LIST | DIRECT },
		{ 1003, LIST },          { 4, LIST },
		{ 5, LIST | DIRECT },    { 6, LIST },
		{ 4294967293u, LIST },   { 4294967294u, LIST | DIRECT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(verbs_of(policy, cases[i].uid, 0, 0x8001, NULL), cases[i].verbs);
	policy_unref(policy);
}

static void test_groups_are_primary_and_supplementary(void **state)
{
	struct policy *policy = POLICY({ .group = "200-300", .partition = "*", .allow = "direct" },
				       { .user = "9", .group = "500", .partition = "*", .deny = "list" });
	const gid_t groups[] = { 1, 250, 500 };
	struct policy_subject subject = { .uid = 1000, .gid = 1, .groups = groups };
	const struct policy_object object = { .partition_id = 0x8001 };

	assert_int_equal(verbs_of(policy, 1000, 300, 0x8001, NULL), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 1000, 301, 0x8001, NULL), LIST);
	assert_int_equal(verbs_of(policy, 200, 1, 0x8001, NULL), LIST); /* a uid is no gid */
	subject.group_count = 1;
	assert_int_equal(policy_verbs(policy, &subject, &object), LIST);
	subject.group_count = 2;
	assert_int_equal(policy_verbs(policy, &subject, &object), LIST | DIRECT);
	subject.group_count = 3;
	assert_int_equal(policy_verbs(policy, &subject, &object), DIRECT);
	/* Either list is enough. */
	assert_int_equal(verbs_of(policy, 9, 1, 0x8001, NULL), 0);
	policy_unref(policy);
}

static void test_admin_is_about_no_partition(void **state)
{
	struct policy *policy =
		POLICY({ .user = "7", .allow = "admin" }, { .user = "8", .partition = "*", .allow = "all" },
		       { .user = "9", .partition = "0x8001", .allow = "all" },
		       { .user = "0", .partition = UUID_A, .deny = "all" });
	struct policy_subject subject = { .uid = 7 };

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, NULL), LIST | ADMIN);
	assert_int_equal(policy_verbs(policy, &subject, NULL), ADMIN);
	assert_int_equal(verbs_of(policy, 8, 0, 0x8001, NULL), LIST | DIRECT | ADMIN);
	/* "all" about a particular partition neither gives nor takes what concerns the daemon. */
	assert_int_equal(verbs_of(policy, 9, 0, 0x8001, NULL), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 9, 0, 0x8002, NULL), LIST);
	assert_int_equal(verbs_of(policy, 0, 0, 0x8001, UUID_A), ADMIN);
	policy_unref(policy);
}

static void test_verbs_about_partitions_need_one(void **state)
{
	struct policy *policy = POLICY({ .user = "*", .partition = "*", .allow = "all" });
	const struct policy_subject subject = { .uid = 5 };

	assert_false(policy_allows(policy, &subject, POLICY_LIST, NULL));
	assert_false(policy_allows(policy, &subject, POLICY_DIRECT, NULL));
	assert_true(policy_allows(policy, &subject, POLICY_ADMIN, NULL));
	policy_unref(policy);
}

/* A direct message by id reaches each service of the partition. */
static void test_one_allowed_service_does_not_open_its_neighbour(void **state)
{
	struct policy *policy = POLICY({ .user = "7", .partition = UUID_A, .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_B), LIST);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A UUID_B), LIST);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_B UUID_A), LIST);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, NULL), LIST);
	policy_unref(policy);
}

static void test_rules_for_each_service_add_up(void **state)
{
	struct policy *policy = POLICY({ .user = "7", .partition = UUID_A, .allow = "direct" },
				       { .user = "7", .partition = UUID_B, .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A UUID_B), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A UUID_B UUID_C), LIST);
	policy_unref(policy);
}

static void test_denied_service_closes_its_partition(void **state)
{
	struct policy *policy = POLICY({ .user = "7", .partition = "*", .allow = "direct" },
				       { .user = "7", .partition = UUID_A, .deny = "direct" },
				       { .user = "7", .partition = UUID_B, .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_B), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A UUID_B), LIST);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_B UUID_A), LIST);
	policy_unref(policy);
}

static void test_later_rule_by_id_overrides_one_by_service(void **state)
{
	struct policy *policy = POLICY({ .user = "7", .partition = UUID_A, .deny = "direct" },
				       { .user = "7", .partition = "0x8001", .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A UUID_B), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8002, UUID_A UUID_B), LIST);
	policy_unref(policy);
}

static void test_partition_ids_are_decimal_or_hexadecimal(void **state)
{
	struct policy *policy = POLICY({ .user = "7", .partition = "0x8001 32770,0", .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8002, UUID_A), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0, UUID_A), LIST | DIRECT);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8003, UUID_A), LIST);
	policy_unref(policy);
}

static void test_uuids_match_in_either_case(void **state)
{
	struct policy *policy = POLICY(
		{ .user = "7", .partition = "B4B5671E-4A90-4FE1-B81F-FB13DAE1DACB", .allow = "direct" });

	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A), LIST | DIRECT);
	policy_unref(policy);
}

static void test_rules_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		struct rule_text rule;
		const char *reason;
	} cases[] = {
		{ { .partition = "*", .allow = "list" }, "for nobody" },
		{ { .user = "1", .partition = "*" }, "decides nothing" },
		{ { .user = "1", .allow = "list" }, "names no partition" },
		{ { .user = "1", .allow = "all" }, "names no partition" },
		{ { .user = "1", .allow = "admin", .deny = "direct" }, "names no partition" },
		{ { .user = "1", .partition = "0x8001", .allow = "admin" }, "rule of its own" },
		{ { .user = "1", .partition = UUID_A, .deny = "list,admin" }, "rule of its own" },
		{ { .user = "1", .partition = "*", .allow = "list", .deny = "list" },
		  "both allows and denies list" },
		{ { .user = "1", .partition = "*", .allow = "all", .deny = "direct" },
		  "both allows and denies direct" },
		{ { .user = "1", .partition = "*", .allow = "admin", .deny = "all" },
		  "both allows and denies admin" },
		{ { .user = "" }, "empty" },
		{ { .user = " , ," }, "empty" },
		{ { .partition = "" }, "empty" },
		{ { .user = "4294967295" }, "largest is 4294967294" },
		{ { .user = "4294967296" }, "largest is 4294967294" },
		{ { .user = "0-4294967295" }, "largest is 4294967294" },
		{ { .group = "4294967295" }, "gid 4294967295 is out of range" },
		{ { .user = "9-8" }, "smaller number first" },
		{ { .user = "1-" }, "not a uid" },
		{ { .user = "1-2-3" }, "not a uid" },
		{ { .user = "1--2" }, "not a uid" },
		{ { .user = "12a" }, "not a uid" },
		{ { .group = "0x" }, "not a gid" },
		{ { .user = "99999999999999999" }, "not a uid" },
		{ { .user = "-1" }, "no user '-1'" },
		{ { .user = "no-such-user-of-ffad" }, "no user 'no-such-user-of-ffad'" },
		{ { .group = "no-such-group-of-ffad" }, "no group 'no-such-group-of-ffad'" },
		{ { .partition = "0x10000" }, "largest is 0xffff" },
		{ { .partition = "-1" }, "not a partition" },
		{ { .partition = "0x8001-0x8002" }, "not a partition" },
		{ { .partition = "b4b5671e-4a90-4fe1-b81f-fb13dae1dac" }, "not a partition" },
		{ { .partition = UUID_A "0" }, "not a partition" },
		{ { .partition = "{" UUID_A "}" }, "not a partition" },
		{ { .partition = "00000000-0000-0000-0000-000000000000" }, "nil UUID" },
		{ { .allow = "everything" }, "nothing to allow or deny" },
		{ { .deny = "Direct" }, "nothing to allow or deny" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct policy_rule rule = { 0 };
		char *reason = NULL;

		assert_int_equal(parse_rule(&cases[i].rule, &rule, &reason), -EINVAL);
		assert_non_null(reason);
		if (!strstr(reason, cases[i].reason))
			fail_msg("case %zu: '%s' does not say '%s'", i, reason, cases[i].reason);
		free(reason);
		policy_rule_clear(&rule);
	}
}

static void test_names_are_looked_up(void **state)
{
	struct policy *policy = POLICY({ .user = "root", .partition = "*", .deny = "direct" },
				       { .group = "root", .partition = "0x8001", .deny = "list" });

	assert_int_equal(verbs_of(policy, 0, 5, 0x8001, NULL), LIST | ADMIN);
	assert_int_equal(verbs_of(policy, 5, 0, 0x8001, NULL), 0);
	policy_unref(policy);
}

static void test_claimed_is_allowed_by_name_only(void **state)
{
	struct policy *policy = POLICY({ .user = "*", .partition = "*", .allow = "all" },
				       { .user = "0", .partition = "0x8001", .allow = "claimed" },
				       { .user = "7", .partition = "*", .allow = "claimed, all" },
				       { .user = "7", .partition = "0x8002", .deny = "all" });

	assert_int_equal(verbs_of(policy, 0, 0, 0x8001, NULL), LIST | DIRECT | ADMIN | CLAIMED);
	assert_int_equal(verbs_of(policy, 0, 0, 0x8002, NULL), LIST | DIRECT | ADMIN);
	assert_int_equal(verbs_of(policy, 8, 0, 0x8001, UUID_A), LIST | DIRECT | ADMIN);
	assert_int_equal(verbs_of(policy, 7, 0, 0x8001, UUID_A), LIST | DIRECT | ADMIN | CLAIMED);
	/* What is denied altogether is so by every way. */
	assert_int_equal(verbs_of(policy, 7, 0, 0x8002, UUID_A), ADMIN);
	policy_unref(policy);
}

static void test_verb_names(void **state)
{
	assert_string_equal(policy_verb_name(POLICY_LIST), "list");
	assert_string_equal(policy_verb_name(POLICY_DIRECT), "direct");
	assert_string_equal(policy_verb_name(POLICY_ADMIN), "admin");
	assert_string_equal(policy_verb_name(POLICY_CLAIMED), "claimed");
}

#define READERS 4
#define READS 2000

static void *read_policy(void *arg)
{
	struct policy *policy = arg;
	uintptr_t allowed = 0;

	for (int i = 0; i < READS; i++) {
		struct policy *mine = policy_ref(policy);
		const struct policy_subject subject = { .uid = 7 };
		const struct policy_object object = { .partition_id = 0x8001 };

		allowed += policy_allows(mine, &subject, POLICY_DIRECT, &object);
		policy_unref(mine);
	}
	policy_unref(policy);
	return (void *)allowed;
}

/* The last reader frees it; sanitizers see to the rest. */
static void test_threads_share_a_policy(void **state)
{
	struct policy *policy = POLICY({ .user = "7", .partition = "*", .allow = "direct" });
	pthread_t threads[READERS];

	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_policy, policy_ref(policy)), 0);
	policy_unref(policy);
	for (int i = 0; i < READERS; i++) {
		void *allowed;

		assert_int_equal(pthread_join(threads[i], &allowed), 0);
		assert_int_equal((uintptr_t)allowed, READS);
	}
	assert_null(policy_ref(NULL));
	assert_null(policy_unref(NULL));
}

/*
 * Random policies over a small world, where a rule is a few bit sets and a verdict is found forwards: every
 * rule that applies overwrites the answer.
 */
#define WORLD 8       /* uids, gids, partition ids and UUIDs 0 … 7 */
#define RULES_MAX 6   /* of one policy */
#define POLICIES 3000 /* tried */
#define QUESTIONS 40  /* of each */
#define SEED 20240229

struct set_rule {
	bool any_partition;
	uint8_t users, groups, ids, uuids, allow, deny;
};

static uint32_t random_state;

static uint32_t random_below(uint32_t bound)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)random_state * bound) >> 32);
}

/* Each element is in it with a probability of 2^-thinness. */
static uint8_t random_set(unsigned int thinness)
{
	uint8_t set = UINT8_MAX;

	while (thinness--)
		set &= (uint8_t)random_below(UINT8_MAX + 1);
	return set;
}

static struct ffa_uuid world_uuid(unsigned int i)
{
	struct ffa_uuid uuid = { .bytes = { [0] = 0xf0, [15] = (uint8_t)i } };

	return uuid;
}

static void add_set(struct policy_rule *rule, uint8_t set, const char *format,
		    int (*add)(struct policy_rule *rule, const char *value, char **ret_reason))
{
	for (unsigned int i = 0; i < WORLD; i++) {
		char text[64], *reason = NULL;

		if (!(set & 1u << i))
			continue;
		/* A run of three or more becomes a range where ranges are. */
		if (add == policy_rule_add_users && i + 2 < WORLD && (set >> i & 7) == 7) {
			snprintf(text, sizeof(text), "%u-%u", i, i + 2);
			i += 2;
		} else {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(text, sizeof(text), format, i);
#pragma GCC diagnostic pop
		}
		if (add(rule, text, &reason) < 0)
			fail_msg("%s", reason);
	}
}

static struct set_rule random_rule(struct policy_rule *rule)
{
	static const uint8_t verbs[] = { LIST, DIRECT, ADMIN, CLAIMED };
	struct set_rule sets = { .users = random_set(2), .groups = random_set(2) };
	char *reason = NULL;

	if (!(sets.users | sets.groups))
		sets.users = (uint8_t)(1u << random_below(WORLD));
	sets.any_partition = random_below(3) == 0;
	if (!sets.any_partition) {
		sets.ids = random_set(2);
		sets.uuids = random_set(2);
		if (!(sets.ids | sets.uuids))
			sets.uuids = (uint8_t)(1u << random_below(WORLD));
	}
	while (!(sets.allow | sets.deny))
		for (size_t i = 0; i < sizeof(verbs); i++) {
			uint32_t choice = verbs[i] == ADMIN && !sets.any_partition ? 2 : random_below(3);

			if (choice == 0)
				sets.allow |= verbs[i];
			else if (choice == 1)
				sets.deny |= verbs[i];
		}
	*rule = (struct policy_rule) { .allow = sets.allow, .deny = sets.deny };
	add_set(rule, sets.users, "%u", policy_rule_add_users);
	add_set(rule, sets.groups, "%u", policy_rule_add_groups);
	add_set(rule, sets.ids, "0x%x", policy_rule_add_partitions);
	add_set(rule, sets.uuids, "f0000000-0000-0000-0000-0000000000%02x", policy_rule_add_partitions);
	if (sets.any_partition)
		assert_int_equal(policy_rule_add_partitions(rule, "*", &reason), 0);
	assert_int_equal(policy_rule_finish(rule, &reason), 0);
	return sets;
}

/* `uuids` 0: a partition without. */
static bool naive_allows(const struct set_rule *rules, size_t count, unsigned int uid, uint8_t groups,
			 uint8_t verb, unsigned int id, uint8_t uuids)
{
	uint8_t yes = 0, judged = uuids ? uuids : 1;

	for (unsigned int u = 0; u < WORLD; u++) {
		bool verdict = verb == LIST || (uid == 0 && verb != CLAIMED);

		for (size_t i = 0; i < count; i++) {
			const struct set_rule *rule = &rules[i];
			bool who = (rule->users & 1u << uid) || (rule->groups & groups);
			bool what = verb == ADMIN || rule->any_partition || (rule->ids & 1u << id) ||
				    (rule->uuids & uuids & 1u << u);

			if (who && what && (rule->allow & verb))
				verdict = true;
			if (who && what && (rule->deny & verb))
				verdict = false;
		}
		if (verdict)
			yes |= (uint8_t)(1u << u);
	}
	return (yes & judged) == judged;
}

static void test_random_policies_agree_with_a_naive_evaluator(void **state)
{
	size_t allowed = 0, asked = 0;

	random_state = SEED;
	for (int p = 0; p < POLICIES; p++) {
		size_t count = random_below(RULES_MAX + 1);
		struct policy_rule *rules = calloc(RULES_MAX, sizeof(*rules));
		struct set_rule sets[RULES_MAX];
		struct policy *policy = NULL;

		assert_non_null(rules);
		for (size_t i = 0; i < count; i++)
			sets[i] = random_rule(&rules[i]);
		assert_int_equal(policy_new(rules, count, &policy), 0);
		for (int q = 0; q < QUESTIONS; q++) {
			unsigned int uid = random_below(WORLD), id = random_below(WORLD);
			uint8_t group_set = random_set(2) | (uint8_t)(1u << random_below(WORLD));
			uint8_t uuid_set = random_set(4);
			gid_t groups[WORLD];
			struct ffa_uuid uuids[WORLD];
			struct policy_subject subject = { .uid = uid };
			struct policy_object object = { .partition_id = (uint16_t)id, .uuids = uuids };
			uint32_t expected = 0;

			for (unsigned int i = 0; i < WORLD; i++) {
				if (group_set & 1u << i)
					groups[subject.group_count++] = i;
				if (uuid_set & 1u << i)
					uuids[object.uuid_count++] = world_uuid(i);
			}
			subject.gid = groups[0];
			subject.groups = groups + 1;
			subject.group_count--;
			for (int verb = 0; verb < POLICY_VERB_COUNT; verb++) {
				bool yes = naive_allows(sets, count, uid, group_set, (uint8_t)(1u << verb),
							id, verb == POLICY_ADMIN ? 0 : uuid_set);

				assert_int_equal(
					policy_allows(policy, &subject, (enum policy_verb)verb, &object),
					yes);
				expected |= (uint32_t)yes << verb;
				allowed += yes;
				asked++;
			}
			assert_int_equal(policy_verbs(policy, &subject, &object), expected);
		}
		policy_unref(policy);
	}
	/* Neither answer may be rare, or the comparison would say little. */
	assert_in_range(allowed * 100 / asked, 20, 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_policy),
		cmocka_unit_test(test_credentials_never_filled_in_get_nothing),
		cmocka_unit_test(test_last_matching_rule_decides),
		cmocka_unit_test(test_rule_is_silent_about_verbs_it_does_not_name),
		cmocka_unit_test(test_root_can_be_denied),
		cmocka_unit_test(test_user_ranges_include_both_ends),
		cmocka_unit_test(test_groups_are_primary_and_supplementary),
		cmocka_unit_test(test_admin_is_about_no_partition),
		cmocka_unit_test(test_verbs_about_partitions_need_one),
		cmocka_unit_test(test_one_allowed_service_does_not_open_its_neighbour),
		cmocka_unit_test(test_rules_for_each_service_add_up),
		cmocka_unit_test(test_denied_service_closes_its_partition),
		cmocka_unit_test(test_later_rule_by_id_overrides_one_by_service),
		cmocka_unit_test(test_partition_ids_are_decimal_or_hexadecimal),
		cmocka_unit_test(test_uuids_match_in_either_case),
		cmocka_unit_test(test_rules_that_make_no_sense_are_refused),
		cmocka_unit_test(test_names_are_looked_up),
		cmocka_unit_test(test_claimed_is_allowed_by_name_only),
		cmocka_unit_test(test_verb_names),
		cmocka_unit_test(test_threads_share_a_policy),
		cmocka_unit_test(test_random_policies_agree_with_a_naive_evaluator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
