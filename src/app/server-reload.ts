import type { Reloaded } from '../config/command-line.ts';
import type { ServerConfig } from '../config/contract.ts';
import { changesForRestart } from '../config/live-settings.ts';
import { settingsTakenUp, type SettingInForce } from '../config/settings-view.ts';
import { reasonOf } from '../core/system-error.ts';
import type { Log } from '../core/log.ts';
import type { OpenedHttp } from '../http/open-http.ts';
import type { ServerTls } from './certificate/server-tls.ts';

/** The settings as they are now. What can change while the server runs asks for them whenever it needs them. */
export interface LiveSettings {
  config: ServerConfig;
  /** The same for people to look at. */
  shown: readonly SettingInForce[];
}

export interface SettingsReloadOptions {
  readonly settings: LiveSettings;
  /** The settings as they are written now. */
  readonly reread: () => Promise<Reloaded>;
  readonly tls: ServerTls | undefined;
  /** That which shows the certificate as well. */
  readonly http: OpenedHttp | undefined;
  readonly log: Log;
}

/**
 * Takes up settings that were changed: the level of the log, limits, authentication, the certificate. All of them or, where anything is wrong, none. Asked for again while
 * it is at it, it begins anew when it is done.
 */
export class SettingsReload {
  readonly #options: SettingsReloadOptions;
  #running: Promise<void> | undefined;
  #isAskedAgain = false;

  constructor(options: SettingsReloadOptions) {
    this.#options = options;
  }

  /** Resolves when no reload is under way. Never rejects. */
  async run(): Promise<void> {
    if (this.#running !== undefined) {
      this.#isAskedAgain = true;
      return this.#running;
    }
    this.#running = this.#all();
    await this.#running;
    this.#running = undefined;
  }

  async #all(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      await this.#once();
    } while (this.#isAskedAgain);
  }

  async #once(): Promise<void> {
    const { settings, reread, tls, http, log } = this.#options;
    const read = await reread();
    if (!read.ok) {
      log('error', 'reload-failed', { reason: `the former configuration stays: ${read.faults}` });
      return;
    }
    const { config } = read;
    const fixed = changesForRestart(settings.config, config);
    try {
      // Before the rest, since it is what may fail; whoever is connected stays connected.
      const certificate = await tls?.reload(config.tls);
      if (certificate !== undefined) http?.replaceTls(certificate);
    } catch (error) {
      log('error', 'reload-failed', { reason: `the former configuration stays: ${reasonOf(error)}` });
      return;
    }
    const { log: logged, limits, tls: files, auth } = config;
    const { level } = logged;
    settings.config = { ...settings.config, limits, tls: files, auth, log: { ...settings.config.log, level } };
    settings.shown = settingsTakenUp(settings.shown, read.settings);
    log('info', 'reloaded', {});
    if (fixed.length > 0)
      log('warn', 'configuration', { reason: `changed, and taken up by a restart only: ${fixed.join(', ')}` });
  }
}
