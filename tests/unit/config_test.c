/* SPDX-License-Identifier: BSD-3-Clause */
/* daemon/policy/config: files, drop-ins and each complaint about them, with its file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/policy/config.h"
#include "daemon/policy/config_file.h"

/* The folder of one test case, its main file and the folder of drop-ins. */
static char folder[64], main_path[128], drop_ins[160];

/*
 * Stand-ins for the user database (linked by --wrap): alice 1000, big 1001 whose entry takes 100 kB, max
 * 4294967294, broken EIO, endless never fits, nobody-at-all 4294967295; the same names as groups, from 2000; the man page's groups.
 */
static int fake_lookup(const char *name, size_t size, uint32_t *ret_id)
{
	static const struct {
		const char *name;
		uint32_t id;
		size_t needs;
		int error;
	} known[] = {
		{ "alice", 1000, 100, 0 },      { "big", 1001, 100000, 0 },
		{ "max", 4294967294u, 100, 0 }, { "broken", 0, 0, EIO },
		{ "endless", 0, SIZE_MAX, 0 },  { "nobody-at-all", 4294967295u, 100, 0 },
		{ "crypto", 3000, 100, 0 },     { "operators", 3001, 100, 0 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].name) != 0)
			continue;
		if (known[i].error)
			return known[i].error;
		if (size < known[i].needs)
			return ERANGE;
		*ret_id = known[i].id;
		return 0;
	}
	return ENOENT;
}

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf, size_t size, struct passwd **ret);
int __wrap_getgrnam_r(const char *name, struct group *entry, char *buf, size_t size, struct group **ret);

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buf, size_t size, struct passwd **ret)
{
	int r = fake_lookup(name, size, &entry->pw_uid);

	*ret = r ? NULL : entry;
	return r == ENOENT ? 0 : r; /* "no such name" is success without an entry */
}

int __wrap_getgrnam_r(const char *name, struct group *entry, char *buf, size_t size, struct group **ret)
{
	int r = fake_lookup(name, size, &entry->gr_gid);

	if (r == 0 && entry->gr_gid < 2000)
		entry->gr_gid += 1000;
	*ret = r ? NULL : entry;
	return r == ENOENT ? 0 : r;
}

static int make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/ffad-config-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(main_path, sizeof(main_path), "%s/ffad.conf", folder);
	snprintf(drop_ins, sizeof(drop_ins), "%s.d", main_path);
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static int remove_folder(void **state)
{
	return nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, 0644), 0);
}

static void write_main(const char *text)
{
	write_bytes(main_path, text, strlen(text));
}

static void write_drop_in(const char *name, const char *text)
{
	char path[256];

	assert_true(mkdir(drop_ins, 0755) == 0 || errno == EEXIST);
	snprintf(path, sizeof(path), "%s/%s", drop_ins, name);
	write_bytes(path, text, strlen(text));
}

static struct config *load(void)
{
	struct config *config = NULL;
	char *reason = NULL;

	if (config_load(main_path, &config, &reason) < 0)
		fail_msg("%s", reason);
	assert_null(reason);
	return config;
}

/* Expect the failure `error`, told as "FOLDER" + `place` and with `words` in it. */
static void expect_refusal(int error, const char *place, const char *words)
{
	struct config *config = NULL;
	_cleanup_free_ char *reason = NULL;
	char start[256];
	int r = config_load(main_path, &config, &reason);

	snprintf(start, sizeof(start), "%s%s", folder, place);
	if (r != error)
		fail_msg("%d instead of %d: %s", r, error, reason ? reason : "no reason");
	assert_null(config);
	assert_non_null(reason);
	if (strncmp(reason, start, strlen(start)) != 0 || !strstr(reason, words))
		fail_msg("'%s' is not '%s…%s…'", reason, start, words);
	if (strchr(reason, '\n'))
		fail_msg("'%s' is more than a line", reason);
}

static bool may_direct(const struct config *config, uid_t uid, gid_t gid, uint16_t id)
{
	const struct policy_subject subject = { .uid = uid, .gid = gid };
	const struct policy_object object = { .partition_id = id };

	return policy_allows(config->policy, &subject, POLICY_DIRECT, &object);
}

static void test_empty_file_leaves_the_defaults(void **state)
{
	struct config *config;
	struct limits limits;

	write_main("");
	config = load();
	limits_default(&limits);
	assert_string_equal(config->socket, "/run/ffad/ffad.sock");
	assert_int_equal(config->socket_mode, 0666);
	assert_string_equal(config->conduit, "sim");
	assert_null(config->sim_profile);
	assert_null(config->sim_manifests);
	assert_memory_equal(&config->limits, &limits, sizeof(limits));
	assert_true(may_direct(config, 0, 0, 1));
	assert_false(may_direct(config, 1000, 0, 1));
	assert_null(config_free(config));
	assert_null(config_free(NULL));
}

static void test_every_key_is_read(void **state)
{
	struct config *config;

	write_main("# comment\n"
		   "; comment too\n"
		   "   # indented comment\n"
		   "\n"
		   "[daemon]\n"
		   "socket = /tmp/x.sock ; remark\n"
		   "socket-mode=0600\n"
		   "conduit\t=\ttrace:sim\t\r\n"
		   "sim-profile = hafnium\n"
		   "sim-manifest = /a b/one.dts\n"
		   "sim-manifest = /two.dtb\n"
		   "[limits]\n"
		   "sessions = 12\n"
		   "stall-ms = 0x20\n"
		   "[rule x]\n"
		   "user = alice\n"
		   "partition = 0x8001\n"
		   "allow = direct\n"
		   "[daemon]\n"
		   "socket-mode = 660"); /* no newline at the end */
	config = load();
	assert_string_equal(config->socket, "/tmp/x.sock");
	assert_int_equal(config->socket_mode, 0660);
	assert_string_equal(config->conduit, "trace:sim");
	assert_string_equal(config->sim_profile, "hafnium");
	assert_string_equal(config->sim_manifests[0], "/a b/one.dts");
	assert_string_equal(config->sim_manifests[1], "/two.dtb");
	assert_null(config->sim_manifests[2]);
	assert_int_equal(config->limits.sessions, 12);
	assert_int_equal(config->limits.stall_ms, 32);
	assert_true(may_direct(config, 1000, 0, 0x8001));
	assert_false(may_direct(config, 1000, 0, 0x8002));
	config_free(config);
}

static void test_every_limit_is_a_key(void **state)
{
	struct config *config;
	char text[4096] = "[limits]\n";

	for (size_t i = 0; i < limit_infos_count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s = %u\n", limit_infos[i].name,
			 limit_infos[i].max);
	write_main(text);
	config = load();
	for (size_t i = 0; i < limit_infos_count; i++)
		assert_int_equal(limits_get(&config->limits, &limit_infos[i]), limit_infos[i].max);
	config_free(config);
}

static void test_byte_order_mark_is_skipped(void **state)
{
	struct config *config;

	write_main("\xef\xbb\xbf[limits]\nlanes = 7\n");
	config = load();
	assert_int_equal(config->limits.lanes, 7);
	config_free(config);
}

static void test_names_are_resolved_when_loading(void **state)
{
	struct config *config;

	write_main("[rule a]\n"
		   "user = alice big\n"
		   "user = max, 5-6\n"
		   "group = alice\n"
		   "partition = *\n"
		   "allow = direct\n");
	config = load();
	assert_true(may_direct(config, 1000, 1, 1));
	assert_true(may_direct(config, 1001, 1, 1));
	assert_true(may_direct(config, 4294967294u, 1, 1));
	assert_true(may_direct(config, 6, 1, 1));
	assert_true(may_direct(config, 77, 2000, 1));
	assert_false(may_direct(config, 1002, 1, 1));
	assert_false(may_direct(config, 2000, 1000, 1));
	config_free(config);
}

static void test_rules_apply_in_the_order_of_files_and_lines(void **state)
{
	struct config *config;

	write_main("[rule a]\nuser = 7\npartition = *\nallow = direct\n"
		   "[rule b]\nuser = 7\npartition = 2\ndeny = direct\n");
	write_drop_in("20-last.conf", "[rule d]\nuser = 7\npartition = 3\nallow = direct\n");
	write_drop_in("10-first.conf", "[rule c]\nuser = 7\npartition = 3 4\ndeny = direct\n");
	config = load();
	assert_true(may_direct(config, 7, 0, 1));
	assert_false(may_direct(config, 7, 0, 2));
	assert_true(may_direct(config, 7, 0, 3));
	assert_false(may_direct(config, 7, 0, 4));
	config_free(config);
}

static void test_drop_ins_override_in_the_order_of_their_names(void **state)
{
	struct config *config;

	write_main("[limits]\nlanes = 1\nsessions = 1\n[daemon]\nsim-manifest = /main.dts\n");
	write_drop_in("b.conf", "[limits]\nlanes = 3\n[daemon]\nsim-manifest = /b.dts\n");
	write_drop_in("a.conf", "[limits]\nlanes = 2\nstall-ms = 2\n[daemon]\nsim-manifest =\n"
				"sim-manifest = /a.dts\n");
	write_drop_in("B.conf", "[limits]\nstall-ms = 4\n"); /* before a.conf: bytes, not a locale */
	write_drop_in(".hidden.conf", "rubbish\n");
	write_drop_in("a.conf.bak", "rubbish\n");
	write_drop_in(".conf", "rubbish\n");
	config = load();
	assert_int_equal(config->limits.sessions, 1);
	assert_int_equal(config->limits.lanes, 3);
	assert_int_equal(config->limits.stall_ms, 2);
	assert_string_equal(config->sim_manifests[0], "/a.dts");
	assert_string_equal(config->sim_manifests[1], "/b.dts");
	assert_null(config->sim_manifests[2]);
	config_free(config);
}

static void test_empty_manifest_forgets_all_before_it(void **state)
{
	struct config *config;

	write_main("[daemon]\nsim-manifest = /one.dts\nsim-manifest =\n");
	config = load();
	assert_null(config->sim_manifests);
	config_free(config);
}

static void test_what_is_wrong_in_a_file_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text, *place, *words;
	} cases[] = {
		{ "socket = /x\n", "/ffad.conf:1: ", "before any section" },
		{ "[bogus]\n", "/ffad.conf:1: ", "'bogus' is no section" },
		{ "[]\n", "/ffad.conf:1: ", "is no section" },
		{ "[Daemon]\n", "/ffad.conf:1: ", "'Daemon' is no section" },
		{ "[rules a]\n", "/ffad.conf:1: ", "'rules a' is no section" },
		{ "[daemon]\n\n[bogus]\nkey = 1\n", "/ffad.conf:3: ", "'bogus' is no section" },
		{ "[daemon\nsocket = /x\n", "/ffad.conf:1: ", "neither 'key = value' nor" },
		{ "[daemon]\nsocket /x\n", "/ffad.conf:2: ", "neither 'key = value' nor" },
		{ "[daemon]\nsocket\nbogus = 1\n", "/ffad.conf:2: ", "neither 'key = value' nor" },
		{ "[daemon]\nbogus = 1\nsocket\n", "/ffad.conf:2: ", "'bogus' is no key of [daemon]" },
		{ "[daemon]\nSocket = /x\n", "/ffad.conf:2: ", "'Socket' is no key of [daemon]" },
		{ "[daemon]\nsocket = x\n", "/ffad.conf:2: ", "not an absolute path" },
		{ "[daemon]\nsocket =\n", "/ffad.conf:2: ", "not an absolute path" },
		{ "[daemon]\nsocket = "
		  "/23456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
		  "1234567890123456789\n",
		  "/ffad.conf:2: ", "at most 107" },
		{ "[daemon]\nsocket-mode = 0888\n", "/ffad.conf:2: ", "octal" },
		{ "[daemon]\nsocket-mode = 1777\n", "/ffad.conf:2: ", "octal" },
		{ "[daemon]\nsocket-mode = 7777777777777777777777777\n", "/ffad.conf:2: ", "octal" },
		{ "[daemon]\nsocket-mode = u=rw\n", "/ffad.conf:2: ", "octal" },
		{ "[daemon]\nsocket-mode =\n", "/ffad.conf:2: ", "octal" },
		{ "[daemon]\nconduit =\n", "/ffad.conf:2: ", "conduit is empty" },
		{ "[daemon]\nsim-profile =\n", "/ffad.conf:2: ", "profile is empty" },
		{ "[daemon]\nsim-manifest = a.dts\n", "/ffad.conf:2: ", "not an absolute path" },
		{ "[limits]\nbogus = 1\n", "/ffad.conf:2: ", "'bogus' is no limit" },
		{ "[limits]\nlanes = many\n", "/ffad.conf:2: ", "from 1 to 1024" },
		{ "[limits]\nlanes =\n", "/ffad.conf:2: ", "from 1 to 1024" },
		{ "[limits]\nlanes = -1\n", "/ffad.conf:2: ", "from 1 to 1024" },
		{ "[limits]\nlanes = 1k\n", "/ffad.conf:2: ", "from 1 to 1024" },
		{ "[limits]\nlanes = 0\n", "/ffad.conf:2: ", "out of range" },
		{ "[limits]\nlanes = 1025\n", "/ffad.conf:2: ", "out of range" },
		{ "[limits]\nlanes = 4294967297\n", "/ffad.conf:2: ", "out of range" },
		{ "[rule]\n", "/ffad.conf:1: ", "has no name" },
		{ "[rule  ]\n", "/ffad.conf:1: ", "has no name" },
		{ "[rule a]\nbogus = 1\n", "/ffad.conf:2: ", "'bogus' is no key of a rule" },
		{ "\n[rule a]\n# nothing\n", "/ffad.conf:2: ", "for nobody" },
		{ "[rule a]\n[daemon]\n", "/ffad.conf:1: ", "for nobody" },
		{ "[rule a]\nuser = 1\n\n[rule b]\n", "/ffad.conf:1: ", "decides nothing" },
		{ "[rule a]\nuser = 1\nallow = direct\n", "/ffad.conf:1: ", "names no partition" },
		{ "[rule a]\nuser = bob\n", "/ffad.conf:2: ", "no user 'bob': create it, or write a number" },
		{ "[rule a]\nuser = alice\nuser = bob\n", "/ffad.conf:3: ", "no user 'bob'" },
		{ "[rule a]\ngroup = bob\n", "/ffad.conf:2: ", "no group 'bob'" },
		{ "[rule a]\nuser = broken\n", "/ffad.conf:2: ", "cannot be looked up (Input/output error)" },
		{ "[rule a]\nuser = endless\n", "/ffad.conf:2: ", "cannot be looked up" },
		{ "[rule a]\ngroup = nobody-at-all\n", "/ffad.conf:2: ", "is nobody's" },
		{ "[rule a]\nuser = 4294967295\n", "/ffad.conf:2: ", "largest is 4294967294" },
		{ "[rule a]\nuser =\n", "/ffad.conf:2: ", "value is empty" },
		{ "[rule a]\nuser = *\npartition = x\n", "/ffad.conf:3: ", "'x' is not a partition" },
		{ "[rule a]\nuser = *\nallow = fly\n", "/ffad.conf:3: ", "'fly' is nothing to allow" },
		{ "[daemon]\n  socket = /x\n", "/ffad.conf:2: ", "first column" },
		{ " [daemon]\n", "/ffad.conf:1: ", "first column" },
		{ "[rule a]\nuser = 1\n\t2\n", "/ffad.conf:3: ", "first column" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_main(cases[i].text);
		expect_refusal(-EINVAL, cases[i].place, cases[i].words);
	}
}

static void test_two_rules_of_one_name_are_refused(void **state)
{
	const char *rule = "[rule a]\nuser = 1\npartition = *\nallow = list\n";
	char words[256], twice[256];

	snprintf(words, sizeof(words), "rule 'a' is at %s:1 already", main_path);
	snprintf(twice, sizeof(twice), "%s%s", rule, rule);
	write_main(twice);
	expect_refusal(-EEXIST, "/ffad.conf:5: ", words);
	write_main(rule);
	write_drop_in("x.conf", rule);
	expect_refusal(-EEXIST, "/ffad.conf.d/x.conf:1: ", words);
}

/* inih keeps 50 bytes of a section's name: longer ones that differ later must stay two rules. */
static void test_long_rule_names_are_told_apart(void **state)
{
	char text[1024] = "", name[120];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int i = 0; i < 2; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "[rule %s%d]\nuser = 7\npartition = %d\nallow = direct\n", name, i, i);
	write_main(text);
	struct config *config = load();
	assert_true(may_direct(config, 7, 0, 0));
	assert_true(may_direct(config, 7, 0, 1));
	config_free(config);
}

static void test_line_too_long_is_refused_not_cut(void **state)
{
	static const char head[] = "[rule a]\nuser = 1";
	char text[1024];

	memset(text, '1', sizeof(text));
	memcpy(text, head, strlen(head));
	memcpy(text + 600, "\nallow = list\n", sizeof("\nallow = list\n"));
	write_main(text);
	expect_refusal(-EINVAL, "/ffad.conf:2: ", "longer than");
}

static void test_nul_bytes_are_refused(void **state)
{
	static const char text[] = "[daemon]\nsocket = /x\0y\n";

	write_bytes(main_path, text, sizeof(text) - 1);
	expect_refusal(-EINVAL, "/ffad.conf: ", "NUL bytes");
}

static void test_size_is_bounded(void **state)
{
	_cleanup_free_ char *text = malloc(CONFIG_FILE_MAX + 1);

	assert_non_null(text);
	memset(text, '#', CONFIG_FILE_MAX + 1);
	for (size_t i = 127; i < CONFIG_FILE_MAX; i += 128)
		text[i] = '\n';
	write_bytes(main_path, text, CONFIG_FILE_MAX);
	config_free(load());
	write_bytes(main_path, text, CONFIG_FILE_MAX + 1);
	expect_refusal(-EFBIG, "/ffad.conf: ", "larger than 1048576 bytes");
}

static void test_missing_file(void **state)
{
	expect_refusal(-ENOENT, "/ffad.conf: ", "No such file");
}

static void test_missing_default_file_is_no_error(void **state)
{
	struct config *config = NULL;
	char *reason = NULL;

	if (access(CONFIG_DEFAULT_PATH, F_OK) == 0 || access(CONFIG_DEFAULT_PATH ".d", F_OK) == 0) {
		print_message("SKIP: %s exists on this machine\n", CONFIG_DEFAULT_PATH);
		skip();
	}
	assert_int_equal(config_load(NULL, &config, &reason), 0);
	assert_null(reason);
	assert_string_equal(config->socket, "/run/ffad/ffad.sock");
	config_free(config);
}

static void test_directory_in_place_of_a_file(void **state)
{
	char path[256];

	assert_int_equal(mkdir(main_path, 0755), 0);
	expect_refusal(-EISDIR, "/ffad.conf: ", "not a regular file");
	assert_int_equal(rmdir(main_path), 0);
	write_main("");
	write_drop_in("a.conf", "");
	snprintf(path, sizeof(path), "%s/b.conf", drop_ins);
	assert_int_equal(mkdir(path, 0755), 0);
	expect_refusal(-EISDIR, "/ffad.conf.d/b.conf: ", "not a regular file");
}

/* Opening it must not wait for a writer. */
static void test_fifo_in_place_of_a_file(void **state)
{
	assert_int_equal(mkfifo(main_path, 0644), 0);
	expect_refusal(-EINVAL, "/ffad.conf: ", "not a regular file");
}

static void test_file_in_place_of_the_drop_in_folder(void **state)
{
	write_main("");
	write_bytes(drop_ins, "", 0);
	expect_refusal(-ENOTDIR, "/ffad.conf.d: ", "no directory");
}

static void test_symbolic_links_are_refused(void **state)
{
	char path[256], target[256];

	snprintf(target, sizeof(target), "%s/real", folder);
	assert_int_equal(symlink(target, main_path), 0);
	expect_refusal(-ELOOP, "/ffad.conf: ", "symbolic link"); /* dangling */
	write_bytes(target, "", 0);
	expect_refusal(-ELOOP, "/ffad.conf: ", "symbolic link");
	assert_int_equal(unlink(main_path), 0);
	write_main("");
	write_drop_in("a.conf", "");
	snprintf(path, sizeof(path), "%s/b.conf", drop_ins);
	assert_int_equal(symlink("nowhere", path), 0);
	expect_refusal(-ELOOP, "/ffad.conf.d/b.conf: ", "symbolic link");
}

static void test_writable_by_others_is_refused(void **state)
{
	write_main("");
	write_drop_in("a.conf", "");
	assert_int_equal(chmod(main_path, 0664), 0);
	expect_refusal(-EPERM, "/ffad.conf: ", "mode 0664");
	assert_int_equal(chmod(main_path, 0646), 0);
	expect_refusal(-EPERM, "/ffad.conf: ", "chmod go-w");
	assert_int_equal(chmod(main_path, 0444), 0);
	config_free(load());
	assert_int_equal(chmod(drop_ins, 0775), 0);
	expect_refusal(-EPERM, "/ffad.conf.d: ", "mode 0775");
}

static void test_owner_must_be_root_or_the_user_who_runs_ffad(void **state)
{
	if (geteuid() != 0) {
		print_message("SKIP: only root can give files away\n");
		skip();
	}
	write_main("");
	assert_int_equal(chown(main_path, 12345, (gid_t)-1), 0);
	expect_refusal(-EPERM, "/ffad.conf: ", "uid 12345");
	assert_int_equal(chown(folder, 12345, (gid_t)-1), 0);
	assert_int_equal(seteuid(12345), 0);
	config_free(load());
	assert_int_equal(seteuid(0), 0);
}

static void test_unreadable_file_is_told(void **state)
{
	int r;
	struct config *config = NULL;
	_cleanup_free_ char *reason = NULL;

	if (geteuid() != 0) {
		print_message("SKIP: needs to change users\n");
		skip();
	}
	write_main("");
	assert_int_equal(chmod(main_path, 0600), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(seteuid(12345), 0);
	r = config_load(main_path, &config, &reason);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(r, -EACCES);
	assert_non_null(strstr(reason, "Permission denied"));
}

/* One bad file spoils the load: the caller goes on with what it has. */
static void test_failure_touches_nothing(void **state)
{
	struct config sentinel, *config = &sentinel;
	_cleanup_free_ char *reason = NULL;

	write_main("[rule good]\nuser = 1\npartition = *\nallow = direct\n[limits]\nlanes = 2\n");
	write_drop_in("z.conf", "[limits]\nlanes = 0\n");
	assert_int_equal(config_load(main_path, &config, &reason), -EINVAL);
	assert_ptr_equal(config, &sentinel);
}

static void test_policy_outlives_its_configuration(void **state)
{
	const struct policy_subject subject = { .uid = 7 };
	struct config *config;
	struct policy *policy;

	write_main("[rule a]\nuser = 7\nallow = admin\n");
	config = load();
	policy = policy_ref(config->policy);
	config_free(config);
	assert_true(policy_allows(policy, &subject, POLICY_ADMIN, NULL));
	policy_unref(policy);
}

/* What people will copy must work, and do what the man page says. */
static void test_examples_of_the_man_page(void **state)
{
	_cleanup_fclose_ FILE *page = fopen(DOCS_DIR "/ffad.conf.5.scd", "re");
	char line[256], text[2][2048] = { "", "" };
	struct config *config;
	int example = -1;
	bool inside = false;

	assert_non_null(page);
	while (fgets(line, sizeof(line), page)) {
		if (strcmp(line, "```\n") == 0) {
			inside = !inside;
			example += inside;
			assert_in_range(example, 0, 1);
		} else if (inside) {
			strncat(text[example], line, sizeof(text[example]) - strlen(text[example]) - 1);
		}
	}
	assert_int_equal(example, 1);
	write_main(text[0]);
	write_drop_in("50-lab.conf", text[1]);
	config = load();
	assert_false(may_direct(config, 0, 0, 0x8002));
	assert_true(may_direct(config, 0, 0, 0x8001));
	assert_true(may_direct(config, 7, 3001, 0x8002));
	assert_false(may_direct(config, 7, 3000, 0x8002));
	assert_string_equal(config->sim_profile, "hafnium");
	assert_string_equal(config->sim_manifests[0], "/etc/ffad/lab/vault.dts");
	assert_int_equal(config->limits.sessions_per_user, 64);
	config_free(config);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_empty_file_leaves_the_defaults),
		CASE(test_every_key_is_read),
		CASE(test_every_limit_is_a_key),
		CASE(test_byte_order_mark_is_skipped),
		CASE(test_names_are_resolved_when_loading),
		CASE(test_rules_apply_in_the_order_of_files_and_lines),
		CASE(test_drop_ins_override_in_the_order_of_their_names),
		CASE(test_empty_manifest_forgets_all_before_it),
		CASE(test_what_is_wrong_in_a_file_is_told_with_its_line),
		CASE(test_two_rules_of_one_name_are_refused),
		CASE(test_long_rule_names_are_told_apart),
		CASE(test_line_too_long_is_refused_not_cut),
		CASE(test_nul_bytes_are_refused),
		CASE(test_size_is_bounded),
		CASE(test_missing_file),
		CASE(test_missing_default_file_is_no_error),
		CASE(test_directory_in_place_of_a_file),
		CASE(test_fifo_in_place_of_a_file),
		CASE(test_file_in_place_of_the_drop_in_folder),
		CASE(test_symbolic_links_are_refused),
		CASE(test_writable_by_others_is_refused),
		CASE(test_owner_must_be_root_or_the_user_who_runs_ffad),
		CASE(test_unreadable_file_is_told),
		CASE(test_failure_touches_nothing),
		CASE(test_policy_outlives_its_configuration),
		CASE(test_examples_of_the_man_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
