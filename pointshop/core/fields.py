"""Fields of request bodies: strict, bounded, with messages a clerk understands. One `Shape` per direction."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from pointshop.core import text
from pointshop.core.codes import clean_code
from pointshop.core.errors import Invalid
from pointshop.core.ids import is_name

#: Largest number of goods, times or units in one line; largest number of points in one entry (threats.md A19).
MAX_QUANTITY = 9_999
MAX_POINTS = 1_000_000
_REQUIRED: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "必填",
    "null": "不能为空",
    "validator_failed": "填写内容有误",
}


class Shape(Schema):
    """A body or query whose fields are all named; anything else is refused."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "没有这个字段", "type": "应为一个对象"}  # noqa: RUF012 (marshmallow's own way)


class Whole(fields.Field[int]):
    """A JSON integer in range: not `"5"`, not `5.0`, not `true`."""

    default_error_messages = _REQUIRED

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        super().__init__(metadata={"minimum": least, "maximum": most}, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if type(value) is not int:
            raise ValidationError("须为整数")
        if not self.least <= value <= self.most:
            raise ValidationError(f"须在 {self.least} 到 {self.most} 之间")
        return value


class WholeText(Whole):
    """A whole number in a query string: ASCII digits, optional minus."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if not isinstance(value, str) or re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII) is None:
            raise ValidationError("须为整数")
        return super()._deserialize(int(value), attr, data, **kwargs)


class Flag(fields.Field[bool]):
    """JSON `true` or `false`, nothing that merely resembles them."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("须为 true 或 false")
        return value


class Day(fields.Field[date]):
    """`YYYY-MM-DD`, from 2000 to 2100."""

    default_error_messages = _REQUIRED

    def _serialize(self, value: date | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if not isinstance(value, str) or _DAY.fullmatch(value) is None:
            raise ValidationError("日期须写作 2026-11-22")
        try:
            found = date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError("没有这一天") from error
        if not 2000 <= found.year <= 2100:
            raise ValidationError("日期须在 2000 年到 2100 年之间")
        return found


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Instant(fields.Field[datetime]):
    """RFC 3339 with an offset, from 2001 to 2099, given back in UTC: `2026-11-22T08:00:00+08:00`."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
            raise ValidationError("时间须写作 2026-11-22T08:00:00+08:00")
        try:
            found = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValidationError("没有这个时刻") from error
        if not 2001 <= found.year <= 2099:
            raise ValidationError("时间须在 2001 年到 2099 年之间")
        return found.astimezone(UTC)


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


class Cleaned(fields.Field[str]):
    """A JSON string passed through a cleaning function that raises ValueError with the reason."""

    default_error_messages = _REQUIRED

    def __init__(
        self,
        clean: Callable[[str], str],
        *,
        limit: int,
        describe: Mapping[str, Any] = MappingProxyType({}),
        **options: Any,
    ) -> None:
        super().__init__(metadata={"maxLength": limit, **describe}, **options)
        self._clean = clean

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("须为文字")
        try:
            return self._clean(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PersonName(Cleaned):
    """A person's name as the register writes it (NFC, 1 to 50 characters)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(text.clean_name, limit=50, **options)


class Text(Cleaned):
    """Free text, newlines allowed, up to `limit` code points."""

    def __init__(self, *, limit: int = 500, **options: Any) -> None:
        super().__init__(lambda raw: text.clean_text(raw, limit=limit), limit=limit, **options)


class Label(Cleaned):
    """One line of text that isn't blank: a rule's name, a product's name, a board, a reason."""

    def __init__(self, *, limit: int = 60, **options: Any) -> None:
        super().__init__(lambda raw: _one_line(text.clean_text(raw, limit=limit)), limit=limit, **options)


def _one_line(cleaned: str) -> str:
    trimmed = cleaned.strip()
    if not text.has_visible(trimmed):
        raise ValueError("不能为空")
    if len(trimmed.splitlines()) > 1:
        raise ValueError("不能换行")
    # no sheet prints one (publishing.bounds), so what takes one in a single line could never be published
    if "\t" in trimmed:
        raise ValueError("不能用制表符（Tab）")
    return trimmed


class Code(Cleaned):
    """An identifier people type: matches `pattern` whole."""

    def __init__(self, pattern: str, *, limit: int, hint: str, **options: Any) -> None:
        shape = re.compile(pattern, re.ASCII)

        def clean(raw: str) -> str:
            if len(raw) > limit or shape.fullmatch(raw) is None:
                raise ValueError(hint)
            return raw

        super().__init__(clean, limit=limit, describe={"pattern": f"^{pattern}$"}, **options)


class Anything(fields.Field[Any]):
    """A JSON value that another schema will check."""

    default_error_messages = _REQUIRED


class CardCode(Cleaned):
    """What was scanned or typed for a card: the code in it, or "" where it holds none.

    A stranger's QR code is no mistake in the form: whoever looks the card up answers it like any unknown card.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(lambda raw: clean_code(raw) or "", limit=512, **options)


def household_number(**options: Any) -> Code:
    """户号."""
    return Code(r"[0-9A-Za-z][0-9A-Za-z_-]*", limit=20, hint="户号由 1 到 20 位数字、字母、- 或 _ 组成", **options)


def item_code(**options: Any) -> Code:
    """编码 of a rule or product."""
    return Code(r"[0-9A-Za-z][0-9A-Za-z_-]*", limit=20, hint="编码由 1 到 20 位数字、字母、- 或 _ 组成", **options)


def client_name(**options: Any) -> Cleaned:
    """A client-made UUID inside a body."""

    def clean(raw: str) -> str:
        if not is_name(raw):
            raise ValueError("须为小写的 UUID（第 4 或第 7 版）")
        return raw

    return Cleaned(clean, limit=36, **options)


def one_of(*choices: str, **options: Any) -> Cleaned:
    """One of a few words."""

    def clean(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"只能是 {'、'.join(choices)}")
        return raw

    # marshmallow takes null where null is the default, and JSON Schema wants it among the words then
    takes_null = options.get("allow_none") or options.get("load_default", ...) is None
    words = [*choices, None] if takes_null else list(choices)
    return Cleaned(clean, limit=max(map(len, choices)), describe={"enum": words}, **options)


class Listed(fields.List[Any]):
    """A JSON array of bounded length. The length is looked at first: a hundred thousand items are no work then."""

    def __init__(self, inner: fields.Field[Any], *, least: int, most: int, **options: Any) -> None:
        super().__init__(inner, metadata={"minItems": least, "maxItems": most}, error_messages=_REQUIRED, **options)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("须为数组")
        if not self.least <= len(value) <= self.most:
            raise ValidationError(f"须有 {self.least} 到 {self.most} 项")
        found: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return found


def list_of(field: fields.Field[Any], *, most: int, least: int = 0, **options: Any) -> Listed:
    """A JSON array of `least` to `most` items."""
    return Listed(field, least=least, most=most, **options)


class Rows(Listed):
    """A JSON array of objects whose schema is its fields alone, without hooks.

    marshmallow takes 50 µs for an object of three fields, of which the fields are a fifth. So the fields are asked
    directly, and marshmallow only where one refuses: its words name the line.
    """

    def __init__(self, schema: type[Shape], *, least: int, most: int, **options: Any) -> None:
        super().__init__(shape_of(schema), least=least, most=most, **options)
        self._fields = list(schema().load_fields.items())

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and self.least <= len(value) <= self.most:
            try:
                found = [self._row(item) for item in value]
            except ValidationError:
                found = [None]
            if None not in found:
                return found
        return super()._deserialize(value, attr, data, **kwargs)

    def _row(self, item: Any) -> dict[str, Any] | None:
        """None for what is no object or has fields that nobody knows. Raises ValidationError."""
        if not isinstance(item, dict):
            return None
        row = {name: field.deserialize(item.get(name, missing)) for name, field in self._fields}
        return row if item.keys() <= row.keys() else None


def shape_of(schema: type[Shape], **options: Any) -> fields.Nested:
    """An object inside an object."""
    return fields.Nested(schema, error_messages=_REQUIRED | {"type": "应为一个对象"}, **options)


def load(schema: Schema, value: Any) -> dict[str, Any]:
    """What the schema makes of a value. Raises Invalid with `errors` keyed by dotted path (`lines.7.household`)."""
    try:
        found: dict[str, Any] = schema.load(value)
    except ValidationError as error:
        raise Invalid(errors=dict(_flatten("", error.messages))) from error
    return found


def check(field: fields.Field[Any], value: Any, *, name: str) -> None:
    """Hold a value of the path to its field. Raises Invalid with `errors` under `name`."""
    try:
        field.deserialize(value)
    except ValidationError as error:
        raise Invalid(errors={name: [str(words) for words in error.messages]}) from error


def _flatten(path: str, messages: Any) -> list[tuple[str, list[str]]]:
    if isinstance(messages, list):
        return [(path or "_body", [str(message) for message in messages])]
    found = []
    for key, below in messages.items():
        inner = path if key == "_schema" else f"{path}.{key}" if path else str(key)
        found.extend(_flatten(inner, below))
    return found
