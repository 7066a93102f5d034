import type { Setting, Settings } from './setting.ts';

/** How a group of a file calls the setting that has the group's own name: `http: 127.0.0.1:8080` is `http.address` as well. */
export const ownName = 'address';

/** The groups that keys of these settings stand in: of `log.level` it is `log`. */
export function groupsOf(settings: Settings): ReadonlySet<string> {
  return new Set(Object.values(settings).flatMap(({ key }) => (key.includes('.') ? [groupOf(key)] : [])));
}

/** The group of a key; empty where it has none. */
export function groupOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('.')));
}

/** The settings of a group by the names that they have in it. */
export function membersOf(group: string, settings: Settings): ReadonlyMap<string, Setting<unknown>> {
  const members = new Map<string, Setting<unknown>>();
  for (const setting of Object.values(settings)) {
    if (setting.key === group) members.set(ownName, setting);
    else if (groupOf(setting.key) === group) members.set(setting.key.slice(group.length + 1), setting);
  }
  return members;
}

/** The setting that a whole key of a file means; undefined where there is none. */
export function settingOf(key: string, settings: Settings): Setting<unknown> | undefined {
  const list = Object.values(settings);
  const group = groupOf(key);
  const isOwn = key === `${group}.${ownName}` && list.some((setting) => groupOf(setting.key) === group);
  return (
    list.find((setting) => setting.key === key) ?? (isOwn ? list.find((setting) => setting.key === group) : undefined)
  );
}

/** Whether a key is best written out at the top, `http.login`, since its group's name is a setting with a value of its own. */
export function isWrittenOut(key: string, settings: Settings): boolean {
  return Object.values(settings).some((setting) => setting.key === groupOf(key));
}
