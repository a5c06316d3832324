"""The slip of a reminder (整改提醒): what and until when, on A5. It names nobody."""

from datetime import date

from pointshop.publishing.dates import civil_date
from pointshop.publishing.pages import environment


def reminder_page(village: str, *, item: str, due_on: date, stylesheet_url: str) -> str:
    """The page to print."""
    return environment.get_template("publishing/reminder.html").render(
        village=village, item=item, due_on=civil_date(due_on), stylesheet_url=stylesheet_url
    )
