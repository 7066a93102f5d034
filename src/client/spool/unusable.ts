import { CodedError } from '../../core/coded-error.ts';
import { reasonOf, systemErrorCode } from '../../core/system-error.ts';

/** What a person is told whose client cannot work with what is at `path`. */
export function unusableError(path: string, cause: unknown): CodedError {
  if (cause instanceof CodedError) return cause;
  const what = systemErrorCode(cause) ?? reasonOf(cause);
  return new CodedError(
    'folder-unwritable',
    `${path} cannot be read and written (${what}); give this user the right to, or choose another folder with --state-dir`,
    { cause },
  );
}

/** Throws it: to be given to `catch`. */
export function unusable(path: string): (cause: unknown) => never {
  return (cause) => {
    throw unusableError(path, cause);
  };
}
