"""HTTP of signing in with WeChat."""

from typing import Any

from flask import request

from pointshop.accounts import binding, queries, schemas, service
from pointshop.accounts.api import session_document
from pointshop.accounts.wechat import openid_hash_of
from pointshop.config import current_config
from pointshop.core import clock
from pointshop.core.db import reading, unit_of_work
from pointshop.core.errors import Forbidden, NotFound
from pointshop.core.routes import PUBLIC, Call, Feature
from pointshop.core.work import Work

feature = Feature("wechat", description="微信登录")


@feature.on(
    "POST",
    "/sessions/wechat",
    permission=PUBLIC,
    body=schemas.WeChatIn,
    answer=schemas.SessionOut,
    status=201,
    refuses=[401, 403, 404, 429],
)
def open_wechat_session(call: Call) -> dict[str, Any]:
    """微信登录：凭小程序的登录码换取令牌；第一次还须当面给出的绑定码。"""
    wechat = current_config().wechat
    if wechat is None:
        raise NotFound("本系统没有接入微信")
    address = request.remote_addr or ""
    account = f"wechat {address}"
    unit_of_work(lambda work: service.admit_attempt(work, username=account, address=address))
    # the network is outside of any unit of work
    openid, binding_code = openid_hash_of(wechat, call.body["code"]), call.body["binding_code"]
    if binding_code is not None:
        unit_of_work(lambda work: binding.admit_guess(work, openid, address))

    def step(work: Work) -> service.NewSession:
        user = binding.user_of(work, openid, binding_code=binding_code, address=address)
        binding.forgive(work, account)
        return service.open_session(work, user, device_name=call.body["device_name"])

    return session_document(unit_of_work(step))


@feature.on(
    "POST",
    "/users/<username>/wechat-code",
    permission="user.write",
    answer=schemas.WeChatCodeOut,
    status=201,
)
def issue_wechat_code(call: Call, username: str) -> dict[str, Any]:
    """为一个用户开一次性的微信绑定码，当面告知本人。"""
    user_id = _within_scope(call, username)
    if not service.may_let_in(call.actor, queries.grants_of(reading(), user_id)):
        raise Forbidden("此人的微信绑定码只能由上级管理员开")

    def step(work: Work) -> binding.BindingCode:
        service.record(work, user_id, "wechat_code", call.actor)
        return binding.issue_code(work, user_id)

    issued = unit_of_work(step)
    return {"code": issued.code, "expires_at": clock.as_text(issued.expires_at)}


@feature.on("DELETE", "/users/<username>/wechat", permission="user.write", status=204)
def unbind_wechat(call: Call, username: str) -> None:
    """解除一个用户的微信绑定；已有的登录到期或改密码时才失效。"""
    user_id = _within_scope(call, username)

    def step(work: Work) -> None:
        binding.unbind(work, user_id)
        service.record(work, user_id, "wechat_unbound", call.actor)

    unit_of_work(step)


def _within_scope(call: Call, username: str) -> int:
    found = queries.find_user(reading(), username)
    if found is None or not service.within_scope(call.actor, queries.grants_of(reading(), found.id)):
        raise NotFound()
    return found.id
