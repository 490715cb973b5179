"""What the typed door converts, the exact path converts to the same bytes, and counts the same losses of it."""

from __future__ import annotations

import functools
import itertools
import json
from random import Random
from typing import Any

import pytest

from benchmarks.cases import cases
from casemap import Catalog, Converter
from casemap.run.blocks import Counts, ExactBlocks
from casemap.run.typed import TypedBlocks
from tests.samples import payload, samples_of
from tests.typed.agreement import TYPED_ROUTES, agreement, blocks_of, exactly, lines_of
from tests.typed.lines import slips


@functools.cache
def catalog() -> Catalog:
    return Catalog()


def served(source: str, target: str, **options: Any) -> tuple[Converter, TypedBlocks]:
    converter, blocks = blocks_of(catalog(), source, target, **options)
    assert blocks is not None
    return converter, blocks


def test_list_documents_have_the_exact_path_only() -> None:
    assert blocks_of(catalog(), "telecomx/case-list", "khoros/case-list")[1] is None


@pytest.mark.parametrize(("source", "target"), TYPED_ROUTES)
def test_a_line_becomes_what_the_exact_path_makes_of_it(source: str, target: str) -> None:
    converter, blocks = served(source, target)

    found = agreement(converter, blocks, 60, seed=3)

    assert found.differing == []
    assert found.lines > 50


@pytest.mark.parametrize(("source", "target"), TYPED_ROUTES)
def test_every_sample_is_served(source: str, target: str) -> None:
    converter, blocks = served(source, target)
    for name in samples_of(source):
        line = json.dumps(payload(name)).encode()
        exact = exactly(converter, line)
        blocks.convert(line + b"\n")  # what its schema does not name is learnt from it
        output = blocks.convert(line + b"\n")
        assert exact is None or output.refused or output.data == exact


@pytest.mark.parametrize("source", ["egain/case", "khoros/case", "socialgateway/case", "telecomx/case"])
@pytest.mark.parametrize("target", ["common/case", "khoros/case", "telecomx/case"])
def test_no_generated_case_needs_the_exact_path(source: str, target: str) -> None:
    if source == target:
        return
    converter, blocks = served(source, target)
    lines = [json.dumps(case).encode() for case in cases(source, 300)]
    blocks.convert(b"\n".join(lines[:100]))

    output = blocks.convert(b"\n".join(lines[100:]))

    assert output.refused == []
    assert output.data == b"".join(exactly(converter, line) or b"" for line in lines[100:])


def test_lines_of_any_kind_in_any_block_keep_their_places() -> None:
    converter, blocks = served("telecomx/case", "khoros/case")
    random = Random(5)
    valid = [json.dumps(case).encode() for case in cases("telecomx/case", 30)]
    odd = [slips(case, random) for case in cases("telecomx/case", 30, seed=1)]
    blank = [b"", b" ", b"\r", b"\t"]
    lines = [line for line in (*valid, *odd, *blank) if b"\n" not in line]
    for _ in range(20):
        random.shuffle(lines)
        data = b"\n".join(lines[: random.randrange(1, len(lines))]) + random.choice((b"", b"\n"))
        output = blocks.convert(data)
        found, done = b"", 0
        for (index, line), place in zip(output.refused, output.places, strict=True):
            assert data.split(b"\n")[index] == line
            found += output.data[done:place] + (exactly(converter, line) or b"")
            done = place
        found += output.data[done:]
        assert found == b"".join(exactly(converter, line) or b"" for line in data.split(b"\n") if line.strip())
        assert output.converted == output.data.count(b"\n")


@pytest.mark.parametrize("target", ["khoros/case", "common/case", "socialgateway/case-update"])
@pytest.mark.parametrize("source", ["egain/case", "socialgateway/case", "telecomx/case", "khoros/case"])
def test_losses_and_approximations_are_those_of_the_exact_path(source: str, target: str) -> None:
    if (source == target) or (source, target) not in TYPED_ROUTES:
        return
    converter, blocks = served(source, target, observing=True)
    exact = ExactBlocks(converter, observing=True)
    generated = [json.dumps(case).encode() for case in cases(source, 60)]
    odd = [line for line, _ in itertools.islice(lines_of(converter, 1), 60) if b"\n" not in line]
    blocks.convert(b"\n".join(generated))
    for lines in (generated, odd):
        taken = [line for line in lines if not blocks.convert(line).refused]
        blocks.counted()
        mine, theirs = blocks.convert(b"\n".join(taken)), exact.convert(b"\n".join(taken))
        assert mine == theirs
        assert blocks.counted() == exact.counted()
        assert blocks.counted() == Counts()


def test_only_what_is_not_proven_need_be_asked_of_results() -> None:
    line = json.dumps(next(iter(cases("egain/case", 1)))).encode()
    without = json.dumps({"id": "1"}).encode()
    _, asked = served("egain/case", "khoros/case")
    _, unasked = served("egain/case", "khoros/case", left=True)
    _, some = served("egain/case", "khoros/case", left={"required": ["created"]})

    assert [blocks.convert(line).converted for blocks in (asked, unasked, some)] == [1, 1, 1]
    assert [blocks.convert(without).converted for blocks in (asked, unasked, some)] == [0, 1, 0]


def test_results_are_asked_what_the_proof_leaves() -> None:
    converter, blocks = served("telecomx/case", "khoros/case")
    lines = [json.dumps(case).encode() for case in cases("telecomx/case", 100)]
    bad = b'{"_id":"1"}'  # a case without a title, which is not proven to have one
    assert converter.left is not True

    output = blocks.convert(b"\n".join([*lines, bad]))

    assert output.data == b"".join(exactly(converter, line) or b"" for line in lines)
    assert (output.converted, output.refused) == (100, [(100, bad)])


def test_members_that_no_schema_names_are_learnt() -> None:
    converter, blocks = served("socialgateway/case", "khoros/case")
    case = next(iter(cases("socialgateway/case", 1)))
    one = json.dumps(case | {"plan": {"name": "gold", "price": 1e22}}).encode()
    two = json.dumps(case | {"plan": None, "region": "x"}).encode()
    more = json.dumps(case | {f"field {number}": 1 for number in range(100)}).encode()
    odd = json.dumps(case | {'a "name"\t': 1}).encode()
    bad = json.dumps(case | {"plan": "\ud800"}).encode()

    reverse = json.dumps({"region": "y"} | case | {"plan": "silver"}).encode()
    for _ in range(3):
        output = blocks.convert(b"\n".join([one, two, bad, reverse, more, odd]))
        assert output.refused == [(2, bad)]
        assert output.data == b"".join(exactly(converter, line) or b"" for line in (one, two, reverse, more, odd))


def test_members_within_that_no_schema_names_are_passed_over_once_they_are_sound() -> None:
    converter, blocks = served("telecomx/case", "khoros/case")
    sound = b'{"_id":"1","messages":[{"content":"a","sent":"2021-08-25T13:18:25Z","x":[1.5,"\\u00e9",{"y":1e9}]}],"state":"CLOSED","customer":"c","subject":"s"}'
    for _ in range(3):
        assert blocks.convert(sound).data == exactly(converter, sound)
    for bad in (b'"\xff"', b"1e400", b"0.12345678901234567890", b'"\\ud800"', b"-1e+999", b"NaN"):
        line = sound.replace(b"1.5", bad)
        assert blocks.convert(line).refused == [(0, line)]
        assert exactly(converter, line) is None
    assert blocks.convert(sound).data == exactly(converter, sound)


def test_one_odd_block_does_not_make_the_next_ones_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last reading takes every line, so it must not stay the first one because it takes most."""
    _, blocks = served("socialgateway/case", "khoros/case", observing=True)
    usual = [json.dumps(case).encode() for case in cases("socialgateway/case", 60) if "data" not in case]
    blocks.convert(b"\n".join(usual))
    odd = b'{"data": %s}' % usual[0].replace(b"{", b'{"plan": "gold", ', 1)
    asked: list[bytes] = []
    otherwise = TypedBlocks._otherwise

    def counting(self: TypedBlocks, line: bytes, *rest: Any) -> bool:
        asked.append(line)
        return otherwise(self, line, *rest)

    monkeypatch.setattr(TypedBlocks, "_otherwise", counting)
    assert blocks.convert(odd).converted == 1
    assert blocks._first is not blocks._readings[0]
    asked.clear()
    assert blocks.convert(b"\n".join(usual)).converted == len(usual)
    assert len(asked) == 8 < len(usual)
    assert blocks._first is blocks._readings[0]
    assert blocks.convert(b"\n".join(usual)).converted == len(usual)
    assert len(asked) == 8


def test_a_document_goes_over_one_line_only() -> None:
    _, blocks = served("telecomx/case", "common/case")

    assert blocks.convert(b'{"_id":\n"1"}\n{"_id":"2"}').converted == 1
    assert blocks.convert(b'{"_id":"1"}{"_id":"2"}\n{"_id":"3"}\r\n').converted == 1


def test_numbers_and_texts_are_exact() -> None:
    converter, blocks = served("egain/case", "common/case")
    values = ("12345678901234567890", "-5", "1.10", "1e16", "1E22", "1e-7", '"1.10"', '"\\u0000\\n\\/"', "true")
    for value in values:
        line = f'{{"id":"1","customAttributes":{{"customAttribute":[{{"attribName":"n","attribValues":{{"attribValue":[{{"value":{value}}}]}}}}]}}}}'.encode()
        output = blocks.convert(line)
        assert output.converted == (exactly(converter, line) is not None)
        assert output.data == exactly(converter, line)
    big = line.replace(b"true", b"1" * 30)
    assert blocks.convert(big).refused == [(0, big)]
    assert exactly(converter, big) is not None
