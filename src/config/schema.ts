import { z } from 'zod';
import type { Place } from './kind.ts';
import { plainTexts } from './plain-texts.ts';
import type { Setting, Settings } from './setting.ts';
import { groupsOf, membersOf } from './setting-groups.ts';

/** A place for those who want the schema alone. */
const nowhere: Place = { resolvePath: (path) => path };

/**
 * The schema of what a program's configuration file says, by whole keys. Each value is judged by its setting's kind, so that a file, a flag
 * and a variable are refused for the same reasons in the same words. An issue's message is that reason.
 */
export function keyedSchemaOf(settings: Settings, place: Place): z.ZodObject {
  return z.strictObject(
    Object.fromEntries(Object.values(settings).map((setting) => [setting.key, leaf(setting, place).optional()])),
  );
}

/** The JSON Schema of the file, for editors. A key may stand in its group or be written out at the top: `log.level: debug`. */
export function jsonSchemaOf(settings: Settings, title: string): Readonly<Record<string, unknown>> {
  const members: Record<string, z.ZodType> = {};
  for (const setting of Object.values(settings)) members[setting.key] = leaf(setting, nowhere).optional();
  for (const group of groupsOf(settings)) {
    const inside = [...membersOf(group, settings)].map(([name, setting]) => [name, leaf(setting, nowhere).optional()]);
    const map = z.strictObject(Object.fromEntries(inside));
    const own = Object.values(settings).find(({ key }) => key === group);
    members[group] = (own === undefined ? map : z.union([leaf(own, nowhere), map])).optional();
  }
  return { title, ...z.toJSONSchema(z.strictObject(members), { io: 'input', target: 'draft-07' }) };
}

function leaf(setting: Setting<unknown>, place: Place): z.ZodType {
  const judged = z.unknown().superRefine((value, context) => {
    const texts = plainTexts(setting.kind, value);
    const outcome = texts.ok ? setting.kind.read(texts.texts, place) : texts;
    if (outcome.ok) return;
    for (const { index, fault } of outcome.faults) {
      context.addIssue({ code: 'custom', message: fault, path: index === undefined ? [] : [index] });
    }
  });
  return judged.meta({
    ...setting.kind.schema,
    description: setting.description,
    examples: [setting.example],
    ...writtenDefault(setting),
  });
}

/** A default that a file could hold. */
function writtenDefault({ default: fallback, kind, missing }: Setting<unknown>): { readonly default?: unknown } {
  if (!('value' in fallback) || missing !== undefined) return {};
  const written = kind.write(fallback.value);
  return written === undefined || (Array.isArray(written) && written.length === 0) ? {} : { default: written };
}
