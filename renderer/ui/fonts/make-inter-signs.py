"""Cuts the hyphen out of Inter, without the feature that gives it the width of a digit.

Where digits are tabular, Inter widens the hyphen too, and names such as v2-95k fall apart.
Needs fonttools and brotli:  python make-inter-signs.py node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2
Inter is under the SIL Open Font License 1.1, and so is this part of it.
"""
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HYPHEN = 0x2D

font = TTFont(sys.argv[1])
options = Options(layout_features=[], flavor="woff2", name_IDs=[0, 1, 2, 13, 14], notdef_outline=False)
subsetter = Subsetter(options)
subsetter.populate(unicodes=[HYPHEN])
subsetter.subset(font)
font.flavor = "woff2"
font.save(Path(__file__).with_name("inter-signs.woff2"))
