/** What writes: an end of the program, or a failure, may come in the midst of it. */
export const writes: ReadonlySet<string> = new Set(['append', 'add-chunks', 'end-move', 'replace-chunks', 'tidy']);
