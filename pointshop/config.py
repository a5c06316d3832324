"""What an installation is configured with: one frozen object, read from POINTSHOP_* once, checked at the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

_PREFIX = "POINTSHOP_"
_NAMES = {"DATABASE_URL", "DATA_DIR", "SECRET_KEY", "PUBLIC_URL", "ENV", "METRICS_PUBLIC"} | {
    "WECHAT_APPID",
    "WECHAT_SECRET",
    "WECHAT_URL",
}
SHORTEST_SECRET = 32
#: Where an app keeps its configuration.
EXTENSION = "pointshop.config"


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
    public_url: scheme and host that printed codes lead to, without a slash at the end."""

    database_url: str
    data_dir: Path
    secret_key: str
    public_url: str
    is_production: bool
    metrics_public: bool = False
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
        wechat=_wechat(given),
    )


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
