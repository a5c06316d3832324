"""Many callers at the same moment, in real threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from werkzeug.test import TestResponse

T = TypeVar("T")


def at_once(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Run all tasks in threads that start together; their results in the order of the tasks."""
    start = Barrier(len(tasks))

    def run(task: Callable[[], T]) -> T:
        start.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def outcome(answer: TestResponse) -> object:
    """The status of what went through, status and code of what did not."""
    return answer.status_code if answer.status_code < 400 else (answer.status_code, answer.get_json(force=True)["code"])


def outcomes(answers: Sequence[TestResponse]) -> dict[object, int]:
    """Outcome → how many times."""
    found = [outcome(answer) for answer in answers]
    return {each: found.count(each) for each in found}
