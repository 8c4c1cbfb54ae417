# SPDX-License-Identifier: GPL-2.0-only
#
# Sphinx's configuration; `make htmldocs` uses it.

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
