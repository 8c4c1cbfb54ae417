// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether the module can be there and be spoken to.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "ctl.h"
#include "doctor.h"
#include "types.h"

enum { PATH = 256, TAINT_DIED = 7, TAINT_OUT_OF_TREE = 12, TAINT_UNSIGNED = 13 };

static bool has_net_admin(void)
{
	char *status = doctor_read("/proc/self/status");
	const char *line = status ? strstr(status, "\nCapEff:") : NULL;
	u64 effective = line ? strtoull(line + strlen("\nCapEff:"), NULL, 16) : 0;

	free(status);
	return effective >> CAP_NET_ADMIN & 1;
}

/**
 * doctor_privilege() - check for root and CAP_NET_ADMIN
 * @found: the finding
 */
void doctor_privilege(struct finding *found)
{
	if (geteuid())
		finding(found, HEALTH_BAD,
			"not root, and the module's files are for root only: use sudo");
	else if (!has_net_admin())
		finding(found, HEALTH_BAD,
			"CAP_NET_ADMIN is missing: rules can be read but not changed; in a container, start it with that capability");
	else
		finding(found, HEALTH_OK, "root, with CAP_NET_ADMIN");
}

/**
 * doctor_lockdown() - check that kernel lockdown does not keep the files closed
 * @found: the finding
 */
void doctor_lockdown(struct finding *found)
{
	char *text = doctor_read("/sys/kernel/security/lockdown");
	const char *mode = text ? strchr(text, '[') : NULL;

	if (!text)
		finding(found, HEALTH_OK,
			"none is known of (there is no /sys/kernel/security/lockdown)");
	else if (!mode || !strncmp(mode, "[none]", 6))
		finding(found, HEALTH_OK, "none");
	else
		finding(found, HEALTH_BAD,
			"the kernel is locked down %.*s: unsigned modules and debugfs are refused; turn Secure Boot off or boot with lockdown=none, see kernel_lockdown(7)",
			(int)strcspn(mode, "]") + 1, mode);
	free(text);
}

/**
 * doctor_debugfs() - check that debugfs is there
 * @found: the finding
 */
void doctor_debugfs(struct finding *found)
{
	enum ctl_state state = ctl_look();
	int fd = ctl_debugfs();

	if (fd >= 0)
		finding(found, HEALTH_OK, "mounted at /sys/kernel/debug");
	else if (state == CTL_NO_ROOT)
		finding(found, HEALTH_NOTE, "only root can tell");
	else if (state == CTL_NO_DEBUGFS)
		finding(found, HEALTH_BAD,
			"not mounted: `mount -t debugfs none /sys/kernel/debug'; if that fails the kernel has none (CONFIG_DEBUG_FS, debugfs= on its command line)");
	else
		finding(found, HEALTH_OK,
			"not mounted here; finject opens one of its own");
	if (fd >= 0)
		close(fd);
}

static bool is_set(const char *path)
{
	char *text = doctor_read(path);
	bool set = text && (*text == '1' || *text == 'Y');

	free(text);
	return set;
}

static bool is_installed(const char *release)
{
	char path[PATH];
	char *text;
	bool found;

	snprintf(path, sizeof(path), "/lib/modules/%s/modules.dep", release);
	text = doctor_read(path);
	found = text && (strstr(text, "/finject.ko") ||
			 strstr(text, "\nfinject.ko") ||
			 !strncmp(text, "finject.ko", 10));
	free(text);
	return found;
}

/* The kernel that a module file is for, from its section .modinfo. */
static bool built_for(const char *path, char *release, size_t size)
{
	static const char key[] = "vermagic=";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	off_t length = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	char *file = length > 0 ? malloc(length) : NULL;
	const char *found = NULL;

	if (file && pread(fd, file, length, 0) == length)
		found = memmem(file, length, key, sizeof(key) - 1);
	if (found) {
		size_t left = file + length - found - (sizeof(key) - 1);

		found += sizeof(key) - 1;
		snprintf(release, size, "%.*s", (int)left, found);
		release[strcspn(release, " ")] = '\0';
	}
	free(file);
	if (fd >= 0)
		close(fd);
	return found;
}

static void how_to_build(struct finding *found, const char *release)
{
	char path[PATH];

	snprintf(path, sizeof(path), "/lib/modules/%s/build", release);
	if (access(path, F_OK))
		finding_add(found,
			    " install the headers of this kernel (the package linux-headers-%s or kernel-devel), then",
			    release);
	finding_add(found, " `make && insmod finject.ko' in its source");
}

static void how_to_load(struct finding *found, const char *release)
{
	char other[128] = "";

	if (is_set("/proc/sys/kernel/modules_disabled"))
		finding_add(found,
			    " kernel.modules_disabled is set: no module can be loaded until the next boot");
	else if (is_installed(release))
		finding_add(found,
			    " it is installed for this kernel: `modprobe finject'");
	else if (built_for("finject.ko", other, sizeof(other)) &&
		 !strcmp(other, release))
		finding_add(found,
			    " ./finject.ko is built for this kernel: `insmod finject.ko'");
	else
		how_to_build(found, release);
	if (*other && strcmp(other, release))
		finding_add(found, "; ./finject.ko is for %s, this kernel is %s",
			    other, release);
	if (is_set("/sys/module/module/parameters/sig_enforce"))
		finding_add(found,
			    "; this kernel loads signed modules only (module.sig_enforce): sign it");
}

/**
 * doctor_module() - check that the module is loaded, or say how to load it
 * @found: the finding
 */
void doctor_module(struct finding *found)
{
	enum ctl_state state = ctl_look();
	struct utsname name;

	uname(&name);
	if (access("/sys/module/finject", F_OK)) {
		finding(found, HEALTH_BAD, "not loaded:");
		how_to_load(found, name.release);
	} else if (state == CTL_NO_MODULE) {
		finding(found, HEALTH_BAD,
			"loaded, but without files in debugfs: see `dmesg | grep finject'");
	} else if (state == CTL_CLOSED) {
		finding(found, HEALTH_BAD,
			"loaded, but its directory cannot be opened: %m");
	} else {
		finding(found, HEALTH_OK, "loaded, on %s", name.release);
	}
}

static void cannot_open(struct finding *found, const char *name)
{
	if (errno == EPERM)
		finding(found, HEALTH_BAD,
			"`%s' is kept closed by the kernel: lockdown (kernel_lockdown(7)), or CAP_NET_ADMIN is missing over this network namespace",
			name);
	else if (errno == ENOENT)
		finding(found, HEALTH_BAD,
			"there is no `%s': the loaded module is another version; this tool is %s",
			name, FINJECT_VERSION);
	else
		finding(found, HEALTH_BAD, "`%s' cannot be opened: %m", name);
}

/**
 * doctor_files() - check that the files of the module can be opened
 * @found: the finding
 */
void doctor_files(struct finding *found)
{
	static const struct {
		const char *name;
		int flags;
	} files[] = {
		{ "rules", O_RDONLY }, { "rules", O_WRONLY },
		{ "held", O_RDONLY }, { "held", O_WRONLY },
		{ "flows", O_RDONLY }, { "stats", O_RDONLY }, { "why", O_RDONLY },
		{ "events", O_RDONLY | O_NONBLOCK }, { "error_log", O_RDONLY },
		{ "namespaces", O_RDONLY }, { "flush", O_WRONLY },
	};

	finding(found, HEALTH_OK, "all can be opened");
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int fd = ctl_try(files[i].name, files[i].flags);

		if (fd < 0) {
			cannot_open(found, files[i].name);
			return;
		}
		close(fd);
	}
}

/**
 * doctor_taint() - check that this kernel was sound so far
 * @found: the finding
 */
void doctor_taint(struct finding *found)
{
	static const char letters[] = "PFSRMBUDAWCIOELKXTN";
	char *text = doctor_read("/proc/sys/kernel/tainted");
	u64 taint = text ? strtoull(text, NULL, 10) : 0;

	free(text);
	taint &= ~(1ULL << TAINT_OUT_OF_TREE | 1ULL << TAINT_UNSIGNED);
	if (!taint) {
		finding(found, HEALTH_OK,
			"none but what an unsigned module from outside the kernel sets");
		return;
	}
	finding(found, HEALTH_NOTE, "the kernel is tainted ");
	for (size_t i = 0; i < sizeof(letters) - 1; i++)
		if (taint >> i & 1)
			finding_add(found, "%c", letters[i]);
	finding_add(found,
		    " (tainted-kernels.rst): name it when you report a bug");
	if (taint >> TAINT_DIED & 1) {
		found->health = HEALTH_BAD;
		finding_add(found, "; D: it has oopsed, so reboot first");
	}
}
