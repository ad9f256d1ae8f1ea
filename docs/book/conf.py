"""Sphinx's settings for the book; docs/book/build.py calls Sphinx with them."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

project = "Quire"
html_title = "Quire"
copyright = "the Quire authors, MIT licence"
extensions = ["myst_parser", "quire_book"]
root_doc = "index"

myst_heading_anchors = 4
myst_enable_extensions = ["deflist"]
myst_url_schemes = ["http", "https", "mailto", "quire"]
suppress_warnings = ["myst.header"]  # a handout may begin below the first level

highlight_language = "none"

html_theme = "furo"  # loads nothing from the network
html_static_path = ["static"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "default"
pygments_dark_style = "monokai"

