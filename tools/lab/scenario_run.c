// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conn.h"
#include "ctl.h"
#include "experiment_bed.h"
#include "refuse.h"
#include "scenario_run.h"

enum { PORT = 8080 };		/* B listens there */

static int run_open_host(struct experiment *run, unsigned int i)
{
	if (i <= HOST_B) {
		run->diag[i] = diag_open(&run->ns[i]);
		if (run->diag[i] < 0)
			return fail_with("inet_diag", -run->diag[i]);
	}
	if (snmp_take(&run->before[i], &run->ns[i]))
		return REFUSED;
	if (i && ns_is(&run->ns[i], &run->ns[HOST_A]))
		return DONE;
	if (ns_enter(&run->ns[i]))
		return REFUSED;
	run->events[i] = ctl_file("events", O_RDONLY | O_NONBLOCK);
	ns_leave();
	return run->events[i] < 0 ? REFUSED : DONE;
}

/* Sockets of the scenario's protocol; a kernel may have none. */
static int run_protocol(struct experiment *run)
{
	int protocol = run->scenario->protocol;
	int fd = ns_socket(&run->ns[HOST_A], run->family, SOCK_STREAM, protocol);

	if (fd < 0) {
		experiment_skip(run, NULL, "this kernel has no MPTCP: %s",
				strerror(-fd));
		return REFUSED;
	}
	close(fd);
	run->ns[HOST_A].protocol = protocol;
	run->ns[HOST_B].protocol = protocol;
	return DONE;
}

static int run_open(struct experiment *run)
{
	struct addr at;

	if (ctl_open(NULL) || experiment_bed_open(run) || run_protocol(run))
		return REFUSED;
	for (unsigned int i = 0; i < run->hosts; i++)
		if (run_open_host(run, i))
			return REFUSED;
	at = run->at[HOST_B];
	addr_set_port(&at, PORT);
	run->listener[HOST_B] = conn_listen(&run->ns[HOST_B], &at);
	return run->listener[HOST_B] < 0 ? REFUSED : DONE;
}

static void run_lines(struct experiment *run, bool expects)
{
	const struct scenario *scenario = run->scenario;
	u32 version = kernels_version();
	int result;

	for (size_t i = 0; i < scenario->lines; i++) {
		const struct scenario_line *line = &scenario->line[i];

		if (line->expects != expects || run->result != EXPERIMENT_OK ||
		    !kernels_has(&line->kernels, version))
			continue;
		result = line->verb->run(run, line);
		if (result != EXPERIMENT_OK && run->result == EXPERIMENT_OK) {
			run->result = result;
			run->line = line->number;
		}
	}
}

static void run_clear(struct experiment *run, const struct scenario *scenario,
		      int family)
{
	memset(run, 0, sizeof(*run));
	run->scenario = scenario;
	run->family = family;
	for (int i = 0; i < SCENARIO_HOSTS; i++) {
		run->ns[i].fd = -1;
		run->events[i] = -1;
	}
	for (int end = HOST_A; end <= HOST_B; end++) {
		run->diag[end] = -1;
		run->listener[end] = -1;
		for (int slot = 0; slot < SCENARIO_SLOTS; slot++)
			run->socket[end][slot].fd = -1;
	}
}

/**
 * scenario_run() - run a scenario
 * @run: the run; to be closed
 * @scenario: the scenario
 * @family: AF_INET or AF_INET6
 *
 * Return: how it went; @run has the rest.
 */
enum experiment_result scenario_run(struct experiment *run, const struct scenario *scenario,
				    int family)
{
	run_clear(run, scenario, family);
	if (run_open(run)) {
		if (run->result != EXPERIMENT_SKIPPED)
			run->result = EXPERIMENT_BROKEN;
		return run->result;
	}
	run_lines(run, false);
	/* records of sockets come a moment later */
	experiment_watch(run, 1100);
	log_sort(&run->log);
	run_lines(run, true);
	return run->result;
}

/**
 * scenario_run_end() - leave nothing behind
 * @run: the run
 */
void scenario_run_end(struct experiment *run)
{
	while (run->leases)
		close(run->lease[--run->leases]);
	for (int end = HOST_A; end <= HOST_B; end++) {
		for (int slot = 0; slot < SCENARIO_SLOTS; slot++)
			conn_close(&run->socket[end][slot].fd);
		conn_close(&run->listener[end]);
		conn_close(&run->diag[end]);
	}
	for (int i = 0; i < SCENARIO_HOSTS; i++) {
		conn_close(&run->events[i]);
		ns_drop(&run->ns[i]);
	}
	experiment_bed_close(run);
	log_free(&run->log);
}
