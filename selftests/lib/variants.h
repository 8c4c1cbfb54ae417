/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VARIANTS_H
#define VARIANTS_H

/**
 * BED_VARIANTS() - add a variant of a fixture for IPv4 and one for IPv6
 * @fixture: the fixture; its variants have a field `family`
 * @prefix: prefix of the variants' names, which end in v4 and v6
 * @...: other fields, the same in both
 */
#define BED_VARIANTS(fixture, prefix, ...)				\
	FIXTURE_VARIANT_ADD(fixture, prefix##v4) {			\
		.family = AF_INET, ##__VA_ARGS__			\
	};								\
	FIXTURE_VARIANT_ADD(fixture, prefix##v6) {			\
		.family = AF_INET6, ##__VA_ARGS__			\
	}

#endif /* VARIANTS_H */
