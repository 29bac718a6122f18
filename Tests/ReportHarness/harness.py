#!/usr/bin/env python3
"""Proves that reports are what they claim to be.

Reads one request from standard input and prints one answer, both JSON:

    {"jobs": [{"kind": "html", "path": "report.html", "screenshots": "shots", "options": {"lang": "ko"}}, …]}
    {"jobs": [{"path": …, "findings": [text…], "notes": [text…], "files": [path…], …}, …]}

A job without findings has passed. Kinds and their options:

html      lang: the language that it is to have. views: of light, dark, narrow, print; all of them, when absent.
          policy: its Content-Security-Policy. elements, attributes: further ones that it may have.
          texts: what is to be read in it, letter by letter.
markdown  codeBlocks: the languages that fences may have, ["mermaid"] when absent. bars: how many each diagram is to
          show. trailers: whether the last paragraph is one of trailers. allow: filters of `gfm.FILTERS` that may
          find something. texts.
mermaid   bars. type: the diagram's, gantt when absent. texts: labels.
picture   to: the PNG. view: light when absent. width, height, scale.

`harness.py --tools` says what is missing, and exits with 1 then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

import diagrams
import gfm
import markup
import page
import tools
from browser import Browser, BrowserFailure


class Run:
    """All jobs of a request: one browser, one checker."""

    def __init__(self, jobs: list[dict[str, Any]]) -> None:
        self.jobs = jobs
        self.browser: Browser | None = None
        self.checker: markup.Checker | None = None
        self.board: diagrams.Board | None = None
        self.blank: page.Tab | None = None

    def answer(self) -> list[dict[str, Any]]:
        tools.check()
        try:
            # Both take their time to start, and do it while the first jobs are at work.
            paths = sorted({os.path.realpath(job["path"]) for job in self.jobs if job["kind"] == "html"})
            if paths:
                self.checker = markup.Checker(paths)
            self.browser = Browser(tools.chromium())
            # The checker is asked last: it has had the browser's time to be ready.
            later = [(job, self._one(job)) for job in self.jobs]
            answers = [self._nu(job, answer) for job, answer in later]
            if self.board and (asked := self.board.close()):
                for answer in answers:
                    answer["findings"] += asked
            return answers
        finally:
            if self.checker:
                self.checker.close()
            if self.browser:
                self.browser.close()

    def _one(self, job: dict[str, Any]) -> dict[str, Any]:
        kinds = {"html": self._html, "markdown": self._markdown, "mermaid": self._mermaid, "picture": self._picture}
        answer: dict[str, Any] = {"path": job["path"], "findings": [], "notes": [], "files": []}
        kinds[job["kind"]](job, job.get("options", {}), answer)
        return answer

    def _html(self, job: dict[str, Any], options: dict[str, Any], answer: dict[str, Any]) -> None:
        assert self.browser
        with open(job["path"], "rb") as file:
            data = file.read()
        answer["findings"] += markup.findings(data, options)
        shown = page.Page(self.browser, job["path"])
        shown.check(options.get("views") or list(page.VIEWS), job.get("screenshots"))
        answer["findings"] += shown.found
        answer["notes"] += shown.notes
        answer["files"] += shown.files
        answer["pages"] = shown.pages
        if options.get("texts"):
            whole = shown.tab.evaluate("document.body.textContent")
            answer["findings"] += [f"text: {text!r} is not shown" for text in options["texts"] if text not in whole]
        shown.close()

    def _nu(self, job: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if job["kind"] == "html" and self.checker and self.browser:
            messages = self.checker.about(os.path.realpath(job["path"]))
            if messages:
                answer["findings"] += markup.nu_findings(messages, self._supports)
        return answer

    def _supports(self, name: str) -> bool:
        """Whether the browser knows a property of CSS."""
        assert self.browser
        if self.blank is None:
            self.blank = page.Tab(self.browser, ["Page", "Runtime"])
            self.blank.isolate()
        return bool(self.blank.evaluate(f"CSS.supports({json.dumps(name)}, 'initial')"))

    def _markdown(self, job: dict[str, Any], options: dict[str, Any], answer: dict[str, Any]) -> None:
        with open(job["path"], "rb") as file:
            document = gfm.Document(file.read())
        shown = document.shown()
        answer["findings"] += gfm.findings(document, options)
        answer["findings"] += [f"text: {text!r} is not shown" for text in options.get("texts", []) if text not in shown]
        blocks = document.blocks("mermaid")
        bars = options.get("bars")
        if bars is not None and len(bars) != len(blocks):
            answer["findings"].append(f"mermaid: {len(blocks)} diagrams, not {len(bars)}")
            bars = None
        for index, block in enumerate(blocks):
            self._draw(block, bars[index] if bars else None, options, answer)

    def _mermaid(self, job: dict[str, Any], options: dict[str, Any], answer: dict[str, Any]) -> None:
        with open(job["path"], encoding="utf-8") as file:
            self._draw(file.read(), options.get("bars"), options, answer)
        shown = "\n".join(answer["labels"])
        answer["findings"] += [f"text: {text!r} is not shown" for text in options.get("texts", []) if text not in shown]

    def _draw(self, source: str, bars: int | None, options: dict[str, Any], answer: dict[str, Any]) -> None:
        assert self.browser
        if self.board is None:
            self.board = diagrams.Board(self.browser)
        found, made = self.board.check(source, bars, options.get("type", "gantt"))
        answer["findings"] += found
        answer.setdefault("bars", []).append(made["bars"])
        answer.setdefault("labels", []).extend(made["labels"])

    def _picture(self, job: dict[str, Any], options: dict[str, Any], answer: dict[str, Any]) -> None:
        assert self.browser
        shown = page.Page(self.browser, job["path"])
        view = options.get("view", "light")
        width, height = options.get("width", 0), options.get("height", 0)
        shown.show(view, options.get("scale", 2), width, height)
        shown.tab.open(shown.url)
        shown.picture(options["to"], height)
        answer["files"] += shown.files
        shown.close()


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    try:
        if sys.argv[1:] == ["--tools"]:
            tools.check()
            return 0
        answers = Run(json.load(sys.stdin)["jobs"]).answer()
    except (tools.MissingTool, BrowserFailure, OSError, ValueError) as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    json.dump({"jobs": answers}, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
