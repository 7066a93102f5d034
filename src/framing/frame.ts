/** One message on the wire. What it means is not this folder's business. */
export interface Frame {
  /** `!` and four capitals. */
  readonly command: string;
  /** At most 235 bytes of UTF-8. */
  readonly data: string;
  /** An acknowledgement without its header (protocol 1). */
  readonly bare: boolean;
}

/** What follows the command in every acknowledgement. */
export const received = ': RECEIVED';

/** A frame with a header. */
export function framed(command: string, data = ''): Frame {
  return { command, data, bare: false };
}

/** The acknowledgement of a reading, which is most of what a server says; bare for v1 peers. */
const infoAcknowledged: Frame = { command: '!INFO', data: received, bare: false };
const infoAcknowledgedBare: Frame = { command: '!INFO', data: received, bare: true };

/** The acknowledgement of `command`, bare for v1 peers. */
export function acknowledgement(command: string, bare: boolean): Frame {
  if (command === '!INFO') return bare ? infoAcknowledgedBare : infoAcknowledged;
  return { command, data: received, bare };
}
