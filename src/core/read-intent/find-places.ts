import type { SiteCode } from '../ids.ts';
import { foldKana } from './normalise.ts';
import type { Place, PlaceIndex } from './place-index.ts';
import { looseRomaji } from './romaji.ts';
import { slips } from './slips.ts';
import { isMarker, type Spans } from './spans.ts';

export interface FoundPlaces {
  readonly sites: readonly SiteCode[];
  readonly area?: string;
  /** 1 for what was written as in the roll-out, less for a guess at a typing error. */
  readonly certainty: number;
}

interface Hit {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
  readonly certainty: number;
}

export function findPlaces(spans: Spans, index: PlaceIndex): FoundPlaces {
  const written = [...japaneseHits(spans, index), ...latinHits(spans, index, exactly)];
  const hits = written.length > 0 ? written : typingErrors(spans, index);
  hits.sort((a, b) => a.start - b.start);
  const sites: SiteCode[] = [];
  let area: string | undefined;
  let certainty = 1;
  for (const hit of hits) {
    if (hit.place.kind === 'area') area ??= hit.place.area;
    else sites.push(...hit.place.sites);
    spans.paint(hit.start, hit.end, hit.place.kind === 'area' ? 'area' : 'site');
    certainty = Math.min(certainty, hit.certainty);
  }
  return { sites: [...new Set(sites)], ...(area !== undefined && { area }), certainty };
}

/** Leftmost, then longest: 東京都 is never 京都, 北九州 never 九州. */
function japaneseHits(spans: Spans, index: PlaceIndex): Hit[] {
  const folded = foldKana(spans.text);
  const hits: Hit[] = [];
  for (let at = 0; at < folded.length; at += 1) {
    const entries = index.japanese.get(folded.charAt(at));
    const entry = entries?.find(
      ([key]) => folded.startsWith(key, at) && standsAlone(spans, folded, at, at + key.length),
    );
    if (!entry) continue;
    const [key, place] = entry;
    hits.push({ start: at, end: at + key.length, place, certainty: 1 });
    at += key.length - 1;
  }
  return hits;
}

const PARTICLES = new Set('のとやはがをにでも、,・/&?!。'.split(''));

function standsAlone(spans: Spans, folded: string, start: number, end: number): boolean {
  if (!spans.isFree(start, end)) return false;
  const { text } = spans;
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  if (/^(?:さん|様|氏|くん|君|語)/.test(text.slice(end, end + 2))) return false;
  if (isWord(text.charAt(start)) && (isWord(before) || before === '-')) return false;
  if (isWord(text.charAt(end - 1)) && isWord(after)) return false;
  if (!/^[ぁ-ゖー]+$/.test(folded.slice(start, end))) return true;
  // A reading must not be cut out of another word: ちば in いちばん, なは in そんなはず.
  const opens = kanaScript(before) !== kanaScript(text.charAt(start)) || PARTICLES.has(before);
  const closes = end - start > 2 || kanaScript(after) === undefined || PARTICLES.has(after);
  return opens && closes;
}

function isWord(char: string): boolean {
  return /[a-z0-9]/.test(char);
}

function kanaScript(char: string): 'hiragana' | 'katakana' | undefined {
  if (/[ぁ-ゖ]/.test(char)) return 'hiragana';
  return /[ァ-ヶー]/.test(char) ? 'katakana' : undefined;
}

type Reader = (key: string) => { place: Place; certainty: number } | undefined;

/** Words in Latin letters, up to five of them read as one. */
function latinHits(spans: Spans, index: PlaceIndex, reader: (index: PlaceIndex) => Reader): Hit[] {
  const read = reader(index);
  const tokens = [...spans.masked.matchAll(/[a-z0-9]+/g)];
  const hits: Hit[] = [];
  for (let first = 0; first < tokens.length; first += 1) {
    const start = tokens[first]?.index ?? 0;
    let best: { last: number; hit: Hit } | undefined;
    let joined = '';
    for (let last = first; last < Math.min(first + 5, tokens.length); last += 1) {
      const token = tokens[last];
      const before = tokens[last - 1];
      if (!token) break;
      if (last > first && before) {
        const gap = spans.masked.slice(before.index + before[0].length, token.index);
        if (!/^[-_ ]$/.test(gap)) break;
      }
      joined += token[0];
      if (joined.length > index.longestLatin + 6) break;
      const found = joined.length >= 2 ? read(joined) : undefined;
      const end = token.index + token[0].length;
      if (found) best = { last, hit: { start, end, ...found } };
    }
    if (!best) continue;
    hits.push(best.hit);
    first = best.last;
  }
  return hits.filter((hit) => !isMarker(spans.masked.charAt(hit.start)));
}

function exactly(index: PlaceIndex): Reader {
  return (key) => {
    if (ENGLISH.has(key)) return undefined;
    const place = index.latin.get(looseRomaji(key));
    return place && { place, certainty: 1 };
  };
}

/** Only when nothing was written right: one slip in five letters or more, two in eight; never two candidates. */
function typingErrors(spans: Spans, index: PlaceIndex): Hit[] {
  const latin = latinHits(spans, index, (places) => (key) => {
    if (key.length < 5 || ENGLISH.has(key)) return undefined;
    return closest(looseRomaji(key), [...places.latin]);
  });
  return latin.length > 0 ? latin : japaneseErrors(spans, index);
}

function japaneseErrors(spans: Spans, index: PlaceIndex): Hit[] {
  const hits: Hit[] = [];
  for (const run of spans.masked.matchAll(/[ァ-ヶー]{4,12}|[ぁ-ゖー]{4,20}|[一-龠]{3,12}/g)) {
    const word = foldKana(run[0]);
    const entries = [...(index.japanese.get(word.charAt(0)) ?? [])];
    for (const [key, place] of entries) {
      if (!sameScript(key, word) || key.length < (/[一-龠]/.test(key) ? 3 : 4)) continue;
      const length = [key.length, key.length - 1, key.length + 1].find(
        (one) => one >= 3 && slips(key, word.slice(0, one), 1) <= 1 && endsWord(word, one),
      );
      if (length === undefined) continue;
      hits.push({ start: run.index, end: run.index + length, place, certainty: 0.65 });
      break;
    }
  }
  return hits;
}

function sameScript(key: string, word: string): boolean {
  const pattern = /[一-龠]/.test(word) ? /^[一-龠]+$/ : /^[ぁ-ゖー]+$/;
  return pattern.test(key);
}

/** A kana word that was cut must end before a particle; a kanji word before a kind of place or the end. */
function endsWord(word: string, length: number): boolean {
  if (length > word.length) return false;
  if (length === word.length) return true;
  const next = word.slice(length);
  return (
    PARTICLES.has(next.charAt(0)) ||
    /^(?:支|営|工|本|拠|物|状|進|担|接|履|って|し|え|こ|ほ)/.test(next)
  );
}

function closest(
  word: string,
  entries: readonly (readonly [string, Place])[],
): { place: Place; certainty: number } | undefined {
  const allowed = word.length >= 8 ? 2 : 1;
  let best: Place | undefined;
  let distance = allowed + 1;
  let rivals = 0;
  for (const [key, place] of entries) {
    if (key.length < 5 || key.charAt(0) !== word.charAt(0)) continue;
    if (Math.abs(key.length - word.length) > allowed) continue;
    const found = slips(key, word, allowed);
    if (found > allowed || found > distance) continue;
    rivals = found < distance || samePlace(best, place) ? 0 : rivals + 1;
    best = place;
    distance = found;
  }
  if (!best || rivals > 0) return undefined;
  return { place: best, certainty: distance === 1 ? 0.7 : 0.55 };
}

function samePlace(one: Place | undefined, other: Place): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** Words of questions that are near, or loosely the same as, the name of some place. */
const ENGLISH: ReadonlySet<string> = new Set(
  `branch office plant center centre logistics status state server servers machine machines site sites
network check export error errors history help connect connected proxy settings open alerts waiting
engineer progress overall extension extensions command commands private which where what when china
chinese photo photos today tokens token total agent azure monitor defender missing working finished
shipped arrived powered replaced pending blocked delayed disconnected requirements endpoints endpoint
kitting data head second show me is at in on to no na ga wa wo ni de mo the of for and or it am pm`.split(
    /\s+/,
  ),
);
