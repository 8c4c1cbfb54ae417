// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>

#include "conn.h"
#include "debugfs.h"
#include "flow.h"
#include "net.h"
#include "park.h"
#include "socket.h"

static int __init finject_init(void)
{
	int err;

	err = finject_flow_cache_init();
	if (err)
		return err;
	err = finject_park_cache_init();
	if (err)
		goto err_flow;
	err = finject_net_init();
	if (err)
		goto err_park;
	err = finject_conn_init();
	if (err)
		goto err_net;
	finject_socket_init();
	err = finject_debugfs_init();
	if (err)
		goto err_conn;
	return 0;

err_conn:
	finject_conn_exit();
err_net:
	finject_net_exit();
err_park:
	finject_park_cache_exit();
err_flow:
	finject_flow_cache_exit();
	return err;
}

static void __exit finject_exit(void)
{
	finject_debugfs_exit();
	finject_net_exit();
	finject_conn_exit();
	finject_park_cache_exit();
	finject_flow_cache_exit();
}

module_init(finject_init);
module_exit(finject_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Faults in the teardown of TCP connections");
MODULE_VERSION(FINJECT_VERSION);
