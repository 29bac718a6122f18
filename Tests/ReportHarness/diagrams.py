"""Mermaid's diagrams, drawn by mermaid itself on a blank page of the browser."""

from __future__ import annotations

import json
import re
from typing import Any, Iterator

import tools
from browser import Browser, BrowserFailure, Tab

DRAW = """
(async () => {
  const source = %s, made = {};
  made.type = (await mermaid.parse(source)).diagramType;
  const {svg} = await mermaid.render('d%d', source);
  document.body.innerHTML = svg;
  made.bars = document.querySelectorAll('rect.task').length;
  made.labels = [...document.querySelectorAll('text')].map((e) => e.textContent).filter(Boolean);
  made.active = [...document.querySelectorAll('a, image, script, iframe, img, use')].map((e) => e.tagName);
  document.body.innerHTML = '';
  return made;
})()
"""


# What leads out of the page.
OUTSIDE = ("http:", "https:", "ws:", "wss:", "ftp:", "file:")


class Board:
    """A blank page with mermaid, for all diagrams."""

    def __init__(self, browser: Browser) -> None:
        self.tab = Tab(browser, ["Page", "Runtime", "Network"])
        self.tab.isolate()
        self.tab.evaluate(tools.MERMAID.read_text(encoding="utf-8") + "\n;0")
        # As forges have it.
        self.tab.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'}), 0")
        self.count = 0

    def check(self, source: str, bars: int | None, kind: str = "gantt") -> tuple[list[str], dict[str, Any]]:
        """What is wrong with a diagram, and what it shows."""
        self.count += 1
        found = list(_commands(source))
        try:
            made = self.tab.evaluate(DRAW % (json.dumps(source), self.count))
        except BrowserFailure as failure:
            text = " ".join(str(failure).split())
            return [*found, f"mermaid: {text[:300]}"], {"bars": 0, "labels": []}
        if made["type"] != kind:
            found.append(f"mermaid: {made['type']}, not {kind}")
        if bars is not None and made["bars"] != bars:
            found.append(f"mermaid: {made['bars']} bars, not {bars}")
        for name in made["active"]:
            found.append(f"mermaid: an element {name}")
        return found, made

    def close(self) -> list[str]:
        """Ends the page; returns what it asked for meanwhile."""
        asked = [
            f"mermaid: request: {event['request']['url'][:200]}"
            for method, event in self.tab.events()
            # The browser's own blank page may ask for something of its own, under a name of its own.
            if method == "Network.requestWillBeSent" and event["request"]["url"].startswith(OUTSIDE)
        ]
        self.tab.close()
        return asked


def _commands(source: str) -> Iterator[str]:
    """What a diagram's source has that makes it more than a drawing."""
    if "%%{" in source or source.lstrip().startswith("---"):
        yield "mermaid: it sets options"
    if re.search(r"^\s*(?:click|href|call|accDescr\s*\{)\b", source, flags=re.M):
        yield "mermaid: it has a command"
