#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# ci-recipes.sh [NAME...]: run the recipes of packaging/ci as their CI systems
# would: the steps are read out of the YAML, and run one after the other for a
# project of a client and a server, in a clean clone of finject. NAMEs are
# syntax, github, gitlab, lava.
set -u
. "$(dirname "$0")/tap.sh"
top=$(cd "$(dirname "$0")/.." && pwd)
ci=$top/packaging/ci
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
said=$work/said

# steps WORD...: print the steps of a recipe
steps()
{
	/usr/bin/python3 "$top/selftests/recipes/steps.py" "$@"
}

# project DIR [clone]: the user's project, with a clone of finject in it
project()
{
	mkdir "$1"
	cat >"$1/client.sh" <<-'END'
		(sleep 1 | busybox nc -l -p 8080) & sleep 0.2
		busybox nc 127.0.0.1 8080 </dev/null
		wait
	END
	[ $# = 1 ] || git clone -q "$top" "$1/finject"
}

# job STATUS SCRIPT DIR: run a script of steps, which ends with this status
job()
{
	local status=0

	(cd "$3" && bash -e "$2") >"$said" 2>&1 </dev/null || status=$?
	[ "$status" = "$1" ] || {
		echo "exit $status, not $1" >>"$said"
		return 1
	}
}

# kept DIR FAILURES: all is there that a CI system keeps
kept()
{
	local file

	for file in junit.xml results.tap events.log events.pcapng report.html \
		run.json check.txt; do
		[ -s "$1/$file" ] || { echo "no $file" >>"$said"; return 1; }
	done
	grep -q "<testsuite .* failures=\"$2\" errors=\"0\"" "$1/junit.xml" &&
		grep -q 'verdict=drop' "$1/events.log"
}

# planted: change a rule so that it cannot fire
planted()
{
	sed 's/seg=ack2 nth=1/seg=ack2 nth=9/' "$1"
}

# refused REASON NAME=VALUE...: job.sh does not begin with these
refused()
{
	local reason=$1 status=0

	shift
	env "$@" "$ci/job.sh" >"$said" 2>&1 || status=$?
	[ "$status" = 2 ] && grep -q "$reason" "$said"
}

# What is there to check them: yamllint; action-validator and actionlint are no
# packages of Debian's.
syntax()
{
	yamllint -s -c "$top/packaging/.yamllint" "$ci" >"$said" 2>&1
	result $? "yamllint"
	if command -v action-validator >/dev/null; then
		(cd "$top" && action-validator packaging/ci/github/action.yml &&
			action-validator packaging/ci/github/workflow.yml) \
			>"$said" 2>&1
		result $? "action-validator"
	fi
	if command -v actionlint >/dev/null; then
		actionlint "$ci/github/workflow.yml" >"$said" 2>&1
		result $? "actionlint"
	fi
	refused 'FINJECT_RUN, the command, is not set' FINJECT_RULES=x &&
	refused 'neither FINJECT_RULES nor' FINJECT_RUN=true &&
	refused 'one of them' FINJECT_RUN=true FINJECT_RULES=x FINJECT_SCENARIO=y &&
	refused "not 'maybe'" FINJECT_RUN=true FINJECT_RULES=x FINJECT_EXPECT=maybe &&
	refused "not '5 min'" FINJECT_RUN=true FINJECT_RULES=x 'FINJECT_TIMEOUT=5 min' &&
	refused 'called .x;y' FINJECT_RUN=true 'FINJECT_SCENARIO=x;y'
	result $? "job.sh refuses what it cannot do, and says why"
	# what the recipes run of this tree is there
	/usr/bin/python3 - "$ci/lava/job.yaml" "$top" >"$said" 2>&1 <<-'END'
		import os, sys, yaml
		job = yaml.safe_load(open(sys.argv[1]))
		kinds = [next(iter(one)) for one in job["actions"]]
		assert kinds == ["deploy", "boot", "test"], kinds
		for one in job["actions"][2]["test"]["definitions"]:
		    path = os.path.join(sys.argv[2], one["path"])
		    known = yaml.safe_load(open(path))["params"]
		    assert set(one["parameters"]) <= set(known), one
	END
	result $? "LAVA: the job names the definition and its parameters"
}

github()
{
	project "$work/github" clone
	steps github "$ci/github/workflow.yml" "$work/github/finject" \
		>"$work/github.sh"
	GITHUB_STEP_SUMMARY=$work/summary job 0 "$work/github.sh" "$work/github" &&
		kept "$work/github/finject-artifacts" 0 &&
		grep -q '^ok 5 - ' "$work/summary"
	result $? "GitHub: the workflow"
	planted "$work/github.sh" >"$work/planted.sh"
	job 122 "$work/planted.sh" "$work/github" &&
		kept "$work/github/finject-artifacts" 1
	result $? "GitHub: a fault that does not happen fails it, and all is kept"
}

# gitlab_job JOB: print the script of a job
gitlab_job()
{
	CI_PROJECT_DIR=$work/gitlab CI_SERVER_URL=https://gitlab.example \
	SET_FINJECT_URL=file://$top \
	SET_FINJECT_CACHE=${FINJECT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/finject} \
		steps gitlab "$ci/gitlab/finject.yml" "$ci/gitlab/gitlab-ci.yml" "$1"
}

gitlab()
{
	project "$work/gitlab"
	gitlab_job closes >"$work/gitlab.sh"
	job 0 "$work/gitlab.sh" "$work/gitlab" &&
		kept "$work/gitlab/finject-artifacts" 0
	result $? "GitLab: a job with rules, which clones finject"
	gitlab_job last-ack >"$work/gitlab.sh"
	job 0 "$work/gitlab.sh" "$work/gitlab" &&
		kept "$work/gitlab/finject-artifacts" 0
	result $? "GitLab: a job with a scenario"
	planted "$work/gitlab.sh" |
		sed 's/last-ack-lost-once/no-such-scenario/' >"$work/planted.sh"
	job 125 "$work/planted.sh" "$work/gitlab"
	result $? "GitLab: a scenario that is not there fails it"
}

# The steps of the device, in a guest whose kernel has the module among its own.
lava()
{
	mkdir -p "$work/lava/device/packaging"
	cp -R "$ci" "$work/lava/device/packaging"
	# LAVA's words of a device, which say to the serial line what happened
	for word in lava-test-case lava-test-raise; do
		printf '#!/bin/sh\necho "%s: $*"\n' $word >"$work/lava/device/$word"
		chmod +x "$work/lava/device/$word"
	done
	{
		echo 'cd /test/device && PATH=/test/device:/test:/bin'
		steps lava "$ci/lava/finject.yaml"
		echo 'cp /tmp/finject.tar.gz /out'
	} >"$work/lava/device/steps.sh"
	make -s -C "$top/tools"
	"$top/selftests/qemu/guest.sh" -M -O "$work/lava/out" -t 300 \
		-f "$top/tools/finject" -f "$work/lava/device" \
		'sh device/steps.sh' >"$said" 2>&1 &&
	[ "$(grep -c '^lava-test-case: .*-v[46] --result pass$' "$said")" = 6 ] &&
	grep -q '^lava-test-case: unload --result pass$' "$said" &&
	! grep -q 'result fail\|^lava-test-raise' "$said" &&
	tar -tzf "$work/lava/out/finject.tar.gz" | grep -q '^./junit.xml$'
	result $? "LAVA: the steps of the definition"
}

make -s -C "$top/tools" || exit
[ $# -gt 0 ] || set -- syntax github gitlab lava
for part; do
	case $part in
	syntax | github | gitlab | lava) "$part" ;;
	*) echo "ci-recipes.sh: no part '$part'" >&2; exit 2 ;;
	esac
done
total
