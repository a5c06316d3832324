"""How `verify` tells what it found: lines for people, one JSON document for machines."""

import json
from typing import Any

from pointshop.cli.verify import Report
from pointshop.core import clock
from pointshop.ledger.verify import Finding


def as_text(report: Report) -> str:
    """A line per check; below each broken one, where it is broken."""
    at = report.at.astimezone(clock.VILLAGE_TIME)
    lines = [f"核对 {report.database}（结构第 {report.revision} 版），{at:%Y-%m-%d %H:%M:%S}"]
    for finding in report.findings:
        lines.extend(_lines(finding))
    verdict = f"有 {report.violations} 处不符" if report.violations else "全部相符"
    return "\n".join([*lines, f"{verdict}，共 {len(report.findings)} 项，用时 {report.milliseconds} 毫秒"])


def as_json(report: Report) -> str:
    """`{status, database, revision, at, milliseconds, violations, checks: [{name, invariant, says, rows, violations,
    examples, milliseconds}]}`. status: `ok` or `violations`; examples: at most 20 of each."""
    return _dump(
        {
            "status": "violations" if report.violations else "ok",
            "database": report.database,
            "revision": report.revision,
            "at": clock.as_text(report.at),
            "milliseconds": report.milliseconds,
            "violations": report.violations,
            "checks": [_check(finding) for finding in report.findings],
        }
    )


def could_not_run(reason: str) -> str:
    """`{status: "could_not_run", reason}`."""
    return _dump({"status": "could_not_run", "reason": reason})


def _lines(finding: Finding) -> list[str]:
    result = f"不符 {finding.count}" if finding.count else "相符"
    head = f"[{result}] {finding.invariant} {finding.name}：查 {finding.rows} 行，{finding.milliseconds} 毫秒"
    if not finding.count:
        return [head]
    named = [f"    {json.dumps(where, ensure_ascii=False, default=str)}" for where in finding.violations]
    more = [f"    …… 另有 {finding.count - len(named)} 处"] if finding.count > len(named) else []
    return [head, f"    {finding.says}：", *named, *more]


def _check(finding: Finding) -> dict[str, Any]:
    return {
        "name": finding.name,
        "invariant": finding.invariant,
        "says": finding.says,
        "rows": finding.rows,
        "violations": finding.count,
        "examples": finding.violations,
        "milliseconds": finding.milliseconds,
    }


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)
