import { bold, say, type Value } from '../words.ts';

export const REQUIREMENT = {
  lead: {
    ja: () => say`次の宛先への通信を許可してください。ネットワーク担当へそのまま渡せます。`,
    en: () =>
      say`Please allow these addresses. You can hand this list to the network team as it is.`,
  },
  none: {
    ja: () => say`✅ 許可が必要な通信はありません。`,
    en: () => say`✅ There is nothing to allow.`,
  },
  missing: {
    ja: (machine: Value, time: Value, shown: number, all: number) =>
      say`${bold(machine)}の${time}の確認で通らなかった宛先だけです(${all}件中${shown}件)。すべて要るときは「許可するURLを全部」と送ってください。`,
    en: (machine: Value, time: Value, shown: number, all: number) =>
      say`Only what failed in the check of ${bold(machine)} at ${time} (${shown} of ${all}). For the rest, send "all URLs to allow".`,
  },
  foot: {
    ja: () => say`次のメッセージは申請書の形です。CSVとして保存すれば、Excelで開けます。`,
    en: () => say`The next message is a request form: save it as CSV to open it in Excel.`,
  },
  noInspection: { ja: () => say`TLS検査から除外`, en: () => say`exempt from TLS inspection` },
  ours: { ja: () => say`このボットの宛先`, en: () => say`this bot's own address` },
} as const;
