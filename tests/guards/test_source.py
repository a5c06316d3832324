"""Rules of the house over the source itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for folder in ("pointshop", "migrations") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted((ROOT / "pointshop").rglob("*.html"))
#: Words with which a transaction begins or ends, in SQL and on connections.
_TRANSACTION_WORDS = re.compile(r"\b((COMMIT|ROLLBACK|SAVEPOINT)\b|BEGIN (?!SELECT))|^BEGIN$", re.IGNORECASE)
#: Where they are ended, and what each driver is told then.
_TRANSACTIONS = {f"pointshop/core/{name}.py" for name in ("db", "sqlite", "postgresql")}
_TRANSACTION_CALLS = {"commit", "rollback", "begin", "begin_nested", "savepoint"}
#: What is compared in constant time or looked up by digest (threats.md C21).
SECRETS = {"token", "token_hash", "password", "password_hash", "secret", "secret_key"}
DRAWERS = {"util.py", "utils.py", "helpers.py", "helper.py", "common.py", "misc.py", "tools.py"}


def ids(path: Path) -> str:
    return str(path.relative_to(ROOT))


def strings(tree: ast.AST) -> Iterator[str]:
    """String literals other than docstrings."""
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
            yield node.value


@pytest.mark.parametrize("path", [path for path in MODULES if ids(path) not in _TRANSACTIONS], ids=ids)
def test_only_db_begins_and_ends_transactions(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & _TRANSACTION_CALLS
    # CREATE FUNCTION and CREATE TRIGGER have a BEGIN of their own
    assert [words for words in strings(tree) if _TRANSACTION_WORDS.search(words) and "CREATE" not in words] == []


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_module_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_imports_stand_at_the_top_for_all_to_see(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    inner = {ast.unparse(node) for node in imports if node not in tree.body}
    # Windows has no resource; typst is an extra
    assert inner <= {"import resource", "import typst"}
    assert "TYPE_CHECKING" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_no_module_is_a_drawer() -> None:
    assert [ids(path) for path in MODULES if path.name in DRAWERS] == []


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_no_markup_is_trusted_and_no_secret_compared_by_hand(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"Markup", "markupsafe", "render_template_string", "eval", "exec"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops):
            sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
            # a column of SQL is looked up by its index, not compared here
            if not any(side[0].isupper() for side in sides):
                assert not {side.rpartition(".")[2] for side in sides} & SECRETS, node.lineno


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_template_escapes_everything_and_runs_nothing(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for trusted in ("|safe", "| safe", "autoescape false", "Markup"):
        assert trusted not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son\w+\s*=", page)
    assert not re.search(r"\sstyle\s*=|<style", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
