"""The commands that files of configuration name: those of hooks for pre-commit, and of workflows of GitHub."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from casemap.cli.hooks import HOOKS

__all__ = ["commands_of"]


def commands_of(file: Path) -> list[str]:
    """What runs because of a file; nothing for a file that configures no commands.

    Raises `AssertionError` for a hook that is not there, and pre-commit's own error for a file that it does not take.
    """
    if file.name == ".pre-commit-config.yaml":
        return _hooks(file)
    if file.parent.name == "workflows":
        jobs = yaml.safe_load(file.read_text("utf-8"))["jobs"].values()
        return [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    return []


def _hooks(file: Path) -> list[str]:
    """The commands of the hooks, as pre-commit runs them over all files of the folder."""
    from pre_commit.clientlib import load_config

    chosen = [hook for repository in load_config(file)["repos"] for hook in repository["hooks"]]
    names = [hook["id"] for hook in chosen]
    assert names == [hook.id for hook in HOOKS], f"hooks that are there, and these: {names}"
    return [_command(hook, file.parent) for hook in chosen]


def _command(chosen: dict[str, Any], folder: Path) -> str:
    hook = next(each for each in HOOKS if each.id == chosen["id"])
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    files = [name for name in names if re.search(hook.files, name) and re.search(chosen.get("files", ""), name)]
    assert files, f"no file starts {hook.id}"
    return shlex.join([*shlex.split(hook.entry), *chosen.get("args", []), *(files if hook.pass_filenames else [])])
