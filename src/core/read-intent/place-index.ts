import type { SiteCode } from '../ids.ts';
import type { RollOut, Site } from '../roll-out.ts';
import { GENERIC_WORDS, READINGS, REGION_SYNONYMS, SITE_ENDINGS } from './gazetteer.ts';
import { foldKana, normalise } from './normalise.ts';
import { looseRomaji } from './romaji.ts';

/** What a word names. `exact` beats an area, an area beats sites whose name merely begins with it. */
export type Place =
  | { readonly kind: 'exact' | 'prefix' | 'prefecture'; readonly sites: readonly SiteCode[] }
  | { readonly kind: 'area'; readonly area: string };

export interface PlaceIndex {
  /** Keys in Japanese writing, kana folded, longest first per first character. */
  readonly japanese: ReadonlyMap<string, readonly (readonly [string, Place])[]>;
  /** Keys of ASCII words, by loose reading of the words put together. */
  readonly latin: ReadonlyMap<string, Place>;
  /** Names of machines by their letters and digits, zeros in front of numbers taken off. */
  readonly machines: ReadonlyMap<string, string>;
  readonly longestLatin: number;
}

const indexes = new WeakMap<RollOut, PlaceIndex>();

export function placeIndexOf(rollOut: RollOut): PlaceIndex {
  const known = indexes.get(rollOut);
  if (known) return known;
  const made = makeIndex(rollOut);
  indexes.set(rollOut, made);
  return made;
}

export function machineKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .replace(/(?<=[a-z]|^)0+(?=\d)/g, '');
}

function makeIndex(rollOut: RollOut): PlaceIndex {
  const japanese = new KeyTable();
  const latin = new KeyTable();
  addNames(rollOut.sites, japanese, latin);
  addAreas(rollOut.sites, japanese, latin);
  addPrefixes(rollOut.sites, japanese, latin);
  addPrefectures(rollOut.sites, japanese, latin);
  const byFirst = new Map<string, [string, Place][]>();
  for (const entry of japanese.entries()) {
    const first = entry[0].charAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), entry]);
  }
  for (const entries of byFirst.values()) entries.sort((a, b) => b[0].length - a[0].length);
  const machines = machineKeys(rollOut);
  // TDC2 is what people call a site, even where SV-TDC-02 could be shortened to it.
  for (const [key, name] of machines) {
    const place = latin.get(looseRomaji(key));
    if (place?.kind === 'exact' && machineKey(name) !== key) machines.delete(key);
  }
  const longestLatin = Math.max(0, ...[...latin.entries()].map(([key]) => key.length));
  return { japanese: byFirst, latin: new Map(latin.entries()), machines, longestLatin };
}

/** Full names, codes, aliases and their readings: exactly that site. */
function addNames(sites: readonly Site[], japanese: KeyTable, latin: KeyTable): void {
  for (const site of sites) {
    for (const name of [site.code, site.name, site.nameKana, site.nameEn, ...site.aliases]) {
      addName(name, 'exact', site.code, japanese, latin);
    }
    for (const name of [site.name, ...site.aliases]) {
      const reading = READINGS.get(normalise(name));
      if (reading) addName(reading, 'exact', site.code, japanese, latin);
    }
    const kana = normalise(site.nameKana);
    if (kana) latin.add(looseRomaji(kana), 'exact', site.code);
  }
  for (const [key, code] of distinctParts(sites)) addName(key, 'exact', code, japanese, latin);
}

function addAreas(sites: readonly Site[], japanese: KeyTable, latin: KeyTable): void {
  for (const area of new Set(sites.map((site) => site.region).filter((region) => region !== ''))) {
    const synonyms = REGION_SYNONYMS.find((names) => names.includes(area)) ?? [];
    for (const name of [area, ...synonyms]) {
      const key = normalise(name);
      const reading = READINGS.get(key);
      (isLatin(key) ? latin : japanese).addArea(
        isLatin(key) ? looseRomaji(key) : foldKana(key),
        area,
      );
      if (!reading) continue;
      japanese.addArea(reading, area);
      latin.addArea(looseRomaji(reading), area);
    }
  }
}

/** A place is every site whose name begins with it. */
function addPrefixes(sites: readonly Site[], japanese: KeyTable, latin: KeyTable): void {
  const places = new Set(sites.flatMap((site) => placesOf(normalise(site.name))));
  for (const place of places) {
    for (const site of sites) {
      if (normalise(site.name).startsWith(place))
        addName(place, 'prefix', site.code, japanese, latin);
    }
  }
  for (const words of new Set(sites.flatMap((site) => englishPlaces(site.nameEn)))) {
    const key = looseRomaji(words);
    const kana = new Set<string>();
    for (const site of sites) {
      if (!`${site.nameEn.toLowerCase()} `.startsWith(`${words} `)) continue;
      latin.add(key, 'prefix', site.code);
      const reading = kanaPrefix(normalise(site.nameKana), key);
      if (reading) kana.add(reading);
    }
    for (const reading of kana) {
      for (const site of sites) {
        if (foldKana(normalise(site.nameKana)).startsWith(reading)) {
          addName(reading, 'prefix', site.code, japanese, latin);
        }
      }
    }
  }
}

function addPrefectures(sites: readonly Site[], japanese: KeyTable, latin: KeyTable): void {
  for (const site of sites) {
    const prefecture = normalise(site.prefecture);
    const short = prefecture.length > 2 ? prefecture.replace(/[都府県]$/, '') : prefecture;
    for (const name of new Set([prefecture, short])) {
      if (name.length < 2) continue;
      addName(name, 'prefecture', site.code, japanese, latin);
      const reading = READINGS.get(name);
      if (reading) addName(reading, 'prefecture', site.code, japanese, latin);
    }
  }
}

function addName(
  name: string,
  kind: 'exact' | 'prefix' | 'prefecture',
  code: SiteCode,
  japanese: KeyTable,
  latin: KeyTable,
): void {
  const key = normalise(name);
  if (key === '') return;
  if (isLatin(key)) {
    latin.add(looseRomaji(key), kind, code);
    return;
  }
  const folded = foldKana(key);
  japanese.add(folded, kind, code);
  if (/^[ぁ-ゖー]+$/.test(folded)) {
    japanese.add(longVowels(folded), kind, code);
    latin.add(looseRomaji(folded), kind, code);
  }
}

/** A part of a name that no other site's name holds: Nanko, Head Office, 第二データセンター. */
function distinctParts(sites: readonly Site[]): readonly (readonly [string, SiteCode])[] {
  const english = sites.map((site) => site.nameEn.toLowerCase());
  const names = sites.map((site) => normalise(site.name));
  return sites.flatMap((site) => {
    const [, ...rest] = site.nameEn.toLowerCase().split(/\s+/);
    const name = normalise(site.name);
    const words = rest.filter((word) => word.length >= 4 && !GENERIC_WORDS.has(word));
    const ends = placesOf(name).map((place) => name.slice(place.length));
    const parts = [...words, ...(rest.length >= 2 ? [rest.join(' ')] : [])];
    return [
      ...parts.filter((part) => english.filter((one) => one.includes(part)).length === 1),
      ...ends.filter(
        (end) => end.length >= 4 && names.filter((one) => one.includes(end)).length === 1,
      ),
    ].map((part) => [part, site.code] as const);
  });
}

/** 東京第二データセンター: 東京第二データセンター without its endings, one after the other. */
function placesOf(name: string): readonly string[] {
  const places: string[] = [];
  let rest = name;
  for (let round = 0; round < 3; round += 1) {
    const ending = SITE_ENDINGS.find((one) => rest.endsWith(one) && rest.length - one.length >= 2);
    if (!ending) break;
    rest = rest.slice(0, -ending.length);
    places.push(rest);
  }
  const city = [...READINGS.keys()]
    .filter((key) => key.length >= 2 && rest.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];
  return city && city !== rest ? [...places, city] : places;
}

/** `osaka nanko logistics center`: osaka, osaka nanko. */
function englishPlaces(nameEn: string): readonly string[] {
  const words = nameEn.toLowerCase().split(/\s+/);
  const firstGeneric = words.findIndex((word) => GENERIC_WORDS.has(word));
  const places = words.slice(0, firstGeneric < 0 ? words.length : firstGeneric);
  return places.map((_, index) => places.slice(0, index + 1).join(' '));
}

/** The beginning of a reading that sounds like the place. */
function kanaPrefix(kana: string, place: string): string | undefined {
  for (let end = kana.length; end >= 2; end -= 1) {
    if (looseRomaji(kana.slice(0, end)) === place) return foldKana(kana.slice(0, end));
  }
  return undefined;
}

function longVowels(kana: string): string {
  return kana.replace(
    /(?<=[おこそとのほもよろごぞどぼょ])[うお]|(?<=[うくすつぬふむゆるぐずぶゅ])う/g,
    'ー',
  );
}

function isLatin(key: string): boolean {
  return /^[\x20-\x7e]+$/.test(key);
}

/** As written; then with numbers unpadded; then without what all begin with (OSK-03 for SV-OSK-03). */
function machineKeys(rollOut: RollOut): Map<string, string> {
  const keys = new Map<string, string>();
  const spellings = [
    (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, ''),
    machineKey,
    (name: string) =>
      machineKey(/^[A-Za-z]{1,4}[-_](?=[^\d]*[A-Za-z])(.{4,})$/.exec(name)?.[1] ?? ''),
  ];
  for (const spelling of spellings) {
    const owners = Map.groupBy(rollOut.machines, ({ name }) => spelling(name));
    for (const [key, machines] of owners) {
      const [only] = machines;
      if (only && machines.length === 1 && /\d/.test(key) && !keys.has(key))
        keys.set(key, only.name);
    }
  }
  return keys;
}

/** Keys and what they mean, stronger kinds first come; the same kind collects its sites. */
class KeyTable {
  readonly #table = new Map<string, Place>();

  add(key: string, kind: 'exact' | 'prefix' | 'prefecture', code: SiteCode): void {
    if (key.length < 2) return;
    const known = this.#table.get(key);
    if (!known) this.#table.set(key, { kind, sites: [code] });
    else if (known.kind === kind && !known.sites.includes(code)) {
      this.#table.set(key, { kind, sites: [...known.sites, code] });
    }
  }

  addArea(key: string, area: string): void {
    if (!this.#table.has(key)) this.#table.set(key, { kind: 'area', area });
  }

  get(key: string): Place | undefined {
    return this.#table.get(key);
  }

  entries(): readonly [string, Place][] {
    return [...this.#table];
  }
}
