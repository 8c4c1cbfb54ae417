/* SPDX-License-Identifier: GPL-2.0-only */
/* Which flow a segment or a socket belongs to, under whatever tuple. */
#ifndef FINJECT_IDENTITY_H
#define FINJECT_IDENTITY_H

#include "conn.h"
#include "flow.h"

struct finject_flow *finject_identity_flow(struct finject_flows *flows,
					   struct finject_segment *segment,
					   const struct finject_conn *conn,
					   u64 now);

/**
 * finject_identity_plain - test whether a segment's tuple is its only one
 * @segment: the segment
 * @conn: its connection
 */
static inline bool finject_identity_plain(const struct finject_segment *segment,
					  const struct finject_conn *conn)
{
	return !conn->known && !segment->tuple.zone &&
	       segment->from_dev == segment->tuple.dev &&
	       segment->to_dev == segment->tuple.dev;
}

#endif /* FINJECT_IDENTITY_H */
