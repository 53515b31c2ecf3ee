"""A captive portal's web server: sends every request to its page. Started as ``portal.py PORT``."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<html><title>Bienvenido</title><form>Habitacion: <input></form></html>"


class Portal(BaseHTTPRequestHandler):
    """Answers 302 to anything but its own page."""

    server_version = "LabPortal/1.0"
    own: str = ""

    def do_GET(self) -> None:
        """Show the page, or the way to it."""
        if self.headers.get("Host", "") == self.own:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)
            return
        self.send_response(302)
        self.send_header("Location", f"http://{self.own}/login")
        self.send_header("Content-Length", "0")
        self.end_headers()


def main() -> None:
    """Serve on all addresses; the page's own address is the second word."""
    port, Portal.own = int(sys.argv[1]), sys.argv[2]
    ThreadingHTTPServer(("", port), Portal).serve_forever()


if __name__ == "__main__":
    main()
