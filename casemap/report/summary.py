"""The summary of a conversion, for people: what came out, what was lost, what stands in for something else."""

from __future__ import annotations

from collections import Counter

from casemap.report.characters import printable
from casemap.run.tally import Loss, Tally

__all__ = ["summary_text"]

_SHOWN = 10
"""Fields that are listed of each kind; `--summary` has all."""


def summary_text(tally: Tally) -> str:
    """A few lines about a run; the last has no line feed."""
    records = "record" if tally.records == 1 else "records"
    routes = ", ".join(f"{source} to {target}" for source, target in tally.routes)
    lines = [f"{tally.converted:,} of {tally.records:,} {records} converted{f' ({routes})' if routes else ''}"]
    if tally.rejected:
        codes = ", ".join(f"{code} in {count:,}" for code, count in sorted(tally.codes.items()))
        lines[0] += f", {tally.rejected:,} rejected: {codes}"
    if tally.stopped:
        lines.append("stopped before the end of the input: no output file was written")
    lines += _losses("left behind, with the number of records:", tally.lost)
    lines += _losses("approximate, with the number of records:", tally.approximations)
    lines += _losses("taken from a further option of the rule, with the number of records:", tally.fallbacks)
    return "\n".join(lines)


def _losses(title: str, losses: Counter[Loss]) -> list[str]:
    """A table of fields, the most frequent first."""
    if not losses:
        return []
    ordered = sorted(losses.items(), key=lambda entry: (-entry[1], entry[0].type, entry[0].field))
    shown = [(printable(loss.field), f"{count:,}", printable(loss.reason)) for loss, count in ordered[:_SHOWN]]
    name_width = max(len(name) for name, _, _ in shown)
    count_width = max(len(count) for _, count, _ in shown)
    lines = [title]
    lines += [f"  {name:<{name_width}}  {count:>{count_width}}  {reason}".rstrip() for name, count, reason in shown]
    if len(ordered) > _SHOWN:
        lines.append(f"  and {len(ordered) - _SHOWN} more fields (--summary FILE lists all)")
    return lines
