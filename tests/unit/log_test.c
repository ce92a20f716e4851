/* SPDX-License-Identifier: BSD-3-Clause */
/* base/log: what reaches stderr and the journal, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/log.h"

#define CAPTURE_MAX (128 * 1024)
#define JOURNAL_ENTRIES_MAX 32

/* What the stand-ins for the clock and the journal (linked by --wrap) say and saw. */
static uint64_t fake_now_ms;
static int journal_result, journal_calls, journal_entries;
static char journal_seen[JOURNAL_ENTRIES_MAX][5000];

int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_sd_journal_sendv(const struct iovec *parts, int count);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	uint64_t now = __atomic_load_n(&fake_now_ms, __ATOMIC_RELAXED);

	time->tv_sec = (time_t)(now / 1000);
	time->tv_nsec = (long)(now % 1000) * 1000000;
	return 0;
}

int __wrap_sd_journal_sendv(const struct iovec *parts, int count)
{
	journal_calls++;
	journal_entries = count;
	for (int i = 0; i < count && i < JOURNAL_ENTRIES_MAX; i++)
		snprintf(journal_seen[i], sizeof(journal_seen[i]), "%.*s", (int)parts[i].iov_len,
			 (const char *)parts[i].iov_base);
	return journal_result;
}

static bool journal_has(const char *entry)
{
	for (int i = 0; i < journal_entries; i++)
		if (strcmp(journal_seen[i], entry) == 0)
			return true;
	return false;
}

/* Descriptor 2 is a pipe between begin and end, so that no assertion may stand between them. */
static struct {
	int saved, reader;
	char text[CAPTURE_MAX];
} capture;

static void capture_begin(void)
{
	int fds[2];

	fflush(stderr);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	capture.saved = dup(STDERR_FILENO);
	capture.reader = fds[0];
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
}

/* What the pipe holds now. */
static const char *capture_read(void)
{
	size_t used = 0;
	ssize_t n;

	while ((n = read(capture.reader, capture.text + used, sizeof(capture.text) - 1 - used)) > 0)
		used += (size_t)n;
	capture.text[used] = '\0';
	return capture.text;
}

static void capture_restore(void)
{
	dup2(capture.saved, STDERR_FILENO);
	close(capture.saved);
	close(capture.reader);
}

static const char *capture_end(void)
{
	capture_read();
	capture_restore();
	return capture.text;
}

static int setup(void **state)
{
	unsetenv("JOURNAL_STREAM");
	fake_now_ms = 1000000;
	journal_result = journal_calls = journal_entries = 0;
	return 0;
}

static void test_priority_is_the_prefix_of_a_line(void **state)
{
	capture_begin();
	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	log_error("one %d", 1);
	log_warning("two");
	log_notice("three");
	log_info("four");
	log_debug("five");
	assert_string_equal(capture_end(), "<3>ffad: one 1\n<4>ffad: two\n<5>ffad: three\n<6>ffad: four\n");
	assert_int_equal(journal_calls, 0);
}

static void test_debug_lines_appear_at_debug_level(void **state)
{
	capture_begin();
	log_setup("ffad", LOG_TARGET_STDERR, LOG_DEBUG);
	log_debug("five");
	assert_string_equal(capture_end(), "<7>ffad: five\n");
	assert_true(log_enabled(LOG_DEBUG));
	log_setup("ffad", LOG_TARGET_STDERR, LOG_ERR);
	assert_false(log_enabled(LOG_WARNING));
	assert_true(log_enabled(LOG_ERR));
}

static void test_arguments_of_debug_lines_are_not_evaluated_below_that_level(void **state)
{
	int evaluated = 0;

	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	log_debug("%d", ++evaluated);
	assert_int_equal(evaluated, 0);
}

static void test_terminal_gets_no_prefix(void **state)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), saved, device;
	char text[64] = "";
	ssize_t n;

	if (terminal < 0 || grantpt(terminal) < 0 || unlockpt(terminal) < 0) {
		print_message("SKIP: no pseudo-terminal here\n");
		skip();
	}
	device = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(device >= 0);
	saved = dup(STDERR_FILENO);
	dup2(device, STDERR_FILENO);
	log_setup("ffad", LOG_TARGET_AUTO, LOG_INFO);
	log_error("hello");
	n = read(terminal, text, sizeof(text) - 1);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(device);
	close(terminal);
	assert_true(n > 0);
	assert_string_equal(text, "ffad: hello\r\n");
}

static void test_control_characters_and_broken_utf8_are_escaped(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain text, 100 % \\ kept", "plain text, 100 % \\ kept" },
		{ "line\n<0>forged", "line\\x0a<0>forged" },
		{ "\x1b[31mred\x07", "\\x1b[31mred\\x07" },
		{ "tab\tdel\x7f", "tab\\x09del\\x7f" },
		{ "\x01\x1f ", "\\x01\\x1f " },
		{ "caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80" },
		{ "\xc2\xa0 first above the C1 controls", "\xc2\xa0 first above the C1 controls" },
		{ "\xc2\x9b"
		  "31m C1 introducer",
		  "\\xc2\\x9b31m C1 introducer" },
		{ "\xc3 alone", "\\xc3 alone" },
		{ "cut \xe2\x86", "cut \\xe2\\x86" },
		{ "\x80\xbf\xfe\xff", "\\x80\\xbf\\xfe\\xff" },
		{ "overlong \xc0\xaf \xe0\x80\xaf \xf0\x80\x80\xaf",
		  "overlong \\xc0\\xaf \\xe0\\x80\\xaf \\xf0\\x80\\x80\\xaf" },
		{ "surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80" },
		{ "beyond \xf4\x90\x80\x80", "beyond \\xf4\\x90\\x80\\x80" },
		{ "last \xf4\x8f\xbf\xbf", "last \xf4\x8f\xbf\xbf" },
	};
	char expected[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		capture_begin();
		log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
		log_info("%s", cases[i].in);
		snprintf(expected, sizeof(expected), "<6>ffad: %s\n", cases[i].out);
		assert_string_equal(capture_end(), expected);
	}
}

/* A line must fit into one write to a pipe, whatever it is made of. */
static void test_long_message_is_cut_to_one_line(void **state)
{
	static const char *const units[] = { "x", "\x1b", "\xe2\x86\x92", "\n" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		_cleanup_free_ char *message = malloc(8192 * strlen(units[i]) + 1);
		const char *text;
		size_t length;

		assert_non_null(message);
		message[0] = '\0';
		for (size_t k = 0; k < 8192; k++)
			memcpy(message + k * strlen(units[i]), units[i], strlen(units[i]) + 1);
		capture_begin();
		log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
		log_info("%s", message);
		text = capture_end();
		length = strlen(text);
		assert_in_range(length, 1500, 4096);
		assert_ptr_equal(strchr(text, '\n'), text + length - 1);
	}
}

static void test_full_pipe_loses_lines_and_says_how_many(void **state)
{
	char expected[128];
	struct pollfd poll_fd = { .fd = STDERR_FILENO, .events = POLLOUT };
	const char *text;

	capture_begin();
	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	while (poll(&poll_fd, 1, 0) == 1)
		if (write(STDERR_FILENO, "filler filler\n", 14) != 14)
			break;
	errno = ENOTTY;
	log_error("lost 1"); /* must come back at once */
	log_error("lost 2");
	log_error("lost 3");
	if (errno != ENOTTY)
		snprintf(expected, sizeof(expected), "errno was changed to %d", errno);
	else
		snprintf(expected, sizeof(expected), "%s%s",
			 "<4>ffad: 3 log lines were lost: stderr was full\n", "<3>ffad: after\n");
	capture_read();
	log_error("after");
	text = capture_end();
	assert_string_equal(text, expected);
}

static void test_closed_stderr_is_survived(void **state)
{
	int saved = dup(STDERR_FILENO);

	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	close(STDERR_FILENO);
	errno = EXDEV;
	log_error("into the void");
	dup2(saved, STDERR_FILENO);
	close(saved);
	assert_int_equal(errno, EXDEV);
	/* It counts as lost, and the note comes with the next line. */
	capture_begin();
	log_error("back");
	assert_string_equal(capture_end(),
			    "<4>ffad: 1 log lines were lost: stderr was full\n<3>ffad: back\n");
}

static void set_journal_stream(unsigned long long device_off, unsigned long long inode_off, const char *tail)
{
	char value[64];
	struct stat st = { 0 };

	fstat(STDERR_FILENO, &st);
	snprintf(value, sizeof(value), "%llu:%llu%s", (unsigned long long)st.st_dev + device_off,
		 (unsigned long long)st.st_ino + inode_off, tail);
	setenv("JOURNAL_STREAM", value, 1);
}

static void test_auto_takes_the_journal_only_when_stderr_is_its_stream(void **state)
{
	static const struct {
		unsigned int device_off, inode_off;
		const char *tail;
		int journal_calls;
	} cases[] = { { 0, 0, "", 1 }, { 1, 0, "", 0 }, { 0, 1, "", 0 }, { 0, 0, "x", 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		journal_calls = 0;
		capture_begin();
		set_journal_stream(cases[i].device_off, cases[i].inode_off, cases[i].tail);
		log_setup("ffad", LOG_TARGET_AUTO, LOG_INFO);
		log_info("where");
		assert_string_equal(capture_end(), cases[i].journal_calls ? "" : "<6>ffad: where\n");
		assert_int_equal(journal_calls, cases[i].journal_calls);
	}
	setenv("JOURNAL_STREAM", "nonsense", 1);
	capture_begin();
	log_setup("ffad", LOG_TARGET_AUTO, LOG_INFO);
	log_info("where");
	assert_string_equal(capture_end(), "<6>ffad: where\n");
}

static void test_target_stderr_ignores_the_journal_stream(void **state)
{
	capture_begin();
	set_journal_stream(0, 0, "");
	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	log_info("here");
	assert_string_equal(capture_end(), "<6>ffad: here\n");
	assert_int_equal(journal_calls, 0);
}

static void test_journal_gets_fields(void **state)
{
	const struct log_field fields[] = { { "FFA_PARTITION", "0x8001" },
					    { "FFA_CLIENT", "evil\nPRIORITY=0" },
					    { "FFA_EMPTY", NULL },
					    { NULL, NULL } };

	log_setup("ffad", LOG_TARGET_JOURNAL, LOG_INFO);
	log_write_fields(LOG_WARNING, fields, "partition %s is %s", "0x8001", "gone\n");
	assert_int_equal(journal_calls, 1);
	assert_int_equal(journal_entries, 6);
	assert_true(journal_has("MESSAGE=partition 0x8001 is gone\\x0a"));
	assert_true(journal_has("PRIORITY=4"));
	assert_true(journal_has("SYSLOG_IDENTIFIER=ffad"));
	assert_true(journal_has("FFA_PARTITION=0x8001"));
	assert_true(journal_has("FFA_CLIENT=evil\\x0aPRIORITY=0"));
	assert_true(journal_has("FFA_EMPTY="));
	log_write_fields(LOG_DEBUG, fields, "not at this level");
	assert_int_equal(journal_calls, 1);
}

static void test_stderr_leaves_fields_out(void **state)
{
	const struct log_field fields[] = { { "FFA_PARTITION", "0x8001" }, { NULL, NULL } };

	capture_begin();
	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	log_write_fields(LOG_INFO, fields, "text");
	assert_string_equal(capture_end(), "<6>ffad: text\n");
}

static void test_more_fields_than_fit_are_left_out(void **state)
{
	struct log_field fields[40] = { 0 };
	_cleanup_free_ char *value = malloc(10000);

	assert_non_null(value);
	memset(value, 'v', 9999);
	value[9999] = '\0';
	for (size_t i = 0; i + 1 < sizeof(fields) / sizeof(fields[0]); i++)
		fields[i] = (struct log_field) { "FFA_LONG", value };
	log_setup("ffad", LOG_TARGET_JOURNAL, LOG_INFO);
	log_write_fields(LOG_INFO, fields, "text");
	assert_int_equal(journal_calls, 1);
	assert_int_equal(journal_entries, 3 + 16);
	for (int i = 3; i < journal_entries; i++) {
		assert_memory_equal(journal_seen[i], "FFA_LONG=vvv", 12);
		assert_in_range(strlen(journal_seen[i]), 100, 255);
	}
}

static void test_stderr_takes_what_the_journal_refuses(void **state)
{
	journal_result = -ECONNREFUSED;
	capture_begin();
	log_setup("ffad", LOG_TARGET_JOURNAL, LOG_INFO);
	log_info("still said");
	assert_string_equal(capture_end(), "<6>ffad: still said\n");
	assert_int_equal(journal_calls, 1);
}

static void test_limit_passes_a_burst_and_counts_the_rest(void **state)
{
	struct log_limit limit = { .burst = 3, .interval_ms = 1000 };
	int passed = 0;

	capture_begin();
	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	for (int i = 0; i < 10; i++)
		passed += log_limit_pass(&limit);
	fake_now_ms += 999;
	passed += log_limit_pass(&limit) * 100;
	fake_now_ms += 1;
	passed += log_limit_pass(&limit) * 1000;
	assert_string_equal(capture_end(), "<5>ffad: 8 messages like the next one were left out\n");
	assert_int_equal(passed, 1003);
}

static void test_limit_is_silent_when_nothing_was_left_out(void **state)
{
	struct log_limit limit = { .burst = 3, .interval_ms = 1000 };
	int passed = 0;

	capture_begin();
	log_setup("ffad", LOG_TARGET_STDERR, LOG_INFO);
	for (int window = 0; window < 5; window++, fake_now_ms += 1000)
		for (int i = 0; i < 3; i++)
			passed += log_limit_pass(&limit);
	assert_string_equal(capture_end(), "");
	assert_int_equal(passed, 15);
}

static void test_limit_of_zero_passes_nothing(void **state)
{
	struct log_limit limit = { .burst = 0, .interval_ms = 1000 };

	for (int i = 0; i < 3; i++, fake_now_ms += 600)
		assert_false(log_limit_pass(&limit));
}

static void test_limit_counter_saturates(void **state)
{
	struct log_limit limit = {
		.burst = 3, .interval_ms = 1000, .count = UINT32_MAX, .window_start_ms = fake_now_ms
	};

	for (int i = 0; i < 3; i++)
		assert_false(log_limit_pass(&limit));
	assert_int_equal(limit.count, UINT32_MAX);
}

#define LIMIT_THREADS 4
#define LIMIT_TRIES 2000

static void *try_limit(void *arg)
{
	uintptr_t passed = 0;

	for (int i = 0; i < LIMIT_TRIES; i++)
		passed += log_limit_pass(arg);
	return (void *)passed;
}

static void test_limit_is_exact_across_threads(void **state)
{
	struct log_limit limit = { .burst = 100, .interval_ms = 1000 };
	pthread_t threads[LIMIT_THREADS];
	uintptr_t passed = 0;

	limit.window_start_ms = fake_now_ms;
	for (int i = 0; i < LIMIT_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, try_limit, &limit), 0);
	for (int i = 0; i < LIMIT_THREADS; i++) {
		void *count;

		assert_int_equal(pthread_join(threads[i], &count), 0);
		passed += (uintptr_t)count;
	}
	assert_int_equal(passed, 100);
	assert_int_equal(limit.count, LIMIT_THREADS * LIMIT_TRIES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_priority_is_the_prefix_of_a_line, setup),
		cmocka_unit_test_setup(test_debug_lines_appear_at_debug_level, setup),
		cmocka_unit_test_setup(test_arguments_of_debug_lines_are_not_evaluated_below_that_level,
				       setup),
		cmocka_unit_test_setup(test_terminal_gets_no_prefix, setup),
		cmocka_unit_test_setup(test_control_characters_and_broken_utf8_are_escaped, setup),
		cmocka_unit_test_setup(test_long_message_is_cut_to_one_line, setup),
		cmocka_unit_test_setup(test_full_pipe_loses_lines_and_says_how_many, setup),
		cmocka_unit_test_setup(test_closed_stderr_is_survived, setup),
		cmocka_unit_test_setup(test_auto_takes_the_journal_only_when_stderr_is_its_stream, setup),
		cmocka_unit_test_setup(test_target_stderr_ignores_the_journal_stream, setup),
		cmocka_unit_test_setup(test_journal_gets_fields, setup),
		cmocka_unit_test_setup(test_stderr_leaves_fields_out, setup),
		cmocka_unit_test_setup(test_more_fields_than_fit_are_left_out, setup),
		cmocka_unit_test_setup(test_stderr_takes_what_the_journal_refuses, setup),
		cmocka_unit_test_setup(test_limit_passes_a_burst_and_counts_the_rest, setup),
		cmocka_unit_test_setup(test_limit_is_silent_when_nothing_was_left_out, setup),
		cmocka_unit_test_setup(test_limit_of_zero_passes_nothing, setup),
		cmocka_unit_test_setup(test_limit_counter_saturates, setup),
		cmocka_unit_test_setup(test_limit_is_exact_across_threads, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
