/** What a command line is read against: the arguments and the machine, all of it passed in. */
export interface Surroundings {
  /** The arguments after the program's own name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths of flags and environment count from. */
  readonly cwd: string;
  /** As `process.platform` says. */
  readonly platform: string;
  /** As `process.geteuid()` says; undefined where there is no such thing. */
  readonly euid: number | undefined;
  /** As `os.homedir()` says. */
  readonly homedir: string;
  /** As `os.hostname()` says. */
  readonly hostname: string;
  /** The program's version, for `--version`. */
  readonly version: string;
}

/** What defaults depend on. */
export interface Machine extends Surroundings {
  /** The host name as a unit's name; empty where it cannot be one. */
  readonly unitName: string;
}
