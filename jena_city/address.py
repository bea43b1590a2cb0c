"""An address kept as one line, taken apart again for the formats that have an element for each of its parts."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(.+?) (\d\S*(?: ?[a-zA-Z])?)")
_POSTCODE = re.compile(r"(\d{4,5})(?: (.+))?")


def parts(line: str) -> tuple[str, str, str, str]:
    """Street, number, postcode and town, "" where the line has none; "street number, postcode town" gives the line again."""
    street, comma, town = line.rpartition(", ")
    if not comma and (found := _POSTCODE.fullmatch(line)) and found[2]:
        street, town = "", line
    elif not comma:
        street, town = line, ""
    number, code = "", ""
    if found := _NUMBER.fullmatch(street):
        street, number = found[1], found[2]
    if found := _POSTCODE.fullmatch(town):
        code, town = found[1], found[2] or ""
    return street, number, code, town
