/** What writes: an end of the program, or a failure, may come in the midst of it. */
const requests = ['append', 'add-chunks', 'end-move', 'replace-chunks', 'tidy'] as const;

export const writes: ReadonlySet<string> = new Set(requests);

/** `binding`: an `append` that binds a name to a key. */
export type WriteKind = (typeof writeKinds)[number];

export const writeKinds = [...requests, 'binding'] as const;
