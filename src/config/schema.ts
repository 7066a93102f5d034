import { z } from 'zod';
import type { Place } from './kind.ts';
import { plainTexts } from './plain-texts.ts';
import type { Setting, Settings } from './setting.ts';

/** A place for those who want the schema alone. */
const nowhere: Place = { resolvePath: (path) => path };

/**
 * The schema of a program's configuration file, made from its settings. Each value is judged by its setting's kind, so that a file, a flag
 * and a variable are refused for the same reasons in the same words. An issue's message is that reason.
 */
export function schemaOf(settings: Settings, place: Place = nowhere): z.ZodObject {
  const groups = new Map<string, Record<string, z.ZodType>>([['', {}]]);
  for (const setting of Object.values(settings)) {
    const [name = '', group = ''] = setting.key.split('.').toReversed();
    const members = groups.get(group) ?? {};
    members[name] = leaf(setting, place).optional();
    groups.set(group, members);
  }
  const { '': top = {}, ...inner } = Object.fromEntries(groups);
  const nested = Object.entries(inner).map(([group, members]) => [group, z.strictObject(members).optional()]);
  return z.strictObject({ ...top, ...Object.fromEntries(nested) });
}

/** The JSON Schema of the file, for editors. */
export function jsonSchemaOf(settings: Settings, title: string): Readonly<Record<string, unknown>> {
  return { title, ...z.toJSONSchema(schemaOf(settings), { io: 'input', target: 'draft-07' }) };
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
    ...('value' in setting.default &&
      setting.missing === undefined && { default: setting.kind.write(setting.default.value) }),
  });
}
