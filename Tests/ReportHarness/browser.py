"""Chromium without a window, driven over a pipe by the DevTools protocol. Nothing but the standard library."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from typing import Any, Iterator

FLAGS = [
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    # What a page asks for is seen and told; it reaches nobody.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-proxy-server",
]


class BrowserFailure(Exception):
    """The browser did not start, did not answer, or refused a command."""


class Browser:
    """One browser with a profile of its own. It ends, with all its processes, at `close`, and with this process: it
    sees the end of its pipe."""

    def __init__(self, program: str) -> None:
        self.directory = tempfile.mkdtemp(prefix="orch-browser-")
        self.messages: list[dict[str, Any]] = []
        self.buffer = b""
        self.last = 0
        try:
            self._start(program)
        except BaseException:
            shutil.rmtree(self.directory, ignore_errors=True)
            raise

    def _start(self, program: str) -> None:
        child_in, self.sink = (_high(end) for end in os.pipe())
        self.source, child_out = (_high(end) for end in os.pipe())
        words = [program, *FLAGS, f"--user-data-dir={self.directory}/profile"]
        if os.geteuid() == 0:
            words.append("--no-sandbox")  # it refuses to run as root with one
        environment = {
            **{name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ},
            "HOME": self.directory,
            "TMPDIR": self.directory,
        }
        self.log = f"{self.directory}/log"
        create = os.O_WRONLY | os.O_CREAT
        self.process = os.posix_spawn(
            program,
            [*words, "about:blank"],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                (os.POSIX_SPAWN_OPEN, 2, self.log, create, 0o600),
                (os.POSIX_SPAWN_DUP2, child_in, 3),
                (os.POSIX_SPAWN_DUP2, child_out, 4),
            ],
            setpgroup=0,
            setsigmask=[],
        )
        os.close(child_in)
        os.close(child_out)

    def call(self, method: str, parameters: dict[str, Any] | None = None, session: str | None = None) -> dict[str, Any]:
        """Sends a command and waits for its answer; what else comes in is kept for `events`."""
        self.last += 1
        number = self.last
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            data = data[os.write(self.sink, data):]
        for answer in self._incoming(30):
            if answer.get("id") != number:
                continue
            if "error" in answer:
                raise BrowserFailure(f"{method}: {answer['error'].get('message')}")
            return answer["result"]
        raise BrowserFailure(f"{method}: no answer\n{self._said()}")

    def wait(self, method: str, session: str, seconds: float = 20) -> dict[str, Any]:
        """Waits for an event, unless it has come already."""
        for message in self.messages:
            if message.get("method") == method and message.get("sessionId") == session:
                return message["params"]
        for message in self._incoming(seconds):
            if message.get("method") == method and message.get("sessionId") == session:
                return message["params"]
        raise BrowserFailure(f"{method} does not come\n{self._said()}")

    def events(self, session: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """What has happened in a session, in order."""
        for message in self.messages:
            if message.get("sessionId") == session:
                yield message["method"], message["params"]

    def forget(self, session: str) -> None:
        self.messages = [message for message in self.messages if message.get("sessionId") != session]

    def _incoming(self, seconds: float) -> Iterator[dict[str, Any]]:
        end = time.monotonic() + seconds
        while True:
            while b"\0" in self.buffer:
                piece, self.buffer = self.buffer.split(b"\0", 1)
                message = json.loads(piece)
                if "method" in message:
                    self.messages.append(message)
                yield message
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.source], [], [], left)[0]:
                return
            data = os.read(self.source, 1 << 20)
            if not data:
                raise BrowserFailure(f"the browser has ended\n{self._said()}")
            self.buffer += data

    def _said(self) -> str:
        try:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                return log.read()[-2000:]
        except OSError:
            return ""

    def close(self) -> None:
        """Ends the browser and removes what it has written."""
        if self.process:
            # Nothing of it is to be kept, so that it need not say good-bye. Its children have their own groups at
            # most below its session, and end when it does.
            _kill_group(self.process)
            os.waitpid(self.process, 0)
            self.process = 0
            os.close(self.sink)
            os.close(self.source)
        for _ in range(20):
            shutil.rmtree(self.directory, ignore_errors=True)
            if not os.path.exists(self.directory):
                return
            time.sleep(0.05)  # a child that ends is still writing


class Tab:
    """One page of the browser, from its making to `close`."""

    def __init__(self, browser: Browser, domains: list[str]) -> None:
        self.browser = browser
        self.target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        attached = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})
        self.session = attached["sessionId"]
        self.world: int | None = None
        for domain in domains:
            self.call(domain + ".enable")

    def call(self, method: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.browser.call(method, parameters, self.session)

    def open(self, url: str) -> None:
        """Loads an address, and makes a world beside the page's own for the scripts of the checks."""
        failure = self.call("Page.navigate", {"url": url}).get("errorText")
        if failure:
            raise BrowserFailure(f"{url}: {failure}")
        self.browser.wait("Page.loadEventFired", self.session)
        self.isolate()

    def isolate(self) -> None:
        frame = self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]
        made = self.call("Page.createIsolatedWorld", {"frameId": frame, "worldName": "harness"})
        self.world = made["executionContextId"]

    def evaluate(self, expression: str) -> Any:
        """Runs JavaScript in the world beside the page's own, and returns what its promise or value is."""
        answer = self.call(
            "Runtime.evaluate",
            {"expression": expression, "contextId": self.world, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            text = details.get("exception", {}).get("description") or details.get("text")
            raise BrowserFailure(str(text))
        return answer["result"].get("value")

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return self.browser.events(self.session)

    def close(self) -> None:
        self.browser.call("Target.closeTarget", {"targetId": self.target})
        self.browser.forget(self.session)


def _high(descriptor: int) -> int:
    """The same pipe's end, away from the numbers that the child is to have it at."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass
