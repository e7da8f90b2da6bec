import { say } from '../words.ts';

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
  foot: {
    ja: () => say`全部の宛先は、次のメッセージにコピー用の形であります。`,
    en: () => say`The next message has all addresses in a form to copy.`,
  },
  noInspection: { ja: () => say`TLS検査から除外`, en: () => say`exempt from TLS inspection` },
  ours: { ja: () => say`このボットの宛先`, en: () => say`this bot's own address` },
} as const;
