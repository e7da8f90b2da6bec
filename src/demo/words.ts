import type { Lang } from '../core/ids.ts';

type Say<A extends readonly unknown[]> = Readonly<Record<Lang, (...values: A) => string>>;
const say = <A extends readonly unknown[]>(
  ja: (...values: A) => string,
  en: (...values: A) => string,
): Say<A> => ({ ja, en });

/** What the demo tells on the terminal, line by line. */
export const TELL = {
  starting: say(
    () =>
      'デモを始めます。ボット、シミュレーションの Azure・Entra・Teams、サーバー7台を、このマシンの中だけで動かします。',
    () =>
      'Starting the demo: the bot, a simulated Azure, Entra and Teams, and seven servers, all on this machine.',
  ),
  addresses: say(
    (bot: string, azure: string, entra: string, connector: string) =>
      `ボット ${bot}  Azure ${azure}  Entra ${entra}/devicelogin  Teams ${connector}`,
    (bot: string, azure: string, entra: string, connector: string) =>
      `bot ${bot}  Azure ${azure}  Entra ${entra}/devicelogin  Teams ${connector}`,
  ),
  ready: say(
    () => '7台のサーバーは登録と到着とネットワークチェックを終え、サインインを待っています。',
    () =>
      'The seven servers are enrolled, have arrived, passed their check and wait for a sign-in.',
  ),
  asks: say(
    (who: string, text: string) => `${who}: 「${text}」`,
    (who: string, text: string) => `${who}: "${text}"`,
  ),
  answers: say(
    (text: string) => `ボット: ${text}`,
    (text: string) => `bot: ${text}`,
  ),
  alert: say(
    (text: string) => `チャネルの通知: ${text}`,
    (text: string) => `in the channel: ${text}`,
  ),
  number: say(
    (machine: string, number: string) => `${machine} の画面に照合番号 ${number} が出ました。`,
    (machine: string, number: string) => `The screen of ${machine} shows match number ${number}.`,
  ),
  card: say(
    (who: string) => `${who} の1:1チャットにカードが届きました(コードは入っていません)。`,
    (who: string) => `A card reached ${who}'s 1:1 chat, without the code.`,
  ),
  shows: say(
    (who: string) => `${who} が「コードを表示」を押し、コードを本人だけが見ました。`,
    (who: string) => `${who} pressed Show code and alone saw the code.`,
  ),
  accepted: say(
    () => 'シミュレーションの Entra がコードを受け付けました。',
    () => 'The simulated Entra accepted the code.',
  ),
  connected: say(
    (machine: string) => `${machine} が Azure に現れ、全員のカードが変わりました。`,
    (machine: string) => `${machine} appeared in Azure and everyone's card has changed.`,
  ),
  done: say(
    (seconds: string) => `ひと通り終わりました(${seconds}秒)。`,
    (seconds: string) => `That was one whole journey (${seconds} s).`,
  ),
  next: say(
    () => 'このまま動き続けます(終了は Ctrl+C)。別の端末で、次の行を順に貼り付けてください。',
    () => 'It stays up (Ctrl+C ends it). In another terminal, paste these lines in turn.',
  ),
  nextCode: say(
    (entra: string) => `表示されたコードは ${entra}/devicelogin に入力します。`,
    (entra: string) => `Type the code shown into ${entra}/devicelogin.`,
  ),
  playgroundHow: say(
    () =>
      'Teams に近い画面で見るには、--playground(高橋)と --playground-as yamamoto(山本)を付けて起動してください。',
    () =>
      'To see it in a Teams-like window, start with --playground (takahashi) and --playground-as yamamoto.',
  ),
  playgroundOpen: say(
    (who: string, url: string) =>
      `${who} の Playground: ${url} (すべてのネットワークから見えます。評価用ライセンスの製品です)`,
    (who: string, url: string) =>
      `Playground as ${who}: ${url} (it listens on all interfaces; licensed for evaluation)`,
  ),
  failed: say(
    (what: string) => `デモが途中で止まりました: ${what}`,
    (what: string) => `The demo got stuck: ${what}`,
  ),
} as const;
