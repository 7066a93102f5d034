const v4Form = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const groupForm = /^[0-9a-fA-F]{1,4}$/;
const v6Groups = 8;

/**
 * Whether `text` is an IPv4 or IPv6 address without zone, in the forms of RFC 4291 section 2.2. Whether it is the peer's is the
 * server's to see.
 */
export function isAddress(text: string): boolean {
  return v4Form.test(text) || isV6(text);
}

function isV6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  // An IPv4 address may stand for the last two groups.
  const embedsV4 = v4Form.test(last) && text.endsWith(last);
  const hexGroups = embedsV4 ? groups.slice(0, -1) : groups;
  const count = hexGroups.length + (embedsV4 ? 2 : 0);
  return (
    (halves.length === 2 ? count < v6Groups : count === v6Groups) && hexGroups.every((group) => groupForm.test(group))
  );
}
