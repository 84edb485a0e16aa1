"""A timestamp authority on loopback that signs with `openssl ts`."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CONFIG = """\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Invented Authority
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[signer]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(*words: object) -> bytes:
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def make_keys(folder: Path) -> None:
    """A root certificate and a signer below it; `root.pem` is what checkers trust."""
    config = folder / "tsa.cnf"
    config.write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", config)
    openssl("req", "-x509", *curve, "-keyout", folder / "root.key", "-out", folder / "root.pem", "-days", 30, "-extensions", "root")
    openssl("req", "-new", *curve, "-keyout", folder / "signer.key", "-out", folder / "signer.csr", "-subj", "/CN=Invented Signer")
    signed = ("-CA", folder / "root.pem", "-CAkey", folder / "root.key", "-CAcreateserial", "-days", 30)
    openssl("x509", "-req", "-in", folder / "signer.csr", *signed, "-extfile", config, "-extensions", "signer", "-out", folder / "signer.pem")


class Authority:
    """What the authority answers with; `mood` makes it answer otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0
        self.mood = ""
        self.url = ""

    def reply(self, query: bytes) -> tuple[int, bytes]:
        self.asked += 1
        if self.mood == "broken":
            return 503, b"later"
        if self.mood == "garbage":
            return 200, b"<html>not a timestamp</html>"
        if self.mood == "huge":
            return 200, bytes(1_000_000)
        if self.mood == "old" and (self.folder / "first.tsr").exists():
            return 200, (self.folder / "first.tsr").read_bytes()  # a good timestamp, of something else
        (self.folder / "query.tsq").write_bytes(query)
        answer = openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", self.folder / "query.tsq")
        (self.folder / "first.tsr").write_bytes(answer)
        return 200, answer


@contextmanager
def running(folder: Path) -> Iterator[Authority]:
    """Serve a timestamp authority for a block."""
    make_keys(folder)
    authority = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, answer = authority.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    authority.url = f"http://127.0.0.1:{server.server_address[1]}/tsr"
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
