import { SyntaxKind, type FunctionDeclaration, type Node, type TypeNode } from 'typescript/unstable/ast';
import {
  isFunctionDeclaration,
  isIdentifier,
  isTypeReferenceNode,
  isVariableStatement,
} from 'typescript/unstable/ast/is';
import { importsOf } from './imports.ts';
import { placeOf, type ParsedSource } from './parsed-source.ts';

/** Sensors that import each other. A sensor is a file of `src/sensors/` that exports a `Sensor`, or a function that makes one. */
export function pluginFaults(sources: readonly ParsedSource[]): readonly string[] {
  const plugins = new Set(pluginsOf(sources));
  return sources
    .filter(({ path }) => plugins.has(path))
    .flatMap((source) =>
      importsOf(source)
        .filter(({ target }) => target !== undefined && plugins.has(target))
        .map(({ node, specifier }) => `${placeOf(source, node)}: a plugin may not import the plugin ${specifier}`),
    );
}

export function pluginsOf(sources: readonly ParsedSource[]): readonly string[] {
  return sources
    .filter(({ path, tree }) => path.startsWith('src/sensors/') && tree.statements.some(exportsSensor))
    .map(({ path }) => path);
}

function exportsSensor(statement: Node): boolean {
  if (isFunctionDeclaration(statement)) return isExported(statement) && isSensor(statement.type);
  if (!isVariableStatement(statement) || !isExported(statement)) return false;
  return statement.declarationList.declarations.some(({ type }) => isSensor(type));
}

function isExported({ modifiers }: Pick<FunctionDeclaration, 'modifiers'>): boolean {
  return modifiers?.some(({ kind }) => kind === SyntaxKind.ExportKeyword) ?? false;
}

function isSensor(type: TypeNode | undefined): boolean {
  return (
    type !== undefined && isTypeReferenceNode(type) && isIdentifier(type.typeName) && type.typeName.text === 'Sensor'
  );
}
