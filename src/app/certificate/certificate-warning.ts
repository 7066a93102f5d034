import type { ServerCertificate } from './server-certificate.ts';

/** Enough to have one made and handed out. */
const soonMs = 30 * 86_400_000;

/** What an operator should know of the dates of a certificate; undefined where there is nothing. `folder` is where the server's own lies. */
export function certificateWarning(
  { file, notBeforeMs, notAfterMs, isOwn }: ServerCertificate & { readonly isOwn: boolean },
  nowMs: number,
): string | undefined {
  if (nowMs < notBeforeMs) {
    return `${file} is valid from ${dateOf(notBeforeMs)} on only; see whether this machine's clock is right: clients that look at dates refuse it until then`;
  }
  if (nowMs < notAfterMs - soonMs) return undefined;
  const when = nowMs < notAfterMs ? `expires on ${dateOf(notAfterMs)}` : `has expired on ${dateOf(notAfterMs)}`;
  const renew = isOwn
    ? 'move its folder away and start the server anew for another, whose fingerprint those clients then need that pinned this one'
    : 'put a new one in its place and send the server SIGHUP';
  return `${file} ${when}: clients that look at dates, which those that pinned it do not, refuse it then; ${renew}`;
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
