/** Where a value comes from. */
export type Origin =
  | { readonly source: 'flag'; readonly name: string }
  | { readonly source: 'environment'; readonly name: string }
  | { readonly source: 'file'; readonly file: string; readonly line: number }
  | { readonly source: 'default' };

/** By the setting's key. */
export type Origins = ReadonlyMap<string, Origin>;
