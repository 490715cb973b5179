"""The hooks as they are used: pre-commit installs them from a copy of this checkout, and runs on what is staged."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from casemap.cli.hooks import HOOKS

ROOT = Path(__file__).parents[2]
PACKAGE = (
    "casemap",
    "generated",
    "schemas",
    "mappings",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
)
MAPPING = """casemap: 1
source: own/thing
target: own/result
fields:
  name: title
"""

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or importlib.util.find_spec("pre_commit") is None, reason="needs git and pre-commit"
)

Commit = Callable[[str], subprocess.CompletedProcess[str]]


def git(folder: Path, *arguments: str) -> None:
    settings = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, env=environment())


def environment(**others: str) -> dict[str, str]:
    """The environment without what git sets while it runs hooks itself."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    return {**inherited, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **others}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository with this checkout's package, as one that offers hooks."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    git(folder, "tag", "v1")
    return folder


@pytest.fixture(scope="module")
def environments(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments that it has installed for the hooks."""
    folder = tmp_path_factory.mktemp("user")
    cache = tmp_path_factory.mktemp("environments")
    git(folder, "init", "--quiet")
    configure(folder, source)
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "install-hooks",
    ]  # an environment for each hook with packages of its own
    done = subprocess.run(
        command, cwd=folder, env=environment(PRE_COMMIT_HOME=str(cache)), capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"the hooks' environment cannot be installed here: {done.stdout[-2000:]}")
    return cache


def configure(folder: Path, source: Path) -> None:
    uses = "".join(f"      - id: {hook.id}\n" for hook in HOOKS)
    (folder / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: {source}\n    rev: v1\n    hooks:\n{uses}")
    (folder / "pyproject.toml").write_text(
        '[tool.casemap.validate]\n"payloads/khoros/*" = "khoros/case"\n"payloads/**" = "own/thing"\n"**" = false\n'
    )


@pytest.fixture
def commit(environments: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commit:
    """Stages everything in a project with a schema and a mapping of its own, and runs a hook on what is staged."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "--quiet")
    configure(tmp_path, source)
    for name, text in {
        "schemas/own/thing.schema.json": '{"type": "object", "properties": {"title": {"type": "string"}}}',
        "schemas/own/result.schema.json": '{"type": "object", "properties": {"name": {"type": "string"}}}',
        "mappings/own-to-own/result.yaml": MAPPING,
        "payloads/right.json": '{"title": "x"}',
        "payloads/khoros/case.json": (ROOT / "examples" / "khoros-case.json").read_text("utf-8"),
        "other.json": "{no payload}",
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "before")

    def run(hook: str) -> subprocess.CompletedProcess[str]:
        git(tmp_path, "add", "--all")
        command = [sys.executable, "-m", "pre_commit", "run", hook, "--color", "never"]
        settings = environment(PRE_COMMIT_HOME=str(environments))
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stdout
        return done

    return run


def test_good_and_bad_payloads(commit: Commit) -> None:
    Path("payloads/good.json").write_text('{"title": "y"}')
    Path("other.json").write_text("{still no payload}")
    done = commit("casemap-validate")
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout
    Path("payloads/bad one.json").write_text('{"title": 5}')
    Path("payloads/khoros/lines.ndjson").write_text('\n{"id": 1,}\n')
    done = commit("casemap-validate")
    assert done.returncode == 1
    assert "payloads/bad one.json:1:11: CM401 /title: expected a string, found 5\n" in done.stdout
    assert "payloads/khoros/lines.ndjson:2:9: CM103 a comma stands before the closing `}`\n" in done.stdout
    assert "good.json" not in done.stdout


def test_payloads_that_have_not_changed_are_left_alone(commit: Commit) -> None:
    Path("notes.txt").write_text("x")
    assert "Skipped" in commit("casemap-validate").stdout


def test_a_changed_schema_breaks_an_unchanged_mapping(commit: Commit) -> None:
    Path("schemas/own/thing.schema.json").write_text(
        '{"type": "object", "properties": {"title": {"type": ["string", "null"]}}}'
    )
    assert commit("casemap-check").returncode == 0
    Path("schemas/own/result.schema.json").write_text('{"type": "object", "properties": {"name": {"type": "integer"}}}')
    done = commit("casemap-check")
    assert done.returncode == 1, done.stdout
    assert "mappings/own-to-own/result.yaml:5:" in done.stdout


def test_models_that_are_not_fresh(commit: Commit) -> None:
    Path("schemas/own/more.schema.json").write_text('{"type": "object", "title": "More"}')
    done = commit("casemap-generate")
    assert done.returncode == 1, done.stdout
    assert "CM702" in done.stdout
    command = [sys.executable, "-m", "casemap", "generate"]
    subprocess.run(command, env=environment(PYTHONPATH=str(ROOT)), check=True, capture_output=True)
    done = commit("casemap-generate")
    assert done.returncode == 0, done.stdout
