import { posix } from 'node:path';
import { SyntaxKind, type Node } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExportDeclaration,
  isExternalModuleReference,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { nodesOf, type ParsedSource } from './parsed-source.ts';

export interface Import {
  readonly node: Node;
  /** As it is written: `./frame.ts`, `node:fs`, `yaml`. */
  readonly specifier: string;
  /** The path in the checkout that a relative specifier means. */
  readonly target: string | undefined;
  /** Nothing is loaded for it: `import type`, `export type`, and `import('x').Y` in a type. */
  readonly typeOnly: boolean;
}

/** Every way in which a source names another module: static, re-exported, dynamic, required, and in a type. */
export function importsOf({ path, tree }: ParsedSource): readonly Import[] {
  const imports: Import[] = [];
  for (const node of nodesOf(tree)) {
    const named = namedModule(node);
    if (named?.module === undefined) continue;
    const specifier = isStringLiteral(named.module) ? named.module.text : undefined;
    // What is computed cannot be judged, so it is given as something that no rule allows.
    if (specifier === undefined)
      imports.push({ node, specifier: 'a computed name', target: undefined, typeOnly: false });
    else {
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
      imports.push({ node, specifier, target, typeOnly: named.typeOnly });
    }
  }
  return imports;
}

function namedModule(node: Node): { readonly module: Node | undefined; readonly typeOnly: boolean } | undefined {
  if (isImportDeclaration(node)) {
    const typeOnly = node.importClause?.phaseModifier === SyntaxKind.TypeKeyword;
    return { module: node.moduleSpecifier, typeOnly };
  }
  if (isExportDeclaration(node)) return { module: node.moduleSpecifier, typeOnly: node.isTypeOnly };
  if (isExternalModuleReference(node)) return { module: node.expression, typeOnly: false };
  if (isImportTypeNode(node)) {
    return { module: isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument, typeOnly: true };
  }
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    return { module: node.arguments[0], typeOnly: false };
  }
  return undefined;
}
