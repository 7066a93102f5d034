import { fileURLToPath } from 'node:url';

/** The programs under measurement. */
export interface Programs {
  /** The file of a program, to be run by Node.js. */
  bin(name: 'telemetry-server' | 'telemetry-client' | 'telemetryctl'): string;
  /** The folder of the built dashboard that their server serves. */
  readonly page: string;
}

/** Those of the unpacked package in `folder`: what a user gets. */
export function packedPrograms(folder: string): Programs {
  return {
    bin: (name) => `${folder}/dist/bin/${name}.js`,
    page: `${folder}/dist/web`,
  };
}

/** Those of this checkout, as they lie there; Node.js strips their types whenever they start. */
export const sourcePrograms: Programs = {
  bin: (name) => fileURLToPath(new URL(`../src/bin/${name}.ts`, import.meta.url)),
  page: fileURLToPath(new URL('../dist/web', import.meta.url)),
};
