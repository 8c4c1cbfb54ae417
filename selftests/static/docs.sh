#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# docs.sh: kernel-doc comments and the man page. `make htmldocs` checks the
# reStructuredText.
set -eu
. "$(dirname "$0")/../qemu/lib.sh"

source=$("$HERE/../qemu/source.sh")
cd "$HERE/../.."
status=0
"$source/scripts/kernel-doc" -none -Werror module/*.[ch] module/lang/*.[ch] \
	tools/*/*.[ch] selftests/lib/*.[ch] selftests/bench/*.[ch] || status=1
mandoc -Tlint -Wwarning tools/man/finject.8 || status=1
exit $status
