-- A store of version 6 as a kill has left it: segment 1 was moved into chunks, segments 2 and 3 are not sealed. Never changed.
PRAGMA page_size = 1024;
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA application_id = 1413827656;
PRAGMA user_version = 6;
CREATE TABLE units (
    number INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
CREATE TABLE segments (
    segment INTEGER PRIMARY KEY,
    first_block INTEGER NOT NULL,
    sealed INTEGER NOT NULL
  ) STRICT;
CREATE TABLE words (
    segment INTEGER NOT NULL,
    part INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (segment, part)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE blocks (
    block INTEGER PRIMARY KEY,
    stored_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
CREATE TABLE marks (
    client_id TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (client_id, epoch)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE presence (
    segment INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    PRIMARY KEY (segment, client_id)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE gaps (
    client_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER,
    fillable INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (client_id, number)
  ) STRICT, WITHOUT ROWID;
CREATE INDEX gaps_by_age ON gaps (stored_ms) WHERE to_ms IS NOT NULL;
CREATE TABLE series (
    series INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE
  ) STRICT;
CREATE INDEX series_by_unit ON series (client_id);
CREATE TABLE chunks (
    chunk INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    stored_ms INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    summary BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
CREATE INDEX chunks_by_time ON chunks (series, tier, to_ms, from_ms);
CREATE INDEX chunks_by_age ON chunks (tier, stored_ms);
CREATE INDEX small_chunks ON chunks (series, tier, stored_ms) WHERE rows < 512;
CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    moved_block INTEGER NOT NULL,
    last_chunk INTEGER NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;
CREATE TABLE dropped (
    tier INTEGER PRIMARY KEY,
    through_ms INTEGER NOT NULL
  ) STRICT;
CREATE TABLE newest (
    client_id TEXT PRIMARY KEY,
    to_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
CREATE TABLE set_aside (
    block INTEGER PRIMARY KEY,
    stored_ms INTEGER NOT NULL,
    readings INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
CREATE TABLE machines (
    number INTEGER PRIMARY KEY,
    public_key TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
CREATE TABLE tokens (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
CREATE TABLE events (
    client_id TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    number INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (client_id, time_ms, number)
  ) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_age ON events (time_ms);
INSERT INTO units (number, client_id, checksum, record) VALUES (1, 'u', 975617128, '{"clientId":"u","name":"name of u","askedName":"asked","v":2,"ip":"192.0.2.7","port":45678,"peer":"192.0.2.7","interval":{"confirmedSeconds":10,"wantedSeconds":5,"rev":2,"confirmedRev":1,"assumed":false,"tcpOnly":true},"registeredMs":1795255200000,"lastSeenMs":1795255200123,"left":true}');
INSERT INTO units (number, client_id, checksum, record) VALUES (2, 'v', 3920741661, '{"clientId":"v","name":"name of v","askedName":"asked","v":1,"ip":"192.0.2.7","port":45678,"peer":"192.0.2.7","interval":{"confirmedSeconds":10,"wantedSeconds":5,"rev":2,"confirmedRev":1,"assumed":false,"tcpOnly":true},"registeredMs":1795255200000,"lastSeenMs":1795255200123,"left":false,"tags":{"place":"on the roof","rack":"7"}}');
INSERT INTO segments (segment, first_block, sealed) VALUES (1, 1, 1);
INSERT INTO segments (segment, first_block, sealed) VALUES (2, 2, 0);
INSERT INTO segments (segment, first_block, sealed) VALUES (3, 3, 0);
INSERT INTO words (segment, part, checksum, text) VALUES (1, 0, 2276846088, '{"firstStream":0,"firstShape":0,"streams":[["u","u","e"],["u","u","f"],["v","v",null]],"shapes":[["ram",null,null,["used","available","total"]],["cpu_temp","coretemp/Package id 0","hwmon",["celsius"]]]}');
INSERT INTO words (segment, part, checksum, text) VALUES (2, 0, 253097128, '{"firstStream":0,"firstShape":0,"streams":[["u","u","e"]],"shapes":[["ram",null,null,["used","available","total"]]]}');
INSERT INTO blocks (block, stored_ms, readings, checksum, data) VALUES (2, 1795255200000, 2, 3695790108, X'013142540200000006000000000000000000000000001040000000000000144000000000000010400000000000001440000000000040af40000000000000124000000000000010c0000000000088b340000000000000164000000000000014c00000000000000000');
INSERT INTO marks (client_id, epoch, seq, segment, checksum) VALUES ('u', 'e', 3, 1, 862616547);
INSERT INTO marks (client_id, epoch, seq, segment, checksum) VALUES ('u', 'f', 2, 1, 1177285932);
INSERT INTO presence (segment, client_id, from_ms, to_ms) VALUES (1, 'u', 1, 3);
INSERT INTO presence (segment, client_id, from_ms, to_ms) VALUES (1, 'v', 7, 7);
INSERT INTO gaps (client_id, number, stored_ms, from_ms, to_ms, fillable, checksum, record) VALUES ('u', 1, 1795255200000, 100, 150, 1, 559304321, '{"clientId":"u","number":1,"reason":"host-off","fromMs":100,"filledMs":120,"toMs":150}');
INSERT INTO gaps (client_id, number, stored_ms, from_ms, to_ms, fillable, checksum, record) VALUES ('u', 2, 1795255200000, 200, NULL, 0, 4185067824, '{"clientId":"u","number":2,"reason":"sensor-gone","fromMs":200,"filledMs":200,"sensor":"disk","id":"/mnt"}');
INSERT INTO series (series, client_id, checksum, key) VALUES (1, 'u', 271037015, '["u","ram",null,["used","available","total"]]');
INSERT INTO series (series, client_id, checksum, key) VALUES (2, 'v', 1349955640, '["v","cpu_temp","coretemp/Package id 0",["celsius"]]');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (1, 1, 0, 5, 1, 3, 1795255200000, 1413280554, X'0000000000408f40000000000070a740000000000094c140000000000000f83f0000000000000c40000000000000274000000000000008c0000000000000f0bf00000000000022c0', X'01051f5b5b2275222c2265222c6e756c6c5d2c5b2275222c2266222c6e756c6c5d5d0500010101000101010001000102020404060001020204040610e8070200020002010506060a0a0e00010101030305');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (2, 1, 1, 1, 0, 0, 1795255200000, 1070037780, X'', X'01010001000005020000e8070200d00f0200a01f0201000f0200140200280200000301000202000602');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (3, 1, 2, 1, 0, 0, 1795255200000, 2626813373, X'', X'01010001000005020000e8070200d00f0200a01f0201000f0200140200280200000301000202000602');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (4, 1, 3, 1, 0, 0, 1795255200000, 1265860069, X'', X'01010001000005020000e8070200d00f0200a01f0201000f0200140200280200000301000202000602');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (5, 2, 0, 1, 7, 7, 1795255200000, 1460474639, X'0000000000404b400000000000404b400000000000404b40', X'0101145b5b2276222c6e756c6c2c2268776d6f6e225d5d010001000702ff000000000000f87f01a10402');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (6, 2, 1, 1, 0, 0, 1795255200000, 1651633096, X'', X'01010001000001020100a10402000100000100');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (7, 2, 2, 1, 0, 0, 1795255200000, 3453527554, X'', X'01010001000001020100a10402000100000100');
INSERT INTO chunks (chunk, series, tier, rows, from_ms, to_ms, stored_ms, checksum, summary, data) VALUES (8, 2, 3, 1, 0, 0, 1795255200000, 2831129924, X'', X'01010001000001020100a10402000100000100');
INSERT INTO progress (id, moved_block, last_chunk, checksum) VALUES (1, 1, 8, 1735314057);
INSERT INTO machines (number, public_key, checksum, record) VALUES (1, 'a__________________________________________', 3624902373, '{"publicKey":"a__________________________________________","clientId":"u","name":"name of u","state":"approved","firstSeenMs":1795255200000,"lastSeenMs":1795255200123,"peer":"192.0.2.7","tokenId":"AAAAAAAA"}');
INSERT INTO machines (number, public_key, checksum, record) VALUES (3, 'b__________________________________________', 357326655, '{"publicKey":"b__________________________________________","clientId":"id-of-b","name":"name of b","state":"revoked","firstSeenMs":1795255200000,"lastSeenMs":1795255200123,"peer":"192.0.2.7"}');
INSERT INTO machines (number, public_key, checksum, record) VALUES (4, 'c__________________________________________', 2238423344, '{"publicKey":"c__________________________________________","clientId":"id-of-c","name":"name of c","state":"pending","firstSeenMs":1795255200000,"lastSeenMs":1795255200123,"peer":"192.0.2.7"}');
INSERT INTO tokens (number, id, checksum, record) VALUES (1, 'AAAAAAAA', 198658698, '{"id":"AAAAAAAA","hash":"AAAAAAAA-----------------------------------","usesMax":3,"uses":1,"createdMs":1795255200000,"expiresMs":1795258800000,"revoked":false}');
INSERT INTO tokens (number, id, checksum, record) VALUES (2, 'BBBBBBBB', 1261558952, '{"id":"BBBBBBBB","hash":"BBBBBBBB-----------------------------------","usesMax":3,"uses":0,"createdMs":1795255200000,"expiresMs":1795258800000,"revoked":true}');
INSERT INTO events (client_id, time_ms, number, checksum, record) VALUES ('u', 1795255200000, 1, 80333971, '{"event":"registered","details":{"peer":"192.0.2.7","v":2}}');
INSERT INTO events (client_id, time_ms, number, checksum, record) VALUES ('u', 1795255200000, 2, 577530784, '{"event":"interval-wanted","details":{"interval":5,"rev":2}}');
INSERT INTO events (client_id, time_ms, number, checksum, record) VALUES ('u', 1795255201000, 1, 2433121303, '{"event":"lost","details":{"reason":"silent"}}');
INSERT INTO events (client_id, time_ms, number, checksum, record) VALUES ('v', 1795255200000, 1, 3621507532, '{"event":"text","details":{"text":"it''s \"fine\"","peer":null}}');
