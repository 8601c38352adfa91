"""A mail server that does what a test tells it to: refuses, hangs, hangs up, or takes the mail."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks SMTP on a free port. ``script`` maps a step to an answer, "hang" or "drop".

    Steps: greeting, mail, rcpt, data, body, quit, and "rcpt:<address>" for one recipient.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.script: dict[str, str] = {}
        self.taken: list[tuple[str, str]] = []
        self.released = threading.Event()


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        recipient = ""
        if not self.answer("greeting", "220 ready"):
            return
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].split()[0].lower()
            if verb in ("ehlo", "helo", "rset", "noop"):
                step, usual = verb, "250 ok"
            elif verb == "rcpt":
                recipient = line.partition("<")[2].rstrip(">")
                step = f"rcpt:{recipient}" if f"rcpt:{recipient}" in self.server.script else "rcpt"
                usual = "250 ok"
            elif verb == "data":
                step, usual = verb, "354 go on"
            else:
                step, usual = verb, "221 bye" if verb == "quit" else "250 ok"
            if not self.answer(step, usual) or verb == "quit":
                return
            if verb == "data" and not self.server.script.get("data") and not self.take_body(recipient):
                return

    def take_body(self, recipient: str) -> bool:
        lines = []
        while (line := self.rfile.readline().decode()) and line.strip() != ".":
            lines.append(line)
        if "body" not in self.server.script or self.server.script["body"] in ("hang", "drop", "confused"):
            self.server.taken.append((recipient, "".join(lines)))
        return self.answer("body", "250 taken")

    def answer(self, step: str, usual: str) -> bool:
        """Answer; False when this talk is over."""
        what = self.server.script.get(step, usual)
        if what == "hang":
            self.server.released.wait(5)
            return False
        if what == "drop":
            return False
        self.wfile.write(f"{what}\r\n".encode())
        return True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a server for the length of a test."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()
