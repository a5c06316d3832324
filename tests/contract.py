"""What the contract closes: the codes a problem may carry, and the calls that must exist."""

#: code → HTTP status of every problem that is no refusal
PROBLEMS = {
    "bad_request": 400,
    "unauthenticated": 401,
    "bad_credentials": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "busy": 409,
    "gone": 410,
    "stale": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "precondition_required": 428,
    "too_many_requests": 429,
    "internal_error": 500,
    "unavailable": 503,
}

#: codes of a 422
REFUSALS = frozenset(
    {
        *("validation", "name_reused", "insufficient_points", "out_of_stock", "limit_exceeded", "cap_exceeded"),
        *("budget_exceeded", "price_changed", "card_revoked", "card_unknown", "closed_today", "already_voided"),
        *("void_window_passed", "too_old", "in_future", "duplicate_merit", "rule_not_in_force", "self_dealing"),
        *("not_pending", "period_closed", "already_voted", "round_closed", "private_data", "account_not_active"),
        # docs/decisions/0027-pins.md
        *("pin_needed", "pin_wrong", "pin_blocked"),
    }
)

CODES = PROBLEMS | dict.fromkeys(REFUSALS, 422)

#: method and path of every call, as the OpenAPI document spells them below /api/v1
CALLS = """
POST   /sessions
GET    /me
DELETE /sessions/current
PUT    /regions/{code}
GET    /regions/{code}
GET    /regions
PUT    /users/{username}
GET    /villages/{v}/settings
PATCH  /villages/{v}/settings
PUT    /villages/{v}/households/{number}
GET    /villages/{v}/households
GET    /villages/{v}/households/{number}
POST   /villages/{v}/imports/households
PUT    /villages/{v}/households/{number}/cards/{id}
GET    /villages/{v}/households/{number}/card.svg
GET    /villages/{v}/households/{number}/card.png
GET    /villages/{v}/cards.pdf
PUT    /villages/{v}/rules/{code}
GET    /villages/{v}/rules
PUT    /villages/{v}/merits/{id}
PUT    /villages/{v}/merit-batches/{id}
PUT    /villages/{v}/merits/{id}/review
PUT    /villages/{v}/reviews/{id}
PUT    /villages/{v}/merits/{id}/reversal
GET    /villages/{v}/merits
GET    /villages/{v}/households/{number}/passbook
PUT    /villages/{v}/products/{code}
GET    /villages/{v}/products
PUT    /villages/{v}/stock-moves/{id}
POST   /villages/{v}/scans
PUT    /villages/{v}/redemptions/{id}
PUT    /villages/{v}/redemptions/{id}/void
GET    /villages/{v}/redemptions
GET    /villages/{v}/redemptions/{id}/receipt.html
GET    /villages/{v}/rankings
GET    /regions/{code}/rankings
PUT    /villages/{v}/honor-rolls/{id}
GET    /villages/{v}/honor-rolls/{id}
GET    /villages/{v}/honor-rolls/{id}.pdf
GET    /villages/{v}/honor-rolls/{id}.html
POST   /villages/{v}/sync
GET    /openapi.json
"""

#: the same for what stands outside of /api/v1
PAGES = """
GET    /
GET    /docs
GET    /b/{token}
GET    /healthz
GET    /readyz
GET    /metrics
"""


def calls(table: str) -> list[tuple[str, str]]:
    """The lines of a table as (method, path)."""
    return [(method, path) for method, path in (line.split() for line in table.strip().splitlines())]
