import type { Lang, MachineName, PersonKey, ProfileName, SiteCode } from './ids.ts';

export type ExtensionName = 'MDE' | 'AMA';
export type Deployer = 'defender' | 'policy' | 'bot';

/** How servers of a site are connected: one row of profiles.csv. */
export interface Profile {
  readonly name: ProfileName;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly cloud: string;
  /** Absent: Arc goes over the public endpoints. */
  readonly privateLinkScopeId?: string;
  readonly gatewayId?: string;
  /** Words for `azcmagent config set proxy.bypass`, such as `Arc`. */
  readonly proxyBypass: readonly string[];
  /** Values may hold `{code}`, `{name_en}`, `{prefecture}`, filled from the site by tagsFor(). */
  readonly tags: Readonly<Record<string, string>>;
  readonly connectAt: 'base' | 'site';
  /** IANA name, such as `Asia/Tokyo`. */
  readonly timeZone: string;
  readonly extensions: readonly ExtensionName[];
  readonly deployedBy: Readonly<Record<ExtensionName, Deployer>>;
  readonly dcrId?: string;
  readonly workspaceId?: string;
}

export interface Site {
  readonly code: SiteCode;
  readonly name: string;
  readonly nameKana: string;
  readonly nameEn: string;
  readonly aliases: readonly string[];
  readonly kind: 'site' | 'base';
  readonly prefecture: string;
  readonly region: string;
  readonly wave?: number;
  /** Calendar day in the profile's time zone, `YYYY-MM-DD`. */
  readonly plannedDate?: string;
  readonly window?: string;
  readonly profile: ProfileName;
  readonly subnet?: string;
  readonly proxyUrl?: string;
  readonly engineer?: PersonKey;
  readonly deputy?: PersonKey;
  readonly phone?: string;
  /** Only in the roll-out of a day (core/duty.ts): who is asked first there instead of the engineer. */
  readonly onDuty?: PersonKey;
  /** Likewise: who is away that day, wherever they belong. */
  readonly away?: readonly PersonKey[];
}

export interface Machine {
  readonly name: MachineName;
  readonly site: SiteCode;
  readonly os: string;
  readonly serial: string;
  readonly role: string;
}

export type Role = 'site-staff' | 'engineer' | 'lead' | 'auditor';

export interface Person {
  readonly key: PersonKey;
  readonly name: string;
  readonly nameEn: string;
  readonly role: Role;
  /** For site staff: the sites they stand at. */
  readonly sites: readonly SiteCode[];
  readonly language: Lang;
  readonly upn?: string;
  readonly aadObjectId?: string;
  readonly phone?: string;
  readonly onboardingUpn?: string;
}

/** Whoever asks: a row of people.csv, or the terminal, which sees everything and changes nothing. */
export type Asker =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'terminal'; readonly language: Lang };

export interface RollOutRows {
  readonly profiles: readonly Profile[];
  readonly sites: readonly Site[];
  readonly machines: readonly Machine[];
  readonly people: readonly Person[];
}

/** One consistent view of the imported roll-out, with the look-ups everyone needs. */
export class RollOut {
  readonly profiles: readonly Profile[];
  readonly sites: readonly Site[];
  readonly machines: readonly Machine[];
  readonly people: readonly Person[];
  readonly #profiles: ReadonlyMap<string, Profile>;
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #people: ReadonlyMap<string, Person>;
  readonly #machinesAt: ReadonlyMap<string, Machine[]>;

  constructor(rows: RollOutRows) {
    this.profiles = rows.profiles;
    this.sites = rows.sites;
    this.machines = rows.machines;
    this.people = rows.people;
    this.#profiles = new Map(rows.profiles.map((row) => [row.name, row]));
    this.#sites = new Map(rows.sites.map((row) => [row.code, row]));
    this.#machines = new Map(rows.machines.map((row) => [row.name.toLowerCase(), row]));
    this.#people = new Map(rows.people.map((row) => [row.key, row]));
    this.#machinesAt = Map.groupBy(rows.machines, (row) => row.site as string);
  }

  profile(name: ProfileName): Profile | undefined {
    return this.#profiles.get(name);
  }

  site(code: string): Site | undefined {
    return this.#sites.get(code);
  }

  /** By name, without case: people type `sv-osk-01`. */
  machine(name: string): Machine | undefined {
    return this.#machines.get(name.toLowerCase());
  }

  person(key: string): Person | undefined {
    return this.#people.get(key);
  }

  machinesAt(code: SiteCode): readonly Machine[] {
    return this.#machinesAt.get(code) ?? [];
  }

  profileOf(site: Site): Profile | undefined {
    return this.profile(site.profile);
  }

  siteOf(machine: Machine): Site | undefined {
    return this.site(machine.site);
  }

  leads(): readonly Person[] {
    return this.people.filter((person) => person.role === 'lead');
  }

  personByObjectId(aadObjectId: string): Person | undefined {
    const wanted = aadObjectId.toLowerCase();
    return this.people.find((person) => person.aadObjectId?.toLowerCase() === wanted);
  }
}

/** The tags a machine of this site must carry, placeholders filled. */
export function tagsFor(profile: Profile, site: Site): Record<string, string> {
  const fill = (value: string): string =>
    value
      .replaceAll('{code}', site.code)
      .replaceAll('{name_en}', site.nameEn)
      .replaceAll('{prefecture}', site.prefecture);
  return Object.fromEntries(
    Object.entries(profile.tags).map(([name, value]) => [name, fill(value)]),
  );
}
