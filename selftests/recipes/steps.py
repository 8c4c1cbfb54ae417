#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""
steps.py github WORKFLOW ACTION_DIR | gitlab TEMPLATE FILE JOB | lava FILE [K=V...]

Print, as a shell script, what a CI system runs of a recipe of packaging/ci: the
steps with `run:` in their order, each with its environment; those that are
actions of others are named in a comment. Fail for what this reads not at all,
so that nothing of a recipe is silently left out.
"""
import os
import re
import shlex
import sys

import yaml

OTHERS = {'actions/checkout@v4', 'actions/cache@v4', 'actions/upload-artifact@v4'}


def read(name):
    with open(name, encoding='utf-8') as file:
        return yaml.safe_load(file)


def only(what, mapping, known):
    """Fail when a mapping has keys that are not known."""
    unknown = set(mapping) - set(known)
    if unknown:
        sys.exit(f'steps.py: {what} has {", ".join(sorted(unknown))}')


def filled(text, inputs):
    """Fill in the expressions of an action, of which it has these alone."""
    def value(match):
        return inputs[match[1]]
    text = re.sub(r'\$\{\{ inputs\.([a-z]+) \}\}', value, str(text))
    if '${{' in text:
        sys.exit(f'steps.py: what is {text}?')
    return text


def export(env):
    for name, value in env.items():
        print(f'export {name}={shlex.quote(str(value))}')


def step(text, env):
    """Print a step, a process of its own, as with `shell: bash`."""
    print('(')
    export(env)
    print(f'exec bash --noprofile --norc -eo pipefail -c {shlex.quote(text)}')
    print(') || exit')


def action(directory, given):
    steps = read(f'{directory}/action.yml')
    only('the action', steps, ('name', 'description', 'inputs', 'runs'))
    only('with', given, steps['inputs'])
    inputs = {}
    for name, about in steps['inputs'].items():
        if about.get('required') and name not in given:
            sys.exit(f'steps.py: {name} is not given')
        inputs[name] = given.get(name, about.get('default', ''))
    only('runs', steps['runs'], ('using', 'steps'))
    for one in steps['runs']['steps']:
        only('a step', one, ('name', 'shell', 'env', 'run'))
        env = {name: filled(value, inputs)
               for name, value in one.get('env', {}).items()}
        env['GITHUB_ACTION_PATH'] = os.path.abspath(directory)
        print(f'echo "== {one["name"]}" >&2')
        step(filled(one['run'], inputs), env)


def github(workflow, directory):
    jobs = read(workflow)['jobs']
    for one in (one for job in jobs.values() for one in job['steps']):
        only('a step', one, ('uses', 'with', 'if'))
        if one['uses'].startswith('./finject/'):
            action(f"{directory}/{one['uses'].removeprefix('./finject/')}",
                   one['with'])
        elif one['uses'] in OTHERS:
            print(f'# {one["uses"]}')
        else:
            sys.exit(f'steps.py: what is {one["uses"]}?')


def gitlab(template, file, name):
    base, project = read(template)['.finject'], read(file)
    job = project[name]
    only('the template', base, ('image', 'timeout', 'variables', 'cache',
                                'before_script', 'script', 'artifacts'))
    only('the job', job, ('extends', 'variables'))
    variables = {**project['variables'], **base['variables'], **job['variables']}
    for key, value in variables.items():
        # GitLab expands variables in variables, unless these are its rules
        value = re.sub(r'\$(CI_[A-Z_]+)', lambda m: os.environ[m[1]], value)
        variables[key] = os.environ.get('SET_' + key, value)
    export(variables)
    print('set -eo pipefail')
    for line in base['before_script'] + base['script']:
        print(line)
    kept = base['artifacts']
    print(f'# {kept["when"]}: {kept["paths"]}, {kept["reports"]}')


def lava(file, given):
    definition = read(file)
    only('the definition', definition, ('metadata', 'params', 'run'))
    export({**definition['params'], **dict(one.split('=', 1) for one in given)})
    for line in definition['run']['steps']:
        print(line)


def main():
    if sys.argv[1:2] == ['github'] and len(sys.argv) == 4:
        github(sys.argv[2], sys.argv[3])
    elif sys.argv[1:2] == ['gitlab'] and len(sys.argv) == 5:
        gitlab(*sys.argv[2:5])
    elif sys.argv[1:2] == ['lava'] and len(sys.argv) >= 3:
        lava(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(__doc__)


main()
