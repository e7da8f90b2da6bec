/**
 * The tables, as Kysely sees them. Instants are milliseconds since 1970, yes and no are 1 and 0, `body` is
 * JSON written by codec.ts. A column `machine` holds the name in lower case, because Azure and people do not
 * keep case; the name as written stands in the roll-out.
 */
export interface Schema {
  schema_version: { version: number; name: string; applied_at: number };
  counters: { name: string; value: number };
  settings: { name: string; value: string };

  profiles: { name: string; position: number; body: string };
  sites: { code: string; position: number; body: string };
  machines: { machine: string; position: number; site: string; body: string };
  people: { key: string; position: number; learned_object_id: string | null; body: string };

  marks: {
    machine: string;
    enrolled_at: number | null;
    powered_on_at: number | null;
    shipped_at: number | null;
    arrived_at: number | null;
    replaced_at: number | null;
    retired_at: number | null;
    done_at: number | null;
  };
  checks: { machine: string; checked_at: number; body: string };
  data_seen: { machine: string; extension: string; seen_at: number };
  azure_machines: { resource: string; machine: string; hash: string; body: string };
  azure_seen: { resource: string; seen_at: number };

  sign_ins: {
    id: string;
    machine: string;
    opened_at: number;
    is_open: number;
    body: string;
  };
  codes_seen: { mac: string; machine: string; machine_name: string; seen_at: number };

  kit_keys: {
    kid: string;
    machine: string;
    public_key: string;
    state: string;
    enrolled_at: number;
    body: string;
  };
  kit_tokens: { sha256: string; machine: string; expires_at: number; body: string };
  kit_requests: {
    kid: string;
    id: string;
    seq: number;
    forget_at: number;
    body: string;
  };

  cards: {
    id: string;
    ordinal: number;
    audience_key: string;
    audience: string;
    notice: string;
    revision: number;
    posted_revision: number | null;
    conversation_id: string | null;
    activity_id: string | null;
    created_at: number;
    updated_at: number;
    posted_at: number | null;
    frozen: number;
    delivery: string;
  };
  used_nonces: {
    nonce: string;
    card: string;
    button: string;
    person: string;
    used_at: number;
    answer: string | null;
  };
  outbox: {
    id: number;
    card: string;
    audience_key: string;
    op: string;
    attempts: number;
    enqueued_at: number;
    due_at: number;
    lease_until: number | null;
    /** The card is frozen: not to be claimed, and in nobody's way. */
    held: number;
    ambiguous: number;
  };
  dead_letters: {
    id: number;
    card: string;
    op: string;
    attempts: number;
    enqueued_at: number;
    given_up_at: number;
    why: string;
    reason: string;
  };

  alerts: {
    id: string;
    key: string;
    card: string;
    is_open: number;
    raised_at: number;
    body: string;
  };
  conversations: {
    conversation_id: string;
    kind: string;
    person: string | null;
    team_id: string | null;
    service_url: string;
    reference: string;
    first_learned_at: number;
    learned_at: number;
    suspended: string | null;
  };
  audit: {
    seq: number;
    at: number;
    event: string;
    by: string | null;
    site: string | null;
    machine: string | null;
    machine_name: string | null;
    facts: string;
    hash: string;
  };
  repairs: { id: string; requested_at: number; is_open: number; body: string };

  absences: { person: string; day: string; stand_in: string | null };
  duties: { site: string; day: string; person: string };
  timers: { kind: string; subject: string; due_at: number };
}
