"""JSON as the wires need it: no white space, text as it is, and fast for single small values."""

from __future__ import annotations

import json
import json.encoder
from typing import Any, Callable, Iterable, Optional

loads: Callable[[str], Any] = json.JSONDecoder().decode


def _other(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray, memoryview)):
        # JSON has no bytes; Storm writes them so.
        return list(bytes(value))
    raise TypeError("a value of type %s cannot be emitted" % type(value).__name__)


def _make() -> Callable[[Any, int], Iterable[str]]:
    make: Optional[Callable[..., Callable[[Any, int], Iterable[str]]]] = getattr(json.encoder, "c_make_encoder", None)
    text: Any = getattr(json.encoder, "c_encode_basestring", None)
    if make is None or text is None:
        whole = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_other).encode
        return lambda value, _: (whole(value),)
    # `JSONEncoder.encode` makes such an object for each value, which takes three times as long as using it.
    return make(None, _other, text, None, ":", ",", False, False, True)


#: The pieces of a value's text; the second argument is 0.
encode: Callable[[Any, int], Iterable[str]] = _make()
join: Callable[[Iterable[str]], str] = "".join


def dumps(value: Any) -> str:
    return join(encode(value, 0))


def to_bytes(text: str) -> bytes:
    """UTF-8; half a surrogate pair, which is none, becomes U+FFFD at the reader."""
    return text.encode("utf-8", "surrogatepass")
