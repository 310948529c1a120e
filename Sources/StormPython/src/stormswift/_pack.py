"""Emits in bytes: less than half of the time that JSON takes, and a fifth of the work for who reads them.

A value is a byte that says what it is, and its content, little-endian: what Python's `marshal` has written since version 2.5,
as far as the channel uses it.
"""

from __future__ import annotations

import marshal
from struct import Struct
from typing import Any, Callable

#: Bytes of emits after which they are handed over.
PACKED_MAX = 32768
#: Emits that are packed in one call: that takes half of the time that a call for each would.
EMITS_MAX = 128
#: Values that are packed, ints if 64 bits hold them; whatever else is written as JSON, which knows what to do with it, or
#: refuses it.
PLAIN = frozenset((str, int, float, bool, type(None)))

#: Ints from -INT_MAX to INT_MAX are packed.
INT_MAX = (1 << 63) - 1

#: A value's bytes; the second argument is 2, the version that is meant above.
pack: Callable[[Any, int], bytes] = marshal.dumps


def is_plain(reference: Any, values: Any, is_spout: bool) -> bool:
    """Whether an emit can be packed: its values, and its anchors or a spout's message id."""
    kind = type(reference)
    if kind is int:
        if not -INT_MAX <= reference <= INT_MAX:
            return False
    elif kind is list:
        # A list is a bolt's anchors; as the id of a message it is a value like any other.
        if is_spout:
            return False
        for anchor in reference:
            if type(anchor) is not int:
                return False
    elif kind is not str and reference is not None:
        return False
    if type(values) not in (list, tuple):
        return False
    for value in values:
        kind = type(value)
        if kind not in PLAIN:
            return False
        if kind is int and not -INT_MAX <= value <= INT_MAX:
            return False
    return True


def packs_as_agreed() -> bool:
    """Whether this Python writes what is meant, byte by byte."""
    text = "\u00e9!"
    number = b"g" + Struct("<d").pack(1.5)
    agreed = b"[\1\0\0\0(\2\0\0\0i\7\0\0\0(\5\0\0\0NTF" + number + b"u\3\0\0\0" + text.encode()
    return pack([(7, (None, True, False, 1.5, text))], 2) == agreed
