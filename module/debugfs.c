// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each open file is about the network namespace of the process that opened it:
 * taken at open, not at write, so a descriptor that is passed on keeps its
 * meaning. It does not keep the namespace alive; once that is gone, a write
 * fails with ENODEV.
 */
#include "debugfs.h"

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>

#include "armed.h"
#include "control.h"
#include "net.h"
#include "socket.h"
#include "view.h"

enum { EVENT_TEXT_MAX = 512 };	/* of one record; a page has several */

static struct dentry *directory;

static struct finject_client *debugfs_client_open(void)
{
	struct net *net = current->nsproxy->net_ns;
	struct finject_client *client = kzalloc(sizeof(*client),
						GFP_KERNEL_ACCOUNT);

	if (!client)
		return NULL;
	client->fnet = finject_net_get(net);
	if (!client->fnet) {
		kfree(client);
		return NULL;
	}
	client->user_ns = get_user_ns(net->user_ns);
	return client;
}

static void debugfs_client_close(struct finject_client *client)
{
	finject_net_put(client->fnet);
	put_user_ns(client->user_ns);
	kfree(client);
}

typedef int (*show_fn)(struct seq_file *seq, void *v);
typedef int (*write_fn)(struct finject_client *client, char *text);

static int debugfs_open_listing(struct file *file, const struct seq_operations *ops)
{
	struct finject_client *client = debugfs_client_open();
	int err;

	if (!client)
		return -ENOMEM;
	err = seq_open(file, ops);
	if (err)
		debugfs_client_close(client);
	else
		((struct seq_file *)file->private_data)->private = client;
	return err;
}

static int debugfs_open_text(struct file *file, show_fn show)
{
	struct finject_client *client = debugfs_client_open();
	int err;

	if (!client)
		return -ENOMEM;
	err = single_open(file, show, client);
	if (err)
		debugfs_client_close(client);
	return err;
}

static struct finject_client *debugfs_client(struct file *file)
{
	struct seq_file *seq = file->private_data;

	return seq->private;
}

static int debugfs_release_listing(struct inode *inode, struct file *file)
{
	struct finject_client *client = debugfs_client(file);

	if (client->leases)
		finject_armed_disown(client->fnet, client);
	finject_view_free(client);
	debugfs_client_close(client);
	return seq_release(inode, file);
}

static int debugfs_release_text(struct inode *inode, struct file *file)
{
	debugfs_client_close(debugfs_client(file));
	return single_release(inode, file);
}

static ssize_t debugfs_write_text(struct file *file,
				  struct finject_client *client,
				  const char __user *from, size_t size,
				  write_fn write)
{
	char *text;
	int err;

	if (!file_ns_capable(file, client->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (size > FINJECT_TEXT_MAX)
		return -E2BIG;
	text = kvmalloc(size + 1, GFP_KERNEL_ACCOUNT);
	if (!text)
		return -ENOMEM;
	if (copy_from_user(text, from, size)) {
		err = -EFAULT;
		goto out;
	}
	text[size] = '\0';
	err = strlen(text) == size ? write(client, text) : -EINVAL;
out:
	kvfree(text);
	return err ? err : (ssize_t)size;
}

#define TEXT(name)							\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return debugfs_open_text(file, finject_view_##name);			\
}									\
static const struct file_operations name##_fops = {			\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.llseek = seq_lseek,						\
	.release = debugfs_release_text,					\
}

#define FILE_OF_LISTING(name, how)					\
static int name##_open(struct inode *inode, struct file *file)		\
{									\
	return debugfs_open_listing(file, &finject_view_##name);		\
}									\
static const struct file_operations name##_fops = {			\
	.owner = THIS_MODULE,						\
	.open = name##_open,						\
	.read = seq_read,						\
	.write = how,							\
	.llseek = seq_lseek,						\
	.release = debugfs_release_listing,					\
}

#define LISTING(name)	FILE_OF_LISTING(name, NULL)

#define LISTING_AND_CONTROL(name)					\
static ssize_t name##_write(struct file *file, const char __user *from,	\
			    size_t size, loff_t *offset)		\
{									\
	return debugfs_write_text(file, debugfs_client(file), from, size, \
				  finject_control_##name);		\
}									\
FILE_OF_LISTING(name, name##_write)

LISTING_AND_CONTROL(rules);
LISTING_AND_CONTROL(held);
LISTING_AND_CONTROL(stats);
LISTING(flows);
LISTING(why);
TEXT(error_log);
TEXT(namespaces);

static int flush_open(struct inode *inode, struct file *file)
{
	file->private_data = debugfs_client_open();
	return file->private_data ? stream_open(inode, file) : -ENOMEM;
}

static int flush_release(struct inode *inode, struct file *file)
{
	debugfs_client_close(file->private_data);
	return 0;
}

static ssize_t flush_write(struct file *file, const char __user *from,
			   size_t size, loff_t *offset)
{
	return debugfs_write_text(file, file->private_data, from, size,
				  finject_control_flush);
}

static const struct file_operations flush_fops = {
	.owner = THIS_MODULE,
	.open = flush_open,
	.write = flush_write,
	.release = flush_release,
};

static int events_open(struct inode *inode, struct file *file)
{
	struct finject_client *client = debugfs_client_open();
	int err;

	if (!client)
		return -ENOMEM;
	err = finject_armed_watch(client->fnet, &client->position);
	if (err)
		goto err_client;
	err = finject_socket_watch();
	if (err)
		goto err_watch;
	file->private_data = client;
	return stream_open(inode, file);

err_watch:
	finject_armed_unwatch(client->fnet);
err_client:
	debugfs_client_close(client);
	return err;
}

static int events_release(struct inode *inode, struct file *file)
{
	struct finject_client *client = file->private_data;

	finject_socket_unwatch();
	finject_armed_unwatch(client->fnet);
	debugfs_client_close(client);
	return 0;
}

static int events_wait(struct file *file, struct finject_client *client)
{
	struct finject_events *events = &client->fnet->events;

	if (finject_event_pending(events, &client->position))
		return 0;
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	return wait_event_interruptible(events->wait,
			finject_event_pending(events, &client->position));
}

/* Print one line; @line has room for the longest. */
static int events_next_line(struct finject_client *client, char *line)
{
	struct finject_record record;
	int len = 0;
	u64 lost;

	if (!finject_event_read(&client->fnet->events, &client->position,
				&record, &lost))
		return 0;
	if (lost)
		len = scnprintf(line, EVENT_TEXT_MAX, "lost=%llu\n", lost);
	len += finject_record_print(&record, line + len, EVENT_TEXT_MAX - len);
	return len;
}

/* Print as many lines as there are, and as there is room for in @text. */
static size_t events_print_lines(struct finject_client *client, char *text,
				 size_t size)
{
	size_t done = 0;
	int len;

	while (size - done >= EVENT_TEXT_MAX) {
		len = events_next_line(client, text + done);
		if (!len)
			break;
		done += len;
	}
	return done;
}

static ssize_t events_copy_lines(struct finject_client *client, char __user *to,
				 size_t size, char *text)
{
	size_t done = 0, len;

	do {
		len = events_print_lines(client, text,
					 min_t(size_t, size - done, PAGE_SIZE));
		if (copy_to_user(to + done, text, len))
			return done ? (ssize_t)done : -EFAULT;
		done += len;
	} while (len);
	return done;
}

/*
 * Only whole lines are copied, so a reader must have room for the longest. When
 * another thread has read all records of the same file meanwhile, that is no
 * end of file: wait again.
 */
static ssize_t events_read(struct file *file, char __user *to, size_t size,
			   loff_t *offset)
{
	struct finject_client *client = file->private_data;
	char *text;
	ssize_t done;

	if (size < EVENT_TEXT_MAX)
		return -EINVAL;
	text = (char *)__get_free_page(GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	finject_socket_flush(client->fnet);
	do {
		done = events_wait(file, client);
		if (done)
			break;
		done = events_copy_lines(client, to, size, text);
	} while (!done && !READ_ONCE(client->fnet->events.closed));
	free_page((unsigned long)text);
	return done;
}

static __poll_t events_poll(struct file *file, poll_table *table)
{
	struct finject_client *client = file->private_data;
	struct finject_events *events = &client->fnet->events;
	__poll_t mask = 0;

	poll_wait(file, &events->wait, table);
	if (finject_event_pending(events, &client->position))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(events->closed))
		mask |= EPOLLHUP;
	return mask;
}

static const struct file_operations events_fops = {
	.owner = THIS_MODULE,
	.open = events_open,
	.read = events_read,
	.poll = events_poll,
	.release = events_release,
};

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} files[] = {
	{ "rules", 0600, &rules_fops },
	{ "held", 0600, &held_fops },
	{ "stats", 0600, &stats_fops },
	{ "flows", 0400, &flows_fops },
	{ "why", 0400, &why_fops },
	{ "events", 0400, &events_fops },
	{ "error_log", 0400, &error_log_fops },
	{ "namespaces", 0400, &namespaces_fops },
	{ "flush", 0200, &flush_fops },
};

/**
 * finject_debugfs_init - make the files
 *
 * A kernel without debugfs, or with debugfs off, is no error; the tool reports
 * it. A file that could not be made is one.
 *
 * Return: 0 or a negative errno; then no file is left.
 */
int finject_debugfs_init(void)
{
	struct dentry *file;
	unsigned int i;

	directory = debugfs_create_dir("finject", NULL);
	if (directory == ERR_PTR(-ENODEV) || directory == ERR_PTR(-EPERM))
		return 0;
	if (IS_ERR(directory))
		return PTR_ERR(directory);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		file = debugfs_create_file(files[i].name, files[i].mode,
					   directory, NULL, files[i].fops);
		if (IS_ERR(file)) {
			debugfs_remove_recursive(directory);
			return PTR_ERR(file);
		}
	}
	return 0;
}

/**
 * finject_debugfs_exit - remove the files; none is open, because each open file
 *	holds the module
 */
void finject_debugfs_exit(void)
{
	debugfs_remove_recursive(directory);
}
