"""Asks WeChat whose login code it is (`code2session`): server to server, three seconds, and nothing of it is kept or
logged but a digest of the openid.

Source: https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
"""

import hashlib
import http.client
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from pointshop.config import WeChat
from pointshop.core.errors import BadCredentials, Forbidden, Problem, TooManyRequests, Unavailable

log = logging.getLogger("pointshop")

#: Seconds for the whole call, and bytes of an answer that is worth reading.
DEADLINE = 3.0
LARGEST_ANSWER = 4096
_LONGEST_OPENID = 128


def openid_hash_of(wechat: WeChat, code: str) -> str:
    """The digest of the openid behind a mini-program's login code: SHA-256 of app id and openid, as hex.

    Raises BadCredentials for a code that is wrong or was used, TooManyRequests, Forbidden for an account that WeChat
    holds to be dangerous, Unavailable where WeChat is away, slow, or answers with something else.
    """
    answer = _ask(wechat, code)
    if answer.get("errcode"):
        raise _refusal(answer["errcode"])
    openid = answer.get("openid")
    if not isinstance(openid, str) or not 0 < len(openid) <= _LONGEST_OPENID:
        raise _away("unexpected answer")
    return hashlib.sha256(f"{wechat.appid}:{openid}".encode()).hexdigest()


def _refusal(errcode: object) -> Problem:
    if errcode == 40029 or errcode == 40163:
        return BadCredentials("微信登录已失效，请重新打开小程序")
    if errcode == 45011:
        return TooManyRequests("微信登录过于频繁，请一分钟后再试", retry_after=60)
    if errcode == 40226:
        return Forbidden("微信认为此帐号有风险，不能登录")
    return _away(f"errcode {errcode if type(errcode) is int else '?'}")


def _away(why: str) -> Unavailable:
    log.warning("wechat: %s", why)
    return Unavailable("微信没有回答，请稍后再试，或用密码登录", retry_after=5)


def _ask(wechat: WeChat, code: str) -> dict[str, Any]:
    query = {"appid": wechat.appid, "secret": wechat.secret, "js_code": code, "grant_type": "authorization_code"}
    try:
        found = json.loads(_get(f"{wechat.url}?{urlencode(query)}"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        # its text may hold the address, and with it the secret
        raise _away(type(error).__name__) from None
    if not isinstance(found, dict):
        raise _away("unexpected answer")
    return found


def _get(url: str) -> bytes:
    """The body of an answer with status 200; redirects aren't followed. Raises OSError, HTTPException, ValueError."""
    address = urlsplit(url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    give_up = time.monotonic() + DEADLINE
    connection = kind(address.hostname or "", address.port, timeout=DEADLINE)
    try:
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        if answer.status != 200:
            raise ValueError("status")
        body = b""
        # a peer that sends a byte now and then must not hold us longer than one that is silent
        while (piece := answer.read1(LARGEST_ANSWER)) and len(body) <= LARGEST_ANSWER:
            body += piece
            if time.monotonic() > give_up:
                raise TimeoutError
        if len(body) > LARGEST_ANSWER:
            raise ValueError("size")
        return body
    finally:
        connection.close()
