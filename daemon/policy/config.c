/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/cleanup.h"
#include "config_file.h"
#include "number.h"
#include "reason.h"
#include "rule.h"

#define DEFAULT_SOCKET "/run/ffad/ffad.sock"
#define DEFAULT_SOCKET_MODE 0666
#define DEFAULT_CONDUIT "sim"

enum section_kind {
	SECTION_NONE, /* before the first one */
	SECTION_DAEMON,
	SECTION_LIMITS,
	SECTION_RULE,
};

/* Where a rule stands, so that a second one of its name can be answered with the place of the first. */
struct rule_place {
	char *name, *file;
	unsigned int line;
};

/* What one config_load() has gathered, and where in which file it is. */
struct loader {
	struct config *config;
	struct policy_rule *rules;
	struct rule_place *places; /* of the rules; as many */
	size_t rule_count;

	const char *file; /* for people */
	const char *rest; /* of the file's text */
	unsigned int line, section_line;
	enum section_kind section;

	int error;               /* of the first failure; reading stops there */
	char *reason;            /* "FILE:LINE: …" */
	unsigned int error_line; /* 0: the file as a whole */
};

static void loader_clear(struct loader *loader)
{
	for (size_t i = 0; i < loader->rule_count; i++) {
		if (loader->rules)
			policy_rule_clear(&loader->rules[i]);
		free(loader->places[i].name);
		free(loader->places[i].file);
	}
	free(loader->rules);
	free(loader->places);
	free(loader->reason);
	config_free(loader->config);
}

struct config *config_free(struct config *config)
{
	if (!config)
		return NULL;
	for (size_t i = 0; config->sim_manifests && config->sim_manifests[i]; i++)
		free(config->sim_manifests[i]);
	free(config->sim_manifests);
	free(config->socket);
	free(config->conduit);
	free(config->sim_profile);
	free(config->user);
	free(config->kernel_devices);
	policy_unref(config->policy);
	free(config);
	return NULL;
}

static struct config *config_new_default(void)
{
	struct config *config = calloc(1, sizeof(*config));

	if (!config)
		return NULL;
	limits_default(&config->limits);
	config->socket_mode = DEFAULT_SOCKET_MODE;
	config->socket = strdup(DEFAULT_SOCKET);
	config->conduit = strdup(DEFAULT_CONDUIT);
	return config->socket && config->conduit ? config : config_free(config);
}

/*
 * Keep the failure of the smallest line: what follows may only be its consequence. Takes `reason`; `line` is
 * 0 when the file as a whole is meant.
 */
static void loader_fail(struct loader *loader, unsigned int line, int error, char *reason)
{
	_cleanup_free_ char *sentence = reason;

	if (loader->error && loader->error_line <= line)
		return;
	free(loader->reason);
	loader->reason = NULL;
	loader->error = error;
	loader->error_line = line;
	if (sentence && line)
		(void)reason_set(&loader->reason, error, "%s:%u: %s", loader->file, line, sentence);
	else if (sentence)
		(void)reason_set(&loader->reason, error, "%s: %s", loader->file, sentence);
}

static int set_string(char **field, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int set_socket(struct config *config, const char *value, char **ret_reason)
{
	if (value[0] != '/')
		return reason_set(ret_reason, -EINVAL, "'%s' is not an absolute path: begin it with /",
				  value);
	if (strlen(value) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return reason_set(ret_reason, -EINVAL,
				  "the path is too long for a socket: use at most %zu characters",
				  sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1);
	return set_string(&config->socket, value);
}

static int set_socket_mode(struct config *config, const char *value, char **ret_reason)
{
	unsigned long mode = strtoul(value, NULL, 8);

	if (!*value || strspn(value, "01234567") != strlen(value) || mode > 0777)
		return reason_set(ret_reason, -EINVAL,
				  "'%s' is not a file mode: write octal digits such as 0660", value);
	config->socket_mode = (unsigned int)mode;
	return 0;
}

static int set_conduit(struct config *config, const char *value, char **ret_reason)
{
	if (!*value)
		return reason_set(ret_reason, -EINVAL, "the conduit is empty: write sim, or drop the line");
	return set_string(&config->conduit, value);
}

static int set_sim_profile(struct config *config, const char *value, char **ret_reason)
{
	if (!*value)
		return reason_set(ret_reason, -EINVAL, "the profile is empty: write spec, or drop the line");
	return set_string(&config->sim_profile, value);
}

static int set_user(struct config *config, const char *value, char **ret_reason)
{
	if (!*value)
		return reason_set(ret_reason, -EINVAL,
				  "the user is empty: write a user's name, or drop the line");
	return set_string(&config->user, value);
}

static int set_kernel_devices(struct config *config, const char *value, char **ret_reason)
{
	if (value[0] != '/')
		return reason_set(ret_reason, -EINVAL, "'%s' is not an absolute path: begin it with /",
				  value);
	return set_string(&config->kernel_devices, value);
}

/* Manifests add up; an empty value forgets those before it, so that a drop-in can replace them. */
static int add_sim_manifest(struct config *config, const char *value, char **ret_reason)
{
	char **manifests;
	size_t count = 0;

	while (config->sim_manifests && config->sim_manifests[count])
		count++;
	if (!*value) {
		while (count)
			free(config->sim_manifests[--count]);
		free(config->sim_manifests);
		config->sim_manifests = NULL;
		return 0;
	}
	if (value[0] != '/')
		return reason_set(ret_reason, -EINVAL, "'%s' is not an absolute path: begin it with /",
				  value);
	manifests = reallocarray(config->sim_manifests, count + 2, sizeof(*manifests));
	if (!manifests)
		return -ENOMEM;
	config->sim_manifests = manifests;
	manifests[count] = strdup(value);
	manifests[count + 1] = NULL;
	return manifests[count] ? 0 : -ENOMEM;
}

static const struct {
	const char *name;
	int (*set)(struct config *config, const char *value, char **ret_reason);
} daemon_keys[] = {
	{ "socket", set_socket },
	{ "socket-mode", set_socket_mode },
	{ "conduit", set_conduit },
	{ "sim-profile", set_sim_profile },
	{ "sim-manifest", add_sim_manifest },
	{ "kernel-devices", set_kernel_devices },
	{ "user", set_user },
};

static const struct {
	const char *name;
	int (*add)(struct policy_rule *rule, const char *value, char **ret_reason);
} rule_keys[] = {
	{ "user", policy_rule_add_users },
	{ "group", policy_rule_add_groups },
	{ "partition", policy_rule_add_partitions },
	{ "allow", policy_rule_add_allow },
	{ "deny", policy_rule_add_deny },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int set_in_daemon(struct loader *loader, const char *key, const char *value, char **ret_reason)
{
	for (size_t i = 0; i < COUNT(daemon_keys); i++)
		if (strcmp(key, daemon_keys[i].name) == 0)
			return daemon_keys[i].set(loader->config, value, ret_reason);
	return reason_set(ret_reason, -EINVAL,
			  "'%s' is no key of [daemon]: write socket, socket-mode, conduit, sim-profile, "
			  "sim-manifest, user or kernel-devices",
			  key);
}

static int set_in_limits(struct loader *loader, const char *key, const char *value, char **ret_reason)
{
	const struct limit_info *info = limits_find(key);
	uint64_t number;

	if (!info)
		return reason_set(ret_reason, -EINVAL, "'%s' is no limit: see the table in ffad.conf(5)",
				  key);
	if (number_parse(value, strlen(value), &number) < 0)
		return reason_set(ret_reason, -EINVAL,
				  "'%s' is not a number: write one from %u to %u without a unit", value,
				  info->min, info->max);
	if (limits_set(&loader->config->limits, key, number) < 0)
		return reason_set(ret_reason, -EINVAL, "%s is out of range: %s is from %u to %u", value, key,
				  info->min, info->max);
	return 0;
}

static int set_in_rule(struct loader *loader, const char *key, const char *value, char **ret_reason)
{
	for (size_t i = 0; i < COUNT(rule_keys); i++)
		if (strcmp(key, rule_keys[i].name) == 0)
			return rule_keys[i].add(&loader->rules[loader->rule_count - 1], value, ret_reason);
	return reason_set(ret_reason, -EINVAL,
			  "'%s' is no key of a rule: write user, group, partition, allow or deny", key);
}

/* inih calls this for each "key = value"; 0 is failure there. */
static int on_value(void *user, const char *section, const char *key, const char *value)
{
	struct loader *loader = user;
	char *reason = NULL;
	int r = -EINVAL;

	switch (loader->section) {
	case SECTION_NONE:
		r = reason_set(&reason, -EINVAL,
			       "'%s' stands before any section: begin one with [daemon], [limits] or "
			       "[rule NAME]",
			       key);
		break;
	case SECTION_DAEMON:
		r = set_in_daemon(loader, key, value, &reason);
		break;
	case SECTION_LIMITS:
		r = set_in_limits(loader, key, value, &reason);
		break;
	case SECTION_RULE:
		r = set_in_rule(loader, key, value, &reason);
		break;
	}
	if (r < 0)
		loader_fail(loader, loader->line, r, reason);
	return r == 0;
}

static void end_section(struct loader *loader)
{
	char *reason = NULL;
	int r;

	if (loader->section == SECTION_RULE && !loader->error) {
		struct policy_rule *rule = &loader->rules[loader->rule_count - 1];

		r = policy_rule_finish(rule, &reason);
		if (r < 0)
			loader_fail(loader, loader->section_line, r, reason);
	}
	loader->section = SECTION_NONE;
}

static int begin_rule(struct loader *loader, const char *name, char **ret_reason)
{
	size_t count = loader->rule_count;
	struct policy_rule *rules;
	struct rule_place *places;

	if (!*name)
		return reason_set(ret_reason, -EINVAL, "the rule has no name: write [rule NAME]");
	for (size_t i = 0; i < count; i++)
		if (strcmp(loader->places[i].name, name) == 0)
			return reason_set(ret_reason, -EEXIST,
					  "rule '%s' is at %s:%u already: choose another name", name,
					  loader->places[i].file, loader->places[i].line);
	rules = reallocarray(loader->rules, count + 1, sizeof(*rules));
	if (!rules)
		return -ENOMEM;
	loader->rules = rules;
	places = reallocarray(loader->places, count + 1, sizeof(*places));
	if (!places)
		return -ENOMEM;
	loader->places = places;
	rules[count] = (struct policy_rule) { 0 };
	places[count] = (struct rule_place) { .name = strdup(name),
					      .file = strdup(loader->file),
					      .line = loader->line };
	loader->rule_count++;
	return places[count].name && places[count].file ? 0 : -ENOMEM;
}

/* `line` starts with '['. inih would drop empty sections and cut long names off, so they are read here. */
static void begin_section(struct loader *loader, const char *line)
{
	size_t length = strcspn(line + 1, "]\n");
	_cleanup_free_ char *name = strndup(line + 1, length);
	char *reason = NULL;
	int r = 0;

	end_section(loader);
	loader->section_line = loader->line;
	if (!name) {
		r = -ENOMEM;
	} else if (strcmp(name, "daemon") == 0) {
		loader->section = SECTION_DAEMON;
	} else if (strcmp(name, "limits") == 0) {
		loader->section = SECTION_LIMITS;
	} else if (strncmp(name, "rule", 4) == 0 && (!name[4] || name[4] == ' ')) {
		r = begin_rule(loader, name + 4 + strspn(name + 4, " "), &reason);
		if (r == 0)
			loader->section = SECTION_RULE;
	} else {
		r = reason_set(&reason, -EINVAL,
			       "'%s' is no section: write [daemon], [limits] or [rule NAME]", name);
	}
	if (r < 0)
		loader_fail(loader, loader->line, r, reason);
}

/* inih reads lines by this, like fgets(). NULL ends the file; so does a failure. */
static char *read_line(char *buf, int size, void *stream)
{
	struct loader *loader = stream;
	const char *line = loader->rest;
	size_t length = strcspn(line, "\n"), indent = strspn(line, " \t\r");
	char *reason = NULL;
	int r = 0;

	if (loader->error || !*line)
		return NULL;
	loader->line++;
	loader->rest = line + length + (line[length] == '\n');
	if (length + 2 > (size_t)size)
		r = reason_set(&reason, -EINVAL,
			       "the line is longer than %d bytes: give the key again with the other entries",
			       size - 2);
	else if (indent > 0 && indent < length && !strchr("#;", line[indent]))
		r = reason_set(&reason, -EINVAL, "the line is indented: begin it in the first column");
	if (r < 0) {
		loader_fail(loader, loader->line, r, reason);
		return NULL;
	}
	memcpy(buf, line, length);
	strcpy(buf + length, "\n");
	if (buf[0] == '[')
		begin_section(loader, buf);
	return loader->error ? NULL : buf;
}

static void load_text(struct loader *loader, const char *text)
{
	char *reason = NULL;
	int line, r;

	loader->rest = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text; /* byte order mark */
	loader->line = 0;
	loader->section = SECTION_NONE;
	line = ini_parse_stream(read_line, loader, on_value, loader);
	if (line > 0) { /* a line that inih did not understand, or where on_value() failed already */
		r = reason_set(&reason, -EINVAL,
			       "the line is neither 'key = value' nor '[section]': correct it, or begin it "
			       "with # as a comment");
		loader_fail(loader, (unsigned int)line, r, reason);
	} else if (line < 0) {
		loader_fail(loader, 0, -ENOMEM, NULL);
	}
	end_section(loader);
}

static int load_file(struct loader *loader, int dir_fd, const char *name, const char *file)
{
	_cleanup_free_ char *text = NULL;
	char *reason = NULL;
	int r = config_file_read(dir_fd, name, &text, &reason);

	loader->file = file;
	if (r < 0)
		loader_fail(loader, 0, r, reason);
	else
		load_text(loader, text);
	return loader->error;
}

static int load_drop_ins(struct loader *loader, const char *folder)
{
	_cleanup_(config_names_clear) struct config_names names = { .dir_fd = -1 };
	_cleanup_free_ char *file = NULL;
	char *reason = NULL;
	int r = config_names_list(folder, &names, &reason);

	if (r == -ENOENT)
		return 0;
	if (r < 0) {
		loader->file = folder;
		loader_fail(loader, 0, r, reason);
		return r;
	}
	for (size_t i = 0; i < names.count; i++) {
		free(take_ptr(file));
		if (asprintf(&file, "%s/%s", folder, names.names[i]) < 0)
			return -ENOMEM;
		r = load_file(loader, names.dir_fd, names.names[i], file);
		if (r < 0)
			return r;
	}
	return 0;
}

static int load_all(struct loader *loader, const char *path, bool must_exist)
{
	_cleanup_free_ char *folder = NULL;
	int r = load_file(loader, AT_FDCWD, path, path);

	if (r == -ENOENT && !must_exist) {
		free(take_ptr(loader->reason));
		loader->error = r = 0;
	}
	if (r < 0)
		return r;
	if (asprintf(&folder, "%s.d", path) < 0)
		return -ENOMEM;
	return load_drop_ins(loader, folder);
}

int config_load(const char *path, struct config **ret_config, char **ret_reason)
{
	_cleanup_(loader_clear) struct loader loader = { .config = config_new_default() };
	int r;

	if (!loader.config)
		return -ENOMEM;
	r = load_all(&loader, path ? path : CONFIG_DEFAULT_PATH, path);
	if (r == 0) {
		r = policy_new(loader.rules, loader.rule_count, &loader.config->policy);
		if (r == 0)
			loader.rules = NULL; /* the policy's now */
	}
	if (r < 0) {
		if (loader.reason)
			*ret_reason = take_ptr(loader.reason);
		return r;
	}
	*ret_config = take_ptr(loader.config);
	return 0;
}
