/** Identifiers that cannot be swapped by accident: plain strings at run time, distinct to the compiler. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `code` of sites.csv, such as `osaka-01`. */
export type SiteCode = Branded<'SiteCode'>;
/** `name` of machines.csv exactly as written there, such as `SV-OSK-03`. */
export type MachineName = Branded<'MachineName'>;
/** `profile` of profiles.csv. */
export type ProfileName = Branded<'ProfileName'>;
/** `key` of people.csv. */
export type PersonKey = Branded<'PersonKey'>;
export type SignInId = Branded<'SignInId'>;
/** One notice shown to one audience: the id by which `inbox` and `press` know it. */
export type CardId = Branded<'CardId'>;
/** Name of a server's signing key, given at enrolment. */
export type Kid = Branded<'Kid'>;
export type AlertId = Branded<'AlertId'>;
export type RepairId = Branded<'RepairId'>;

export type Lang = 'ja' | 'en';
/** A text people read; both languages stand in one place. */
export type Bilingual = Readonly<Record<Lang, string>>;
