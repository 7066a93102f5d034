"""A telemetry client for MicroPython 1.19 or later; CPython runs it too. What it speaks is in docs/protocol.md.

On a board: connect to the network and set the clock (`ntptime.settime()`) in boot.py, then in main.py

    import micropython_client
    micropython_client.run("192.0.2.10", 34567, "greenhouse")

On a computer: python3 micropython_client.py [HOST [PORT [NAME]]]
Its test runs it on CPython; on a board it has not been tried yet.

It sends what it finds to measure, takes a new interval by UDP or TCP, and connects anew, for ever, when the connection
is lost. It keeps no spool: a reading that was not acknowledged by then is lost.
"""

import binascii
import gc
import hashlib
import json
import os
import select
import socket
import sys
import time

try:
    import esp32
except ImportError:
    esp32 = None

# Boards count from 2000 or from 1970; the wire counts from 1970.
CLOCK_OFFSET_SECONDS = 946684800 if time.gmtime(0)[0] == 2000 else 0
# Where a board, which cannot ask for the port that it was given, hears UDP.
UDP_PORT = 34568
TIMEOUT_SECONDS = 30


def readings():
    """Add your own: a sensor's name, perhaps an id, and values that are numbers (section 4)."""
    found = []
    if esp32 and hasattr(esp32, "mcu_temperature"):
        found.append({"sensor": "cpu_temp", "id": "mcu", "celsius": esp32.mcu_temperature()})
    if hasattr(gc, "mem_free"):
        free, used = gc.mem_free(), gc.mem_alloc()
        found.append({"sensor": "ram", "id": "heap", "used": used, "available": free, "total": free + used})
    else:
        with open("/proc/meminfo") as lines:
            kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        total, free = kib["MemTotal"] * 1024, kib["MemAvailable"] * 1024
        found.append({"sensor": "ram", "used": total - free, "available": free, "total": total})
    return found


def run(host, port=34567, name="board"):
    """Sends readings until Ctrl-C (KeyboardInterrupt); then tells the server that it leaves."""
    delay_seconds = 1
    while True:
        session = None
        try:
            session = Session(host, port, name)
            delay_seconds = 1
            session.serve()
        except OSError as error:
            print(name + ": connecting anew in", delay_seconds, "s:", error)
            time.sleep(delay_seconds)
            delay_seconds = min(30, delay_seconds * 2)
        except KeyboardInterrupt:
            if session:
                session.leave()
            return
        finally:
            if session:
                session.close()


class Session:
    """One connection, from the registration until it is lost. Whatever goes wrong with it is an OSError."""

    def __init__(self, host, port, name):
        self.seq = 0
        self.confirmed_ms = None
        self.key = None  # until the server has answered the registration
        family, kind, _, _, address = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
        self.tcp = socket.socket(family, kind)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self.register(address, name)
        except Exception:
            self.close()
            raise

    def register(self, address, name):
        self.tcp.settimeout(TIMEOUT_SECONDS)
        self.tcp.connect(address)
        can_ask = hasattr(self.udp, "getsockname")
        self.udp.bind(socket.getaddrinfo("0.0.0.0", 0 if can_ask else UDP_PORT)[0][-1])
        self.udp.setblocking(False)
        self.poller = select.poll()
        self.poller.register(self.tcp, select.POLLIN)
        self.poller.register(self.udp, select.POLLIN)
        year, month, day, hour, minute, second = time.gmtime()[:6]
        hello = {
            "name": name,
            "ip": "0.0.0.0",  # a board may not know its own; the server then sends to where the connection comes from
            "UDP_port": self.udp.getsockname()[1] if can_ask else UDP_PORT,
            "time": "%04d-%02d-%02dT%02d:%02d:%02dZ" % (year, month, day, hour, minute, second),
            "v": 2,
            "epoch": binascii.hexlify(os.urandom(4)).decode(),
        }
        answer = self.ask("!RGTR" + json.dumps(hello))
        if not answer.startswith("!SUCC"):
            raise OSError("not registered: " + answer)
        grant = json.loads(answer[5:])
        self.client_id, self.interval, self.rev = grant["client_id"], grant["interval"], grant["rev"]
        self.key = base64url_decode(grant["token"])

    def serve(self):
        while True:
            round_ms = monotonic_ms()
            for reading in readings():
                self.seq += 1
                reading["seq"] = self.seq
                reading["time"] = time.time_ns() // 1000000 + CLOCK_OFFSET_SECONDS * 1000
                answer = self.ask("!INFO" + json.dumps(reading))
                if answer != "!INFO: RECEIVED":
                    print("refused:", answer)
            while elapsed_ms(round_ms) < self.interval * 1000:
                self.receive(self.interval * 1000 - elapsed_ms(round_ms))

    def leave(self):
        """Section 8. Ctrl-C may have cut a frame in two, so the confirmation is looked for, not decoded."""
        received = b""
        try:
            self.send("!DISC")
            while b"!DISC: RECEIVED" not in received:
                piece = self.tcp.recv(256)
                if not piece:
                    raise OSError("the server has closed the connection")
                received = received[-14:] + piece
        except OSError as error:
            print("left without the server's confirmation:", error)

    def close(self):
        self.tcp.close()
        self.udp.close()

    def ask(self, body):
        """Sends a request and returns its answer."""
        self.send(body)
        asked_ms = monotonic_ms()
        while elapsed_ms(asked_ms) < TIMEOUT_SECONDS * 1000:
            answer = self.receive(1000)
            if answer:
                return answer
        raise OSError("no answer to " + body[:5])

    def receive(self, wait_ms):
        """Waits for what comes next: returns it where it is an answer, obeys it where it is a new interval."""
        ready = [item[0] for item in self.poller.poll(int(wait_ms) + 1)]
        try:
            self.update(self.udp.recv(256)[16:])
        except OSError:
            pass  # no datagram is waiting
        if self.tcp not in ready and not (hasattr(self.tcp, "fileno") and self.tcp.fileno() in ready):
            return None
        body = self.exactly(int(self.exactly(16)))
        if body[:5] != b"!UPDT":
            return body.decode()
        self.update(body)
        return None

    def update(self, body):
        """Takes a new interval, over UDP or TCP, where its tag proves that the server sent it (section 5)."""
        if self.key is None:
            return
        try:
            data = body[5:].decode()
            wanted = json.loads(data)
            rev, interval, tag = wanted["rev"], wanted["interval"], wanted["tag"]
            signed = "\n".join((self.client_id, number_text(data, "rev"), number_text(data, "interval")))
            if base64url(hmac_sha256(self.key, signed.encode())[:16]) != tag:
                return
        except (ValueError, KeyError, TypeError, IndexError):
            return  # noise
        if rev > self.rev:
            self.rev, self.interval = rev, interval
        elif self.confirmed_ms is not None and elapsed_ms(self.confirmed_ms) < 1000:
            return
        self.confirmed_ms = monotonic_ms()
        self.send("!UPDT: RECEIVED %d" % rev)

    def send(self, body):
        frame = ("%-16d%s" % (len(body.encode()), body)).encode()
        while frame:
            frame = frame[self.tcp.send(frame) :]

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.tcp.recv(count - len(data))
            if not piece:
                raise OSError("the server has closed the connection")
            data += piece
        return data


def number_text(data, name):
    """The characters of a number exactly as they stand in the JSON text: the tag is over them."""
    end = start = data.index('"%s":' % name) + len(name) + 3
    while data[end] in "0123456789.":
        end += 1
    return data[start:end]


def hmac_sha256(key, message):
    """RFC 2104, for a key of at most 64 bytes; MicroPython has no hmac of its own."""
    key = key + bytes(64 - len(key))
    inner = hashlib.sha256(bytes([byte ^ 0x36 for byte in key]) + message).digest()
    return hashlib.sha256(bytes([byte ^ 0x5C for byte in key]) + inner).digest()


def base64url(data):
    return binascii.b2a_base64(data).decode().strip().rstrip("=").replace("+", "-").replace("/", "_")


def base64url_decode(text):
    return binascii.a2b_base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))


def monotonic_ms():
    return time.ticks_ms() if hasattr(time, "ticks_ms") else int(time.monotonic() * 1000)


def elapsed_ms(since_ms):
    """Boards' ticks wrap around, so only differences mean something."""
    return time.ticks_diff(time.ticks_ms(), since_ms) if hasattr(time, "ticks_ms") else monotonic_ms() - since_ms


if __name__ == "__main__":
    if sys.implementation.name == "cpython":
        import signal

        signal.signal(signal.SIGTERM, signal.default_int_handler)
    host, port, name = sys.argv[1:] + ["127.0.0.1", "34567", "board"][len(sys.argv) - 1 :]
    run(host, int(port), name)
