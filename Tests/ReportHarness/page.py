"""What a page does in a browser: what it asks for, runs and says, how it looks, what axe-core finds."""

from __future__ import annotations

import base64
import json
import os
import re
from pathlib import Path
from typing import Any, Iterator

import tools
from browser import Browser, BrowserFailure, Tab

# Name: media, colour scheme, width, height, whether as on a telephone.
VIEWS: dict[str, tuple[str, str, int, int, bool]] = {
    "light": ("screen", "light", 1280, 900, False),
    "dark": ("screen", "dark", 1280, 900, False),
    "narrow": ("screen", "light", 360, 740, True),
    # A4 at 96 dpi within margins of 1 cm.
    "print": ("print", "light", 718, 1046, False),
}
TALLEST = 8000

OVERFLOW = """
(() => {
  const found = [], root = document.documentElement, width = %d;
  const say = (e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.className.length ? '.' + e.className : '');
  if (root.scrollWidth > width) {
    const wide = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > width + 1);
    found.push(`the page is ${root.scrollWidth} px wide: ` + wide.slice(0, 5).map(say).join(', '));
  }
  for (const e of [root, document.body]) {
    if (['hidden', 'clip'].includes(getComputedStyle(e).overflowX)) found.push('hidden overflow of ' + say(e));
  }
  if (%s) {
    for (const e of document.body.querySelectorAll('*')) {
      const style = getComputedStyle(e);
      if (style.overflowX !== 'visible' && style.display !== 'inline' && e.scrollWidth > e.clientWidth + 1
          && e.clientWidth > 1) found.push('cut off: ' + say(e));
    }
  }
  return found;
})()
"""

LIVE = """
(() => {
  const found = [];
  if (document.scripts.length) found.push(`script: document.scripts has ${document.scripts.length}`);
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) {
      if (a.name.startsWith('on')) found.push(`script: handler ${a.name} of ${e.tagName.toLowerCase()} in the page`);
    }
    if (e.protocol === 'javascript:') found.push(`script: a link to ${e.href.slice(0, 80)} in the page`);
  }
  if (document.compatMode !== 'CSS1Compat') found.push('html: quirks mode');
  return found;
})()
"""

AXE = "axe.run(document, {resultTypes: ['violations', 'incomplete']})"


class Page:
    """An HTML file in a tab, and what was found about it."""

    def __init__(self, browser: Browser, path: str) -> None:
        self.path = os.path.realpath(path)
        self.url = Path(self.path).as_uri()
        self.found: list[str] = []
        self.notes: list[str] = []
        self.files: list[str] = []
        self.pages = 0
        self.tab = Tab(browser, ["Page", "Runtime", "Network", "Log", "Debugger", "Audits"])
        self.has_axe = False

    def close(self) -> None:
        self.tab.close()

    def check(self, views: list[str], directory: str | None) -> None:
        """Looks at the file in these views; what it looks like there goes to the directory."""
        try:
            for view in views:
                # The first view is there before the page is, so that what only loads in it is seen, too.
                self.show(view)
                if view == views[0]:
                    self.tab.open(self.url)
                    self.found += self.tab.evaluate(LIVE)
                self._look(view, directory)
        except BrowserFailure as failure:
            self.found.append(f"browser: {failure}")
        self.found += dict.fromkeys(self._happened())

    def show(self, view: str, scale: float = 1, width: int = 0, height: int = 0) -> None:
        media, scheme, usual_width, usual_height, is_mobile = VIEWS[view]
        features = [{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.tab.call("Emulation.setEmulatedMedia", {"media": media, "features": features})
        self.tab.call(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width or usual_width,
                "height": height or usual_height,
                "deviceScaleFactor": scale,
                "mobile": is_mobile,
            },
        )

    def picture(self, file: str, height: int = 0) -> None:
        """Writes what the page looks like now, all of it or its upper part."""
        size = self.tab.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or min(size["height"], TALLEST), "scale": 1}
        shot = self.tab.call(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
        )
        self._write(file, shot["data"])

    def _write(self, file: str, data: str) -> None:
        os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))
        self.files.append(file)

    def _look(self, view: str, directory: str | None) -> None:
        stem = f"{directory}/{Path(self.path).stem}-{view}" if directory else ""
        _, _, width, _, _ = VIEWS[view]
        for text in self.tab.evaluate(OVERFLOW % (width, json.dumps(view == "print"))):
            self.found.append(f"{view}: {text}")
        if view == "print":
            self._print(stem)
            return
        if stem:
            self.picture(stem + ".png")
        if not self.has_axe:
            self.tab.evaluate(tools.AXE.read_text(encoding="utf-8") + "\n;0")
            self.has_axe = True
        result = self.tab.evaluate(AXE)
        self.found += [f"{view}: {text}" for text in _axe(result["violations"])]
        self.notes += [f"{view}: {text}" for text in _axe(result["incomplete"])]

    def _print(self, stem: str) -> None:
        margin = 1 / 2.54
        options = {"printBackground": True, "paperWidth": 8.27, "paperHeight": 11.69}
        options |= {f"margin{side}": margin for side in ("Top", "Bottom", "Left", "Right")}
        data = self.tab.call("Page.printToPDF", options)["data"]
        self.pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", base64.b64decode(data)))
        if self.pages < 1:
            self.found.append("print: no page")
        if stem:
            self._write(stem + ".pdf", data)

    def _happened(self) -> Iterator[str]:
        """Requests, scripts and messages. The checks' own scripts run in a world of their own."""
        worlds: dict[int, bool] = {}
        for method, event in self.tab.events():
            if method == "Network.requestWillBeSent":
                url = event["request"]["url"]
                if url.split("#")[0] != self.url and not url.startswith("data:"):
                    yield f"request: {url[:200]}"
            elif method == "Runtime.executionContextCreated":
                context = event["context"]
                worlds[context["id"]] = bool(context.get("auxData", {}).get("isDefault"))
            elif method == "Debugger.scriptParsed" and worlds.get(event["executionContextId"], True):
                yield f"script: one ran, from line {event['startLine'] + 1}"
            elif method == "Log.entryAdded":
                yield f"console: {event['entry']['text'][:300]}"
            elif method == "Runtime.consoleAPICalled" and worlds.get(event["executionContextId"], True):
                yield f"console: {event['type']}"
            elif method == "Runtime.exceptionThrown":
                yield f"console: {event['exceptionDetails'].get('text')}"
            elif method == "Audits.issueAdded":
                yield f"issue: {event['issue']['code']} {_short(event['issue'].get('details'))}"
            elif method == "Page.javascriptDialogOpening":
                yield f"script: a dialog: {event['message'][:80]}"


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:200]


def _axe(rules: list[dict[str, Any]]) -> Iterator[str]:
    for rule in rules:
        nodes = rule["nodes"]
        places = ", ".join(" ".join(map(str, node["target"])) for node in nodes[:5])
        summary = " ".join((nodes[0].get("failureSummary") or "").split()) if nodes else ""
        yield f"axe {rule['id']}: {len(nodes)} × {places}: {rule['help']}. {summary[:300]}"
