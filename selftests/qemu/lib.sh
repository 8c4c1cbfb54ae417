# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# Common parts of the guest's scripts: the cache, messages to the user, and
# Debian packages unpacked into the cache without being installed.

unset MAKEFLAGS MAKELEVEL MFLAGS
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2034
TOP=${HERE%/selftests/qemu}
CACHE=${FINJECT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/finject}
# The architecture that things are for: see arch.sh.
FINJECT_ARCH=${FINJECT_ARCH:-amd64}
# The kernels that finject supports, as kernel.sh knows them ("rt" is 6.1 with
# PREEMPT_RT), and the clang that builds for all of them: older ones lack the
# mitigations in 7.2.
# shellcheck disable=SC2034
SUPPORTED="5.10 6.1 rt 6.12 7.2" CLANG=${CLANG:-clang-19}
# The debug kernels, which debug.sh builds.
# shellcheck disable=SC2034
CHECKED="debug kcsan kasan"
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

say()
{
	echo "finject: $*" >&2
}

die()
{
	say "$*"
	exit 1
}

# publish TMP DIR: rename TMP to DIR, so that DIR is whole or absent.
publish()
{
	rm -rf "$2"
	mv "$1" "$2"
}

# lock NAME: take a lock; it is released when the shell that took it ends.
lock()
{
	mkdir -p "$CACHE"
	exec 9>"$CACHE/.$1.lock"
	flock 9
}

# mirrors: print this machine's Debian mirrors: "main URI", "security URI".
mirrors()
{
	# shellcheck disable=SC2016
	apt-get indextargets --format \
		'$(CODENAME) $(REPO_URI) $(COMPONENT) $(ORIGIN)' \
		'Created-By: Packages' |
	awk '$3 != "main" || $4 != "Debian" { next }
	     $1 ~ /-security$/ && !s++ { print "security", $2 }
	     $1 !~ /-/ && !m++ { print "main", $2 }'
}

# suites VERSION: print the suites that have this kernel and its source, except
# those with an unknown mirror.
suites()
{
	case $1 in
	5.10) echo bullseye bullseye-security bullseye-updates ;;
	6.1 | rt) echo bookworm bookworm-security ;;
	6.12) echo bookworm-backports ;;
	7.*) echo sid forky trixie-backports ;;
	*) die "no kernel named '$1'; ${usage-}" ;;
	esac
}

# apt_begin DIR SUITE...: set up a separate apt below DIR that knows only these
# suites and nothing of the installed packages.
apt_begin()
{
	APT_DIR=$1
	shift
	{ command -v apt-get && [ -e "$KEYRING" ]; } >/dev/null ||
		die "needs apt-get and $KEYRING (package" \
		    "debian-archive-keyring); without them give KERNEL= and KDIR="
	main=$(mirrors | sed -n 's/^main //p')
	security=$(mirrors | sed -n 's/^security //p')
	[ "$main" ] ||
		die "apt knows no Debian mirror here: run 'apt-get update'," \
		    "or give KERNEL= and KDIR="

	mkdir -p "$APT_DIR/lists/partial" "$APT_DIR/archives/partial"
	: >"$APT_DIR/status"
	for suite; do
		case $suite in
		*-security) uri=$security ;;
		*) uri=$main ;;
		esac
		[ "$uri" ] || continue
		echo "deb [signed-by=$KEYRING] $uri $suite main"
	done >"$APT_DIR/sources.list"
	say "reading the package lists of $*"
	apt_own apt-get -qq update
}

# apt_own COMMAND...: run an apt command that sees only what apt_begin set up,
# of FINJECT_ARCH.
apt_own()
{
	tool=$1
	shift
	"$tool" -o "APT::Architecture=$FINJECT_ARCH" \
		-o "APT::Architectures=$FINJECT_ARCH" \
		-o APT::Sandbox::User="$(id -un)" \
		-o APT::Update::Post-Invoke-Success= \
		-o Acquire::Languages=none -o Acquire::Retries=3 \
		-o Dir::Etc::sourcelist="$APT_DIR/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null \
		-o Dir::Etc::preferencesparts=/dev/null \
		-o Dir::State="$APT_DIR" -o Dir::State::lists="$APT_DIR/lists" \
		-o Dir::State::status="$APT_DIR/status" \
		-o Dir::Cache="$APT_DIR" "$@"
}

# apt_needs PACKAGE PATTERN: print dependencies of PACKAGE that match PATTERN.
apt_needs()
{
	apt_own apt-cache depends --important "$1" |
	sed -n 's/^ *Depends: //p' | grep -E "^($2)\$"
}

# apt_fetch PACKAGE...: fetch their .deb files into DIR/deb.
apt_fetch()
{
	mkdir -p "$APT_DIR/deb"
	for package; do
		say "downloading $package"
		(cd "$APT_DIR/deb" && apt_own apt-get -qq download "$package")
	done
}
