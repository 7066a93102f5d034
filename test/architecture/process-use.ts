import { isIdentifier, isPropertyAccessExpression } from 'typescript/unstable/ast/is';
import { freeNames } from './free-names.ts';
import { importsOf } from './imports.ts';
import { nodesOf, placeOf, type ParsedSource } from './parsed-source.ts';

/** `process` outside of `src/bin/`, by whatever name: argv, environment, signals and exit codes are the programs' alone. */
export function processFaults(sources: readonly ParsedSource[]): readonly string[] {
  return sources
    .filter(({ path }) => !path.startsWith('src/bin/'))
    .flatMap((source) => {
      const names = freeNames(source).filter(({ text }) => text === 'process');
      const imports = importsOf(source).filter(({ specifier }) => /^(node:)?process$/.test(specifier));
      const members = [...nodesOf(source.tree)]
        .filter(isPropertyAccessExpression)
        .filter(
          ({ expression, name }) =>
            isIdentifier(expression) && /^global(This)?$/.test(expression.text) && name.text === 'process',
        );
      return [...names, ...imports.map(({ node }) => node), ...members].map(
        (node) => `${placeOf(source, node)}: only src/bin may touch process`,
      );
    });
}
