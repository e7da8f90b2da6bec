import type { SimUser } from './connector-activities.ts';
import type { ConnectorFault, SimMessage } from './connector-state.ts';

export interface SimulatedConnectorOptions {
  readonly tenantId: string;
  readonly users: readonly SimUser[];
  /** Where the bot takes activities; may be set later with `connectBot`. */
  readonly botUrl?: string;
  readonly bot?: { readonly id: string; readonly name: string };
  readonly port?: number;
  /** What stands before `/v3` in the service URL, such as `/_connector`. */
  readonly prefix?: string;
  readonly now?: () => Date;
  readonly enforceLimits?: boolean;
  /** The Authorization header of activities, where the bot checks one. */
  readonly authorization?: () => Promise<string>;
  /** The token a client brings when the bot asks for one; without it the press ends there. */
  readonly ssoToken?: (user: SimUser, resource: string) => Promise<string | undefined>;
}

/** What the bot answered to one activity. */
export interface BotAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface SimTeam {
  readonly teamId: string;
  /** Channel ids by name, General among them. */
  readonly channels: Readonly<Record<string, string>>;
}

/** Where a file may be put, as Teams tells it on consent. */
export interface SimUpload {
  readonly uploadUrl: string;
  readonly contentUrl: string;
}

/** The press of a button: what stands in the card's action, and what was typed into its fields. */
export interface SimAction {
  readonly verb?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
}

/**
 * A simulated Teams: the connector as a real HTTP server on loopback, and people who write and press, whose
 * activities reach the bot over HTTP as Teams would send them.
 */
export interface SimulatedConnector {
  readonly serviceUrl: string;
  /** What goes wrong next, in order. */
  readonly faults: ConnectorFault[];
  /** Requests seen, as `METHOD path`, newest last. */
  readonly requests: readonly string[];
  connectBot(url: string): void;
  /** The id of someone's 1:1 chat with the bot. */
  personal(user: string): string;
  messages(conversationId: string): readonly SimMessage[];
  /** Resolves when a message is posted or edited. */
  changed(): Promise<void>;

  installFor(user: string): Promise<BotAnswer>;
  uninstallFor(user: string): Promise<BotAnswer>;
  /** The person blocks the bot; Teams tells it nothing. */
  block(user: string, blocked: boolean): void;
  installInTeam(name: string, channels: readonly string[], by: string): Promise<SimTeam>;
  removeFromTeam(team: SimTeam, by: string): Promise<BotAnswer>;

  say(user: string, text: string): Promise<BotAnswer>;
  sendPicture(user: string, text?: string): Promise<BotAnswer>;
  /** A file from the sender's OneDrive, with what was typed beside it. */
  sendFile(
    user: string,
    file: { readonly name: string; readonly downloadUrl: string },
    text?: string,
  ): Promise<BotAnswer>;
  /** As no client does today: a bot must still not fetch it. */
  sendFileInChannel(
    user: string,
    channel: string,
    file: { readonly name: string; readonly downloadUrl: string },
  ): Promise<BotAnswer>;
  /** A new post in the channel, or a reply to the post `thread`. */
  sayInChannel(user: string, channel: string, text: string, thread?: string): Promise<BotAnswer>;
  /** An Action.Submit, which arrives as a message. */
  submit(user: string, activityId: string, action: SimAction): Promise<BotAnswer>;
  /** An Action.Execute in the 1:1 chat, or in the conversation given. */
  press(
    user: string,
    activityId: string,
    action: SimAction,
    options?: { trigger?: 'manual' | 'automatic' | 'none'; conversationId?: string },
  ): Promise<BotAnswer>;
  openDialog(user: string, activityId: string, action: SimAction): Promise<BotAnswer>;
  /** The answer to a file the bot offered 1:1; accepted, Teams says where it may be put. */
  answerFile(
    user: string,
    activityId: string,
    answer: { readonly upload: SimUpload } | 'decline',
  ): Promise<BotAnswer>;
  submitDialog(user: string, action: SimAction): Promise<BotAnswer>;
  /** Any activity, for what the calls above do not cover. */
  deliver(activity: Readonly<Record<string, unknown>>): Promise<BotAnswer>;
  close(): Promise<void>;
}
