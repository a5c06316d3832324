"""Setting a PIN, and asking for it."""

import hmac

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from pointshop.config import current_config
from pointshop.core.errors import Forbidden, Invalid
from pointshop.core.work import Change, Work
from pointshop.kinship.service import refuse_self_dealing
from pointshop.ledger import service as ledger
from pointshop.people.queries import HouseholdRow
from pointshop.people.refusals import CardRevoked, CardUnknown
from pointshop.pins.models import MOST_WRONG, Pin, PinChange
from pointshop.pins.queries import PinRow, ShownCard, State, find_card, find_pin, last_serial, state_of
from pointshop.pins.refusals import PinBlocked, PinNeeded, PinWrong
from pointshop.pins.rules import digest_of, guess_of, is_weak, key_of, mark_of

_OTHER_KEY = "系统密钥已更换，请本人带卡到村委会重设兑换密码"

_ADD_CHANGE = Change(insert(PinChange))
_NEW = upsert(Pin).values(
    {name: bindparam(name) for name in ("village_id", "household_id", "change_id", "digest", "key_mark")}
    | {"wrong": 0, "last_wrong": None}
)
_SET = Change(
    _NEW.on_conflict_do_update(
        index_elements=[Pin.village_id, Pin.household_id],
        set_={
            name: getattr(_NEW.excluded, name) for name in ("change_id", "digest", "key_mark", "wrong", "last_wrong")
        },
    )
)
_COUNT = Change(
    update(Pin)
    .where(Pin.village_id == bindparam("in_village"), Pin.household_id == bindparam("of_household"))
    .values(wrong=bindparam("now_wrong"), last_wrong=bindparam("guess"))
)


def set_pin(
    work: Work,
    village_id: int,
    change_id: str,
    household: HouseholdRow,
    *,
    card: str,
    pin: str,
    old_pin: str | None,
    actor_id: int,
    may_reset: bool,
) -> str:
    """Give a household that is there with its card a PIN; why it could be set, one of BASES.

    may_reset: without the PIN before. Raises CardUnknown, CardRevoked, Invalid, Forbidden, SelfDealing (unless who came
    knows the PIN before), PinWrong, PinBlocked.
    """
    if household.status != "active":
        raise Invalid(errors={"number": ["该户已迁出或已合并"]})
    ledger.lock_account(work, village_id, household.id)
    shown = _card_of(work, village_id, household, card)
    if is_weak(pin, *_known_of(household)):
        raise Invalid(errors={"pin": ["太容易被猜中：不要用生日、连号、重复的数字、电话或户号"]})
    basis = _basis(work, village_id, change_id, household, old_pin, may_reset=may_reset)
    if basis != "known":
        refuse_self_dealing(work, village_id, actor_id, household.id)
    _ADD_CHANGE.run(
        work,
        village_id=village_id,
        id=change_id,
        household_id=household.id,
        serial=last_serial(work, village_id, household.id) + 1,
        card_id=shown.id,
        basis=basis,
        at=work.now,
        actor_id=actor_id,
    )
    key = _key()
    _SET.run(
        work,
        village_id=village_id,
        household_id=household.id,
        change_id=change_id,
        digest=digest_of(key, change_id=change_id, pin=pin),
        key_mark=mark_of(key),
    )
    return basis


def demand_pin(work: Work, village_id: int, command: str, household_id: int, pin: str | None) -> None:
    """Let pass who gives a household's PIN; a wrong one is counted, once however often its request comes.

    command: name of what it is given for. The household's account is held, so that of many guesses at once each sees
    the count of the one before. Raises PinNeeded, PinWrong, PinBlocked.
    """
    found = find_pin(work, village_id, household_id)
    if found is None:
        raise PinNeeded("超过免密额度，该户还没有兑换密码，请本人带卡设置", data={"pin": "none"})
    if pin is None and not found.is_blocked(mark_of(_key())):
        raise PinNeeded(data={"pin": "set"})
    _compare(work, village_id, command, household_id, found, pin or "")


def pin_state(work: Work, village_id: int, household_id: int) -> State:
    """Whether a household has a PIN that would be listened to."""
    return state_of(work, village_id, household_id, key_mark=mark_of(_key()))


def _key() -> bytes:
    return key_of(current_config().secret_key)


def _card_of(work: Work, village_id: int, household: HouseholdRow, code: str) -> ShownCard:
    shown = find_card(work, village_id, code) if code else None
    if shown is None:
        raise CardUnknown()
    if shown.revoked_at is not None:
        raise CardRevoked()
    if shown.household_id != household.id:
        raise Invalid(errors={"card": ["这不是该户的积分卡"]})
    return shown


def _known_of(household: HouseholdRow) -> list[str]:
    """Digits that anyone in the village knows."""
    return ["".join(filter(str.isdigit, words)) for words in (household.phone or "", household.number)]


def _basis(
    work: Work, village_id: int, change_id: str, household: HouseholdRow, old_pin: str | None, *, may_reset: bool
) -> str:
    found = find_pin(work, village_id, household.id)
    if found is None:
        return "first"
    if old_pin is not None:
        _compare(work, village_id, change_id, household.id, found, old_pin)
        return "known"
    if not may_reset:
        raise Forbidden("改密码须先输原密码；忘记的，请本人带卡由村管理员重设")
    return "reset"


def _compare(work: Work, village_id: int, command: str, household_id: int, found: PinRow, pin: str) -> None:
    key = _key()
    if found.is_blocked(mark_of(key)):
        raise PinBlocked() if found.wrong >= MOST_WRONG else PinBlocked(_OTHER_KEY)
    if hmac.compare_digest(found.digest, digest_of(key, change_id=found.change_id, pin=pin)):
        if found.wrong:
            _COUNT.run(work, in_village=village_id, of_household=household_id, now_wrong=0, guess=None)
        return
    guess, wrong = guess_of(key, change_id=found.change_id, command=command, pin=pin), found.wrong
    # sent again because the answer was lost: nothing is learned by it, nothing counted
    if found.last_wrong is None or not hmac.compare_digest(found.last_wrong, guess):
        wrong += 1
        _COUNT.run(work, in_village=village_id, of_household=household_id, now_wrong=wrong, guess=guess)
    left = MOST_WRONG - wrong
    if not left:
        raise PinBlocked()
    raise PinWrong(f"兑换密码不对，还可以试 {left} 次", data={"tries_left": left})
