# SPDX-License-Identifier: GPL-2.0-only
#
# Sphinx's configuration; `make htmldocs` uses it, and `make -C tools topics`
# for the man pages of section 7.

import re
from pathlib import Path

top = Path(__file__).resolve().parent.parent

project = 'finject'
author = copyright = 'the authors of finject'
version = release = re.search(r'^FINJECT_VERSION := (\S+)',
                              (top / 'Kbuild').read_text(), re.M).group(1)

root_doc = 'index'
highlight_language = 'none'
html_theme = 'alabaster'
html_theme_options = {'page_width': '62em', 'fixed_sidebar': True}
html_show_sourcelink = False
html_copy_source = False

topics = {'rules': 'the rule language of finject',
          'events': 'the records, JSON and tracepoints of finject',
          'files': 'the files, counters, limits and hooks of finject',
          'scenarios': 'adverse closes by name, for finject'}
man_pages = [(page, 'finject-' + page, what, [author], 7)
             for page, what in topics.items()]

sources = '''

The sources
===========

Pages "of the documentation", and files in selftests/, module/ and tools/, are
part of the sources of finject and not installed.
'''


def name_page(match):
    page = match[1]
    return (f'finject-{page}(7)' if page in topics else
            f'"{page}" (of the documentation)')


# A man page refers to man pages; what is not installed, it says so.
def for_man(app, page, source):
    if app.builder.name == 'man' and page in topics:
        source[0] = re.sub(':doc:`([a-z]+)`', name_page, source[0]) + sources


def setup(app):
    app.connect('source-read', for_man)
