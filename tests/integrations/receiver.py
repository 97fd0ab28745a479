"""A receiver of webhooks with a certificate of its own, which does as it is told."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST: Final = "receiver.example"


@dataclass
class Request:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A server; `answer` is called with each request's handler."""

    port: int
    received: list[Request] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = field(
        default_factory=lambda: says(200)
    )
    # Set at the end, so that whoever hangs may go.
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"https://{HOST}:{self.port}/hook?a=1"


def says(
    status: int, body: bytes = b"thank you", **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return an answer of one piece."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drips(first: bytes, every_s: float = 0.2) -> Callable[[Any], None]:
    """Return an answer that comes byte by byte, without an end."""

    def answer(handler: Any) -> None:
        handler.wfile.write(first)
        while not handler.server.receiver.over.is_set():
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(every_s)

    return answer


def hangs(handler: Any) -> None:
    """Answer nothing at all."""
    handler.server.receiver.over.wait(60)


class Handler(BaseHTTPRequestHandler):
    """Notes what comes in, and answers."""

    server: Any

    def do_POST(self) -> None:
        """Take a webhook."""
        length = int(self.headers.get("Content-Length", 0))
        receiver = self.server.receiver
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        receiver.received.append(Request(self.path, headers, body))
        try:
            receiver.answer(self)
        except OSError:
            # The sender had enough of it.
            self.close_connection = True

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server whose broken connections are no test's failure."""

    daemon_threads = True
    receiver: Receiver
    context: ssl.SSLContext | None = None

    def get_request(self) -> Any:
        """Take a connection; the handshake is its thread's."""
        line, where = super().get_request()
        self.receiver.connections.append(line.getsockname()[0])
        if self.context is not None:
            line = self.context.wrap_socket(
                line, server_side=True, do_handshake_on_connect=False
            )
        return line, where

    def handle_error(self, *_args: Any) -> None:
        """Leave senders alone that hang up."""


@contextmanager
def served(
    files: tuple[Path, Path] | None, address: str = "127.0.0.1", port: int = 0
) -> Iterator[Receiver]:
    """Run a receiver; `files` are its certificate and key, None for plain HTTP."""
    server = Server((address, port), Handler)
    if files:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(*files)
    receiver = server.receiver = Receiver(server.server_address[1])
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def make_authority(folder: Path) -> tuple[Path, Path, Path]:
    """Write an authority and a certificate for the receiver: CA, certificate, key."""
    key, ca_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca = _certificate("Tests", ca_key, "Tests", ca_key, is_ca=True)
    leaf = _certificate(HOST, key, "Tests", ca_key, is_ca=False)
    paths = folder / "ca.pem", folder / "receiver.pem", folder / "receiver.key"
    paths[0].write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    paths[2].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _certificate(
    name: str, key: Any, issuer: str, issuer_key: Any, *, is_ca: bool
) -> x509.Certificate:
    now = datetime.now(UTC)  # noqa: TID251 - a certificate's own clock
    names = [
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (name, issuer)
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if is_ca:
        made = made.add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=True,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    else:
        made = made.add_extension(
            x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False
        )
    return made.sign(issuer_key, hashes.SHA256())
