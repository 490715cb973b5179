"""The wheel as it is installed: it carries schemas, mappings and models, and works from any directory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.samples import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, its name with a space."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("casemap-*.whl")
    site = folder / "site packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_carries_what_it_needs(installed: Path) -> None:
    assert (installed / "casemap" / "py.typed").is_file()
    assert (installed / "casemap" / "bundled" / "schemas" / "casemap" / "mapping.schema.json").is_file()
    assert (installed / "casemap" / "bundled" / "mappings" / "egain-to-common" / "case.yaml").is_file()
    assert (installed / "casemap_models" / "khoros.py").is_file()
    assert not list(installed.glob("tests"))


def test_it_converts_from_any_directory(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "some where"
    folder.mkdir()
    (folder / "export.json").write_bytes((ROOT / "examples" / "egain-case-list.json").read_bytes())
    where = run(installed, folder, "-c", "import casemap; print(casemap.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed)
    arguments = ("-m", "casemap", "convert", "export.json", "--to", "khoros", "-p", "base_url=https://egain.example.com")
    done = run(installed, folder, *arguments)
    assert done.returncode == 0, done.stderr
    (case,) = json.loads(done.stdout)
    assert (case["title"], case["status"]) == ("Charging is too slow", "open")
    formats = run(installed, folder, "-m", "casemap", "formats")
    assert "egain-to-common/case" in formats.stdout


def test_its_models_are_importable(installed: Path, tmp_path: Path) -> None:
    code = "from casemap_models import khoros; print(khoros.Case.__name__, khoros.__file__)"
    done = run(installed, tmp_path, "-c", code)
    assert done.stdout.startswith("Case "), done.stderr
    assert str(installed) in done.stdout
