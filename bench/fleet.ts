/** The fleet simulator from the source: `node bench/fleet.ts --server 127.0.0.1:34567 --clients 1000 --rate 5000 --duration 10`. */
import '../src/bin/telemetry-fleet.ts';
