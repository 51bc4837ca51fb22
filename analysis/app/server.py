"""The door: one small server on this machine, which neither fetches from nor reports to anywhere."""

from __future__ import annotations

import os
import re
import socket
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from sim.errors import ForestallError

LOCAL = ("127.0.0.1", "localhost", "::1")
_APP = "analysis.app.page"
# Solara reads these when it is imported. It would otherwise report who starts it to its makers.
_SETTINGS = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "none",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_TITLE": "Forestall",
    "SOLARA_KERNEL_CULL_TIMEOUT": "5m",
    "SOLARA_SESSION_HTTP_ONLY": "True",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    # Nothing is far away here; and `_guarded` has to read the page.
    "SOLARA_SERVER_HTTP_GZIP": "False",
}
_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws://{host}; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'self'"
)

_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", re.ASCII)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
# What Solara's page says, and what it should: its language, and that it may be enlarged.
_REWORDED = (
    (b"<html>", b'<html lang="en">'),
    (b", maximum-scale=1, user-scalable=no, minimal-ui", b""),
)

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


def _cache() -> Path:
    """Return where Solara and IPython may keep what they would put into folders of the home."""
    named = os.environ.get("FORESTALL_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path("~/.cache").expanduser()) / "forestall-page"


def application(*, hosts: tuple[str, ...] = LOCAL) -> Asgi:
    """Return the page as an ASGI application.

    Parameters
    ----------
    hosts : names under which it may be asked for; a page elsewhere that resolves its own name to this
        machine is thereby refused.

    Raises
    ------
    ForestallError
        The extra [app] is not installed.
    """
    for name, value in _SETTINGS.items():
        os.environ[name] = value
    for name in ("SOLARA_HOME", "IPYTHONDIR"):
        os.environ.setdefault(name, str(_cache() / name.lower()))
    try:
        import solara.server.app
        import solara.server.settings
        from solara.server import starlette as solara_starlette
    except ModuleNotFoundError as missing:
        raise ForestallError(
            f"the page needs more packages ({missing.name} is not there): "
            "pip install 'forestall[app]'"
        ) from None
    from starlette.applications import Starlette
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    from analysis.app.take import take

    assets = Path(solara.server.settings.assets.proxy_cache_dir)
    if not any(assets.glob("@widgetti*")):
        raise ForestallError(
            "the page's own files are not there (solara-assets): pip install 'forestall[app]'"
        )
    if "__default__" not in solara.server.app.apps:
        solara.server.app.apps["__default__"] = solara.server.app.AppScript(_APP)
    inner = Starlette(
        routes=[
            Route("/take/{file}", take),
            # In front of Solara's own route of that name, which would fetch what it does not have.
            Mount("/_solara/cdn", StaticFiles(directory=assets)),
            Mount("/", solara_starlette.app),
        ],
        lifespan=solara_starlette.lifespan,
    )
    return _guarded(inner, hosts)


def _guarded(inner: Asgi, hosts: tuple[str, ...]) -> Asgi:
    """Return an application that answers to its own names, and whose pages load nothing from afar."""
    from analysis.app.course import run_ahead

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await inner(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not _own(headers, hosts):
            await _refuse(scope, send)
            return
        if scope.get("method") == "GET" and scope["path"] == "/":
            run_ahead(scope["query_string"].decode("latin-1"))
        await inner(scope, receive, _finished(send, headers[b"host"]))

    return guarded


def _finished(send: Send, host: str) -> Send:
    """Return a `send` that adds headers to every answer and makes `_REWORDED` hold in pages."""
    policy = _POLICY.format(host=host)
    added = [(b"content-security-policy", policy.encode("latin-1")), *_HEADERS]
    held: Message = {}

    async def finished(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), *added]
            message = {**message, "headers": headers}
            if any(k == b"content-type" and v.startswith(b"text/html") for k, v in headers):
                # The length of what comes is no longer what it says.
                message["headers"] = [(k, v) for k, v in headers if k != b"content-length"]
                held.update(message)
                return
        elif held and message["type"] == "http.response.body":
            await send(dict(held))
            held.clear()
            body = message.get("body", b"")
            for said, meant in _REWORDED:
                body = body.replace(said, meant, 1)
            message = {**message, "body": body}
        await send(message)

    return finished


def _own(headers: dict[bytes, str], hosts: tuple[str, ...]) -> bool:
    """Return whether a request is meant for this server, and comes from its own page."""
    host = headers.get(b"host", "")
    if not _HOST.fullmatch(host):
        return False
    origin = headers.get(b"origin")
    if origin is not None and origin.partition("://")[2] != host:
        return False
    return "*" in hosts or re.sub(r":\d+$", "", host).strip("[]") in hosts


async def _refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send(
        {
            "type": "http.response.start",
            "status": 403,
            "headers": [(b"content-type", b"text/plain")],
        }
    )
    await send({"type": "http.response.body", "body": b"not from here\n"})


def serve(*, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the page until it is interrupted.

    Parameters
    ----------
    host, port : where; a host that is not this machine's own is open to whoever reaches it.
    ready : called with the address once it answers.

    Raises
    ------
    ForestallError
        The extra [app] is not installed, or the port is taken.
    """
    hosts = LOCAL if host in LOCAL else ("*",)
    app = application(hosts=hosts)
    # Solara tells at every visit how to embed it in pages of others: nobody may embed this one.
    warnings.filterwarnings("ignore", message="(?s)Cookies with samesite=none require https")
    from solara.server.server import read_root
    from uvicorn import Config, Server

    from analysis.app.course import courses_of
    from analysis.app.shown import Shown
    from analysis.app.spread import spread_job
    from experiments.engines import compile_notice
    from experiments.terminal import notice

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        raise ForestallError(
            f"--host, --port: {host}:{port}: {os.strerror(error.errno or 0)}"
        ) from None
    with listening:
        # After all that can be refused: who waits for a minute should not be refused then.
        if waiting := compile_notice("compiled"):
            notice(waiting)
        # The first visitor would otherwise wait for imports, the first run, and the fast engine.
        courses_of(Shown())
        spread_job(Shown())

        class Announcing(Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                read_root("/")  # its templates and hashes are kept: the first visitor would wait
                shown = f"[{host}]" if ":" in host else host
                ready(f"http://{shown}:{listening.getsockname()[1]}/")

        config = Config(
            app, log_level="warning", access_log=False, timeout_graceful_shutdown=1,
            ws_ping_interval=None,
        )  # fmt: skip
        Announcing(config).run(sockets=[listening])
