"""What the OpenAPI document says of one route: what it takes, and every status it can answer with.

Clients are written against it, so the tests hold each answer to it (tests/described.py): a status that is not written
here is a fault.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from pointshop.core import fields

#: What a 2xx holds: a shape in JSON, or files of these media types.
AnswerSpec = type[fields.Shape] | str | tuple[str, ...] | None

_WORDS = {
    400: "请求无法理解",
    401: "没有登录，或登录已失效",
    403: "没有这项权限",
    404: "没有找到，或不在您的辖区",
    406: "本机不能提供这种格式",
    409: "他人正在处理，请稍后以同一编号重发",
    410: "已结束或已撤下",
    412: "已被他人修改",
    413: "内容过大",
    415: "不支持的内容类型",
    422: "内容有误，或按规定不能办理；见 code",
    428: "缺少 If-Match",
    429: "过于频繁；见 Retry-After",
    503: "暂时不可用，请稍后以同一编号重发；见 Retry-After",
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "读取时得到的 ETag",
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
#: JSON whose shape is somebody else's, such as this document's own
_FREE = {media: {"type": "object"} for media in ("application/json", "application/manifest+json")}
#: core.problems answers people with a page; /readyz says in JSON that it is not
_PAGE = {"text/html": {"schema": {"type": "string"}}}


def document_route(
    *,
    path: str,
    method: str,
    permission: str,
    is_public: bool,
    body: fields.Shape | None,
    query: fields.Shape | None,
    uploads: Sequence[str],
    answer: AnswerSpec,
    statuses: Iterable[int],
    refuses: Iterable[int],
) -> dict[str, Any]:
    """An Operation Object. path: with its prefix. statuses: 2xx. refuses: problems that only this route knows."""
    content = _content(answer)
    problem = _PROBLEM if path.startswith("/api/") else _PAGE | content.get("content", {})
    takes = body is not None or bool(uploads)
    refusals = {503, *refuses} | _common_refusals(method, path, is_public, takes=takes, asks=query is not None)
    document: dict[str, Any] = {
        "responses": {str(code): {"description": "好"} | content for code in statuses}
        | {str(code): {"description": _WORDS[code], "content": problem} for code in sorted(refusals)},
        "x-permission": permission,
        "security": [] if is_public else [{"bearer": []}],
    }
    if body is not None:
        document["requestBody"] = {"required": True, "content": {"application/json": {"schema": type(body)}}}
    if uploads:
        document["requestBody"] = {"required": True, "content": {media: _upload(media) for media in uploads}}
    if query is not None:
        document["parameters"] = [{"in": "query", "schema": type(query)}]
    if 428 in refusals:
        document.setdefault("parameters", []).append(_IF_MATCH)
    return document


def _common_refusals(method: str, path: str, is_public: bool, *, takes: bool, asks: bool) -> set[int]:
    found: set[int] = set()
    if not is_public:
        found |= {401, 403}
    if "<" in path:
        found.add(404)
    if takes:
        found |= {400, 413, 415, 422}
    if asks:
        found.add(422)
    if method not in ("GET", "DELETE"):
        found.add(409)
    return found


def _content(answer: AnswerSpec) -> dict[str, Any]:
    if answer is None:
        return {}
    if isinstance(answer, str | tuple):
        media = [answer] if isinstance(answer, str) else answer
        return {"content": {each: {"schema": _FREE.get(each, {"type": "string"})} for each in media}}
    return {"content": {"application/json": {"schema": answer}}}


def _upload(media: str) -> dict[str, Any]:
    binary: dict[str, Any] = {"type": "string", "format": "binary"}
    if media == "multipart/form-data":
        return {"schema": {"type": "object", "required": ["file"], "properties": {"file": binary}}}
    return {"schema": binary}
