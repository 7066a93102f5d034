export type Level = 'error' | 'warn' | 'info' | 'debug';
export const levels: readonly Level[] = ['error', 'warn', 'info', 'debug'];

export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where events go. Every event is one line: a name of the outside contract and its fields. */
export type Log = (level: Level, event: string, fields?: Fields) => void;
