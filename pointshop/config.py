"""What an installation is configured with: one frozen object, read from POINTSHOP_* once, checked at the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from flask import current_app

Network = IPv4Network | IPv6Network
#: Of the log.
Form = Literal["json", "text"]

_PREFIX = "POINTSHOP_"
_NAMES = {"DATABASE_URL", "DATA_DIR", "SECRET_KEY", "PUBLIC_URL", "ENV", "METRICS_PUBLIC"} | {
    "METRICS_TOKEN",
    "METRICS_DIR",
    "LOG",
    "TRUSTED_PROXIES",
    "BACKUP_RECIPIENTS",
    "LIMITS",
    "WECHAT_APPID",
    "WECHAT_SECRET",
    "WECHAT_URL",
}
SHORTEST_SECRET = 32
#: Where an app keeps its configuration.
EXTENSION = "pointshop.config"


class Limit(NamedTuple):
    """At most so many times in each `window`."""

    most: int
    window: timedelta


#: What `POINTSHOP_LIMITS=standard` means (threats.md §6.5).
LIMITS: Mapping[str, Limit] = {
    #: redemptions by one clerk, and from one household's card
    "redeem": Limit(30, timedelta(minutes=1)),
    "account": Limit(6, timedelta(minutes=1)),
    #: merits and batches by one worker; what was done offline is one call of `sync`
    "merit": Limit(120, timedelta(hours=1)),
    "sync": Limit(6, timedelta(minutes=1)),
    #: codes of no card, by one clerk
    "scan": Limit(20, timedelta(minutes=5)),
    "export": Limit(5, timedelta(hours=1)),
    "upload": Limit(60, timedelta(hours=1)),
    #: public pages, by one address, in each process
    "page": Limit(120, timedelta(minutes=2)),
    #: objections from public pages, likewise: fewer than a sheet takes in an hour from everybody
    "objection": Limit(5, timedelta(hours=1)),
}


class ConfigError(ValueError):
    """The installation cannot start as configured; the message says what to change."""


@dataclass(frozen=True, slots=True)
class WeChat:
    """The mini-program (微信小程序) whose users may sign in. url: of the call that exchanges a login code."""

    appid: str
    secret: str = field(repr=False)
    url: str = "https://api.weixin.qq.com/sns/jscode2session"


@dataclass(frozen=True, slots=True)
class Config:
    """database_url: SQLAlchemy URL. data_dir: where photos and, by default, the SQLite file are kept.
    public_url: scheme and host that printed codes lead to, without a slash at the end. limits: by name; what is not
    named is not limited."""

    database_url: str
    data_dir: Path
    secret_key: str
    public_url: str
    is_production: bool
    metrics_public: bool = False
    #: with it /metrics and the reasons of /readyz may be asked from elsewhere; empty: from this machine only
    metrics_token: str = ""
    #: where several processes of one server add up their counts; the supervisor sets it
    metrics_dir: Path | None = None
    #: None: words on a terminal, JSON elsewhere
    log: Form | None = None
    #: whose X-Forwarded-For is believed
    trusted_proxies: tuple[Network, ...] = ()
    #: age recipients that backups are encrypted to; none: not encrypted
    backup_recipients: tuple[str, ...] = ()
    #: how often somebody may do something, by name; what is not named is not limited
    limits: Mapping[str, Limit] = field(default_factory=dict)
    wechat: WeChat | None = None


def read_config(environ: Mapping[str, str]) -> Config:
    """The configuration in `environ`. Raises ConfigError for unknown names and unusable URLs."""
    given = {name[len(_PREFIX) :]: value for name, value in environ.items() if name.startswith(_PREFIX)}
    unknown = sorted(set(given) - _NAMES)
    if unknown:
        raise ConfigError(f"未知的配置项：{'、'.join(_PREFIX + name for name in unknown)}")
    is_production = _environment(given.get("ENV", "production"))
    data_dir = Path(given.get("DATA_DIR") or "data").resolve()
    return Config(
        database_url=read_database_url(given.get("DATABASE_URL") or f"sqlite:///{data_dir / 'pointshop.sqlite3'}"),
        data_dir=data_dir,
        secret_key=given.get("SECRET_KEY", "") if is_production else "development only, never for a village",
        public_url=_public_url(given.get("PUBLIC_URL") or "http://127.0.0.1:8000"),
        is_production=is_production,
        metrics_public=given.get("METRICS_PUBLIC", "") == "1",
        metrics_token=_token(given.get("METRICS_TOKEN", "")),
        metrics_dir=Path(given["METRICS_DIR"]) if given.get("METRICS_DIR") else None,
        log=_form(given.get("LOG", "")),
        trusted_proxies=_proxies(given.get("TRUSTED_PROXIES", "")),
        backup_recipients=tuple(given.get("BACKUP_RECIPIENTS", "").replace(",", " ").split()),
        limits=read_limits(given.get("LIMITS") or ("standard" if is_production else "off")),
        wechat=_wechat(given),
    )


def read_limits(words: str) -> dict[str, Limit]:
    """`off`, `standard`, or one of them with changes: `standard,merit=240/3600,account=off` (count/seconds).

    Raises ConfigError.
    """
    base, *changes = words.split(",")
    if base not in ("off", "standard"):
        raise ConfigError("POINTSHOP_LIMITS 须以 off 或 standard 开头，例如 standard,merit=240/3600")
    found = dict(LIMITS) if base == "standard" else {}
    for change in changes:
        name, _, wanted = change.partition("=")
        if name not in LIMITS:
            raise ConfigError(f"POINTSHOP_LIMITS 中没有 {name} 这一项；可用：{'、'.join(LIMITS)}")
        if wanted == "off":
            found.pop(name, None)
        else:
            found[name] = _limit(name, wanted)
    return found


def _limit(name: str, wanted: str) -> Limit:
    count, _, seconds = wanted.partition("/")
    if not (count.isdecimal() and seconds.isdecimal() and int(count) > 0 and int(seconds) > 0):
        raise ConfigError(f"POINTSHOP_LIMITS 中 {name} 须写成 次数/秒数，例如 {name}=240/3600，或 {name}=off")
    return Limit(int(count), timedelta(seconds=int(seconds)))


def _wechat(given: Mapping[str, str]) -> WeChat | None:
    appid, secret = given.get("WECHAT_APPID", ""), given.get("WECHAT_SECRET", "")
    if not appid and not secret:
        return None
    if not appid or not secret:
        raise ConfigError("POINTSHOP_WECHAT_APPID 与 POINTSHOP_WECHAT_SECRET 须同时填写")
    return WeChat(appid, secret, given["WECHAT_URL"]) if given.get("WECHAT_URL") else WeChat(appid, secret)


def current_config() -> Config:
    """The configuration of the app that serves this request or command."""
    found: Config = current_app.extensions[EXTENSION]
    return found


def require_strong_secret(config: Config) -> None:
    """Raises ConfigError where a server must not start: in production with a secret that can be guessed."""
    secret = config.secret_key
    if config.is_production and (len(secret) < SHORTEST_SECRET or len(set(secret)) < 8):
        raise ConfigError(
            f"POINTSHOP_SECRET_KEY 须为至少 {SHORTEST_SECRET} 个字符的随机文字，"
            '可用 python3 -c "import secrets; print(secrets.token_hex(32))" 生成'
        )


def _token(text: str) -> str:
    if text and len(text) < 16:
        raise ConfigError("POINTSHOP_METRICS_TOKEN 须为至少 16 个字符的随机文字")
    return text


def _form(text: str) -> Form | None:
    if text == "json":
        return "json"
    if text == "text":
        return "text"
    if text:
        raise ConfigError("POINTSHOP_LOG 只能是 json 或 text")
    return None


def _proxies(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        words = "POINTSHOP_TRUSTED_PROXIES 须为代理的地址，例如 127.0.0.1 或 10.1.0.0/16，多个以逗号分开"
        raise ConfigError(words) from error


def _environment(name: str) -> bool:
    if name not in ("production", "development"):
        raise ConfigError("POINTSHOP_ENV 只能是 production 或 development")
    return name == "production"


def read_database_url(url: str) -> str:
    """A database's address as people write it, in the form SQLAlchemy takes. Raises ConfigError."""
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise ConfigError("POINTSHOP_DATABASE_URL 须以 sqlite:/// 或 postgresql:// 开头")


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError("POINTSHOP_PUBLIC_URL 须为 http:// 或 https:// 开头的网址")
    return url.rstrip("/")
