#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs.sh: kernel-doc comments, the man page, and the reStructuredText.
set -eu
. "$(dirname "$0")/../qemu/lib.sh"

source=$("$HERE/../qemu/source.sh")
cd "$HERE/../.."
status=0
"$source/scripts/kernel-doc" -none -Werror module/*.[ch] tools/*.[ch] \
	tools/bed/*.[ch] tools/lab/*.[ch] \
	tools/fuzz/*.[ch] selftests/lib/*.[ch] || status=1
mandoc -Tlint -Wwarning tools/man/finject.8 || status=1
for page in Documentation/*.rst; do
	rst2html --strict "$page" >/dev/null || status=1
done
exit $status
