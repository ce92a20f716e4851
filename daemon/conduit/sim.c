/* SPDX-License-Identifier: BSD-3-Clause */
/* The simulated SPMC in this process. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/conduit/backend.h"
#include "sim/machine.h"

struct conduit_sim {
	struct ffa_conduit conduit;
	struct machine *machine;
};

static struct conduit_sim *from_conduit(struct ffa_conduit *conduit)
{
	return (struct conduit_sim *)conduit;
}

static int sim_call_op(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	if (cpu >= conduit->cpus)
		return -EINVAL;
	machine_call(from_conduit(conduit)->machine, cpu, regs);
	return 0;
}

static int sim_plug(struct ffa_conduit *conduit, int fd, size_t count, struct ffa_pages *ret_pages)
{
	struct host *host = machine_host(from_conduit(conduit)->machine);
	struct ffa_pages pages = { .count = count, .fd = fd };
	uint64_t pa;
	int error;

	pages.frames = calloc(count, sizeof(*pages.frames));
	if (!pages.frames)
		return -ENOMEM;
	error = host_plug(host, fd, count, &pa, &pages.map);
	if (error < 0) {
		free(pages.frames);
		return error == -ENOSPC ? -ENOMEM : error;
	}
	for (size_t i = 0; i < count; i++)
		pages.frames[i] = pa + i * FFA_PAGE_SIZE;
	*ret_pages = pages;
	return 0;
}

static int sim_pages_alloc(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages)
{
	_cleanup_close_ int fd = -1;
	int error;

	error = host_memfd(count, &fd);
	if (error < 0)
		return error;
	error = sim_plug(conduit, fd, count, ret_pages);
	if (error == 0)
		take_fd(&fd);
	return error;
}

static void sim_pages_free(struct ffa_conduit *conduit, struct ffa_pages *pages)
{
	if (!pages->frames)
		return;
	host_unplug(machine_host(from_conduit(conduit)->machine), pages->frames[0], pages->count);
	free(pages->frames);
	close(pages->fd);
	*pages = (struct ffa_pages) { .fd = -1 };
}

static int sim_event_fd(struct ffa_conduit *conduit)
{
	return -1;
}

static void log_warnings(const struct manifest_report *report)
{
	for (size_t i = 0; i < report->warning_count; i++)
		log_warning("%s", report->warnings[i]);
	if (report->warnings_left_out > 0)
		log_warning("%zu more warnings about manifests; check them with ffa-sim --check",
			    report->warnings_left_out);
}

static int sim_load_op(struct ffa_conduit *conduit, const char *file_name, const void *dtb, size_t size,
		       const char *behaviour, uint16_t *ret_id, char **ret_reason)
{
	_cleanup_(manifest_report_clear) struct manifest_report report = MANIFEST_REPORT_INIT;
	int error;

	error = machine_load(from_conduit(conduit)->machine, file_name, dtb, size, behaviour, &report,
			     ret_id);
	if (error < 0)
		return conduit_fail(error, ret_reason, "%s",
				    report.refusal ? report.refusal : strerror(-error));
	log_warnings(&report);
	return 0;
}

static void sim_free(struct ffa_conduit *conduit)
{
	struct conduit_sim *sim = from_conduit(conduit);

	machine_free(sim->machine);
	free(sim);
}

static const struct ffa_conduit_ops sim_ops = {
	.call = sim_call_op,
	.pages_alloc = sim_pages_alloc,
	.pages_free = sim_pages_free,
	.event_fd = sim_event_fd,
	.sim_load = sim_load_op,
	.free = sim_free,
};

int conduit_sim_open(const struct ffa_conduit_options *options, struct ffa_conduit **ret_conduit,
		     char **ret_reason)
{
	const struct machine_options machine_options = {
		.profile = options->sim_profile,
		.version = options->sim_version,
		.cpus = options->cpus,
		.manifests = options->sim_manifests,
		.behaviours = options->sim_behaviours,
	};
	_cleanup_(manifest_report_clear) struct manifest_report report = MANIFEST_REPORT_INIT;
	struct conduit_sim *sim = calloc(1, sizeof(*sim));
	int error;

	if (!sim)
		return -ENOMEM;
	error = machine_new(&machine_options, &report, &sim->machine);
	if (error < 0) {
		free(sim);
		return conduit_fail(error, ret_reason, "simulated SPMC: %s",
				    report.refusal ? report.refusal : strerror(-error));
	}
	log_warnings(&report);
	sim->conduit =
		(struct ffa_conduit) { .ops = &sim_ops, .name = "sim", .cpus = machine_cpus(sim->machine) };
	*ret_conduit = &sim->conduit;
	return 0;
}
