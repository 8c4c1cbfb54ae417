/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FINJECT_SIGHTINGS_H
#define FINJECT_SIGHTINGS_H

struct closes;
struct json_object;
struct log;

struct json_object *sightings(const struct closes *closes,
			      const struct log *log);

#endif /* FINJECT_SIGHTINGS_H */
