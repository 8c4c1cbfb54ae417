// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: a matrix of points and faults.
 */
#include <json-c/json.h>

#include "explore_page.h"
#include "session.h"
#include "template.h"
#include "told.h"

/**
 * explore_page() - write the page
 * @session: the session, which is over
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int explore_page(const struct session *session)
{
	struct json_object *data = json_object_new_object();
	struct json_object *head = told_head(session);
	int status;

	json_object_object_add(head, "base",
			       json_object_new_uint64(session->longest));
	json_object_object_add(data, "head", head);
	json_object_object_add(data, "records",
			       json_object_get(session->records));
	status = template_save(&explore_template, data, session->setting.opt->page);
	json_object_put(data);
	return status;
}
