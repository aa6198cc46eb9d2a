"""processes.py - the program under test and the practice gateway as processes that may be killed.

Used by tests/crash/run. A Process knows how to start, to be killed with SIGKILL, to be stopped
properly, and how it ended; output goes to one log file in the laboratory's folder. Ends only what it
has started.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import threading
import time

START_LIMIT_S = 40
STOP_LIMIT_S = 40


class Trouble(Exception):
    """The laboratory cannot go on; the message says why."""


def free_port():
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Process:
    """One program on one port, started again and again."""

    def __init__(self, name, command, port, ready_path, log):
        self.name, self.command, self.port, self.ready_path, self.log = name, command, port, ready_path, log
        self.child = None

    def start(self, crash_at=None, wait=True):
        environment = dict(os.environ)
        environment.pop("SENDINGO_CRASH_AT", None)
        if crash_at:
            environment["SENDINGO_CRASH_AT"] = crash_at
        with open(self.log, "ab") as log:
            log.write(f"== {self.name} starts, crash at {crash_at}\n".encode())
            log.flush()
            self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                          env=environment, start_new_session=True)
        return self.wait_ready() if wait else None

    def wait_ready(self):
        """True when it answers, False when it died before; raises when it does neither."""
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit:
            if not self.alive():
                return False
            with contextlib.suppress(OSError, http.client.HTTPException):
                c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                with contextlib.closing(c):
                    c.request("GET", self.ready_path)
                    c.getresponse().read()
                return True
            time.sleep(0.01)
        raise Trouble(f"{self.name} does not answer within {START_LIMIT_S} s")

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def kill(self):
        """A power cut; nothing may be left to clean up. The end is checked by `ended`."""
        self.child.kill()
        self.child.wait()

    def freeze(self, seconds, meanwhile):
        """A process that stands still, and goes on as if nothing had been."""
        self.child.send_signal(signal.SIGSTOP)
        waking = threading.Timer(seconds, self.child.send_signal, [signal.SIGCONT])
        waking.start()
        try:
            meanwhile(time.monotonic() + seconds)
        finally:
            waking.join()

    def ended(self):
        """Raises unless the end was a SIGKILL: an assertion, a sanitizer or an exit is a failure."""
        self.child.wait(START_LIMIT_S)
        if self.child.returncode != -signal.SIGKILL:
            raise Trouble(f"{self.name} ended with {self.child.returncode}")

    def stop(self):
        """An orderly end, which must be one: status 0 (the sanitizer's leak check included)."""
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise Trouble(f"{self.name} does not end within {STOP_LIMIT_S} s") from None
        if self.child.returncode != 0:
            raise Trouble(f"{self.name} ended with {self.child.returncode} on SIGTERM")

    def clear(self):
        if self.alive():
            self.child.kill()  # reaches a frozen one as well
            self.child.wait()
