#!/usr/bin/env python3
"""A v1 client as deployed ones behave (docs/protocol.md), bug for bug: a test double.

It reads one message with one recv(1024) and never looks at the length in a header; it takes an acknowledgement only
without header, byte for byte; it waits for each answer before the next request; it hears `!UPDT` by UDP in a thread,
from anybody, and confirms nothing. What it sees it prints as JSON lines. What would have broken a deployed client is a
`problem` event and exit code 1.

It runs until it has sent --rounds rounds, or until a line arrives on its standard input or that ends; then it sends
`!DISC` and waits for the confirmation.
"""

import argparse
import json
import socket
import sys
import threading
import time

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--server", required=True, help="HOST:PORT")
arguments.add_argument("--name", default="v1-unit")
arguments.add_argument("--udp-port", type=int, default=0, help="0: a free one")
arguments.add_argument("--rounds", type=int, help="leave after so many; without it, stay")
arguments.add_argument("--older", action="store_true", help="the oldest variant: reads `port`, not `tcp_port`")
arguments.add_argument("--style", choices=["plain", "named"], default="plain", help="which words its readings use")
options = arguments.parse_args()

TEXTS = {
    "plain": "CPU temperature: 54.5\nStorage % used: 24.0\nMemory % used: 1.8\n",
    "named": f"{options.name}'s temp: 54.5\nAverage CPU % used: 12.5\ndisk % used: 24.0\nmemory % used: 1.8\n",
}

interval = 1
leaving = threading.Event()
changed = threading.Event()
printing = threading.Lock()


def say(event, **fields):
    with printing:
        print(json.dumps({"event": event, **fields}), flush=True)


def broken(what, data):
    say("problem", what=what, data=data.decode("utf-8", "replace"))
    print(f"v1 client: {what}: {data!r}", file=sys.stderr)
    sys.exit(1)


def request(connection, command, data=""):
    """Sends one frame and returns whatever one recv gives: a v1 client takes that to be the answer."""
    body = (command + data).encode()
    try:
        connection.sendall(str(len(body)).encode().ljust(16) + body)
        return connection.recv(1024)
    except ConnectionError:
        return b""


def expect_acknowledgement(answer, command):
    if answer != f"{command}: RECEIVED".encode():
        broken(f"not the bare acknowledgement of {command}", answer)
    say("answered", command=command)


def listen_for_interval(datagrams):
    global interval
    while True:
        data, sender = datagrams.recvfrom(1024)
        body = data[16:].decode()
        if body.startswith("!UPDT"):
            try:
                interval = int(body[5:])
            except ValueError:
                say("problem", what="an interval that int() does not read", data=body)
                continue
            say("interval", seconds=interval, header=data[:16].decode(), sender=sender[0])
            changed.set()


def listen_for_leave():
    sys.stdin.readline()
    leaving.set()
    changed.set()


def register(connection, datagrams):
    global interval
    hello = {
        "name": options.name,
        "ip": connection.getsockname()[0],
        "UDP_port": datagrams.getsockname()[1],
        "time": time.strftime("%H:%M:%S"),
    }
    answer = request(connection, "!RGTR", json.dumps(hello))
    if answer[16:21] != b"!SUCC":
        broken("not the answer to !RGTR", answer)
    try:
        success = json.loads(answer[21:])
        port = success["port" if options.older else "tcp_port"]
        client_id, interval = success["client_id"], success["interval"]
    except (ValueError, KeyError) as error:
        broken(f"!SUCC cannot be read ({error!r})", answer)
    if not isinstance(client_id, str) or not isinstance(port, int) or not isinstance(interval, int):
        broken("a member of !SUCC has another type than v1 knows", answer)
    say("registered", client_id=client_id, port=port, interval=interval, udp_port=hello["UDP_port"])


def main():
    host, port = options.server.rsplit(":", 1)
    connection = socket.create_connection((host, int(port)), timeout=30)
    datagrams = socket.socket(connection.family, socket.SOCK_DGRAM)
    datagrams.bind((connection.getsockname()[0], options.udp_port))
    register(connection, datagrams)
    threading.Thread(target=listen_for_interval, args=(datagrams,), daemon=True).start()
    threading.Thread(target=listen_for_leave, daemon=True).start()
    rounds = 0
    while not leaving.is_set() and rounds != options.rounds:
        expect_acknowledgement(request(connection, "!INFO", TEXTS[options.style]), "!INFO")
        rounds += 1
        changed.wait(interval)
        changed.clear()
    expect_acknowledgement(request(connection, "!DISC"), "!DISC")
    rest = connection.recv(1024)
    if rest != b"":
        broken("something came after the confirmation of !DISC", rest)
    say("disconnected", rounds=rounds)


if __name__ == "__main__":
    main()
