/** Codes for programs. One table in http/ turns them into statuses; the compiler keeps it complete. */
export type OpsBotErrorCode =
  | 'CONFIG_REFUSED'
  | 'USAGE'
  | 'INPUT_UNREADABLE'
  | 'SITE_UNKNOWN'
  | 'MACHINE_UNKNOWN'
  | 'PERSON_UNKNOWN'
  | 'CARD_UNKNOWN'
  | 'STORE_BUSY'
  | 'STORE_NEWER'
  | 'STORE_REFUSED'
  | 'AZURE_UNAVAILABLE'
  | 'VALUE_REFUSED';

/** `message` is for logs; people get sentences from cards/text. */
export class OpsBotError extends Error {
  readonly code: OpsBotErrorCode;

  constructor(code: OpsBotErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OpsBotError';
    this.code = code;
  }
}
