import { unreachable } from '../../core/assert.ts';
import type { AuditLine, AuditState } from '../../access/contract.ts';
import type { AuditCommand } from './command.ts';
import { type DataSurroundings, withDataAccess } from './data-access.ts';
import { shown } from './figures.ts';
import type { Output } from './output.ts';
import { printableJson } from './printable-json.ts';
import { table } from './table.ts';

const columns = [
  { title: 'LINE', align: 'right' },
  { title: 'TIME', align: 'left' },
  { title: 'WHO', align: 'left' },
  { title: 'FROM', align: 'left' },
  { title: 'ACTION', align: 'left' },
  { title: 'TARGET', align: 'left' },
  { title: 'DETAILS', align: 'left' },
] as const;

/** `telemetryctl audit`: works on the files of the server, not over the API. 1 where the log is not as it was written. */
export async function showAudit(
  { task, dataDir, json }: AuditCommand,
  output: Output,
  surroundings: DataSurroundings,
): Promise<0 | 1> {
  return withDataAccess({ dataDir, makesFolder: false }, surroundings, async ({ access, data }) => {
    switch (task.type) {
      case 'show': {
        const lines = access.audit(task.count);
        const text = table(
          columns,
          lines.map((line) => row(line)),
        );
        await output.print(json ? `${printableJson(lines, 2)}\n` : text);
        if (lines.length === 0 && !json) output.say('nothing was changed yet.');
        return 0;
      }
      case 'verify': {
        const state = access.verifyAudit();
        await output.print(json ? `${printableJson(state, 2)}\n` : report(data, state));
        return state.faults.length === 0 ? 0 : 1;
      }
      default:
        return unreachable(task);
    }
  });
}

function row({ number, time, who, from, action, target, details }: AuditLine): readonly string[] {
  const more = Object.entries(details).map(([name, value]) => `${shown(name)}=${shown(String(value))}`);
  return [
    String(number),
    time,
    shown(who),
    shown(from),
    shown(action),
    target === '' ? '-' : shown(target),
    more.join(' '),
  ];
}

function report(data: string, { lines, head, faults }: AuditState): string {
  const count = `${lines.toLocaleString('en')} line${lines === 1 ? '' : 's'}`;
  if (faults.length > 0)
    return `${data}: the audit log of ${count} is not as it was written.\n${faults.map((fault) => `  ${shown(fault)}\n`).join('')}`;
  // Whoever may write the file can write all of it anew; who has kept this elsewhere would see that.
  return `${data}: the audit log is as it was written, ${count}${head === '' ? '' : `, the last with the hash ${head}`}.\n`;
}
