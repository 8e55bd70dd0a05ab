"""The socket that the sandbox listens on; its answers leave at once."""

from __future__ import annotations

import socket


def listen(host: str, port: int) -> socket.socket:
    """Raises OSError where the port cannot be had.

    The protocol is named, since asyncio turns TCP_NODELAY on only where it is. Without that the body of an answer waits
    until its head is acknowledged, 40 ms later.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(128)
    except OSError:
        found.close()
        raise
    return found
