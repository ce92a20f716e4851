/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_VERSION: what is accepted, and what stays negotiated. */
#include "tests/conformance/probe.h"

#define REFUSED ((uint32_t)FFA_NOT_SUPPORTED)

/* What FFA_VERSION with another major version, or a newer minor one, gets. */
enum answer {
	ANSWER_REFUSAL,
	ANSWER_OWN,        /* the firmware's own version */
	ANSWER_NEGOTIATED, /* what was agreed on before */
};

static const struct expect newer_minor = EXPECT(ANSWER_OWN, ANSWER_REFUSAL, ANSWER_OWN, ANSWER_OWN);
static const struct expect other_major = EXPECT(ANSWER_REFUSAL, ANSWER_REFUSAL, ANSWER_OWN, ANSWER_OWN);
static const struct expect same_later = EXPECT(ANSWER_OWN, ANSWER_OWN, ANSWER_NEGOTIATED, ANSWER_OWN);
static const struct expect other_later =
	EXPECT(ANSWER_REFUSAL, ANSWER_REFUSAL, ANSWER_NEGOTIATED, ANSWER_OWN);
/* After a call by a normal world that has not negotiated; "spec" leaves it to the implementation. */
static const struct expect first_late = EXPECT(UNKNOWN, ANSWER_REFUSAL, ANSWER_REFUSAL, ANSWER_OWN);
/* The version of the firmware, as one number of the form that FFA_VERSION has. */
static const struct expect highest =
	EXPECT(FFA_VERSION_1_2, FFA_VERSION_1_3, FFA_VERSION_1_2, FFA_VERSION_1_2);

static uint32_t ask(struct probe *probe, uint32_t version)
{
	struct ffa_regs reply = CALL(probe, FFA_VERSION, version);

	return ffa_regs_w(&reply, 0);
}

static bool answers(struct probe *probe, uint32_t version, const struct expect *expect, const char *what)
{
	uint32_t answer = ask(probe, version), expected = REFUSED;

	switch (probe_want(probe, expect)) {
	case ANSWER_OWN:
		expected = (uint32_t)probe_want(probe, &highest);
		break;
	case ANSWER_NEGOTIATED:
		expected = probe->version;
		break;
	case UNKNOWN:
		return probe_skip(probe, "%s: what this firmware answers is not known", what);
	default:
		break;
	}
	return probe_value(probe, answer, expected, what);
}

/* The version of this column is one that each firmware speaks. */
static void version_accepted(struct probe *probe)
{
	VALUE(probe, ask(probe, probe->version), (uint32_t)probe_want(probe, &highest), "the reply in w0");
	VALUE(probe, ask(probe, probe->version), (uint32_t)probe_want(probe, &highest),
	      "the reply to the same again");
}

/* Before any other call the caller may change its mind. */
static void version_downgrade(struct probe *probe)
{
	uint32_t own = (uint32_t)probe_want(probe, &highest);

	VALUE(probe, ask(probe, own), own, "the reply to the firmware's own version");
	VALUE(probe, ask(probe, FFA_VERSION_1_0), own, "the reply to 1.0");
	VALUE(probe, ask(probe, probe->version), own, "the reply to the version of this column");
}

static void version_bit31(struct probe *probe)
{
	VALUE(probe, ask(probe, FFA_VERSION_MBZ | probe->version), REFUSED, "the reply to bit 31");
	VALUE(probe, ask(probe, UINT32_MAX), REFUSED, "the reply to ~0");
	VALUE(probe, ask(probe, probe->version), (uint32_t)probe_want(probe, &highest),
	      "the reply to the right version afterwards");
}

static void version_newer_minor(struct probe *probe)
{
	uint32_t own = (uint32_t)probe_want(probe, &highest);

	REQUIRE(answers(probe, own + 1, &newer_minor, "the reply to the next minor version"));
	REQUIRE(answers(probe, FFA_VERSION_MAKE(1, 0xffff), &newer_minor, "the reply to 1.65535"));
}

static void version_major_low(struct probe *probe)
{
	REQUIRE(answers(probe, FFA_VERSION_MAKE(0, 0), &other_major, "the reply to 0.0"));
	REQUIRE(answers(probe, FFA_VERSION_MAKE(0, 0xffff), &other_major, "the reply to 0.65535"));
}

static void version_major_high(struct probe *probe)
{
	REQUIRE(answers(probe, FFA_VERSION_MAKE(2, 0), &other_major, "the reply to 2.0"));
	REQUIRE(answers(probe, FFA_VERSION_MAKE(0x7fff, 0xffff), &other_major,
			"the reply to the highest number"));
}

static void version_same_later(struct probe *probe)
{
	struct ffa_regs reply = CALL(probe, FFA_ID_GET);

	SUCCESS(probe, reply, "FFA_ID_GET");
	REQUIRE(answers(probe, probe->version, &same_later, "the reply to the same version"));
}

static void version_other_later(struct probe *probe)
{
	uint32_t other = probe->version == FFA_VERSION_1_0 ? FFA_VERSION_1_1 : FFA_VERSION_1_0;
	struct ffa_regs reply = CALL(probe, FFA_ID_GET);

	SUCCESS(probe, reply, "FFA_ID_GET");
	REQUIRE(answers(probe, other, &other_later, "the reply to another version"));
}

static void version_first_late(struct probe *probe)
{
	CALL(probe, FFA_ID_GET);
	REQUIRE(answers(probe, probe->version, &first_late, "the reply to the first FFA_VERSION"));
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_version/accepted", "each minor version up to the firmware's own gets the latter in w0", 0, 0,
	  START_RESET, version_accepted, NULL },
	{ "ACS", "ffa_version/downgrade", "a caller may ask for less until its first other call", 0, 0,
	  START_RESET, version_downgrade, NULL },
	{ "ACS", "ffa_version/bit31", "bit 31 is refused", 0, 0, START_RESET, version_bit31, NULL },
	{ "ACS", "ffa_version/newer_minor", "a newer minor version", 0, 0, START_RESET, version_newer_minor, NULL },
	{ "ACS", "ffa_version/major_low", "major version 0", 0, 0, START_RESET, version_major_low, NULL },
	{ "ACS", "ffa_version/major_high", "a newer major version", 0, 0, START_RESET, version_major_high, NULL },
	{ "ACS", "ffa_version_negotiation/same", "after another call the same version is confirmed", 0, 0,
	  START_NEGOTIATED, version_same_later, NULL },
	{ "ACS", "ffa_version_negotiation/other", "after another call a different version is refused", 0, 0,
	  START_NEGOTIATED, version_other_later, NULL },
	{ "ACS", "ffa_version_negotiation/late", "the first FFA_VERSION comes after another call", 0, 0,
	  START_RESET, version_first_late, NULL },
	{ "TF-A-tests", "Setup & discovery/version equal", "the firmware's own version", 0, 0,
	  START_RESET, version_downgrade, NULL },
	{ "TF-A-tests", "Setup & discovery/version bit31", "bit 31 is refused", 0, 0,
	  START_RESET, version_bit31, NULL },
	{ "TF-A-tests", "Setup & discovery/version bigger", "a newer minor version", 0, 0,
	  START_RESET, version_newer_minor, NULL },
	{ "TF-A-tests", "Setup & discovery/version smaller", "an older minor version", 0, 0,
	  START_RESET, version_accepted, NULL },
	{ "Hafnium", "secure_partition/version succeeds current", "the firmware's own version", 0, 0,
	  START_RESET, version_downgrade, NULL },
	{ "Hafnium", "secure_partition/version succeeds older", "an older minor version", 0, 0,
	  START_RESET, version_accepted, NULL },
	{ "Hafnium", "secure_partition/version fails bit31", "bit 31 is refused", 0, 0,
	  START_RESET, version_bit31, NULL },
	{ "Hafnium", "secure_partition/version fails major low", "major version 0", 0, 0,
	  START_RESET, version_major_low, NULL },
	{ "Hafnium", "secure_partition/version fails major high", "a newer major version", 0, 0,
	  START_RESET, version_major_high, NULL },
	{ "Hafnium", "secure_partition/version fails minor high", "a newer minor version", 0, 0,
	  START_RESET, version_newer_minor, NULL },
	{ "Hafnium", "secure_partition/version fails change after other ABI", "another version after another call",
	  0, 0, START_NEGOTIATED, version_other_later, NULL },
};
/* clang-format on */

const struct case_table version_cases = CASE_TABLE(cases);
