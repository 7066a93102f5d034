import fc from 'fast-check';

/** Deeper than any stack: a parser that calls itself for each bracket would not come back. */
const depth = 200_000;

/** Texts that are meant to hurt whoever parses them: JSON of all kinds, bombs, prototypes, and no JSON at all. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '['.repeat(depth),
    '['.repeat(depth) + ']'.repeat(depth),
    `${'{"interval":'.repeat(depth)}5${'}'.repeat(depth)}`,
    `{"name":"${'\\u0000'.repeat(depth)}"}`,
    `{"interval":${'9'.repeat(depth)}}`,
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"toString":null,"valueOf":null,"toJSON":5}',
    '{"name":"a","name":5}',
    '\uFEFF{}',
    '{"seq":1e308,"time":1e-308}',
    'null',
    '-0',
  ),
  fc
    .dictionary(
      fc.constantFrom(
        'name',
        'ip',
        'UDP_port',
        'time',
        'v',
        'epoch',
        'id',
        'seq',
        'sensor',
        'source',
        'interval',
        'rev',
        'tag',
        'token',
        'client_id',
        'tcp_port',
        'used',
      ),
      fc.jsonValue({ maxDepth: 3 }),
    )
    .map((members) => JSON.stringify(members)),
  fc
    .tuple(
      fc.constantFrom(
        '{"name":"a","ip":"192.0.2.7","UDP_port":1,"time":"t","v":2,"epoch":"5f2c91e0"}',
        '{"seq":1,"time":1,"sensor":"a","used":1}',
        '{"client_id":"a","tcp_port":1,"interval":10,"v":2,"seq":0,"rev":1,"token":"AAAA"}',
        '{"interval":5,"rev":2,"tag":"AAAA"}',
        'CPU temperature: 54.5\nMemory % used: 1.8\n',
      ),
      fc.nat(),
      fc.string({ maxLength: 3 }),
    )
    // One that is nearly right: something of it replaced.
    .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + 1)),
);
