import type { JSX } from 'preact';
import type { Scope } from '../../../src/api/contract.ts';
import { AuditView } from '../admin/audit-view.tsx';
import { MachinesView } from '../admin/machines-view.tsx';
import { SettingsView } from '../admin/settings-view.tsx';
import { TokensView } from '../admin/tokens-view.tsx';
import { FleetView } from '../fleet/fleet-view.tsx';
import { ServerView } from '../server/server-view.tsx';
import { UnitView } from '../unit/unit-view.tsx';
import { WallView } from '../wall/wall-view.tsx';

/** A view of the page: the first word of its address, and who may see it. `menu`: its word in the menu. */
export interface View {
  readonly path: string;
  readonly menu?: string;
  readonly scope: Scope;
  /** Whether a page that was written to a file has it. */
  readonly inSnapshot: boolean;
  /** It fills the window and scrolls inside; the others get a margin and scroll as a whole. */
  readonly fills?: true;
  readonly draw: (words: readonly string[]) => JSX.Element;
}

/** To read the list is to read the page. */
export const views: readonly View[] = [
  { path: '', menu: 'Fleet', scope: 'read', inSnapshot: true, fills: true, draw: () => <FleetView /> },
  { path: 'wall', menu: 'Wall', scope: 'read', inSnapshot: true, fills: true, draw: () => <WallView /> },
  { path: 'units', scope: 'read', inSnapshot: true, draw: ([clientId = '']) => <UnitView clientId={clientId} /> },
  { path: 'server', menu: 'Server', scope: 'read', inSnapshot: false, draw: () => <ServerView /> },
  { path: 'machines', menu: 'Machines', scope: 'read', inSnapshot: false, draw: () => <MachinesView /> },
  { path: 'tokens', menu: 'Tokens', scope: 'read', inSnapshot: false, draw: () => <TokensView /> },
  { path: 'audit', menu: 'Audit', scope: 'admin', inSnapshot: false, draw: () => <AuditView /> },
  { path: 'settings', menu: 'Settings', scope: 'read', inSnapshot: false, draw: () => <SettingsView /> },
];
