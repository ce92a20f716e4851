/* SPDX-License-Identifier: BSD-3-Clause */
/* ffad: wiring and life cycle. */
#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/conduit/conduit.h"
#include "daemon/core/broker.h"
#include "daemon/core/clock.h"
#include "daemon/policy/config.h"
#include "daemon/rpc/server.h"
#include "listen.h"
#include "options.h"
#include "privilege.h"

#define PARKED_GRACE_NS (2 * NSEC_PER_SEC) /* for yielded calls to end at shutdown */

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_CONFIG = 3,  /* configuration is wrong */
	EXIT_CONDUIT = 4, /* no way to the firmware, or no FF-A there */
};

struct daemon {
	struct options options;
	struct config *config;
	struct event_base *base;
	struct privilege privilege;
	struct listen_socket socket;
	int *cpu_ids; /* CPUs that this process may run on */
	unsigned int cpus;
	struct broker broker;
	bool broker_started;
	struct server server;
	bool server_started;
	struct event *terminate, *interrupt, *hangup, *alive;
};

/* ---- Running ---- */

static void notify_ready(const struct daemon *daemon, const char *prefix)
{
	sd_notifyf(0, "%sREADY=1\nSTATUS=%zu partitions through %s", prefix,
		   daemon->broker.table->partition_count, daemon->broker.conduit->name);
}

static void on_terminate(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *daemon = arg;

	log_info("%s: shutting down", signal == SIGTERM ? "SIGTERM" : "SIGINT");
	event_base_loopbreak(daemon->base);
}

static void on_reload(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *daemon = arg;
	_cleanup_free_ char *reason = NULL;
	struct config *config;
	int r;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu",
		   (unsigned long long)(clock_now_ns() / NSEC_PER_USEC));
	/* Kernel drivers come and go; what cannot be discovered again has said so and stays as it is. */
	if (daemon->broker.devices && broker_refresh(&daemon->broker) > 0)
		log_info("partitions or kernel drivers' claims have changed");
	r = config_load(daemon->options.config, &config, &reason);
	if (r == 0) {
		r = server_reload(&daemon->server, config->policy, &config->limits);
		config_free(config);
	} else {
		(void)server_publish(&daemon->server);
	}
	if (r < 0)
		log_error("configuration not reloaded, the old one stays: %s",
			  reason ? reason : strerror(-r));
	else
		log_info("configuration reloaded: rules and limits are in force; the other settings change "
			 "by a "
			 "restart");
	notify_ready(daemon, "");
}

static void on_alive(evutil_socket_t fd, short what, void *arg)
{
	sd_notify(0, "WATCHDOG=1");
}

static int add_signal(struct daemon *daemon, int number, event_callback_fn callback, struct event **ret_event)
{
	struct event *event = evsignal_new(daemon->base, number, callback, daemon);

	if (!event || event_add(event, NULL) < 0) {
		if (event)
			event_free(event);
		return -ENOMEM;
	}
	*ret_event = event;
	return 0;
}

static int add_events(struct daemon *daemon)
{
	uint64_t usec = 0;
	struct timeval tv;
	int r;

	r = add_signal(daemon, SIGTERM, on_terminate, &daemon->terminate);
	if (r == 0)
		r = add_signal(daemon, SIGINT, on_terminate, &daemon->interrupt);
	if (r == 0)
		r = add_signal(daemon, SIGHUP, on_reload, &daemon->hangup);
	if (r < 0 || sd_watchdog_enabled(0, &usec) <= 0)
		return r;
	usec /= 2;
	tv = (struct timeval) { .tv_sec = (time_t)(usec / 1000000),
				.tv_usec = (suseconds_t)(usec % 1000000) };
	daemon->alive = event_new(daemon->base, -1, EV_PERSIST, on_alive, daemon);
	return daemon->alive && event_add(daemon->alive, &tv) == 0 ? 0 : -ENOMEM;
}

/* ---- Start ---- */

static int find_cpus(struct daemon *daemon)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return -errno;
	daemon->cpu_ids = calloc((size_t)CPU_COUNT(&set), sizeof(*daemon->cpu_ids));
	if (!daemon->cpu_ids)
		return -ENOMEM;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			daemon->cpu_ids[daemon->cpus++] = cpu;
	return 0;
}

/* As many descriptors as the limit on sessions may need. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
			log_debug("RLIMIT_NOFILE: %m");
	}
}

static int start_broker(struct daemon *daemon, char **ret_reason)
{
	const struct config *config = daemon->config;
	const struct ffa_conduit_options options = {
		.sim_profile = config->sim_profile,
		.sim_manifests = (const char *const *)config->sim_manifests,
		.cpus = daemon->cpus,
	};
	const struct calls_settings settings = {
		.slow_ns = config->limits.slow_call_us * NSEC_PER_USEC,
		.stop_ns = PARKED_GRACE_NS,
		.lanes_max = config->limits.lanes,
	};
	struct ffa_conduit *conduit;
	const char *devices;
	unsigned int cpus;
	int r;

	r = ffa_conduit_open(config->conduit, &options, &conduit, ret_reason);
	if (r < 0)
		return r;
	cpus = conduit->cpus && conduit->cpus < daemon->cpus ? conduit->cpus : daemon->cpus;
	devices = config->kernel_devices ? config->kernel_devices : conduit->machine ? CLAIMS_FOLDER : NULL;
	r = broker_start(&daemon->broker, conduit, devices, daemon->cpu_ids, cpus, &settings, ret_reason);
	if (r < 0) {
		ffa_conduit_free(conduit);
		return r;
	}
	daemon->broker_started = true;
	log_info("FF-A %u.%u with %s: %zu partitions, RX/TX %s", daemon->broker.endpoint.version >> 16,
		 daemon->broker.endpoint.version & 0xffff, conduit->name,
		 daemon->broker.table->partition_count, rxtx_state_name(daemon->broker.rxtx.state));
	return 0;
}

static int start(struct daemon *daemon, char **ret_reason)
{
	struct config *config = daemon->config;
	int r;

	daemon->base = event_base_new();
	if (!daemon->base)
		return -ENOMEM;
	r = listen_socket_open(config->socket, config->socket_mode, &daemon->socket, ret_reason);
	if (r == 0)
		r = privilege_drop(&daemon->privilege, ret_reason);
	if (r < 0)
		return r;
	/* From here on there are threads. */
	r = server_start(&daemon->server, daemon->base, &daemon->broker, config->policy, &config->limits);
	daemon->server_started = true;
	if (r == 0)
		r = add_events(daemon);
	if (r == 0) {
		r = server_listen(&daemon->server, daemon->socket.fd);
		if (r == 0)
			(void)take_fd(&daemon->socket.fd);
	}
	return r;
}

/* ---- Stop ---- */

static void free_event(struct event **event)
{
	if (*event)
		event_free(take_ptr(*event));
}

/* False: threads are still inside calls, so nothing that they use may be freed. */
static bool stop(struct daemon *daemon)
{
	bool idle = true;

	listen_socket_close(&daemon->socket);
	if (daemon->server_started)
		idle = server_stop(&daemon->server);
	if (daemon->broker_started)
		idle = broker_stop(&daemon->broker) && idle;
	if (!idle) {
		log_notice("a partition has not come back from a call: ending without waiting for it");
		return false;
	}
	if (daemon->broker_started)
		broker_deinit(&daemon->broker);
	free_event(&daemon->terminate);
	free_event(&daemon->interrupt);
	free_event(&daemon->hangup);
	free_event(&daemon->alive);
	if (daemon->base)
		event_base_free(daemon->base);
	config_free(daemon->config);
	options_clear(&daemon->options);
	free(daemon->cpu_ids);
	return true;
}

static void block_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(how, &set, NULL);
}

static enum exit_code fail(enum exit_code code, int error, const char *reason)
{
	log_error("%s", reason ? reason : strerror(-error));
	sd_notifyf(0, "STATUS=%s\nERRNO=%d", reason ? reason : strerror(-error), -error);
	return code;
}

static enum exit_code run(struct daemon *daemon)
{
	_cleanup_free_ char *reason = NULL;
	int r;

	r = config_load(daemon->options.config, &daemon->config, &reason);
	if (r == 0)
		r = options_apply(&daemon->options, daemon->config);
	if (r < 0)
		return fail(EXIT_CONFIG, r, reason);
	if (daemon->options.check_config) {
		puts("The configuration is good.");
		return EXIT_DONE;
	}
	r = find_cpus(daemon);
	if (r == 0)
		r = privilege_find(daemon->config->user, ffa_conduit_is_hardware(daemon->config->conduit),
				   &daemon->privilege, &reason);
	if (r < 0)
		return fail(EXIT_FAILED, r, reason);
	raise_descriptor_limit();
	/* Message threads and lanes inherit this: signals are the control thread's. */
	block_signals(SIG_BLOCK);
	signal(SIGPIPE, SIG_IGN);
	r = start_broker(daemon, &reason);
	if (r < 0)
		return fail(EXIT_CONDUIT, r, reason);
	r = start(daemon, &reason);
	if (r < 0)
		return fail(EXIT_FAILED, r, reason);
	block_signals(SIG_UNBLOCK);
	log_info("ready on %s, as uid %u", daemon->config->socket, (unsigned int)geteuid());
	notify_ready(daemon, "");
	event_base_dispatch(daemon->base);
	sd_notify(0, "STOPPING=1");
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	struct daemon daemon = { .socket = { .fd = -1, .lock_fd = -1 } };
	enum exit_code code;
	int r;

	r = options_parse(argc, argv, &daemon.options);
	if (r != 0)
		return r > 0 ? EXIT_DONE : EXIT_USAGE;
	log_setup("ffad", daemon.options.log_target, daemon.options.log_level);
	code = run(&daemon);
	if (!stop(&daemon))
		_exit(code);
	return code;
}
