import { toRomaji } from 'wanakana';

/**
 * A reading with everything levelled that people spell differently: long vowels (osaka, oosaka, ohsaka),
 * kunrei and hepburn (hirosima, hiroshima), n before m (shimbashi), double vowels of kana.
 */
export function looseRomaji(text: string): string {
  const latin = /^[\x20-\x7e]*$/.test(text) ? text : toRomaji(text);
  let result = latin
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');
  for (const [pattern, level] of LEVELS) result = result.replace(pattern, level);
  return result;
}

const LEVELS: readonly (readonly [RegExp, string])[] = [
  [/oh(?=[^aeiouy]|$)/g, 'o'],
  [/ou|oo/g, 'o'],
  [/uu/g, 'u'],
  [/aa/g, 'a'],
  [/ii/g, 'i'],
  [/ee|ei/g, 'e'],
  [/sy(?=[auo])/g, 'sh'],
  [/ty(?=[auo])/g, 'ch'],
  [/zy(?=[auo])|jy(?=[auo])/g, 'j'],
  [/si/g, 'shi'],
  [/ti/g, 'chi'],
  [/tu/g, 'tsu'],
  [/(?<![sc])hu/g, 'fu'],
  [/zi/g, 'ji'],
  [/m(?=[bmp])/g, 'n'],
  [/(?<=[kstpgzdbc])[kstpgzdbc](?=[aeiouyhs])/g, ''],
];
