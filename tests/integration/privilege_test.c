/* SPDX-License-Identifier: BSD-3-Clause */
/* Whom ffad becomes, and that none of its threads keeps any of root's rights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon.h"
#include "daemon/privilege.h"
#include "manifest.h"
#include "wire.h"

#define EXIT_FAILED 1
#define EXIT_CONFIG 3

#define ECHO 0x8001
#define YIELDING 0x8101
#define NO_USER "no-such-user-here"

static struct daemon ffad;

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	return 0;
}

static const struct passwd *need_nobody(void)
{
	const struct passwd *nobody = getpwnam("nobody");

	if (geteuid() != 0 || !nobody) {
		print_message(
			"SKIP: only root can start ffad as another user, and user nobody has to exist\n");
		skip();
	}
	return nobody;
}

/* What a line of /proc/PID/task/TID/status has after its name; "": there is none. */
static void read_line(const char *tid, const char *name, size_t size, char *ret_value)
{
	char path[64], line[512];
	size_t length = strlen(name);
	FILE *file;

	*ret_value = '\0';
	snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)ffad.pid, tid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			snprintf(ret_value, size, "%s", line + length + 1 + strspn(line + length + 1, "\t "));
	fclose(file);
	ret_value[strcspn(ret_value, "\n")] = '\0';
	while (*ret_value && ret_value[strlen(ret_value) - 1] == ' ')
		ret_value[strlen(ret_value) - 1] = '\0';
}

static void expect_line(const char *tid, const char *name, const char *wanted)
{
	char value[256];

	read_line(tid, name, sizeof(value), value);
	if (strcmp(value, wanted) != 0)
		fail_msg("thread %s: %s is \"%s\" and not \"%s\"", tid, name, value, wanted);
}

static void expect_ids(const char *tid, const char *name, unsigned int id)
{
	char wanted[64];

	snprintf(wanted, sizeof(wanted), "%u\t%u\t%u\t%u", id, id, id, id);
	expect_line(tid, name, wanted);
}

/* Of every thread; returns how many there are, and how many of them are lanes. */
static size_t expect_nothing_left(const struct passwd *user, size_t *ret_lanes)
{
	static const char none[] = "0000000000000000";
	char path[64], name[64];
	size_t count = 0, lanes = 0;
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)ffad.pid);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		const char *tid = entry->d_name;

		if (*tid == '.')
			continue;
		count++;
		read_line(tid, "Name", sizeof(name), name);
		lanes += strcmp(name, "ffad-lane") == 0;
		expect_ids(tid, "Uid", user->pw_uid);
		expect_ids(tid, "Gid", user->pw_gid);
		expect_line(tid, "Groups", "");
		expect_line(tid, "CapInh", none);
		expect_line(tid, "CapPrm", none);
		expect_line(tid, "CapEff", none);
		expect_line(tid, "CapAmb", none);
		/* Sanitizers have threads of their own that are older than main(). */
		if (daemon_is_sanitized())
			continue;
		expect_line(tid, "CapBnd", none);
		expect_line(tid, "NoNewPrivs", "1");
	}
	closedir(folder);
	*ret_lanes = lanes;
	return count;
}

/* The leak checker is a tracer, which a process that has dropped its privileges does not let in. */
static void without_leak_checker(void)
{
	const char *options = getenv("ASAN_OPTIONS");
	char text[512];

	snprintf(text, sizeof(text), "%s:detect_leaks=0", options ? options : "");
	setenv("ASAN_OPTIONS", text, 1);
}

static void every_thread_is_an_ordinary_user(void **state)
{
	const struct passwd *nobody = need_nobody();
	const char *const args[] = { "--user", "nobody", NULL };
	char yielding[64];
	const char *const manifests[] = { yielding, NULL };
	const struct daemon_options options = { .args = args,
						.manifests = manifests,
						.user = nobody->pw_uid };
	size_t lanes;
	int fd;

	without_leak_checker();
	snprintf(yielding, sizeof(yielding), "/tmp/ffad-test-%d-privilege.dtb", (int)getpid());
	manifest_write(&(struct manifest_recipe) { .id = YIELDING, .behaviour = "yielder:1000000:1000" },
		       yielding);
	daemon_start(&ffad, &options);
	unlink(yielding);
	fd = wire_open(ffad.socket);
	assert_true(expect_nothing_left(nobody, &lanes) >= 2);
	/* A call that yields makes a thread that was not there when the privileges were dropped. */
	wire_direct(fd, 1, YIELDING, 60000);
	while (lanes == 0) {
		wire_ping(fd);
		expect_nothing_left(nobody, &lanes);
	}
	close(fd);
	daemon_stop(&ffad);
}

static void the_configuration_names_the_user(void **state)
{
	const struct passwd *nobody = need_nobody();
	const struct daemon_options options = { .config = "[daemon]\nuser = nobody\n",
						.user = nobody->pw_uid };
	size_t lanes;
	int fd;

	without_leak_checker();
	daemon_start(&ffad, &options);
	expect_nothing_left(nobody, &lanes);
	fd = wire_open(ffad.socket);
	wire_echo(fd, ECHO);
	/* What root wrote it can still read. */
	daemon_set_config(&ffad, "[rule closed]\nuser = *\npartition = *\ndeny = direct\n");
	daemon_reload(&ffad);
	assert_true(daemon_has_logged(&ffad, "configuration reloaded"));
	wire_direct(fd, 2, ECHO, 0);
	wire_expect_code(fd, 2, FFA__V1__STATUS_CODE__STATUS_DENIED_BY_POLICY);
	close(fd);
	daemon_stop(&ffad);
}

static void the_simulator_needs_no_other_user(void **state)
{
	char value[64], wanted[64];
	char tid[16];

	daemon_start(&ffad, NULL);
	snprintf(tid, sizeof(tid), "%d", (int)ffad.pid);
	snprintf(wanted, sizeof(wanted), "%u\t%u\t%u\t%u", getuid(), geteuid(), geteuid(), geteuid());
	read_line(tid, "Uid", sizeof(value), value);
	assert_string_equal(value, wanted);
	expect_line(tid, "NoNewPrivs", "1");
	daemon_stop(&ffad);
}

static void an_unknown_user_does_not_start(void **state)
{
	const struct daemon_options options = { .args = (const char *const[]) { "--user", NO_USER, NULL } };

	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_FAILED);
	assert_true(daemon_has_logged(&ffad, "there is no user " NO_USER));
	assert_int_not_equal(access(ffad.socket, F_OK), 0);
	daemon_forget(&ffad);
}

static void an_empty_user_does_not_start(void **state)
{
	const struct daemon_options options = { .config = "[daemon]\nuser =\n" };

	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_CONFIG);
	assert_true(daemon_has_logged(&ffad, "ffad.conf:2"));
	daemon_forget(&ffad);
}

/* ---- Who it would be ---- */

static void hardware_has_a_default_user(void **state)
{
	const struct passwd *user = getpwnam(PRIVILEGE_DEFAULT_USER);
	_cleanup_free_ char *reason = NULL;
	struct privilege privilege = { 0 };
	int r;

	need_nobody();
	r = privilege_find(NULL, true, &privilege, &reason);
	if (user) {
		assert_int_equal(r, 0);
		assert_true(privilege.change);
		assert_int_equal(privilege.uid, user->pw_uid);
		assert_int_equal(privilege.gid, user->pw_gid);
	} else {
		/* Root's rights are not kept in silence. */
		assert_int_equal(r, -ESRCH);
		assert_non_null(strstr(reason, "--user"));
		assert_false(privilege.change);
	}
}

static void root_is_kept_when_named(void **state)
{
	_cleanup_free_ char *reason = NULL;
	struct privilege privilege = { .change = true };

	need_nobody();
	assert_int_equal(privilege_find("root", true, &privilege, &reason), 0);
	assert_false(privilege.change);
}

static void only_root_becomes_another(void **state)
{
	const struct passwd *nobody = need_nobody();
	uid_t uid = nobody->pw_uid;
	_cleanup_free_ char *reason = NULL;
	struct privilege privilege = { .change = true };
	int other, same, none;

	assert_return_code(seteuid(uid), errno);
	other = privilege_find("root", false, &privilege, &reason);
	same = privilege_find("nobody", true, &privilege, NULL);
	none = same == 0 && !privilege.change ? privilege_find(NULL, true, &privilege, NULL) : -1;
	assert_return_code(seteuid(0), errno);
	assert_int_equal(other, -EPERM);
	assert_non_null(strstr(reason, "only root"));
	assert_int_equal(same, 0);
	assert_int_equal(none, 0);
	assert_false(privilege.change);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_thread_is_an_ordinary_user, setup, daemon_teardown),
		cmocka_unit_test_setup_teardown(the_configuration_names_the_user, setup, daemon_teardown),
		cmocka_unit_test_setup_teardown(the_simulator_needs_no_other_user, setup, daemon_teardown),
		cmocka_unit_test_setup_teardown(an_unknown_user_does_not_start, setup, daemon_teardown),
		cmocka_unit_test_setup_teardown(an_empty_user_does_not_start, setup, daemon_teardown),
		cmocka_unit_test(hardware_has_a_default_user),
		cmocka_unit_test(root_is_kept_when_named),
		cmocka_unit_test(only_root_becomes_another),
	};

	return cmocka_run_group_tests_name("privilege", tests, NULL, NULL);
}
