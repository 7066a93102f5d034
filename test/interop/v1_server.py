#!/usr/bin/env python3
"""A v1 server as deployed ones behave (docs/protocol.md), bug for bug: a test double.

It takes whatever one recv(1024) gives for one message, drops the first 16 bytes as the header and never reads the
length in it; it answers `!SUCC` with a header and acknowledges without one; it sends `!UPDT` by UDP when a line
`interval SECONDS` arrives on its standard input. What it sees it prints as JSON lines.

A deployed server loses data, without a word, when a client joins two messages or sends one before the last was
answered. Here each is a `problem` event and makes the exit code 1: to see the second, an answer is held back for a
moment. The same goes for whatever comes within a second after `!UDPT: RECEIVED`, which a deployed server may read
together with it. A line `stop`, or the end of standard input, ends it.
"""

import argparse
import json
import os
import select
import socket
import sys
import threading
import time

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--host", default="127.0.0.1")
arguments.add_argument("--port", type=int, default=0, help="0: a free one")
arguments.add_argument("--interval", type=int, default=1)
arguments.add_argument("--older", action="store_true", help="the oldest variant: says `port`, not `tcp_port`")
arguments.add_argument("--answer-delay", type=float, default=0.05, help="seconds for which an answer is held back")
# A client counts its second of quiet from its own write; we measure from our own read, which a busy machine delays.
arguments.add_argument("--quiet", type=float, default=0.5, help="seconds for which nothing may come after !UDPT: RECEIVED")
options = arguments.parse_args()

problems = 0
units = {}
printing = threading.Lock()


def say(event, **fields):
    with printing:
        print(json.dumps({"event": event, **fields}), flush=True)


def problem(what, data):
    global problems
    problems += 1
    say("problem", what=what, data=data.decode("utf-8", "replace"))
    print(f"v1 server: {what}: {data!r}", file=sys.stderr, flush=True)


def frame(command, data):
    body = (command + data).encode()
    return str(len(body)).encode().ljust(16) + body


def receive(connection):
    """One message as v1 reads it. The length, which v1 ignores, only tells us what v1 would not have noticed."""
    data = connection.recv(1024)
    header, body = data[:16], data[16:]
    if data and (not header.strip().isdigit() or len(header) < 16):
        problem("a message without a header of 16 bytes", data)
    elif data and len(body) > int(header):
        problem("messages joined in one piece", data)
    elif data and len(body) < int(header):
        problem("a message in more than one piece", data)
    return body.decode("utf-8", "replace")


def answer(connection, data):
    """Sends `data` after the delay, in which the client has to wait."""
    readable, _, _ = select.select([connection], [], [], options.answer_delay)
    if readable:
        early = connection.recv(1024, socket.MSG_PEEK)
        if early:
            problem("a message before the last one was answered", early)
    connection.sendall(data)


def register(connection, data):
    hello = json.loads(data)
    client_id = str(1000 + len(units))
    units[client_id] = (hello["ip"], hello["UDP_port"])
    success = {
        "client_id": client_id,
        "port" if options.older else "tcp_port": connection.getsockname()[1],
        "interval": options.interval,
    }
    say("registered", hello=hello, client_id=client_id)
    answer(connection, frame("!SUCC", json.dumps(success)))


def serve(connection):
    quiet_from = None
    while True:
        message = receive(connection)
        if quiet_from is not None and time.monotonic() - quiet_from < options.quiet:
            problem("something within a second after !UDPT: RECEIVED", message.encode())
        quiet_from = None
        command, data = message[:5], message[5:]
        if message == "":
            say("closed")
            return
        if command == "!RGTR":
            register(connection, data)
        elif command == "!INFO":
            say("info", text=data)
            answer(connection, b"!INFO: RECEIVED")
        elif message == "!UDPT: RECEIVED":
            say("confirmed")
            quiet_from = time.monotonic()
        elif command == "!DISC":
            say("disconnected")
            answer(connection, b"!DISC: RECEIVED")
            connection.close()
            return
        else:
            problem("a message that v1 does not know", message.encode())


def accept(listener):
    while True:
        connection, peer = listener.accept()
        say("connected", peer=peer[0])
        threading.Thread(target=serve_one, args=(connection,), daemon=True).start()


def serve_one(connection):
    try:
        serve(connection)
    except (OSError, ValueError, KeyError) as error:
        problem(f"the connection's thread died of {error!r}", b"")


def main():
    listener = socket.create_server((options.host, options.port))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind((options.host, 0))
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    say("listening", address=options.host, port=listener.getsockname()[1])
    for line in sys.stdin:
        words = line.split()
        if words[:1] == ["interval"]:
            for address in units.values():
                datagrams.sendto(frame("!UPDT", words[1]), address)
            say("interval-sent", seconds=int(words[1]))
        elif words == ["stop"]:
            break
    say("stopped", problems=problems)
    sys.stdout.flush()
    os._exit(1 if problems else 0)


if __name__ == "__main__":
    main()
