import type { Votes } from './votes.ts';
import type { Sentence } from './weigh.ts';

/** Opening, answering and stopping sign-ins: words they share must not open or stop one by mistake. */
export function weighSignIns(votes: Votes, { mood, masked, oneMachine, asks }: Sentence): void {
  if (votes.has('start-sign-in')) {
    const about = ['pending-sign-ins', 'stop-sign-ins', 'resume-sign-ins'] as const;
    if (about.some((topic) => votes.has(topic))) votes.drop('start-sign-in');
    else if (votes.has('status') && asks && !/たい/.test(masked)) votes.add(-2, 'start-sign-in');
    else if (oneMachine) {
      votes.add(0.8, 'start-sign-in');
      votes.add(-1.5, 'status');
    }
  }
  if (votes.has('pending-sign-ins')) {
    votes.add(-1, 'my-work');
    votes.add(-1.5, 'status');
  }
  if (votes.has('decline')) votes.add(-3, 'acknowledge');
  if (asks) votes.add(-2.5, 'acknowledge');
  if (votes.has('resume-sign-ins')) {
    votes.add(-5, 'stop-sign-ins');
    votes.add(-4, 'continue-sign-in', 'lift-quarantine');
  }
  if (votes.has('stop-sign-ins')) {
    if (mood.question) votes.add(-3, 'stop-sign-ins');
    votes.add(-3, 'blocked-sites');
  }
  if (votes.has('lift-quarantine')) votes.add(-2, 'blocked-sites');
  if (votes.has('unexpected')) {
    votes.add(-3, 'pending-sign-ins', 'start-sign-in');
    votes.add(-1.5, 'explain-error');
  }
  // A server named: its sign-in is passed on, and no one's day.
  if (oneMachine && votes.has('hand-over')) votes.drop('hand-duty');
  if (votes.has('continue-sign-in') || votes.has('hand-over')) votes.add(-2.5, 'start-sign-in');
}
