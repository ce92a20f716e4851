/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does the conformance suite notice? Each mutant must make its cases fail wherever it changes an answer, and
 * every case that runs must fail by some mutant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/conformance/mutant.h"
#include "tests/conformance/runner.h"

#define CASES_MAX 512
#define COLUMNS (FIRMWARE_COUNT * AT_COUNT)

static struct {
	struct roles roles;
	size_t count;
	enum verdict verdicts[CASES_MAX][COLUMNS]; /* of the untouched simulator */
	bool killed[CASES_MAX];                    /* some mutant makes it fail */
} suite;

/* One run of a case by a mutant. */
struct trial {
	const struct mutant *mutant;
	struct mutant_conduit *conduit; /* the runner's */
	unsigned int hits;
};

static struct ffa_conduit *trial_wrap(void *ctx, struct ffa_conduit *inner)
{
	struct trial *trial = ctx;

	trial->conduit = mutant_conduit_new(trial->mutant, inner);
	return trial->conduit ? &trial->conduit->conduit : NULL;
}

static void trial_arm(void *ctx, bool armed)
{
	struct trial *trial = ctx;

	assert_non_null(trial->conduit);
	atomic_store(&trial->conduit->armed, armed);
	trial->hits = atomic_load(&trial->conduit->hits);
}

static enum verdict run(const struct conformance_case *conformance_case, size_t column,
			const struct runner_wrap *wrap)
{
	const struct runner runner = { .conduit = "sim", .roles = suite.roles, .wrap = wrap };
	struct probe *probe = malloc(sizeof(*probe));
	enum verdict verdict;

	assert_non_null(probe);
	runner_run(&runner, conformance_case, (enum firmware)(column / AT_COUNT),
		   (enum conformance_version)(column % AT_COUNT), probe);
	verdict = probe->verdict;
	free(probe);
	return verdict;
}

static enum verdict try(const struct mutant *mutant, size_t index, size_t column, unsigned int *ret_hits)
{
	struct trial trial = { .mutant = mutant };
	const struct runner_wrap wrap = { trial_wrap, trial_arm, &trial };
	enum verdict verdict = run(conformance_case_at(index), column, &wrap);

	*ret_hits = trial.hits;
	return verdict;
}

static int setup(void **state)
{
	const struct conformance_case *conformance_case;

	roles_init(&suite.roles);
	while ((conformance_case = conformance_case_at(suite.count)) != NULL) {
		if (suite.count == CASES_MAX)
			return -1;
		for (size_t column = 0; column < COLUMNS; column++)
			suite.verdicts[suite.count][column] = run(conformance_case, column, NULL);
		suite.count++;
	}
	return 0;
}

static void check_mutant_on(const struct mutant *mutant, const char *glob)
{
	size_t noticed = 0;

	for (size_t i = 0; i < suite.count; i++) {
		const struct conformance_case *conformance_case = conformance_case_at(i);

		if (!conformance_case_matches(conformance_case, glob))
			continue;
		for (size_t column = 0; column < COLUMNS; column++) {
			unsigned int hits;
			enum verdict verdict;

			if (suite.verdicts[i][column] != VERDICT_PASS)
				continue;
			verdict = try(mutant, i, column, &hits);
			if (hits == 0)
				continue;
			if (verdict != VERDICT_FAIL)
				fail_msg("%s does not notice \"%s\" (%s:%s)", conformance_case->name,
					 mutant->name, firmware_name((enum firmware)(column / AT_COUNT)),
					 conformance_version_name(
						 (enum conformance_version)(column % AT_COUNT)));
			suite.killed[i] = true;
			noticed++;
		}
	}
	if (noticed == 0)
		fail_msg("no case like %s meets \"%s\"", glob, mutant->name);
}

static void test_mutant(void **state)
{
	const struct mutant *mutant = *state;

	for (size_t i = 0; mutant->cases[i]; i++)
		check_mutant_on(mutant, mutant->cases[i]);
}

static bool killed_by(const struct mutant *mutant, size_t index)
{
	unsigned int hits;

	for (size_t column = 0; column < COLUMNS; column++) {
		if (suite.verdicts[index][column] == VERDICT_PASS &&
		    try(mutant, index, column, &hits) == VERDICT_FAIL)
			return true;
	}
	return false;
}

/* Runs last: the mutants' own cases are known by then. */
static void test_every_case_can_fail(void **state)
{
	for (size_t i = 0; i < suite.count; i++) {
		bool runs = false;

		for (size_t column = 0; column < COLUMNS; column++)
			runs |= suite.verdicts[i][column] == VERDICT_PASS;
		for (size_t j = 0; runs && !suite.killed[i] && j < mutants_count; j++)
			suite.killed[i] = killed_by(&mutants[j], i);
		if (runs && !suite.killed[i])
			fail_msg("nothing makes %s fail", conformance_case_at(i)->name);
	}
}

int main(void)
{
	struct CMUnitTest *tests = calloc(mutants_count + 1, sizeof(*tests));
	int failed;

	if (!tests)
		return EXIT_FAILURE;
	for (size_t i = 0; i < mutants_count; i++)
		tests[i] = (struct CMUnitTest) {
			.name = mutants[i].name,
			.test_func = test_mutant,
			.initial_state = (void *)&mutants[i],
		};
	tests[mutants_count] =
		(struct CMUnitTest) { .name = "every case can fail", .test_func = test_every_case_can_fail };
	failed = _cmocka_run_group_tests("conformance-mutation", tests, mutants_count + 1, setup, NULL);
	free(tests);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
