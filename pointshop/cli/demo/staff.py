"""Who signs in to the demonstration village, and with what."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pointshop.cli.demo.population import GROUPS

#: One phrase for everybody, easy to read out. It opens nothing but a village that was made in an empty database.
PASSWORD = "huaishu-yanshi-cun"

COUNTY, VILLAGE = "419926", "419926102207"
#: Codes in the official shape under names that are on no map: there is no such province, and no city 4199.
REGIONS = (
    ("41", "中原省"),
    ("4199", "禾安市"),
    (COUNTY, "青禾县"),
    ("419926102", "柳溪镇"),
    (VILLAGE, "槐树湾村"),
)

MANAGER, REVIEWER, SUPERVISOR, LEADER = "manager", "reviewer", "supervisor", "worker"
CLERKS = ("clerk1", "clerk2")


class Login(NamedTuple):
    """A login to try. role: in Chinese; purpose: what to look at with it."""

    role: str
    username: str
    password: str
    purpose: str


class Post(NamedTuple):
    """A member of staff: the grant, and what is told of the login."""

    username: str
    name: str
    grant: dict[str, Any]
    title: str
    purpose: str

    def login(self) -> Login:
        return Login(self.title, self.username, PASSWORD, self.purpose)


def worker_of(group_no: int) -> str:
    """The username of a group's grid worker."""
    return f"{LEADER}{group_no}"


_WORKERS = ("王秀芝", "李海峰", "张慧芳", "陈永亮", "赵红霞", "梁志华")


def posts() -> Iterator[Post]:
    """All staff, those first whom one will want to try first."""
    yield _post(MANAGER, "郄志华", "manager", "村管理员", "设置、细则、户与卡、发布光荣榜、冲正")
    yield _post(LEADER, "仉晓东", "worker", "网格长", "全村记分，集中清扫批量记分")
    for group, name in zip(GROUPS, _WORKERS, strict=True):
        cells = [{"group_no": group.number, "lane": None}]
        title, purpose = f"{group.number}组网格员", f"只能给 {group.number} 组记分"
        yield _post(worker_of(group.number), name, "worker", title, purpose, grid=cells)
    yield _post(REVIEWER, "周玉英", "reviewer", "审核员", "审核待审记录")
    yield _post(CLERKS[0], "马会娟", "clerk", "店员", "扫卡、兑换、入库")
    yield _post(CLERKS[1], "刘占伟", "clerk", "店员", "另一部手机上的店员")
    yield _post(SUPERVISOR, "宋长春", "supervisor", "村务监督员", "查看全部账目")
    yield _post("viewer", "冯雪梅", "viewer", "县级查看员", "各村汇总与排名", region=COUNTY)
    yield _post("county", "程国栋", "admin", "县管理员", "区划、用户、各村设置", region=COUNTY)


def _post(
    username: str,
    name: str,
    role: str,
    title: str,
    purpose: str,
    *,
    region: str = VILLAGE,
    grid: list[dict[str, Any]] | None = None,
) -> Post:
    return Post(username, name, {"role": role, "region": region, "grid": grid or []}, title, purpose)
