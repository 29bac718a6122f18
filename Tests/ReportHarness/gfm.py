"""Markdown as a forge reads it: parsed by cmark-gfm, then what GitHub's later filters make of the text."""

from __future__ import annotations

import re
import subprocess
from typing import Any, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import tools

EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist", "footnotes"]

# What nothing that is data may become.
ACTIVE = {"link", "image", "html_block", "html_inline", "footnote", "custom_block", "custom_inline"}

# Lower-case ASCII is what counts as a word for these filters, so that Hangul before a sign does not disarm it.
FILTERS = {
    "mention, e-mail or commit of another repository": re.compile(r"@[A-Za-z0-9]"),
    "issue": re.compile(r"#[0-9]+(?![A-Za-z0-9_])"),
    "issue by GH-": re.compile(r"(?<![A-Za-z0-9_])GH-[0-9]+", re.I),
    "address": re.compile(r"(?<![A-Za-z0-9_])(?:(?:(?:https?|ftp)://|(?:mailto|xmpp):)[^\s]|www\.[^\s])", re.I),
    "emoji": re.compile(r":(?:[a-z][a-z0-9_+-]*|[+-]1|100|1234|8ball):"),
    "mathematics": re.compile(r"\$(?=\S)(?:[^$\n]*[^\s$])\$(?![A-Za-z0-9])|\$\$"),
    "alert": re.compile(r"^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", re.I),
}


class Document:
    """A Markdown file, parsed."""

    def __init__(self, data: bytes) -> None:
        self.lines = data.split(b"\n")
        words = [tools.cmark(), "--to", "xml", "--sourcepos"]
        for name in EXTENSIONS:
            words += ["--extension", name]
        run = subprocess.run(words, input=data, capture_output=True, timeout=30, check=False)
        if run.returncode != 0:
            raise tools.MissingTool(f"cmark-gfm: {run.stderr.decode(errors='replace')[-300:]}")
        # It has no name for what is a footnote. Data cannot say this: its `<` is escaped.
        xml = run.stdout.replace(b"<<unknown>", b"<footnote").replace(b"</<unknown>>", b"</footnote>")
        self.root = ElementTree.fromstring(re.sub(rb' xmlns="[^"]*"|<!DOCTYPE[^>]*>', b"", xml))
        self.data = data

    def blocks(self, info: str) -> list[str]:
        """What stands in the fences of a language."""
        return [block.text or "" for block in self.root.iter("code_block") if block.get("info", "") == info]

    def texts(self, element: Element | None = None) -> Iterator[str]:
        """The pieces of text as a browser has them: one for all that no other element parts. Code is none."""
        run = ""
        for child in self.root if element is None else element:
            if child.tag == "text":
                run += child.text or ""
            elif child.tag in ("softbreak", "linebreak"):
                run += "\n"
            else:
                if run:
                    yield run
                run = ""
                yield from self.texts(child)
        if run:
            yield run

    def shown(self) -> str:
        """All that is read, code too."""
        breaks = {"softbreak": "\n", "linebreak": "\n"}
        return "".join(breaks.get(node.tag, node.text or "") for node in self.root.iter())


def findings(document: Document, options: dict[str, Any]) -> Iterator[str]:
    """All that is wrong with a Markdown file."""
    try:
        document.data.decode("utf-8")
    except UnicodeDecodeError as failure:
        yield f"markdown: not UTF-8: {failure}"
    if document.data.startswith(b"---"):
        yield "markdown: it begins like front matter"
    trailers = _take_trailers(document) if options.get("trailers") else []
    for node in document.root.iter():
        if node.tag in ACTIVE:
            content = node.get("destination") or node.text or "".join(node.itertext())
            yield f"markdown: {_place(node)}{node.tag} {content[:80]!r}"
    allowed = options.get("codeBlocks", ["mermaid"])
    for block in document.root.iter("code_block"):
        if block.get("info", "") not in allowed:
            yield f"markdown: {_place(block)}code block {block.get('info', '')[:80]!r}"
    yield from _headings(document.root)
    yield from _tables(document)
    for text in document.texts():
        yield from _filtered(text, options)
    for text in trailers:
        yield from _trailer(text)


def _filtered(text: str, options: dict[str, Any]) -> Iterator[str]:
    """What GitHub makes of text after it is HTML. A commit's name by itself may become a link."""
    for name, pattern in FILTERS.items():
        if name in options.get("allow", []):
            continue
        for match in pattern.finditer(text):
            around = text[max(match.start() - 20, 0):match.end() + 20]
            yield f"filter: {name}: {match[0]!r} in {around!r}"


def _take_trailers(document: Document) -> list[str]:
    """Takes off the last paragraph, when it is one of trailers; they name people as they are."""
    last = document.root[-1] if len(document.root) else None
    if last is None or last.tag != "paragraph":
        return [""]
    start = int(last.get("sourcepos", "1:1").split(":")[0])
    document.root.remove(last)
    return [line.decode(errors="replace") for line in document.lines[start - 1:] if line.strip()]


def _trailer(line: str) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9-]+: \S.*", line):
        yield f"trailer: {line[:80]!r} is none"
    elif re.search(r"[\[\]`]|<(?![^<>@\s]+@[^<>@\s]+>$)|(?<!<)\b[a-z]+://", re.sub(r"\\.", "", line)):
        yield f"trailer: {line[:80]!r} holds more than text"


def _headings(root: Element) -> Iterator[str]:
    before = 0
    for heading in root.iter("heading"):
        level = int(heading.get("level", "1"))
        if before and level > before + 1:
            yield f"heading: {_place(heading)}h{level} follows h{before}"
        before = level


def _tables(document: Document) -> Iterator[str]:
    """Tables as they are written: the parser would fill up short rows and cut long ones."""
    for table in document.root.iter("table"):
        columns = len(table[0])
        for row in table:
            line, column = (int(part) for part in row.get("sourcepos", "1:1").split("-")[0].split(":"))
            source = document.lines[line - 1][column - 1:].decode(errors="replace")
            if (count := _cells(source)) != columns:
                yield f"table: line {line}: {count} cells, {columns} columns"
    for paragraph in document.root.iter("paragraph"):
        # As it is written: a bar that is escaped divides nothing.
        first, last = (int(part.split(":")[0]) for part in paragraph.get("sourcepos", "1:1-1:1").split("-"))
        text = "\n".join(
            re.sub(r"\\.", "", line.decode(errors="replace").lstrip("> ")) for line in document.lines[first - 1:last])
        if re.search(r"(?:^|\n)\s*\|.*\|\s*(?:\n|$)", text) or re.search(r"\|\s*:?-{3,}:?\s*\|", text):
            yield f"table: {_place(paragraph)}not read as one: {text[:80]!r}"


def _cells(row: str) -> int:
    bare = re.sub(r"\\.", "x", row.strip())
    return bare.removeprefix("|").removesuffix("|").count("|") + 1


def _place(node: Element) -> str:
    line = node.get("sourcepos", "").split(":")[0]
    return f"line {line}: " if line else ""
