import { CodedError } from './coded-error.ts';
import { reasonOf, systemErrorCode } from './system-error.ts';

/** Why a program cannot listen at `where`, the flag and its value, and what to do about it. `cause` is the system's error. */
export function listenError(where: string, cause: unknown): CodedError {
  switch (systemErrorCode(cause)) {
    case 'EADDRINUSE':
      return new CodedError('port-in-use', `${where}: another program listens there; end it, or choose another port`, {
        cause,
      });
    case 'EACCES':
      return new CodedError(
        'port-not-allowed',
        `${where}: this user may not listen there; choose a port from 1024 up`,
        { cause },
      );
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CodedError(
        'address-unknown',
        `${where}: this machine has no such address; 127.0.0.1 is this machine alone, 0.0.0.0 all its IPv4 addresses`,
        { exitCode: 2, cause },
      );
    default:
      return new CodedError('listen-failed', `${where}: ${reasonOf(cause)}`, {
        cause,
      });
  }
}
