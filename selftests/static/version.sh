#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# version.sh: what cannot take the version out of Kbuild has the same: the
# Ansible collection, and the newest release in CHANGELOG.
set -eu
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^FINJECT_VERSION := //p' Kbuild)
status=0

# has FILE VERSION
has()
{
	[ "$2" = "$version" ] && return
	echo "$1: version '$2', but '$version' in Kbuild"
	status=1
}

has packaging/ansible/galaxy.yml \
	"$(sed -n 's/^version: //p' packaging/ansible/galaxy.yml)"
has CHANGELOG "$(sed -n 's/^\[\([0-9].*\)\] - [0-9-]*$/\1/p' CHANGELOG | head -n 1)"
exit $status
