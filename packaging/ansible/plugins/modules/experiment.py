#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-only
"""Begin and end an experiment of finject on a host."""

DOCUMENTATION = r'''
---
module: experiment
short_description: Faults in the close of TCP connections, until a deadline
description:
  - Begins C(finject run) on the host, apart from the play. It holds the rules
    by a lease, records what happens, and ends at the deadline, whether the
    controller still lives or not. Nothing of the play is needed for that.
  - Each rule also gets C(timeout=), with which the kernel ends it a little
    after the deadline, should the process be stopped.
  - An experiment that runs with the same words is left alone; one with others
    is refused.
  - O(state=stopped) ends it, and packs what was kept into one archive.
  - O(state=absent) ends it, and removes all that it kept.
options:
  name:
    description: Name of the experiment, of letters, digits and dashes.
    type: str
    default: experiment
  state:
    description: What shall be.
    type: str
    choices: [started, stopped, absent]
    default: started
  rules:
    description: The rules, of one line each.
    type: list
    elements: str
  scenario:
    description: Instead of rules, the name of a scenario.
    type: str
  words:
    description: Words for each rule of the scenario, as C(port=8080).
    type: list
    elements: str
    default: []
  netns:
    description: Network namespace of the rules; the host's own by default.
    type: str
  deadline:
    description: Seconds after which the host ends the experiment by itself.
    type: int
    default: 600
  directory:
    description: Where files are kept on the host.
    type: path
    default: /var/lib/finject
  everything:
    description: Allow rules that meet every connection of the host.
    type: bool
    default: false
author: the finject project
attributes:
  check_mode:
    support: full
'''

EXAMPLES = r'''
- finject.finject.experiment:
    name: last-ack
    rules:
      - seg=ack2 nth=1 port=443 drop
    deadline: 300
'''

RETURN = r'''
running:
  description: It runs now; in check mode, it would.
  returned: always
  type: bool
archive:
  description: The archive of what was kept, when there is one.
  returned: O(state=stopped)
  type: str
result:
  description: What run.json says, when there is one.
  returned: O(state=stopped)
  type: dict
'''

import json
import os
import re
import signal
import subprocess
import tarfile
import time

from ansible.module_utils.basic import AnsibleModule

# The kernel ends rules so long after the deadline; by then finject has.
SLACK = 60
# finject follows closes for 30 s at most, then writes.
PATIENCE = 60
# What finject runs: until it is told to end, which is no failure.
HOLD = "trap 'kill $!; exit 0' TERM; sleep infinity & wait"


class Experiment:
    """An experiment, and its files."""

    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.place = os.path.join(self.params['directory'], self.params['name'])
        self.kept = os.path.join(self.place, 'artifacts')
        self.archive = os.path.join(self.place, self.params['name'] + '.tar.gz')

    def path(self, name):
        return os.path.join(self.place, name)

    def read(self, name):
        try:
            with open(self.path(name), encoding='utf-8') as file:
                return file.read()
        except OSError:
            return ''

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def pid(self):
        """Return: the process that holds the rules, or 0."""
        try:
            pid, started = self.read('pid').split()
            if self.started(pid) == started:
                return int(pid)
        except (ValueError, OSError):
            pass
        return 0

    @staticmethod
    def started(pid):
        """Return: when a process began, so that its number is not another's."""
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
            fields = file.read().rpartition(')')[2].split()
        if fields[0] == 'Z':
            raise OSError('it has ended')
        return fields[19]

    def spec(self):
        """Return: what decides whether two are the same."""
        keys = ('rules', 'scenario', 'words', 'netns', 'deadline', 'everything')
        return json.dumps({key: self.params[key] for key in keys}, sort_keys=True)

    def command(self):
        params = self.params
        limit = f'timeout={params["deadline"] + SLACK}s'
        # it also looks where the PATH of ssh may not lead
        words = [self.module.get_bin_path('finject')]
        if params['netns']:
            words += ['-n', params['netns']]
        words += ['run', '--artifacts', self.kept,
                  '--timeout', f'{params["deadline"]}s']
        if params['everything']:
            words.append('--force')
        if params['scenario']:
            words += ['@' + params['scenario'], *params['words'], limit]
        else:
            words += [rule if re.search(r'(^|\s)timeout=', rule)
                      else f'{rule} {limit}' for rule in params['rules']]
        return words + ['--', 'sh', '-c', HOLD]

    def begin(self):
        """Start the process that holds the rules, in a session of its own."""
        command = self.command()
        os.makedirs(self.place, mode=0o700, exist_ok=True)
        for name in ('pid', 'spec'):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        with open(self.path('output'), 'w', encoding='utf-8') as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, cwd='/', start_new_session=True)
        self.write('pid', f'{process.pid} {self.started(process.pid)}\n')
        self.write('spec', self.spec())
        self.await_rules(process)

    def await_rules(self, process):
        """The last file that finject writes once the rules are there is why.txt."""
        ready = os.path.join(self.kept, 'why.txt')
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if process.poll() is not None:
                self.module.fail_json(msg=self.read('output').strip() or
                                      f'finject ended with {process.returncode}')
            if os.path.exists(ready):
                return
            time.sleep(0.1)
        process.terminate()
        self.module.fail_json(msg='the rules were not there after 30 s: ' +
                              self.read('output').strip())

    def end(self, pid):
        """End it as Ctrl-C would, so that all is written."""
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)
        deadline = time.monotonic() + PATIENCE
        while self.pid() and time.monotonic() < deadline:
            time.sleep(0.1)
        if self.pid():
            os.kill(pid, signal.SIGKILL)
            self.module.warn(f'finject did not end within {PATIENCE} s, and was killed')

    def pack(self):
        """Return: the archive, or None when nothing was kept."""
        if not os.path.isdir(self.kept):
            return None
        if not os.path.exists(self.archive):
            with tarfile.open(self.archive, 'w:gz') as archive:
                archive.add(self.kept, arcname='.')
                archive.add(self.path('output'), arcname='output')
        return self.archive

    def remove(self):
        """Remove what finject and this module wrote, and nothing else."""
        for directory in (self.kept, self.place):
            if not os.path.isdir(directory):
                continue
            for name in os.listdir(directory):
                if os.path.isfile(os.path.join(directory, name)):
                    os.unlink(os.path.join(directory, name))
            os.rmdir(directory)


def check(module):
    params = module.params
    if not re.fullmatch(r'[A-Za-z0-9-]{1,64}', params['name']):
        module.fail_json(msg=f'name: letters, digits and dashes, not {params["name"]!r}')
    if params['deadline'] < 1:
        module.fail_json(msg=f'deadline: seconds, at least 1, not {params["deadline"]}')
    if params['state'] != 'started':
        return
    if bool(params['rules']) == bool(params['scenario']):
        module.fail_json(msg='rules or a scenario, one of them')
    for rule in params['rules'] or []:
        if '\n' in rule or not rule.strip():
            module.fail_json(msg=f'a rule is one line, not {rule!r}')
    if not module.get_bin_path('finject') and not module.check_mode:
        module.fail_json(msg='finject is not installed on this host')


def start(module, experiment):
    pid = experiment.pid()
    if pid and experiment.read('spec') != experiment.spec():
        module.fail_json(msg=f'the experiment {module.params["name"]} runs with other '
                             'words: end it first')
    if pid:
        module.exit_json(changed=False, running=True, pid=pid)
    if not module.check_mode:
        experiment.remove()
        experiment.begin()
    module.exit_json(changed=True, running=True, pid=experiment.pid())


def stop(module, experiment):
    pid = experiment.pid()
    if module.check_mode:
        module.exit_json(changed=bool(pid), running=False)
    if pid:
        experiment.end(pid)
    archive = experiment.pack()
    try:
        result = json.loads(experiment.read('artifacts/run.json') or '{}')
    except ValueError:
        result = {}
    module.exit_json(changed=bool(pid), running=False, archive=archive, result=result)


def absent(module, experiment):
    pid = experiment.pid()
    changed = bool(pid) or os.path.isdir(experiment.place)
    if changed and not module.check_mode:
        if pid:
            experiment.end(pid)
        experiment.remove()
    module.exit_json(changed=changed, running=False)


def main():
    module = AnsibleModule(
        argument_spec={
            'name': {'default': 'experiment'},
            'state': {'choices': ['started', 'stopped', 'absent'],
                      'default': 'started'},
            'rules': {'type': 'list', 'elements': 'str'},
            'scenario': {},
            'words': {'type': 'list', 'elements': 'str', 'default': []},
            'netns': {},
            'deadline': {'type': 'int', 'default': 600},
            'directory': {'type': 'path', 'default': '/var/lib/finject'},
            'everything': {'type': 'bool', 'default': False},
        },
        supports_check_mode=True)
    check(module)
    experiment = Experiment(module)
    {'started': start, 'stopped': stop, 'absent': absent}[module.params['state']](
        module, experiment)


if __name__ == '__main__':
    main()
