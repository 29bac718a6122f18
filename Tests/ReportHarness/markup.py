"""What can be said of an HTML file without a browser: its syntax, its inventory, its outline."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any, Iterator
from xml.etree.ElementTree import Element

import tools

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

ELEMENTS = set(
    """
    html head meta title style body header footer main nav section article aside h1 h2 h3 h4 h5 h6 p div span a
    ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr th td code pre strong em b i small s del ins mark
    time abbr details summary figure figcaption hr br wbr bdi bdo blockquote q kbd samp var sub sup img
    svg g rect line path circle ellipse polyline polygon text tspan desc defs pattern
    """.split()
)
ATTRIBUTES = set(
    """
    class id lang dir title role tabindex style href alt src width height charset name content http-equiv
    scope colspan rowspan span headers datetime open start value reversed
    viewbox preserveaspectratio xmlns x y x1 x2 y1 y2 cx cy r rx ry dx dy d points transform
    fill fill-opacity stroke stroke-width stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity opacity
    font-family font-size font-weight text-anchor dominant-baseline focusable patternunits patterntransform
    vector-effect shape-rendering textlength lengthadjust
    """.split()
)
ADDRESSES = {"href", "src", "srcset", "action", "formaction", "data", "poster", "cite", "background", "ping", "xlink:href"}
REFERENCES = {"aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "for"}
METAS = {"viewport", "color-scheme", "description", "generator", "referrer", "robots", "theme-color", "author"}
# Parts of CSS that are younger than the checker.
YOUNG_RULES = {"@container", "@layer", "@property", "@starting-style", "@scope"}


class Checker:
    """The Nu HTML checker, once for all files: its start takes longer than a file."""

    def __init__(self, paths: list[str]) -> None:
        words = [tools.java(), "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(tools.NU)]
        words += ["--format", "json", "--stdout", "--html", *paths]
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.paths = paths
        self.messages: list[dict[str, Any]] | None = None

    def about(self, path: str) -> list[dict[str, Any]]:
        """Its errors and warnings about a file."""
        if self.messages is None:
            printed, _ = self.process.communicate(timeout=120)
            try:
                self.messages = json.loads(printed)["messages"]
            except ValueError:
                raise tools.MissingTool(f"the HTML checker does not work: {printed[-500:]}") from None
        return [message for message in self.messages if message.get("url") == "file:" + path]

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def nu_findings(messages: list[dict[str, Any]], supports: Any) -> Iterator[str]:
    """What the checker said, but for its errors about properties that the browser knows, as `supports` says."""
    for message in messages:
        text = message["message"]
        if message["type"] == "info" and message.get("subType") != "warning":
            continue
        unknown = re.match(r"CSS: “[^”]*”: Property “([^”]*)” doesn't exist", text)
        rule = re.match(r"CSS: Unrecognized at-rule “([^”]*)”", text)
        if (unknown and supports(unknown[1])) or (rule and rule[1] in YOUNG_RULES):
            continue
        if text.startswith("This document appears to be written in"):  # a guess, by whatever the log's texts are in
            continue
        yield f"nu: line {message.get('lastLine')}: {text}"


def findings(data: bytes, options: dict[str, Any]) -> Iterator[str]:
    """All that is wrong with a file's text."""
    import html5lib

    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False, strict=False
    )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as failure:
        yield f"html: not UTF-8: {failure}"
        text = data.decode("utf-8", "replace")
    root: Element = parser.parse(text)
    for (line, _), code, values in parser.errors:
        yield f"html: line {line}: {html5lib.constants.E.get(code, code) % values}"
    yield from _inventory(root, options)
    yield from _scripts(root)
    yield from _names(root)
    yield from _outline(root)
    yield from _tables(root)
    yield from _pictures(root)
    yield from _head(root, options)


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def _elements(root: Element, *names: str) -> Iterator[Element]:
    for element in root.iter():
        if _name(element) in names or (not names and _name(element)):
            yield element


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _inventory(root: Element, options: dict[str, Any]) -> Iterator[str]:
    """Elements and attributes that nobody has allowed, and addresses that lead out of the file."""
    elements = ELEMENTS | set(options.get("elements", []))
    attributes = ATTRIBUTES | set(options.get("attributes", []))
    for element in _elements(root):
        name = _name(element)
        if name not in elements:
            yield f"inventory: element {name}"
        for key, value in element.attrib.items():
            key = key.rsplit("}", 1)[-1].lower()
            if key not in attributes and not key.startswith(("aria-", "data-")):
                yield f"inventory: attribute {key} of {name}"
            if key in ADDRESSES:
                allowed = value.startswith("data:image/") if key == "src" else key == "href" and value.startswith("#")
                if not allowed:
                    yield f"address: {key}={value[:80]!r} of {name}"
            css = value if key == "style" else ""
            if key in ("fill", "stroke", "filter", "mask", "clip-path", "style") or css:
                yield from _css(value, f"{key} of {name}")
        if name == "style":
            yield from _css(element.text or "", "style")


def _css(text: str, where: str) -> Iterator[str]:
    """What makes a style sheet fetch something."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for address in re.findall(r"url\(\s*['\"]?([^'\")]*)", text, flags=re.I):
        if not address.startswith(("data:", "#")):
            yield f"css: url({address[:80]}) in {where}"
    for word in ("@import", "expression(", "-moz-binding", "behavior:", "image-set("):
        if word in text.lower():
            yield f"css: {word} in {where}"
    if "\\" in re.sub(r"\\[0-9a-fA-F]{1,6}\s?|\\(?=['\"])", "", text):
        yield f"css: an escape in {where}"


def _scripts(root: Element) -> Iterator[str]:
    for element in _elements(root):
        if _name(element) == "script":
            yield "script: a script element"
        for key, value in element.attrib.items():
            if key.lower().startswith("on"):
                yield f"script: handler {key} of {_name(element)}"
            if re.match(r"(javascript|vbscript):|data:text/", re.sub(r"[\x00-\x20]", "", value), flags=re.I):
                yield f"script: {key}={value[:80]!r} of {_name(element)}"


def _names(root: Element) -> Iterator[str]:
    """Identifiers: each once, and those that are referred to there."""
    names: set[str] = set()
    for element in _elements(root):
        name = element.get("id")
        if name is None:
            continue
        if name in names:
            yield f"id: {name!r} twice"
        names.add(name)
    for element in _elements(root):
        for key, value in element.attrib.items():
            if key == "href" and value.startswith("#") and value[1:] not in names:
                yield f"id: {value!r} leads nowhere"
            for reference in value.split() if key in REFERENCES else []:
                if reference not in names:
                    yield f"id: {key} names {reference!r}, which is not there"


def _outline(root: Element) -> Iterator[str]:
    before = 0
    for heading in _elements(root, "h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(_name(heading)[1])
        if level > before + 1:
            yield f"heading: h{level} {_text(heading)[:60]!r} follows " + (f"h{before}" if before else "nothing")
        if level == 1 and before:
            yield f"heading: another h1 {_text(heading)[:60]!r}"
        if not _text(heading):
            yield f"heading: an empty h{level}"
        before = level
    if not before:
        yield "heading: none"


def _tables(root: Element) -> Iterator[str]:
    for number, table in enumerate(_elements(root, "table"), 1):
        if table.get("role") in ("presentation", "none"):
            yield f"table {number}: used for layout"
        first = next(iter(_elements_below(table)), None)
        if first is None or _name(first) != "caption" or not _text(first):
            yield f"table {number}: no caption"
        heads = list(_elements(table, "th"))
        if not heads:
            yield f"table {number}: no th"
        for head in heads:
            if head.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"table {number}: th {_text(head)[:60]!r} without scope"


def _elements_below(element: Element) -> Iterator[Element]:
    for child in element:
        if _name(child):
            yield child


def _pictures(root: Element) -> Iterator[str]:
    """Images with an alternative; drawings that are named or hidden."""
    for image in _elements(root, "img"):
        if image.get("alt") is None:
            yield "alt: an img without alt"
    for drawing in _elements(root, "svg"):
        named = drawing.get("aria-label") or drawing.get("aria-labelledby")
        if drawing.get("aria-hidden") != "true" and not (drawing.get("role") == "img" and named):
            yield "alt: an svg that is neither hidden nor an image with a name"


def _head(root: Element, options: dict[str, Any]) -> Iterator[str]:
    language = root.get("lang")
    if not language:
        yield "lang: none"
    elif language != options.get("lang", language):
        yield f"lang: {language!r}"
    if not any(_text(title) for title in _elements(root, "title")):
        yield "title: none"
    policies = []
    for meta in _elements(root, "meta"):
        if meta.get("http-equiv", "").lower() == "content-security-policy":
            policies.append(meta.get("content", ""))
        elif "http-equiv" in meta.attrib or meta.get("name", "viewport").lower() not in METAS:
            yield f"meta: {meta.get('http-equiv') or meta.get('name')}"
    wanted = options.get("policy", POLICY)
    if policies != [wanted]:
        yield f"policy: {policies}"
