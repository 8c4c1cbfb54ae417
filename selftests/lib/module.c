// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

/**
 * module_fixed - get the reason why the module cannot be unloaded and reloaded
 *
 * Return: the reason, or NULL if it can: $FINJECT_KO names the file, or
 * modprobe knows it.
 */
const char *module_fixed(void)
{
	if (module_users() < 0)
		return "finject is built in";
	if (!getenv("FINJECT_KO") &&
	    system("modprobe -D finject >/dev/null 2>&1"))
		return "modprobe does not know finject; set FINJECT_KO";
	return NULL;
}

/**
 * module_count - count the references to a module
 * @name: name of the module
 *
 * Return: their number, -1 if there is no such module, or it is built in.
 */
long module_count(const char *name)
{
	char path[128];
	long users = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%ld", &users) != 1)
		users = -1;
	fclose(file);
	return users;
}

/**
 * module_users - count the references to finject
 *
 * Return: their number, -1 if it is not loaded, or built in.
 */
long module_users(void)
{
	return module_count("finject");
}

/**
 * module_remove - remove a module, as rmmod does
 * @name: name of the module
 *
 * Return: 0, or -errno.
 */
int module_remove(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/**
 * module_unload - remove finject
 *
 * Return: 0, or -errno.
 */
int module_unload(void)
{
	return module_remove("finject");
}

/**
 * module_load - load the module again
 *
 * Return: 0, or another number.
 */
int module_load(void)
{
	const char *path = getenv("FINJECT_KO");
	int fd, error;

	if (!path)
		return system("modprobe finject");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return error;
}
