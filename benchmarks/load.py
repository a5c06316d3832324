"""Load over keep-alive connections, and the CPU time that processes have used for it.

Each connection sends one prepared request, waits for the whole answer, and sends the next (closed loop). The client is
a process of its own: its work is neither counted with the server's nor done under the server's interpreter lock.
"""

import atexit
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.pool import Pool

import psutil


@dataclass(frozen=True, slots=True)
class Load:
    """What one round did. seconds: wall clock. client_cpu: seconds. latencies: seconds, sorted."""

    seconds: float
    client_cpu: float
    latencies: tuple[float, ...]

    @property
    def requests(self) -> int:
        return len(self.latencies)

    def quantile(self, share: float) -> float:
        """The latency in seconds that this share of the requests stayed within."""
        return self.latencies[min(int(share * self.requests), self.requests - 1)]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all that descend from it, by the system's accounting."""
    root = psutil.Process(pid)
    while True:
        try:
            times = [process.cpu_times() for process in [root, *root.children(recursive=True)]]
        except psutil.NoSuchProcess:
            # one ended meanwhile: it is on its parent's account now
            if not root.is_running():
                raise
        else:
            return sum(each.user + each.system + each.children_user + each.children_system for each in times)


def send(port: int, request: bytes, *, connections: int, seconds: float) -> Load:
    """Send `request` to 127.0.0.1 on so many connections for so long. Raises RuntimeError when an answer is not 2xx."""
    return _client().apply(_send, (port, request, connections, seconds))


def send_each(port: int, requests: list[bytes], *, connections: int) -> Load:
    """Send each request once, shared out over the connections. Raises RuntimeError when an answer is not 2xx."""
    return _client().apply(_send_each, (port, requests, connections))


@cache
def _client() -> Pool:
    """One process for all rounds: a new one imports everything again."""
    pool = multiprocessing.get_context("spawn").Pool(1)
    atexit.register(pool.terminate)
    return pool


def _send(port: int, request: bytes, connections: int, seconds: float) -> Load:
    def until_time_is_up() -> Iterator[bytes]:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            yield request

    return _drive(port, [until_time_is_up] * connections)


def _send_each(port: int, requests: list[bytes], connections: int) -> Load:
    shares = [requests[start::connections] for start in range(connections)]
    return _drive(port, [partial(iter, share) for share in shares])


def _drive(port: int, sources: Sequence[Callable[[], Iterator[bytes]]]) -> Load:
    """One closed loop per source, all begun at once."""
    latencies: list[float] = []
    faults: list[Exception] = []
    gate = threading.Barrier(len(sources) + 1)

    def one_client(source: Callable[[], Iterator[bytes]]) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            gate.wait()
            try:
                for request in source():
                    begun = time.perf_counter()
                    connection.sendall(request)
                    _read_answer(connection)
                    latencies.append(time.perf_counter() - begun)
            except Exception as fault:
                faults.append(fault)

    clients = [threading.Thread(target=one_client, args=(source,)) for source in sources]
    for client in clients:
        client.start()
    gate.wait()
    begun, cpu = time.perf_counter(), time.process_time()
    for client in clients:
        client.join()
    if faults:
        raise RuntimeError(f"{len(faults)} connections failed, the first with {faults[0]!r}")
    return Load(time.perf_counter() - begun, time.process_time() - cpu, tuple(sorted(latencies)))


def _read_answer(connection: socket.socket) -> None:
    received = connection.recv(65536)
    while (head_end := received.find(b"\r\n\r\n")) < 0:
        received += _more(connection)
    head = received[:head_end].lower()
    if not head.startswith(b"http/1.1 2"):
        raise RuntimeError(received.decode(errors="replace"))
    _, _, after = head.partition(b"content-length:")
    expected = head_end + 4 + int(after.split(b"\r\n")[0])
    while len(received) < expected:
        received += _more(connection)


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("the server hung up in the middle of an answer")
    return received
