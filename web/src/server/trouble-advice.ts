/** What to do about each event that the server logs as a warning or an error: docs/errors.md in short. */
export const troubleAdvice: Readonly<Record<string, string>> = {
  'access-failed':
    "Accounts and audit log cannot be read or written: see whether the data folder's disk is full, and whether the server's user may write there.",
  'bad-frame':
    'Somebody sends what is no frame: a scanner, or a client of your own with a mistake. The log has the peer.',
  'bad-reading': 'A client sends what is no reading, and lets go of it. The log has the peer and the reason.',
  'certificate-date':
    "The server's certificate expires soon, has expired, or is not valid yet: put a new one in its place and reload.",
  'clock-off':
    "A machine's clock is more than 2 s from the server's: set it by the network. Its readings keep their times.",
  'compaction-failed':
    'The store could not pack readings; it tries again each minute, and nothing is lost. See whether the disk is full.',
  configuration: 'A setting is probably a mistake, or needs a restart: the log says which.',
  'connection-closed': 'Somebody connected and did not register: a scanner, or a client that gave up.',
  'connection-refused': 'A limit on connections was reached: the log names the setting. Those inside are served on.',
  'datagrams-dropped':
    'More interval changes were due by UDP than limits.datagrams_per_second; they are sent again by themselves.',
  'duplicate-identity':
    'Two machines send as one unit: on the copy, stop the client, delete its state folder, start it again.',
  'events-dropped':
    'More happened to units than their charts keep: a unit that comes and goes each second. The log has all of it.',
  'http-failed': "A fault of the API's own: please report it with the log's line.",
  'join-token-revoked': 'A join token was sent without TLS, and lets nobody in any more: make another line.',
  late: 'A slow or lossy link, or a machine under load; it comes back by itself. An interval may be too short.',
  'log-dropped':
    'Whatever reads the log is slow: give the server a log file (log.file). Readings are stored all the same.',
  'login-failed': 'Somebody typed a wrong password, or guesses: the log has the address.',
  lost: 'A machine is off, its link is cut, or its client was killed: look there. What it holds comes when it is back.',
  'machine-pending': 'A machine waits for approval: see Machines.',
  'not-registered': 'A client of your own sends before it has registered: the log has the peer.',
  'query-failed': 'A query for readings failed: the log has the reason. See whether the disk is well.',
  'registration-refused': 'A machine was not let in: the log has the reason, often its name or its key.',
  'reload-failed': 'Settings were to be read again and are wrong; the former ones hold. The log says what is wrong.',
  'request-refused':
    'The API refused a request for who sent it, from where, or for what it is. The log has address and reason.',
  'retention-failed':
    'Readings that are too old could not be dropped; it is tried again each minute. See whether the disk is full.',
  'store-damaged':
    'Part of the store cannot be read: telemetryctl store check tells what. See whether the disk is well.',
  'store-dropped':
    'The store is full, and its oldest readings went early: raise store.budget, or shorten store.retention.',
  'store-unavailable':
    'Nothing is stored and nothing acknowledged: free some space, or mend the disk. Clients hold their readings.',
  'tls-failed': 'A TLS handshake came to nothing: a scanner, or a client that expects another certificate.',
  'unknown-command': 'A client of your own sends a command that there is not: the log has the peer.',
};

/** `troubles` by count, the most frequent first, each with what to do. */
export function troubleRows(
  troubles: Readonly<Record<string, number>>,
): readonly { readonly event: string; readonly times: number; readonly advice: string }[] {
  return Object.entries(troubles)
    .filter(([, times]) => times > 0)
    .map(([event, times]) => ({ event, times, advice: troubleAdvice[event] ?? "The server's log says more." }))
    .toSorted((one, other) => other.times - one.times || one.event.localeCompare(other.event));
}
