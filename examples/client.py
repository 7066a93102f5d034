#!/usr/bin/env python3
"""A telemetry client in Python 3.8 or later: client.py [HOST [PORT [NAME]]]. What it speaks is in docs/protocol.md."""
import glob, json, os, secrets, select, shutil, signal, socket, sys, time
host, port, name = sys.argv[1:] + ["127.0.0.1", "34567", socket.gethostname()][len(sys.argv) - 1:]
root, seq, stopping = os.environ.get("TELEMETRY_ROOT", ""), 0, []
def readings():  # each has a sensor, perhaps an id, and its values (section 4)
    memory = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in open(root + "/proc/meminfo")}
    total, available, disk = memory["MemTotal"], memory["MemAvailable"], shutil.disk_usage("/")
    yield {"sensor": "ram", "used": total - available, "available": available, "total": total}
    yield {"sensor": "disk", "id": "/", "used": disk.used, "total": disk.total}
    for chip in glob.glob(root + "/sys/class/hwmon/hwmon*"):
        kind = open(chip + "/name").read().strip()
        if kind in ("coretemp", "k10temp", "cpu_thermal"):  # the others say how warm something else is
            celsius = int(open(chip + "/temp1_input").read()) / 1000
            yield {"sensor": "cpu_temp", "id": f"{kind}/{os.path.basename(chip)}", "celsius": celsius}
def send(body):  # section 1
    tcp.sendall(b"%-16d" % len(body.encode()) + body.encode())
def exactly(count, data=b""):
    while len(data) < count: data += tcp.recv(count - len(data)) or sys.exit(f"{name}: the server has closed the connection")
    return data.decode()
def receive(seconds):  # an answer, or nothing when none begins in time; a new interval is obeyed (section 5)
    body = exactly(int(exactly(16))) if select.select([tcp], [], [], seconds)[0] else ""
    if not body.startswith("!UPDT"): return body
    wanted = json.loads(body[5:])
    if wanted["rev"] > grant["rev"]: grant.update(wanted)
    send(f"!UPDT: RECEIVED {wanted['rev']}")
def ask(body):
    send(body); return receive(30) or receive(30) or sys.exit(f"{name}: no answer came")
for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, lambda *_: stopping.append(True))
tcp = socket.create_connection((host, int(port)), timeout=30)
hello = {"name": name, "ip": tcp.getsockname()[0], "UDP_port": 0, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
answer = ask("!RGTR" + json.dumps({**hello, "v": 2, "epoch": secrets.token_hex(4)}))
grant = json.loads(answer[5:]) if answer.startswith("!SUCC") else sys.exit(f"{name}: not registered: {answer}")
while not stopping:
    last = time.monotonic()
    for seq, reading in enumerate(readings(), seq + 1):
        answer = ask("!INFO" + json.dumps({"seq": seq, "time": time.time_ns() // 1000000, **reading}))
        if answer != "!INFO: RECEIVED": print(f"{name}: refused: {answer}", file=sys.stderr)
    while not stopping and (left := last + grant["interval"] - time.monotonic()) > 0: receive(min(1, left))
while ask("!DISC") != "!DISC: RECEIVED": pass
