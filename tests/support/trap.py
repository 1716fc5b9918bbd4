"""A port that counts who calls, for files that call home."""

from __future__ import annotations

import socket
import threading
from types import TracebackType


class Listener:
    """Listens on the loopback until it is left; `calls` counts what it was asked."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.port: int = self._socket.getsockname()[1]
        self.calls = 0

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self._socket.close()

    def call(self) -> None:
        """Call once, to see that a call is seen."""
        before = self.calls
        with socket.create_connection(("127.0.0.1", self.port), timeout=5):
            for _ in range(50):
                if self.calls > before:
                    return
                self._stop.wait(0.1)
        raise TimeoutError("the listener does not listen")

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                caller, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.calls += 1
            caller.close()
