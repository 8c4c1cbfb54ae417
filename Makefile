# SPDX-License-Identifier: GPL-2.0-only
#
# finject: faults in the close of TCP connections. "make help" says what there
# is. The module itself is described to kbuild in Kbuild.

KDIR   ?= /lib/modules/$(shell uname -r)/build
PREFIX ?= /usr/local
QEMU   := selftests/qemu
VERSION = $(shell sed -n 's/^FINJECT_VERSION := //p' Kbuild)
SOURCE  = $(shell $(QEMU)/source.sh)
C_FILES = $(shell find module tools selftests -name '*.[ch]' \
	  ! -path '*/build/*' ! -path '*/fuzz/*' ! -name trace.h \
	  ! -name variants.h $(LISTS:%=! -path '%'))
# Lists that are macros, and what is made of them.
LISTS   := $(addprefix module/,vocabulary.h names.h names.c trace.c \
	   lang/spec.h lang/keyword.h lang/keyword.c)
STYLE   = perl $(SOURCE)/scripts/checkpatch.pl --no-tree --strict --quiet \
	  --no-summary --terse --show-types
SCRIPTS = $(shell find $(QEMU) selftests tools packaging -name '*.sh' | sort -u) \
	  $(QEMU)/init $(QEMU)/bashrc .ci/run tools/completion/finject.bash \
	  packaging/in-tree packaging/prometheus/finject-textfile

# Seen by the scripts; KDIR only when the user gave one.
export KERNEL KERNELS ARCHS MODE STORM PARTS PLANTED PAIRS OUT COMPARE
# CMD is the guest's: a $ in it is no variable of make.
run explore: export GUEST_CMD := $(value CMD)

all: module tools

module:
	@[ -e $(KDIR)/Makefile ] || { \
		echo 'There is no kernel build tree at $(KDIR).'; \
		echo 'Install the headers of your kernel (on Debian:' \
		     'linux-headers-$(shell uname -r)),'; \
		echo 'or name a build tree: make KDIR=...;' \
		     '"make demo" needs neither.'; exit 1; } >&2
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

tools:
	$(MAKE) -C tools

modules_install:
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

install: tools
	$(MAKE) -C tools install PREFIX=$(PREFIX)

uninstall:
	$(MAKE) -C tools uninstall PREFIX=$(PREFIX)

# The source of a release, the same bytes out of each clone
dist:
	@mkdir -p build
	@git -c tar.umask=0022 -c core.autocrlf=false archive --format=tar \
		--prefix=finject-$(VERSION)/ HEAD | \
		gzip -n9 >build/finject-$(VERSION).tar.gz
	@echo build/finject-$(VERSION).tar.gz

# Debian packages of it, into build/packages
packages:
	$(INSTALL_FOR) $@
	@packaging/debian.sh build

# Install, upgrade and purge them in a Debian of its own
test-packages:
	$(INSTALL_FOR) $@
	@packaging/debian.sh test

# Each target installs the packages that it needs, "make setup" all.
INSTALL_FOR = @$(QEMU)/setup.sh

demo:
	$(INSTALL_FOR) $@
	@$(MAKE) -s -C tools
	@$(QEMU)/guest.sh -f tools/finject finject demo

tour:
	$(INSTALL_FOR) $@
	@$(MAKE) -s -C tools
	@$(QEMU)/guest.sh -f tools/finject -f tools/lab/tour.sh ./tour.sh

# The figures of Documentation/time-wait.rst, out of runs on 6.1 and 7.2
time-wait:
	$(INSTALL_FOR) $@
	@selftests/time-wait/figures.sh

# KERNEL= MODE= MEM=; see $(QEMU)/run.sh for the others
shell run explore:
	$(INSTALL_FOR) $@
	@$(QEMU)/run.sh $@

test:
	$(INSTALL_FOR) $@
	@$(QEMU)/test.sh $(TESTS)

# KERNELS= instead of all that are supported
test-kernels:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-kernels.sh $(TESTS)

build-kernels:
	$(INSTALL_FOR) $@
	@$(QEMU)/build.sh

test-debug:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-debug.sh $(TESTS)

test-storm:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-storm.sh

# WORDS= choose cases, PAIRS= pairs of faults; OUT= keeps the results
test-matrix:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-matrix.sh $(WORDS)

# Other TCP stacks, of Debian's packages; OUT= keeps logs and captures
test-stacks:
	$(INSTALL_FOR) $@
	@selftests/stacks.sh

# explore on programs of Debian's; OUT= keeps results and pages
test-programs:
	$(INSTALL_FOR) $@
	@selftests/programs/programs.sh $(TESTS)

# Other architectures: ARCHS= instead of all
test-arch:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-arch.sh $(TESTS)

# The judge, by closes of all kinds and by scripted ends
test-judge:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-judge.sh

# Kernels that are built here: finject as a part of the tree, git bisect, signed
# modules. KERNELS= TESTS=
test-in-tree:
	$(INSTALL_FOR) $@
	@$(QEMU)/test-in-tree.sh $(TESTS)

test-bisect test-signed:
	$(INSTALL_FOR) $@
	@$(QEMU)/$@.sh

# The recipes of packaging: each step of them is run; OUT= keeps what was said
test-ci-recipes:
	$(INSTALL_FOR) $@
	@selftests/ci-recipes.sh

test-fleet:
	$(INSTALL_FOR) $@
	@selftests/fleet.sh

test-prometheus:
	$(INSTALL_FOR) $@
	@selftests/prometheus.sh

# PARTS= COMPARE= OUT=; see $(QEMU)/bench.sh
bench:
	$(INSTALL_FOR) $@
	@$(QEMU)/bench.sh

# The figures of Documentation/performance.rst
performance:
	$(INSTALL_FOR) $@
	@$(QEMU)/bench.sh write

setup:
	$(INSTALL_FOR)

check: setup-check check-style check-sparse check-scripts check-includes \
	check-static check-sanitized check-32bit htmldocs

setup-check:
	$(INSTALL_FOR) check

fuzz:
	$(INSTALL_FOR) $@
	@$(MAKE) -s -C tools/fuzz run $(if $(RUNS),RUNS=$(RUNS))

check-style:
	@echo "checkpatch --strict"
	@$(STYLE) -f $(C_FILES)
	@# a list of entries is neither an expression nor a statement
	@$(STYLE) --ignore COMPLEX_MACRO,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,MULTISTATEMENT_MACRO_USE_DO_WHILE,TRAILING_SEMICOLON,BRACKET_SPACE,SPACING \
		-f $(LISTS)
	@# LLVMFuzzerTestOneInput is what libFuzzer calls
	@$(STYLE) --ignore CAMELCASE -f tools/fuzz/*.[ch]
	@# no trace header of the kernel is aligned as checkpatch wants
	@$(STYLE) --ignore PARENTHESIS_ALIGNMENT,OPEN_ENDED_LINE -f module/trace.h
	@# a macro at file scope cannot be a do - while loop
	@$(STYLE) --ignore MULTISTATEMENT_MACRO_USE_DO_WHILE,MACRO_ARG_REUSE \
		-f selftests/lib/variants.h

htmldocs:
	$(INSTALL_FOR) $@
	@echo "Documentation: Sphinx, into build/htmldocs"
	@sphinx-build -E -W --keep-going -q -d build/doctrees Documentation \
		build/htmldocs

# Chromium is installed for this alone.
check-page: tools
	$(INSTALL_FOR) $@
	@echo "the page of finject report, in Chromium"
	@/usr/bin/python3 tools/tests/page/check.py tools/finject $(PICTURES)
	@echo "the page of finject explore --compare"
	@/usr/bin/python3 tools/tests/page/compare_check.py tools/finject $(PICTURES)

check-sparse:
	@echo "sparse, gcc W=1"
	@FRESH=1 $(QEMU)/module.sh $(or $(KERNEL),6.1) \
		W=1 C=2 CF=-D__CHECK_ENDIAN__ 2>&1 >/dev/null | \
		{ ! grep . ; }

check-scripts:
	@echo "shellcheck"
	@shellcheck -x -P SCRIPTDIR $(SCRIPTS)

check-includes:
	@echo "who includes whom"
	@$(MAKE) -s -C tools check-includes
	@tools/tests/includes.sh -u module

# Each of them says what it holds against what.
check-static:
	@for script in selftests/static/*.sh; do \
		echo "$${script##*/}"; $$script || exit; \
	done

check-sanitized: tools
	@echo "the tool under ASan and UBSan"
	@TSHARK=required $(MAKE) -s -C tools check-sanitized

# What runs natively in "make test".
check-32bit: tools
	@echo "the unit tests and the tool's, for 32 bit"
	@said=$$($(MAKE) -s -C module/tests run-32bit 2>&1) || \
		{ echo "$$said"; exit 1; }
	@$(MAKE) -s -C tools check-32bit

clean:
	[ ! -e $(KDIR) ] || $(MAKE) -C $(KDIR) M=$(CURDIR) clean
	$(MAKE) -C tools clean
	$(MAKE) -C tools/fuzz clean
	$(RM) -r build selftests/build module/tests/build

help:
	@echo 'On your own kernel (KDIR=build tree, default: the running one):'
	@echo '  all              the module and the tool'
	@echo '  module, tools    one of them'
	@echo '  modules_install  install finject.ko (as root)'
	@echo '  install          install the tool, its manual pages and completions'
	@echo '                   (PREFIX=, DESTDIR=); uninstall removes them'
	@echo '  clean            remove what was built in this tree'
	@echo 'In QEMU, without root; the first time fetches a kernel:'
	@echo '  demo             real closes, with and without faults, drawn'
	@echo '  tour             how a connection ends, in seven real closes'
	@echo '  shell            a prompt in the guest, with the tool, ss, tc, nft, tmux'
	@echo '  run              CMD="..." in the guest; FILES= go in, what it leaves'
	@echo '                   in /out comes to OUT=; ROOT= is its root file system'
	@echo '                   (a directory, an image); TIMEOUT=, VTIMEOUT=, MEM='
	@echo '  explore          each fault of the close on CMD="...", in the guest; PORT=,'
	@echo '                   FILES=, OUT=DIR for explore.html and explore.json'
	@echo '  test             all tests; TESTS="close rules" for some'
	@echo '  test-kernels     the kselftests on 5.10, 6.1, rt, 6.12 and 7.2'
	@echo '  test-debug       on kernels that check themselves; builds them'
	@echo '  test-storm       unloads, namespaces, devices, rule swaps and closes,'
	@echo '                   by the thousand and million; STORM=10: per cent'
	@echo '  test-matrix      each close under each fault and under each two of them;'
	@echo '                   PAIRS=all: not 12000 pairs; WORDS="how=close": some;'
	@echo '                   OUT=DIR keeps the tables'
	@echo '  test-stacks      departures of pasta, slirp4netns and lwIP, repeated;'
	@echo '                   OUT=DIR keeps logs and captures'
	@echo '  test-programs    explore on nginx, PostgreSQL, OpenSSH and ten others, as the'
	@echo '                   table of explore.rst; TESTS="nginx redis", OUT=DIR'
	@echo '  test-judge       1,700 closes under random rules, scripted ends, and'
	@echo '                   rules-from on captures: nobody is accused wrongly'
	@echo '  test-arch        s390x (big-endian), arm64, i386: kselftests and a log that'
	@echo '                   is that of amd64; these and armhf: builds, unit tests;'
	@echo '                   ARCHS="s390x armhf"'
	@echo '  test-in-tree     finject as a series of patches to linux 6.1, each built,'
	@echo '                   and its kselftests run; KERNELS=7.2'
	@echo '  test-bisect      git bisect finds a commit that breaks the close'
	@echo '  test-signed      a kernel that loads signed modules only'
	@echo '  test-ci-recipes  packaging/ci: GitHub, GitLab, LAVA, step by step'
	@echo '  test-fleet       packaging/ansible on three guests, one of which dies'
	@echo '  test-prometheus  packaging/prometheus, for an hour of virtual time'
	@echo '  build-kernels    the module on all of them, with gcc and clang, W=1'
	@echo '  bench            what the module and its peers cost, in instructions;'
	@echo '                   PARTS=quick: what must not be missed; PARTS=cpus: on two'
	@echo '                   CPUs; COMPARE=committed or a file: what moved'
	@echo '  KERNEL=5.10|6.1|rt|6.12|7.2|debug|kcsan|kasan,'
	@echo '                   or KERNEL=bzImage KDIR=its-build-tree; rt is 6.1'
	@echo '                   with PREEMPT_RT'
	@echo '  MODE=warp|smp|real (shell, run): virtual time, two CPUs, one CPU'
	@echo 'For developers:'
	@echo '  check            static checks of code, scripts, documentation'
	@echo '  check-page       the pages of report and explore, in Chromium;'
	@echo '                   PICTURES=DIR: keep screenshots'
	@echo '  fuzz             rule text, logs, captures; RUNS=10000000 of each'
	@echo '  dist             the source of a release, into build'
	@echo '  packages         Debian packages, into build/packages'
	@echo '  test-packages    install, upgrade and purge them in a Debian of its own'
	@echo '  time-wait        measure the figures of time-wait.rst again'
	@echo '  performance      those of performance.rst'
	@echo '  htmldocs         the documentation, as pages in build/htmldocs'
	@echo '  setup            install the packages of all targets; each does so for'
	@echo '                   itself'
	@echo 'Kernels and builds are kept in ~/.cache/finject (FINJECT_CACHE=).'

.PHONY: all module tools modules_install install uninstall dist packages \
	test-packages demo tour shell run explore test test-kernels build-kernels \
	test-debug test-storm test-matrix test-stacks test-programs test-arch \
	test-judge \
	test-in-tree test-bisect test-signed test-ci-recipes test-fleet \
	test-prometheus \
	time-wait bench performance setup check setup-check check-style check-sparse \
	check-scripts check-includes check-static check-sanitized check-32bit \
	check-page htmldocs fuzz clean help
