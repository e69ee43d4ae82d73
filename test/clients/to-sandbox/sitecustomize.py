"""Loaded before each client: whatever would go to a vendor goes to the TLS front of the sandbox. The client has no part in this."""

import os
import socket

_front = int(os.environ['FRONT_PORT'])
_resolve = socket.getaddrinfo


def _to_front(host, port, *args, **options):
    return _resolve('127.0.0.1', _front, *args, **options)


socket.getaddrinfo = _to_front
