"""JSON as the contract takes it: UTF-8, no duplicates, no NaN, no monsters (threats.md §5)."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from pointshop.core.errors import BadRequest

MAX_DEPTH = 20
MAX_DIGITS = 20


def parse(body: bytes) -> Any:
    """The value of a request body.

    Raises BadRequest for what is not one JSON text in UTF-8, duplicate keys, NaN or infinite numbers, integers of more
    than 20 digits, nesting deeper than 20, lone surrogates and NUL characters.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("请求内容不是 UTF-8 编码") from error
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise BadRequest(_TOO_DEEP) from error
    except ValueError as error:
        raise BadRequest("请求内容不是有效的 JSON") from error
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _refuse_depth(value)
    if b"\\u" in body:
        _refuse_characters(value)
    return value


def dumps(value: Any) -> str:
    """The one way we write JSON: compact, in plain characters."""
    return _ENCODER.encode(value)


_TOO_DEEP = f"JSON 嵌套超过 {MAX_DEPTH} 层"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRequest("JSON 中有重复的字段名")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise BadRequest("数字过长")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits) if len(digits) <= 64 else float("inf")
    if value in (float("inf"), float("-inf")):
        raise BadRequest("数字过大")
    return value


def _constant(name: str) -> NoReturn:
    raise BadRequest(f"JSON 中不能有 {name}")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_number, parse_constant=_constant
)


def _refuse_depth(value: Any) -> None:
    level, depth = _containers([value]), 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise BadRequest(_TOO_DEEP)
        level = [child for parent in level for child in _containers(_children(parent))]


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]


def _children(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _refuse_characters(value: Any) -> None:
    try:
        written = dumps(value)
        written.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadRequest("文字中有不成对的代理字符") from error
    # the encoder writes NUL, and nothing else, as this escape; a typed backslash is doubled
    if "\\u0000" in written.replace("\\\\", ""):
        raise BadRequest("文字中不能有空字符")
