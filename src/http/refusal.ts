import type { Bilingual } from '../core/ids.ts';

/** Everything the bot refuses without a signature: its status, and its sentence. */
const REFUSALS = {
  FORM_REFUSED: {
    status: 400,
    ja: '送信内容の形式が正しくありません。キットを最新のものに入れ替えて、もう一度お試しください。',
    en: 'The request does not have the right form. Please replace the kit with the latest one and try again.',
  },
  SIGNATURE_REFUSED: {
    status: 401,
    ja: '署名を確認できませんでした。拠点の担当エンジニアにご連絡ください。',
    en: 'The signature could not be verified. Please contact the engineer of your site.',
  },
  TOKEN_REFUSED: {
    status: 403,
    ja: '登録トークンを確認できませんでした。担当エンジニアに新しいトークンを依頼してください。',
    en: 'The enrolment token was not accepted. Please ask your engineer for a new one.',
  },
  MACHINE_MISMATCH: {
    status: 409,
    ja: 'このサーバーは、登録トークンの対象と一致しません。サーバー名とシリアル番号を確認してください。',
    en: 'This server is not the one the token was made for. Please check its name and serial number.',
  },
  ALREADY_ENROLLED: {
    status: 409,
    ja: 'このサーバーの鍵はすでに登録されています。入れ替える場合は、担当エンジニアに replace を依頼してください。',
    en: 'A key of this server is already enrolled. To replace it, please ask your engineer for "replace".',
  },
  KEY_TAKEN: {
    status: 409,
    ja: 'この鍵は別のサーバーで登録されています。鍵を作り直して、もう一度お試しください。',
    en: 'This key is enrolled for another server. Please make a new key and try again.',
  },
  OTHER_BOT: {
    status: 409,
    ja: 'この送信は別のボットあてです。キットの設定を確認してください。',
    en: 'This request is meant for another bot. Please check the settings of the kit.',
  },
  BOT_KEY_UNKNOWN: {
    status: 409,
    ja: 'キットに入っているボットの鍵が古くなっています。キットを作り直してください。',
    en: 'The kit holds a key of the bot that is no longer known. Please make the kit anew.',
  },
  TOKEN_OF_TEAMS_REFUSED: {
    status: 401,
    ja: 'この要求は認証されませんでした。',
    en: 'This request was not authenticated.',
  },
  ACTIVITY_REFUSED: {
    status: 403,
    ja: 'この要求は受け付けられません。',
    en: 'This request is not accepted here.',
  },
  NOT_FOUND: {
    status: 404,
    ja: 'このアドレスには何もありません。',
    en: 'There is nothing at this address.',
  },
  METHOD_REFUSED: {
    status: 405,
    ja: 'このアドレスでは使えない方法です。',
    en: 'This address does not take that method.',
  },
  TOO_LARGE: {
    status: 413,
    ja: '送信内容が大きすぎます。出力を短くして、もう一度お試しください。',
    en: 'The request is too large. Please shorten the output and try again.',
  },
  ENCODING_REFUSED: {
    status: 415,
    ja: '圧縮された送信は受け付けられません。圧縮せずに、もう一度お試しください。',
    en: 'Compressed requests are not accepted. Please send it again without Content-Encoding.',
  },
  TOO_MANY: {
    status: 429,
    ja: '送信が多すぎます。しばらく待ってから、もう一度お試しください。',
    en: 'There were too many requests. Please wait a little and try again.',
  },
  UNAVAILABLE: {
    status: 503,
    ja: 'ただいま処理できません。しばらく待ってから、もう一度お試しください。',
    en: 'The bot cannot do this right now. Please wait a little and try again.',
  },
} as const satisfies Record<string, Bilingual & { readonly status: number }>;

export type RefusalCode = keyof typeof REFUSALS;

/** Ends a request with one of the fixed answers. `reason` is for the log and never leaves. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: RefusalCode, reason: string, retryAfterSeconds?: number) {
    super(reason);
    this.name = 'Refusal';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function statusOf(code: RefusalCode): number {
  return REFUSALS[code].status;
}

export function bodyOf(code: RefusalCode): { code: RefusalCode; message: Bilingual } {
  const { ja, en } = REFUSALS[code];
  return { code, message: { ja, en } };
}
