"""How a feature offers its functions over HTTP: one declaration gives the route, its policy, its checks and its page
in the OpenAPI document. A route without a permission cannot be declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from flask import Response, current_app, g, request
from flask_smorest import Blueprint

from pointshop.config import current_config
from pointshop.core import faults, fields, limits, strictjson
from pointshop.core.commands import Answer, Asked, keyed_fingerprint, once
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Gone, Invalid, NotFound, TooManyRequests, Unauthenticated, UnsupportedMediaType
from pointshop.core.ids import derived_name
from pointshop.core.policy import PERMISSIONS, Actor, require
from pointshop.core.route_docs import AnswerSpec, document_route
from pointshop.core.work import Work

#: Permission of a route that anyone may call, without a token.
PUBLIC = "public"


class VillageRef(NamedTuple):
    """The village a request acts in: its id in the tables, its code in URLs, its name, its place in the region tree."""

    id: int
    code: str
    name: str
    path: str


class Identify(Protocol):
    """Finds who holds a token and the village of a code, each None where there is none, in one look-up."""

    def __call__(self, work: Work, token: str, village_code: str | None) -> tuple[Actor | None, VillageRef | None]: ...


_NOBODY = Actor(user_id=0, username="", name="", grants=())
_NOWHERE = VillageRef(0, "", "", "")


@dataclass(slots=True)
class Call:
    """One admitted call: who, where, and what was sent (already checked by the route's schemas)."""

    actor: Actor = _NOBODY
    village: VillageRef = _NOWHERE
    #: fields as loaded by the body's schema, and as sent
    body: dict[str, Any] = field(default_factory=dict)
    raw_body: Any = None
    query: dict[str, Any] = field(default_factory=dict)

    def may(self, permission: str) -> bool:
        """Whether the actor also holds another permission in this village."""
        return self.actor.may(permission, self.village.path)


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """What a route was declared with."""

    method: str
    rule: str
    permission: str
    body: fields.Shape | None
    query: fields.Shape | None
    uploads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A client-named PUT, callable from its own route and from a sync batch."""

    route: RouteSpec
    kind: str
    run: Callable[..., Mapping[str, Any]]
    own_refusal: bool
    limit: str | None = None
    unkept: frozenset[str] = frozenset()
    keyed: frozenset[str] = frozenset()


Handler = Callable[..., Any]


class Feature(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """The routes of one feature. `routes` lists every declaration, `commands` those that are client-named PUTs."""

    def __init__(self, name: str, *, description: str, prefix: str = "/api/v1") -> None:
        super().__init__(name, f"pointshop.{name}", url_prefix=prefix, description=description)
        self.routes: dict[str, RouteSpec] = {}
        self.commands: list[CommandSpec] = []

    def on(
        self,
        method: str,
        rule: str,
        *,
        permission: str,
        body: type[fields.Shape] | None = None,
        query: type[fields.Shape] | None = None,
        answer: AnswerSpec = None,
        status: int = 200,
        uploads: Sequence[str] = (),
        refuses: Sequence[int] = (),
        limit: str | None = None,
    ) -> Callable[[Handler], Handler]:
        """Declare a route. The handler gets a `Call` and the path's values; it returns a document or a Response.

        answer: schema of the 2xx body, or its media types where it is no JSON. uploads: media types of a body that is
        no JSON; the handler reads it. refuses: statuses of problems that routes of its kind don't have. limit: a name
        of config.LIMITS, for calls of one user in a village.
        """
        spec = _spec(method, rule, permission, body, query, uploads)

        def declare(handler: Handler) -> Handler:
            def view(**path: Any) -> Response:
                call = admit(spec, path)
                if limit is not None:
                    count_call(limit, call)
                found = handler(call, **path)
                faults.hit("before_response")
                return found if isinstance(found, Response) else reply(found, status=status)

            # what a PUT makes the first time it finds or changes the next time
            statuses = [201, 200] if (method, status) == ("PUT", 201) else [status]
            self._declare(spec, view, handler, answer=answer, statuses=statuses, refuses=_with(refuses, limit))
            return handler

        return declare

    def command(
        self,
        rule: str,
        *,
        kind: str,
        permission: str,
        body: type[fields.Shape],
        answer: type[fields.Shape],
        own_refusal: bool = False,
        limit: str | None = None,
        unkept: Sequence[str] = (),
        keyed: Sequence[str] = (),
    ) -> Callable[[Handler], Handler]:
        """Declare a PUT to a client-made name (`<name:id>` in the rule), or to a verb on one.

        The handler gets the Call, the open unit of work and the path's values, and returns the answer's document.
        limit: as in `on`; a replay and what comes in a sync batch don't count. unkept: fields of the body that are left
        out of what is remembered under the name: a PIN, of which the digest of a body would tell too much. keyed:
        fields with another value in which it is another body all the same; a keyed digest of them is remembered.
        """
        spec = _spec("PUT", rule, permission, body, None)

        def declare(handler: Handler) -> Handler:
            command = CommandSpec(spec, kind, handler, own_refusal, limit, frozenset(unkept), frozenset(keyed))
            self.commands.append(command)

            def view(**path: Any) -> Response:
                return perform(command, admit(spec, path), path)

            self._declare(spec, view, handler, answer=answer, statuses=[201, 200], refuses=_with([Gone.status], limit))
            return handler

        return declare

    def _declare(
        self,
        spec: RouteSpec,
        view: Callable[..., Response],
        handler: Handler,
        *,
        answer: AnswerSpec,
        statuses: Sequence[int],
        refuses: Sequence[int],
    ) -> None:
        view.__name__, view.__doc__ = handler.__name__, handler.__doc__
        document = document_route(
            path=f"{self.url_prefix or ''}{spec.rule}",
            method=spec.method,
            permission=spec.permission,
            is_public=spec.permission == PUBLIC,
            body=spec.body,
            query=spec.query,
            uploads=spec.uploads,
            answer=answer,
            statuses=statuses,
            refuses=refuses,
        )
        document["operationId"] = f"{self.name}.{handler.__name__}"
        vars(view)["_apidoc"] = {"manual_doc": document}
        self.add_url_rule(spec.rule, handler.__name__, view, methods=[spec.method])
        self.routes[handler.__name__] = spec


def admit(spec: RouteSpec, path: dict[str, Any]) -> Call:
    """Let a request in: who, where, allowed, well-formed; in this order, so that a stranger learns nothing."""
    if "\0" in request.path:
        # PostgreSQL takes no such text, and nothing is called that
        raise NotFound()
    call = Call()
    village_code = path.pop("v", None)
    if spec.permission != PUBLIC:
        call.actor, village = _identify(village_code)
        if village_code is None:
            require(call.actor, spec.permission, None)
        elif village is None:
            raise NotFound()
        else:
            require(call.actor, spec.permission, village.path)
            call.village = village
        # for the log: ids, no names
        g.caller = (call.actor.user_id, village_code)
    if spec.body is not None:
        call.raw_body = read_json() if request.content_length or spec.body.fields else {}
        call.body = fields.load(spec.body, call.raw_body)
    if spec.query is not None:
        call.query = read_query(spec.query)
    return call


def perform(command: CommandSpec, call: Call, path: Mapping[str, Any]) -> Response:
    """Answer a client-named PUT, the first time or again."""
    return tell(run_command(command, call, path, limit=command.limit))


def tell(answer: Answer) -> Response:
    """A command's answer as HTTP says it."""
    faults.hit("before_response")
    media = "application/problem+json" if answer.status == 422 else "application/json"
    response = Response(answer.body, status=answer.http_status, content_type=media)
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def hand_in(command: CommandSpec, body: Any, path: Mapping[str, Any], *, actor: Actor, village: VillageRef) -> Answer:
    """Run a command that came another way than by its own route, with the same permission and the same checks."""
    assert command.route.body is not None
    require(actor, command.route.permission, village.path)
    call = Call(actor=actor, village=village, body=fields.load(command.route.body, body), raw_body=body)
    return run_command(command, call, path)


def run_command(command: CommandSpec, call: Call, path: Mapping[str, Any], *, limit: str | None = None) -> Answer:
    """Do it once for ever under its name."""

    def run(work: Work) -> Mapping[str, Any]:
        if limit is not None:
            # before any other lock: this row is the caller's own
            limits.use(work, call.village.id, limit, call.actor.user_id)
        return command.run(call, work, **path)

    return once(_asked(command, call, path), run)


def count_call(limit: str, call: Call) -> None:
    """Count a call that is no command. Raises TooManyRequests."""
    if limit in current_config().limits:
        who = call.actor.session if limit in limits.BY_DEVICE else call.actor.user_id
        unit_of_work(lambda work: limits.use(work, call.village.id, limit, who))


def _with(refuses: Sequence[int], limit: str | None) -> Sequence[int]:
    return refuses if limit is None else [*refuses, TooManyRequests.status]


def _asked(command: CommandSpec, call: Call, path: Mapping[str, Any]) -> Asked:
    """Under which name a call is remembered: its own UUID, or for a verb on one, that UUID and who asks."""
    name = path["id"]
    if command.own_refusal:
        name = derived_name(name, call.actor.user_id)
    body: Any = call.raw_body
    if command.unkept:
        body = {key: value for key, value in body.items() if key not in command.unkept}
    if command.keyed:
        secret = current_config().secret_key
        hidden = {key: keyed_fingerprint(secret, [name, key, body[key]]) for key in command.keyed & body.keys()}
        body = body | hidden
    if len(path) > 1:
        # the rest of the path belongs to what was asked: a card's household
        body = [body, {key: value for key, value in path.items() if key != "id"}]
    return Asked(call.village.id, command.kind, name, call.actor.user_id, body, command.own_refusal)


def reply(document: Mapping[str, Any] | None, *, status: int = 200) -> Response:
    """A JSON response; None for an empty 204."""
    if document is None:
        return Response(status=204)
    return Response(strictjson.dumps(document), status=status, content_type="application/json")


def read_json() -> Any:
    """The body as a JSON value. Raises UnsupportedMediaType, TooLarge, BadRequest."""
    environ = request.environ
    if environ.get("HTTP_CONTENT_ENCODING") or not _is_json(environ.get("CONTENT_TYPE", "")):
        raise UnsupportedMediaType("请以 application/json（UTF-8）发送")
    return strictjson.parse(request.get_data(cache=False))


def read_query(schema: fields.Shape) -> dict[str, Any]:
    """The query string through its schema; a parameter given twice is refused."""
    given = request.args
    repeated = [key for key in given if len(given.getlist(key)) > 1]
    if repeated:
        raise Invalid(errors={key: ["只能出现一次"] for key in repeated})
    return fields.load(schema, given.to_dict())


def _is_json(content_type: str) -> bool:
    if content_type == "application/json":
        return True
    media, _, parameters = content_type.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    return media.strip().lower() == "application/json" and charset in ("", "charset=utf-8")


def _identify(village_code: str | None) -> tuple[Actor, VillageRef | None]:
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated()
    identify: Identify = current_app.extensions["pointshop.identify"]
    actor, village = identify(reading(), token, village_code)
    if actor is None:
        raise Unauthenticated("登录已失效，请重新登录")
    return actor, village


def _spec(
    method: str,
    rule: str,
    permission: str,
    body: type[fields.Shape] | None,
    query: type[fields.Shape] | None,
    uploads: Sequence[str] = (),
) -> RouteSpec:
    if permission != PUBLIC and permission not in PERMISSIONS:
        raise ValueError(f"unknown permission {permission!r}")
    return RouteSpec(method, rule, permission, body() if body else None, query() if query else None, tuple(uploads))
