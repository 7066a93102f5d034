import { fileURLToPath } from 'node:url';

/** The programs under measurement. */
export interface Programs {
  /** The file of a program, to be run by Node.js. */
  bin(name: 'telemetry-server' | 'telemetry-client' | 'telemetryctl'): string;
  /** The address of a module of theirs, given by its path below `src/` without an ending. */
  module(path: string): string;
  /** The folder of the built dashboard that their server serves. */
  readonly page: string;
}

/** Those of the unpacked package in `folder`: what a user gets. */
export function packedPrograms(folder: string): Programs {
  return {
    bin: (name) => `${folder}/dist/bin/${name}.js`,
    module: (path) => `file://${folder}/dist/${path}.js`,
    page: `${folder}/dist/web`,
  };
}

/** Those of this checkout, as they lie there; Node.js strips their types whenever they start. */
export const sourcePrograms: Programs = {
  bin: (name) => fileURLToPath(new URL(`../src/bin/${name}.ts`, import.meta.url)),
  module: (path) => new URL(`../src/${path}.ts`, import.meta.url).href,
  page: fileURLToPath(new URL('../dist/web', import.meta.url)),
};
