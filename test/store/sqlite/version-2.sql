-- A store of version 2 as a kill has left it: segment 1 is sealed, segment 2 is not. Never changed.
PRAGMA page_size = 1024;
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA application_id = 1413827656;
PRAGMA user_version = 2;
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
INSERT INTO units VALUES (1, 'u', 975617128, '{"clientId":"u","name":"name of u","askedName":"asked","v":2,"ip":"192.0.2.7","port":45678,"peer":"192.0.2.7","interval":{"confirmedSeconds":10,"wantedSeconds":5,"rev":2,"confirmedRev":1,"assumed":false,"tcpOnly":true},"registeredMs":1795255200000,"lastSeenMs":1795255200123,"left":true}');
INSERT INTO units VALUES (2, 'v', 3255571005, '{"clientId":"v","name":"name of v","askedName":"asked","v":1,"ip":"192.0.2.7","port":45678,"peer":"192.0.2.7","interval":{"confirmedSeconds":10,"wantedSeconds":5,"rev":2,"confirmedRev":1,"assumed":false,"tcpOnly":true},"registeredMs":1795255200000,"lastSeenMs":1795255200123,"left":false}');
INSERT INTO segments VALUES (1, 1, 1);
INSERT INTO segments VALUES (2, 2, 0);
INSERT INTO words VALUES (1, 0, 3150619712, '{"firstStream":0,"firstShape":0,"streams":[["u","u","e"],["u","u","f"]],"shapes":[["ram",null,null,["used","available","total"]]]}');
INSERT INTO words VALUES (2, 0, 1503556348, '{"firstStream":0,"firstShape":0,"streams":[["u","u","e"],["v","v",null]],"shapes":[["ram",null,null,["used","available","total"]],["cpu_temp","coretemp/Package id 0","hwmon",["celsius"]]]}');
INSERT INTO blocks VALUES (1, 1795255200000, 5, 430865121, X'01314254050000000f00000000000000000000000000f03f00000000000000400000000000000840000000000000f03f0000000000000040000000000000f03f00000000000000400000000000000840000000000000f03f00000000000000400000000000408f40000000000000f83f000000000000f0bf0000000000409f40000000000000044000000000000000c0000000000070a7400000000000000c4000000000000008c00000000000408f40000000000000f83f000000000000f0bf0000000000409f40000000000000044000000000000000c00000000000000100010000000000000000000000');
INSERT INTO blocks VALUES (2, 1795255200000, 3, 4194465032, X'0131425403000000070000000000000000000000000010400000000000001440000000000000f87f000000000000104000000000000014400000000000001c40000000000040af40000000000000124000000000000010c0000000000088b340000000000000164000000000000014c00000000000404b40000000000100000000000100');
INSERT INTO marks VALUES ('u', 'e', 3, 1, 862616547);
INSERT INTO marks VALUES ('u', 'f', 2, 1, 1177285932);
INSERT INTO presence VALUES (1, 'u', 1, 3);
INSERT INTO gaps VALUES ('u', 1, 1795255200000, 100, 150, 1, 559304321, '{"clientId":"u","number":1,"reason":"host-off","fromMs":100,"filledMs":120,"toMs":150}');
INSERT INTO gaps VALUES ('u', 2, 1795255200000, 200, NULL, 0, 3623586401, '{"clientId":"u","number":2,"reason":"sensor-gone","sensor":"disk","id":"/mnt","fromMs":200,"filledMs":200}');
