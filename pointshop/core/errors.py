"""Refusals by name. Each becomes one `application/problem+json` document (RFC 9457) with a code of the closed list."""

from collections.abc import Mapping
from typing import Any, ClassVar


class Problem(Exception):
    """Something the caller must hear of: what happened, in words a clerk understands.

    status: HTTP status. code: of the closed list. detail: one Chinese sentence. errors: field → messages.
    data: machine-readable facts (a limit, what is left). headers: extra response headers.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "请求无法理解"
    #: Whether the answer stays with the name it was asked under.
    sticks: ClassVar[bool] = False

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Mapping[str, list[str]] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors
        self.data = data
        self.headers = dict(headers or {})

    def document(self, *, instance: str) -> dict[str, Any]:
        """The problem document; `instance` is the opaque id of the request."""
        document: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            document["errors"] = self.errors
        if self.data:
            document["data"] = self.data
        return document


class BadRequest(Problem):
    pass


class Unauthenticated(Problem):
    status, code, title = 401, "unauthenticated", "请先登录"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="pointshop"'})


class BadCredentials(Unauthenticated):
    code, title = "bad_credentials", "用户名或密码不正确"


class Forbidden(Problem):
    status, code, title = 403, "forbidden", "您没有这项权限"


class NotFound(Problem):
    status, code, title = 404, "not_found", "没有找到"


class MethodNotAllowed(Problem):
    status, code, title = 405, "method_not_allowed", "此地址不支持这种操作"


class NotAcceptable(Problem):
    status, code, title = 406, "not_acceptable", "无法提供所要求的格式"


class NoPdf(NotAcceptable):
    """PDF is made by an extra package that isn't here; the same sheet prints from its page."""

    title = "本机未安装 PDF 组件，请打开 .html 打印"


class Busy(Problem):
    """Someone else holds what we need; the same request may be sent again."""

    status, code, title = 409, "busy", "正在处理中，请稍后重试"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "1"})


class Gone(Problem):
    status, code, title = 410, "gone", "公示已结束"


class Stale(Problem):
    status, code, title = 412, "stale", "内容已被他人修改，请刷新后再改"


class TooLarge(Problem):
    status, code, title = 413, "too_large", "内容过大"


class UnsupportedMediaType(Problem):
    status, code, title = 415, "unsupported_media_type", "不支持的内容类型"


class PreconditionRequired(Problem):
    status, code, title = 428, "precondition_required", "修改须带 If-Match"


class TooManyRequests(Problem):
    status, code, title = 429, "too_many_requests", "操作过于频繁，请稍后再试"

    def __init__(self, detail: str | None = None, *, retry_after: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class Unavailable(Problem):
    status, code, title = 503, "unavailable", "系统暂时不可用，请稍后重试"

    def __init__(self, detail: str | None = None, *, retry_after: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class InternalError(Problem):
    """A fault of ours; the caller learns the request's id and nothing else."""

    status, code, title = 500, "internal_error", "系统内部错误，请联系管理员并提供编号"


class Refused(Problem):
    """Understood and refused (422). Subclasses carry a code of the contract; a business refusal sticks to its name."""

    status = 422
    sticks = True
    #: Whether what was written before it stays, which is no effect of what was asked: a wrong guess is counted.
    counts: ClassVar[bool] = False


class Invalid(Refused):
    """The body has the wrong shape; `errors` names each field."""

    code, title, sticks = "validation", "填写内容有误", False


class NameReused(Refused):
    code, title, sticks = "name_reused", "此编号已用于另一项内容", False
