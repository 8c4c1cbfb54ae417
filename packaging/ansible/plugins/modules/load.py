#!/usr/bin/python
# SPDX-License-Identifier: GPL-2.0-only
"""Load and unload finject's kernel module."""

DOCUMENTATION = r'''
---
module: load
short_description: Load finject's kernel module, with parameters, or unload it
description:
  - Loads the module, and sets its parameters, also of one that is loaded.
  - Unloading ends all rules, and releases all that is parked.
options:
  state:
    description: Whether it shall be loaded.
    type: str
    choices: [present, absent]
    default: present
  parameters:
    description: Parameters of the module, by name, as C(max_flows).
    type: dict
    default: {}
author: the finject project
attributes:
  check_mode:
    support: full
'''

EXAMPLES = r'''
- finject.finject.load:
    parameters: {max_flows: 20000}
'''

RETURN = r'''
loaded:
  description: It was not loaded before, and is now.
  returned: always
  type: bool
'''

import os

from ansible.module_utils.basic import AnsibleModule

SYS = '/sys/module/finject'
CONTROL = '/sys/kernel/debug/finject'


def read(path):
    with open(path, encoding='ascii') as file:
        return file.read().strip()


def run(module, *words):
    status, out, error = module.run_command(list(words))
    if status:
        module.fail_json(msg=f'{" ".join(words)}: {(error or out).strip()}')


def load(module, parameters):
    """Load it, unless it is; Return: whether that had to be done."""
    if os.path.isdir(SYS):
        return False
    if not module.check_mode:
        run(module, 'modprobe', 'finject',
            *(f'{name}={value}' for name, value in parameters.items()))
        if not os.path.isdir(CONTROL):
            module.fail_json(msg='finject is loaded, but there is no '
                                 f'{CONTROL}: is debugfs mounted?')
    return True


def adjust(module, parameters):
    """Set the parameters; Return: those that were otherwise."""
    changed = {}
    for name, value in parameters.items():
        path = f'{SYS}/parameters/{name}'
        if not os.path.exists(path):
            module.fail_json(msg=f'finject has no parameter {name}')
        before = read(path)
        if before == str(value):
            continue
        changed[name] = before
        if module.check_mode:
            continue
        try:
            with open(path, 'w', encoding='ascii') as file:
                file.write(f'{value}\n')
        except OSError as error:
            module.fail_json(msg=f'{name}={value}: {error.strerror}')
    return changed


def main():
    module = AnsibleModule(
        argument_spec={
            'state': {'choices': ['present', 'absent'], 'default': 'present'},
            'parameters': {'type': 'dict', 'default': {}},
        },
        supports_check_mode=True)
    parameters = module.params['parameters']
    there = os.path.isdir(SYS)
    if module.params['state'] == 'absent':
        if there and not module.check_mode:
            run(module, 'rmmod', 'finject')
        module.exit_json(changed=there, loaded=False)
    loaded = load(module, parameters)
    changed = {} if loaded else adjust(module, parameters)
    module.exit_json(changed=loaded or bool(changed), loaded=loaded, before=changed)


if __name__ == '__main__':
    main()
