/* SPDX-License-Identifier: BSD-3-Clause */
#include "rule.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "number.h"
#include "reason.h"

#define NSS_BUFFER_MAX (1024 * 1024) /* bytes of a passwd or group entry; a group may have many members */
#define SEPARATORS ", \t\r\n"

/* What "all" stands for until policy_rule_finish() knows which partitions the rule is about. */
#define VERB_BIT(verb) (1u << (verb))
#define VERB_ALL_MARK VERB_BIT(POLICY_VERB_COUNT)

void policy_rule_clear(struct policy_rule *rule)
{
	free(rule->users.items);
	free(rule->groups.items);
	free(rule->partitions.items);
	free(rule->uuids);
	*rule = (struct policy_rule) { 0 };
}

#define refuse(ret_reason, ...) reason_set((ret_reason), -EINVAL, __VA_ARGS__)

static int ranges_add(struct id_ranges *ranges, uint32_t first, uint32_t last)
{
	struct id_range *items = reallocarray(ranges->items, ranges->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	items[ranges->count++] = (struct id_range) { .first = first, .last = last };
	ranges->items = items;
	return 0;
}

/* "7" or "1000-1999". */
static bool parse_range(const char *text, uint64_t *ret_first, uint64_t *ret_last)
{
	const char *dash = strchr(text, '-');
	size_t length = dash ? (size_t)(dash - text) : strlen(text);
	uint64_t first, last;

	if (number_parse(text, length, &first) < 0)
		return false;
	last = first;
	if (dash && number_parse(dash + 1, strlen(dash + 1), &last) < 0)
		return false;
	*ret_first = first;
	*ret_last = last;
	return true;
}

enum id_kind {
	ID_USER,
	ID_GROUP
};

static int lookup_in(enum id_kind kind, const char *name, char *buf, size_t size, uint32_t *ret_id)
{
	struct passwd passwd, *user = NULL;
	struct group entry, *group = NULL;
	int r;

	if (kind == ID_USER) {
		r = getpwnam_r(name, &passwd, buf, size, &user);
		if (user)
			*ret_id = user->pw_uid;
		return user ? 0 : -(r ? r : ENOENT);
	}
	r = getgrnam_r(name, &entry, buf, size, &group);
	if (group)
		*ret_id = group->gr_gid;
	return group ? 0 : -(r ? r : ENOENT);
}

/* -ENOENT: no such name. */
static int lookup(enum id_kind kind, const char *name, uint32_t *ret_id)
{
	for (size_t size = 4096; size <= NSS_BUFFER_MAX; size *= 4) {
		_cleanup_free_ char *buf = malloc(size);
		int r;

		if (!buf)
			return -ENOMEM;
		r = lookup_in(kind, name, buf, size, ret_id);
		if (r != -ERANGE)
			return r;
	}
	return -E2BIG;
}

static int add_ids(struct id_ranges *ranges, enum id_kind kind, const char *entry, char **ret_reason)
{
	const char *noun = kind == ID_USER ? "user" : "group", *id_noun = kind == ID_USER ? "uid" : "gid";
	uint64_t first, last;
	uint32_t id = UINT32_MAX;
	int r;

	if (strcmp(entry, "*") == 0)
		return ranges_add(ranges, 0, UINT32_MAX - 1);
	if (entry[0] >= '0' && entry[0] <= '9') {
		if (!parse_range(entry, &first, &last))
			return refuse(ret_reason,
				      "'%s' is not a %s: write a number or a range such as 1000-1999", entry,
				      id_noun);
		if (last >= UINT32_MAX) /* the largest is "no id" in system calls */
			return refuse(ret_reason, "%s %s is out of range: the largest is 4294967294", id_noun,
				      entry);
		if (first > last)
			return refuse(ret_reason, "range %s is empty: write the smaller number first", entry);
		return ranges_add(ranges, (uint32_t)first, (uint32_t)last);
	}
	r = lookup(kind, entry, &id);
	if (r == -ENOMEM)
		return r;
	if (r == -ENOENT)
		return refuse(ret_reason, "there is no %s '%s': create it, or write a number", noun, entry);
	if (r < 0)
		return refuse(ret_reason, "%s '%s' cannot be looked up (%s): write a number, or mend it",
			      noun, entry, strerror(-r));
	if (id == UINT32_MAX)
		return refuse(ret_reason, "%s '%s' has the number 4294967295, which is nobody's: change it",
			      noun, entry);
	return ranges_add(ranges, id, id);
}

static int add_user(struct policy_rule *rule, const char *entry, char **ret_reason)
{
	return add_ids(&rule->users, ID_USER, entry, ret_reason);
}

static int add_group(struct policy_rule *rule, const char *entry, char **ret_reason)
{
	return add_ids(&rule->groups, ID_GROUP, entry, ret_reason);
}

static int add_partition(struct policy_rule *rule, const char *entry, char **ret_reason)
{
	struct ffa_uuid uuid, *uuids;
	uint64_t id;

	if (strcmp(entry, "*") == 0) {
		rule->every_partition = true;
		return 0;
	}
	if (number_parse(entry, strlen(entry), &id) == 0) {
		if (id > UINT16_MAX)
			return refuse(ret_reason, "partition id %s is out of range: the largest is 0xffff",
				      entry);
		return ranges_add(&rule->partitions, (uint32_t)id, (uint32_t)id);
	}
	if (ffa_uuid_parse(entry, &uuid) < 0)
		return refuse(ret_reason,
			      "'%s' is not a partition: write an id such as 0x8001, a UUID as "
			      "'ffa-cli partition list' shows it, or *",
			      entry);
	if (ffa_uuid_is_nil(&uuid))
		return refuse(ret_reason, "the nil UUID names no partition: write * for every partition");
	uuids = reallocarray(rule->uuids, rule->uuid_count + 1, sizeof(*uuids));
	if (!uuids)
		return -ENOMEM;
	uuids[rule->uuid_count++] = uuid;
	rule->uuids = uuids;
	return 0;
}

static int add_verb(uint32_t *verbs, const char *entry, char **ret_reason)
{
	if (strcmp(entry, "all") == 0) {
		*verbs |= VERB_ALL_MARK;
		return 0;
	}
	for (int verb = 0; verb < POLICY_VERB_COUNT; verb++)
		if (strcmp(entry, policy_verb_name((enum policy_verb)verb)) == 0) {
			*verbs |= VERB_BIT(verb);
			return 0;
		}
	return refuse(ret_reason,
		      "'%s' is nothing to allow or deny: write list, direct, admin, claimed or all", entry);
}

static int add_allow(struct policy_rule *rule, const char *entry, char **ret_reason)
{
	return add_verb(&rule->allow, entry, ret_reason);
}

static int add_deny(struct policy_rule *rule, const char *entry, char **ret_reason)
{
	return add_verb(&rule->deny, entry, ret_reason);
}

static int for_each_entry(struct policy_rule *rule, const char *value, char **ret_reason,
			  int (*add)(struct policy_rule *rule, const char *entry, char **ret_reason))
{
	_cleanup_free_ char *copy = strdup(value);
	char *rest = copy, *entry;
	size_t count = 0;
	int r;

	if (!copy)
		return -ENOMEM;
	while ((entry = strsep(&rest, SEPARATORS))) {
		if (!*entry)
			continue;
		count++;
		r = add(rule, entry, ret_reason);
		if (r < 0)
			return r;
	}
	return count ? 0
		     : refuse(ret_reason, "the value is empty: write at least one entry, or drop the line");
}

int policy_rule_add_users(struct policy_rule *rule, const char *value, char **ret_reason)
{
	return for_each_entry(rule, value, ret_reason, add_user);
}

int policy_rule_add_groups(struct policy_rule *rule, const char *value, char **ret_reason)
{
	return for_each_entry(rule, value, ret_reason, add_group);
}

int policy_rule_add_partitions(struct policy_rule *rule, const char *value, char **ret_reason)
{
	return for_each_entry(rule, value, ret_reason, add_partition);
}

int policy_rule_add_allow(struct policy_rule *rule, const char *value, char **ret_reason)
{
	return for_each_entry(rule, value, ret_reason, add_allow);
}

int policy_rule_add_deny(struct policy_rule *rule, const char *value, char **ret_reason)
{
	return for_each_entry(rule, value, ret_reason, add_deny);
}

/*
 * Spell "all" out: administration is part of it only where the rule is about every partition, and a kernel
 * driver's claim is set aside only by name.
 */
static uint32_t resolve_all(uint32_t verbs, uint32_t all)
{
	if (verbs & VERB_ALL_MARK)
		verbs |= all;
	return verbs & (VERB_ALL_MARK - 1);
}

int policy_rule_finish(struct policy_rule *rule, char **ret_reason)
{
	bool particular = !rule->every_partition && (rule->partitions.count > 0 || rule->uuid_count > 0);
	uint32_t verbs = rule->allow | rule->deny;
	uint32_t all = VERB_ALL_MARK - 1;

	if (!rule->every_partition)
		all &= ~VERB_BIT(POLICY_ADMIN);
	if (rule->users.count == 0 && rule->groups.count == 0)
		return refuse(ret_reason,
			      "the rule is for nobody: add 'user = …' or 'group = …' (* is everybody)");
	if (verbs == 0)
		return refuse(ret_reason, "the rule decides nothing: add 'allow = …' or 'deny = …'");
	if (verbs != VERB_BIT(POLICY_ADMIN) && !particular && !rule->every_partition)
		return refuse(ret_reason,
			      "the rule names no partition: add 'partition = …' (* is every one)");
	if (particular && (verbs & VERB_BIT(POLICY_ADMIN)))
		return refuse(ret_reason, "admin concerns the whole daemon, not a partition: "
					  "give it a rule of its own with 'partition = *'");
	rule->allow = resolve_all(rule->allow, all & ~VERB_BIT(POLICY_CLAIMED));
	rule->deny = resolve_all(rule->deny, all);
	for (int verb = 0; verb < POLICY_VERB_COUNT; verb++)
		if (rule->allow & rule->deny & VERB_BIT(verb))
			return refuse(ret_reason, "the rule both allows and denies %s: drop one of them",
				      policy_verb_name((enum policy_verb)verb));
	return 0;
}
