"""A checkout in a folder of its own, and an environment in which the commands of pages that install packages run.

They run as they stand in the page, in bash. Nothing is fetched: pip finds the packages that casemap needs where the tests
have them, and the address of casemap's repository leads to the checkout. `python3 -m venv` makes an environment with the
pip of the tests, for unpacking one takes five seconds of any Python.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.docs_pages.running import Done
from tests.samples import ROOT

__all__ = ["ADDRESS", "Checkout"]

ADDRESS = "https://git.example.com/casemap"
_PARTS = ("casemap", "examples", "generated", "mappings", "schemas", "tests", "LICENSE", "README.md", "pyproject.toml")
_PYTHON3 = """\
#!/bin/bash
[ "$1 $2" = "-m venv" ] || exec "{python}" "$@"
"{python}" -m venv --without-pip "$3" || exit
for name in pip pytest; do
    printf '#!/bin/bash\\nexec "${{0%%/*}}/python" -m %s "$@"\\n' $name > "$3/bin/$name" && chmod +x "$3/bin/$name"
done
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout: `folder` holds it, `tools` the `python3` of its commands, `packages` what casemap needs."""

    folder: Path
    tools: Path
    packages: Path

    @classmethod
    def at(cls, place: Path) -> Checkout:
        """Make one in an empty folder."""
        made = cls(place / "checkout", place / "tools", place / "packages")
        for part in (made.folder, made.tools, made.packages):
            part.mkdir()
        for name in _PARTS:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, made.folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, made.folder / name)
        for package in Path(sysconfig.get_path("purelib")).iterdir():
            if not re.match(r"_?casemap|_editable|__editable|__pycache__|.*\.pth\Z", package.name):
                (made.packages / package.name).symlink_to(package)
        python3 = made.tools / "python3"
        python3.write_text(_PYTHON3.format(python=sys.executable), "utf-8")
        python3.chmod(0o755)
        return made

    def tag(self, name: str) -> None:
        """Commit the checkout under a tag, where commands find it at `ADDRESS`."""
        author = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
        names = [part for part in _PARTS if part != "tests"]
        for arguments in (["init"], ["add", *names], ["commit", "--message", name], ["tag", name]):
            command = [
                "git",
                *author,
                *arguments,
                *([] if arguments[0] == "add" or arguments[0] == "tag" else ["--quiet"]),
            ]
            subprocess.run(command, cwd=self.folder, env=self._environment(), check=True, capture_output=True)

    def run(self, command: str, **variables: str) -> Done:
        """Run a command of a page, with `pip` being that of the environment."""
        done = subprocess.run(
            ["bash", "-c", f'pip() {{ .venv/bin/pip "$@"; }}\n{command}'],
            cwd=self.folder, env={**self._environment(), **variables},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, encoding="utf-8",
            check=False, timeout=120,
        )  # fmt: skip
        return Done(done.stdout, done.returncode)

    def _environment(self) -> dict[str, str]:
        others = ("GIT_", "PIP_", "PYTEST_", "PYTHON", "COV")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        return {
            **inherited,
            "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.packages),
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as the value of `build_isolation`
            "PIP_NO_COMPILE": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{self.folder}.insteadOf",
            "GIT_CONFIG_VALUE_0": ADDRESS,
        }
