/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_DOCTOR_H
#define FINJECT_DOCTOR_H

#include "refuse.h"

enum health {
	HEALTH_OK,
	HEALTH_NOTE,
	HEALTH_BAD,
};

/**
 * struct finding - what a check found
 * @health: how grave it is
 * @text: what it is, what it means and what to do, on one line
 */
struct finding {
	enum health health;
	char text[640];
};

typedef void check_fn(struct finding *finding);

check_fn doctor_privilege;
check_fn doctor_lockdown;
check_fn doctor_debugfs;
check_fn doctor_module;
check_fn doctor_files;
check_fn doctor_taint;

check_fn doctor_conntrack;
check_fn doctor_bridge;
check_fn doctor_queue;
check_fn doctor_flowtable;
check_fn doctor_ipvs;
check_fn doctor_xdp;
check_fn doctor_tc;

check_fn doctor_sockets;
check_fn doctor_limits;
check_fn doctor_skipped;
check_fn doctor_refused;
check_fn doctor_namespaces;
check_fn doctor_users;

void __printf(3, 4) finding(struct finding *finding, enum health health,
			    const char *format, ...);
void __printf(2, 3) finding_add(struct finding *finding, const char *format,
				...);
char *doctor_read(const char *path);

#endif /* FINJECT_DOCTOR_H */
