"""A small HTTP client that sends a path exactly as it is written.

The usual libraries rewrite `%2D`, `..` and `[`; these tests are about such spellings. Redirects are never followed and
nothing is decoded unless a test asks for it. One client keeps one connection open; it may be used by one thread.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import socket
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from PIL import Image

Image.MAX_IMAGE_PIXELS = None


@dataclass
class Response:
    """One answer. Header names are kept as sent; `header` looks them up without case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    url: str = ""
    reason: str = field(default="", repr=False)

    def header(self, name: str) -> str | None:
        values = self.header_list(name)
        return ", ".join(values) if values else None

    def header_list(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def media_type(self) -> str:
        return (self.header("Content-Type") or "").split(";")[0].strip()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self):
        body = self.body
        if (self.header("Content-Encoding") or "") == "gzip":
            body = gzip.decompress(body)
        return json.loads(body)

    def image(self) -> Image.Image:
        picture = Image.open(io.BytesIO(self.body))
        picture.load()
        return picture

    def size(self) -> tuple[int, int]:
        """Pixel size of the picture in the body, from its header alone."""
        return Image.open(io.BytesIO(self.body)).size

    def links(self) -> dict[str, str]:
        """`Link` header as relation -> target."""
        found: dict[str, str] = {}
        for value in self.header_list("Link"):
            for target, parameters in re.findall(r"<([^>]*)>([^<]*)", value):
                for relation in re.findall(r'rel="?([^";,]+)"?', parameters):
                    for one in relation.split():
                        found[one] = target
        return found


class Client:
    """Requests against one server. `base` may carry a path prefix, which is put before every path that starts with `/`."""

    def __init__(self, base: str, timeout: float = 60):
        parts = urlsplit(base)
        self.base = base.rstrip("/")
        self.host = parts.hostname or "127.0.0.1"
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self.scheme = parts.scheme or "http"
        self.prefix = parts.path.rstrip("/")
        self.authority = parts.netloc
        self.timeout = timeout
        self._reader = None
        self._socket: socket.socket | None = None

    def close(self) -> None:
        if self._socket is not None:
            self._reader.close()
            self._socket.close()
        self._socket = None
        self._reader = None

    def path_of(self, url: str) -> str:
        """The request target of an absolute URL of this server; asserts that the URL is one of ours."""
        assert url.startswith(self.base + "/") or url == self.base, f"{url} is not below {self.base}"
        return url[len(self.base):] or "/"

    def get(self, target: str, headers: dict[str, str] | None = None) -> Response:
        return self.request("GET", target, headers)

    def head(self, target: str, headers: dict[str, str] | None = None) -> Response:
        return self.request("HEAD", target, headers)

    def options(self, target: str, headers: dict[str, str] | None = None) -> Response:
        return self.request("OPTIONS", target, headers)

    def request(self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Response:
        """Send one request; a connection that the server closed in between is opened again once."""
        if target.startswith(("http://", "https://")):
            target = self.path_of(target)
        for attempt in (1, 2):
            fresh = self._socket is None
            try:
                return self._exchange(method, target, headers or {}, body)
            except (ConnectionError, EOFError):
                self.close()
                if fresh or attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def raw(self, data: bytes) -> bytes:
        """Bytes as they are on a connection of their own; returns everything until the server closes."""
        with self._connect() as connection:
            connection.sendall(data)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def _connect(self) -> socket.socket:
        connection = socket.create_connection((self.host, self.port), timeout=self.timeout)
        if self.scheme == "https":
            import ssl

            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = context.wrap_socket(connection, server_hostname=self.host)
        return connection

    def _exchange(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Response:
        if self._socket is None:
            self._socket = self._connect()
            self._reader = self._socket.makefile("rb")
        lines = [f"{method} {self.prefix}{target} HTTP/1.1"]
        names = {name.lower() for name in headers}
        if "host" not in names:
            lines.append(f"Host: {self.authority}")
        if body or method in ("POST", "PUT", "PATCH"):
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("utf-8") + body)
        response = self._read(method)
        response.url = self.base + target
        if (response.header("Connection") or "").lower() == "close":
            self.close()
        return response

    def _read(self, method: str) -> Response:
        status_line = self._reader.readline()
        if not status_line:
            raise EOFError("the server closed the connection")
        _, status, *reason = status_line.decode("latin-1").strip().split(" ", 2)
        headers: list[tuple[str, str]] = []
        while (line := self._reader.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name.strip(), value.strip()))
        response = Response(int(status), headers, b"", reason=" ".join(reason))
        if method == "HEAD" or response.status in (204, 304) or response.status < 200:
            return response
        response.body = self._read_body(response)
        return response

    def _read_body(self, response: Response) -> bytes:
        if (response.header("Transfer-Encoding") or "").lower() == "chunked":
            parts = []
            while (length := int(self._reader.readline().split(b";")[0], 16)) > 0:
                parts.append(self._read_exactly(length))
                self._reader.readline()
            while self._reader.readline() not in (b"\r\n", b"\n", b""):
                pass
            return b"".join(parts)
        length = response.header("Content-Length")
        if length is None:
            body = self._reader.read()
            self.close()
            return body
        return self._read_exactly(int(length))

    def _read_exactly(self, length: int) -> bytes:
        data = self._reader.read(length)
        if len(data) != length:
            raise EOFError(f"the body ended after {len(data)} of {length} bytes")
        return data
