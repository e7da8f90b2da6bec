import type { Bilingual, Lang } from '../../core/ids.ts';
import type { RefusalReason } from '../../core/notice.ts';
import type { OpeningProblem } from '../../core/sign-in.ts';
import { bold, say, type Words } from '../words.ts';

/** What a refusal may speak of; both are always words, even when nothing was named. */
export interface RefusalWords {
  readonly machine: string;
  readonly site: string;
}
type Sentence = Readonly<Record<Lang, (w: RefusalWords) => Words>>;

/** First what happened, then what to do. */
export const REFUSAL: Readonly<Record<RefusalReason, Sentence>> = {
  'not-known': {
    ja: () => say`登録されていない方には、お答えできません。統括に連絡して、登録を頼んでください。`,
    en: () => say`You are not registered for this roll-out. Please ask a lead to add you.`,
  },
  'not-allowed': {
    ja: () => say`この操作は、あなたの役割ではできません。担当エンジニアか統括に頼んでください。`,
    en: () => say`Your role may not do this. Please ask the engineer or a lead.`,
  },
  'not-your-site': {
    ja: (w) =>
      say`${w.site}は、あなたの担当の拠点ではありません。その拠点の担当者に頼んでください。`,
    en: (w) => say`${w.site} is not one of your sites. Please ask the person responsible there.`,
  },
  'not-your-card': {
    ja: () => say`このカードは、ほかの方あてです。ご自分に届いたカードのボタンを押してください。`,
    en: () => say`This card is for someone else. Please press the button on your own card.`,
  },
  'read-only': {
    ja: () => say`ここでは見ることだけができます。変更はTeamsのチャットで行ってください。`,
    en: () => say`Here you can only look. Please make changes in the Teams chat.`,
  },
  'card-gone': {
    ja: () => say`このカードはもうありません。もう一度たずねて、新しいカードを出してください。`,
    en: () => say`This card is no longer there. Please ask again to get a new one.`,
  },
  'already-done': {
    ja: () => say`この操作はもう済んでいます。あらためて行うことはありません。`,
    en: () => say`This has been done already. Nothing else is needed.`,
  },
  'sign-in-off': {
    ja: () =>
      say`デバイスコードによるサインインは使わない設定です。証明書を使う方法で接続してください。`,
    en: () => say`Sign-in by device code is switched off. Please connect with a certificate.`,
  },
  'sign-ins-stopped': {
    ja: () =>
      say`統括がすべてのサインインを停止しています。急ぐときは、証明書を使う方法で接続してください。`,
    en: () => say`A lead has stopped all sign-ins. If it is urgent, connect with a certificate.`,
  },
  'no-sign-in': {
    ja: (w) =>
      say`${bold(w.machine)}では、いまサインインを受け付けていません。「${w.machine}を接続したい」と送ると始められます。`,
    en: (w) =>
      say`No sign-in is open for ${bold(w.machine)}. Send "connect ${w.machine} now" to open one.`,
  },
  'wrong-number': {
    ja: () =>
      say`照合番号が違います。サーバーの画面の「照合番号」を見て、もう一度入れてください(3回まちがえると無効になります)。`,
    en: () =>
      say`That is not the match number. Look at "Match number" on the server's screen and try again; three wrong tries burn the code.`,
  },
  'number-needs-machine': {
    ja: () =>
      say`いくつかのサーバーが番号を待っています。サーバー名と番号を続けて送ってください(例: SV-OSK-03 と4けた)。`,
    en: () =>
      say`Several servers wait for a number. Please send the server's name together with the four digits.`,
  },
  'number-not-yours': {
    ja: () =>
      say`この番号を送れるのは、サインインを始めた方と担当エンジニアだけです。始めた方に頼んでください。`,
    en: () =>
      say`Only whoever opened the sign-in, and its engineer, can send this number. Please ask them.`,
  },
  'only-in-personal-chat': {
    ja: () => say`これはボットとの1対1のチャットだけで行えます。1対1のチャットで送ってください。`,
    en: () => say`This works only in your own chat with the bot. Please send it there.`,
  },
  'code-over': {
    ja: () =>
      say`このコードはもう使えません。新しいコードを待つか、サインインを始め直してください。`,
    en: () => say`This code is over. Please wait for a new one, or open the sign-in again.`,
  },
  'server-silent': {
    ja: (w) =>
      say`${bold(w.machine)}から30秒以上連絡がないため、コードは表示しません。サーバーの画面を確かめてください。`,
    en: (w) =>
      say`${bold(w.machine)} has been silent for over 30 seconds, so no code is shown. Please check its screen.`,
  },
  'shown-enough': {
    ja: () => say`このコードは、もう表示できる回数を使い切りました。新しいコードで続けてください。`,
    en: () => say`This code was shown as often as it may be. Please go on with a new code.`,
  },
  'shown-to-other': {
    ja: () =>
      say`コードはほかの方に表示しました。引き継ぐときは「ほかの人に引き継ぐ」を使ってください。`,
    en: () => say`The code was shown to someone else. Use "Hand over" to take over.`,
  },
  'two-persons': {
    ja: () => say`2人での確認が必要な設定です。始めた方とは別の方が、コードを表示してください。`,
    en: () => say`Two persons are required. Someone other than the opener must show the code.`,
  },
  'not-confirmed': {
    ja: () => say`まだ照合番号を確認していません。サーバーの前の方が番号を送るまでお待ちください。`,
    en: () =>
      say`The match number is not confirmed yet. Please wait until the person at the server sends it.`,
  },
  'machine-needed': {
    ja: () =>
      say`どのサーバーのことか分かりませんでした。サーバー名を入れて、もう一度送ってください。`,
    en: () => say`Which server do you mean? Please send it again with the server's name.`,
  },
  'machine-unknown': {
    ja: (w) =>
      say`${bold(w.machine)}という名前は登録されていません。名前を確かめて送ってください。`,
    en: (w) =>
      say`${bold(w.machine)} is not in the roll-out. Please check the name and send it again.`,
  },
  'already-connected': {
    ja: (w) => say`${bold(w.machine)}は、もうAzureに接続しています。サインインは要りません。`,
    en: (w) => say`${bold(w.machine)} is already connected to Azure. No sign-in is needed.`,
  },
  'in-transit': {
    ja: (w) =>
      say`${bold(w.machine)}は輸送中になっています。届いていたら「${w.machine}が届きました」と送ってください。`,
    en: (w) =>
      say`${bold(w.machine)} is marked as in transit. If it is there, send "${w.machine} has arrived".`,
  },
  quarantined: {
    ja: (w) =>
      say`安全のため、${bold(w.machine)}からの受付を停止しています。担当エンジニアに連絡してください。`,
    en: (w) => say`${bold(w.machine)} is quarantined for safety. Please call the engineer.`,
  },
  retired: {
    ja: (w) =>
      say`${bold(w.machine)}は廃止済みです。間違いのときは、24時間以内なら「取り消します」と送ってください。`,
    en: (w) =>
      say`${bold(w.machine)} is retired. If that was a mistake, send "undo" within 24 hours.`,
  },
  'serial-needed': {
    ja: (w) =>
      say`シリアル番号を読み取れませんでした。「${w.machine}の新しいシリアルは JP12345678 です」のように、印字のとおりに送ってください。`,
    en: (w) =>
      say`No serial number could be read. Please send it as it is printed, as in "the new serial of ${w.machine} is JP12345678".`,
  },
  'serial-taken': {
    ja: () =>
      say`そのシリアル番号は、ほかのサーバーのものです。印字を確かめて、もう一度送ってください。`,
    en: () => say`That serial number belongs to another server. Please check it and send it again.`,
  },
  'not-replaced': {
    ja: (w) =>
      say`${bold(w.machine)}は交換の途中ではないため、シリアル番号を変えていません。先に「${w.machine}を交換します」と送ってください。`,
    en: (w) =>
      say`${bold(w.machine)} is not being replaced, so its serial stays. Please send "replace ${w.machine}" first.`,
  },
  'too-many': {
    ja: () =>
      say`サインインが多すぎるため、いまは受け付けられません。しばらく待ってから、もう一度送ってください。`,
    en: () => say`There are too many sign-ins right now. Please wait a while and try again.`,
  },
  'card-changed': {
    ja: () =>
      say`押す前にカードの内容が変わりました。新しい内容を見てから、もう一度押してください。`,
    en: () => say`The card changed before you pressed. Please read it and press again.`,
  },
  'nothing-to-undo': {
    ja: () => say`取り消せる記録がありません。取り消しは24時間以内にできます。`,
    en: () => say`There is nothing to undo. Marks can be undone within 24 hours.`,
  },
  'only-in-channel': {
    ja: () => say`これはチームのチャネルだけで行えます。知らせたいチャネルで送ってください。`,
    en: () => say`This works only in a team channel. Please send it in the channel you mean.`,
  },
  'site-needed': {
    ja: () => say`どの拠点のことか分かりませんでした。拠点名を入れて、もう一度送ってください。`,
    en: () => say`Which site do you mean? Please send it again with the site's name.`,
  },
  'reason-needed': {
    ja: (w) =>
      say`${w.machine}の受付を再開するには、理由が要ります。「理由: 現地で本人に確認済み」のように、理由を付けて送ってください。`,
    en: (w) =>
      say`Lifting the quarantine of ${w.machine} needs a reason. Please send it again with "reason: …".`,
  },
  'day-needed': {
    ja: () =>
      say`どの日のことか分かりませんでした。「10/13は鈴木さんに交代」のように、今日以降の日付を入れて送ってください。`,
    en: () =>
      say`Which day do you mean? Please send it again with a day from today on, such as "10/13".`,
  },
  'person-needed': {
    ja: () =>
      say`どなたのことか分かりませんでした。エンジニアまたは統括の名前を、姓名で一人だけ入れて送ってください。`,
    en: () =>
      say`Whom do you mean? Please send it again with the full name of one engineer or lead.`,
  },
  'value-refused': {
    ja: (w) =>
      say`${w.site}の登録データに使えない値があり、コマンドを作れませんでした。担当エンジニアに連絡してください。`,
    en: (w) =>
      say`The data of ${w.site} holds a value that no command can be made of. Please tell the engineer.`,
  },
  'paste-please': {
    ja: () =>
      say`写真は読めません。画面の文を貼り付けるか、キットの「status --text」の結果を送ってください。`,
    en: () =>
      say`Pictures cannot be read here. Please paste the text, or send what the kit's "status --text" prints.`,
  },
  'file-not-here': {
    ja: () =>
      say`ここではファイルを受け取れません。中の文を貼り付けるか、ボットとの1対1のチャットで送ってください。`,
    en: () =>
      say`Files cannot be received here. Please paste the text, or send the file in a 1:1 chat with the bot.`,
  },
  'file-not-read': {
    ja: () => say`ファイルを読み取れませんでした。中の文をコピーして、ここに貼り付けてください。`,
    en: () => say`The file could not be read. Please copy its text and paste it here.`,
  },
  'file-too-large': {
    ja: () => say`ファイルが大きすぎます(1 MBまで)。エラーの前後だけを貼り付けてください。`,
    en: () =>
      say`The file is too large (1 MB at most). Please paste only the part around the error.`,
  },
  'file-no-text': {
    ja: () =>
      say`このファイルは文字として読めません。azcmagentの出力をテキストで保存するか、貼り付けてください。`,
    en: () => say`This file holds no text. Please save azcmagent's output as text, or paste it.`,
  },
  'opening-blocked': {
    ja: (w) =>
      say`いま始めても、${bold(w.machine)}はAzureに接続できません。下の点を直してから、もう一度送ってください。`,
    en: (w) =>
      say`${bold(w.machine)} could not connect even with a code. Please fix the points below and try again.`,
  },
  'held-for-person': {
    ja: (w) =>
      say`${bold(w.machine)}は、担当エンジニアの確認を待っています。確認が済むまでお待ちください。`,
    en: (w) =>
      say`${bold(w.machine)} is held until its engineer has looked at it. Please wait for that.`,
  },
  'own-request': {
    ja: () => say`ご自分の依頼は承認できません。ほかの担当者か統括に承認を頼んでください。`,
    en: () => say`You cannot approve your own request. Please ask another engineer or a lead.`,
  },
  'nobody-to-approve': {
    ja: (w) =>
      say`${w.site}には、承認できる方がほかにいません。統括に、担当の登録を頼んでください。`,
    en: (w) => say`Nobody else can approve this for ${w.site}. Ask a lead to register someone.`,
  },
  'sso-needed': {
    ja: () =>
      say`あなたのAzureの権限を確認できませんでした。Teamsのカードのボタンから、もう一度承認してください。`,
    en: () =>
      say`Your rights in Azure could not be confirmed. Please approve again on the card in Teams.`,
  },
  'sso-refused': {
    ja: () =>
      say`サインインの情報が正しくないので、何も変更していません。Teamsに入り直して、もう一度押してください。`,
    en: () =>
      say`That sign-in was not accepted, and nothing was changed. Sign in to Teams again and retry.`,
  },
  'azure-silent': {
    ja: () =>
      say`Microsoftのサインインから応答がなく、何も変更していません。少し待って、もう一度押してください。`,
    en: () =>
      say`Microsoft's sign-in did not answer, and nothing was changed. Please try again in a moment.`,
  },
  'too-long': {
    ja: () => say`文が長すぎて読めませんでした。必要な部分だけを送ってください。`,
    en: () => say`That text is too long. Please send only the part that matters.`,
  },
};

/** What would fail after the code is typed, with its remedy. */
export const OPENING_PROBLEM: Readonly<Record<OpeningProblem, Bilingual>> = {
  'provider-not-registered': {
    ja: 'サブスクリプションでMicrosoft.HybridComputeが登録されていません。Azure管理者に登録を頼んでください。',
    en: 'Microsoft.HybridCompute is not registered in the subscription. Ask the Azure administrator to register it.',
  },
  'resource-group-missing': {
    ja: '計画のリソースグループがありません。Azure管理者に作成を頼んでください。',
    en: 'The planned resource group does not exist. Ask the Azure administrator to create it.',
  },
  'private-link-scope-missing': {
    ja: '計画のプライベートリンクスコープがありません。Azure管理者に確認してください。',
    en: 'The planned private link scope does not exist. Ask the Azure administrator.',
  },
  'private-link-scope-elsewhere': {
    ja: 'プライベートリンクスコープが、サーバーと別のリージョンにあります。Azure管理者に確認してください。',
    en: 'The private link scope is in another region than the server. Ask the Azure administrator.',
  },
  'name-taken': {
    ja: '同じ名前のサーバーがAzureにもうあります。前の登録を消すか、名前を変えてください。',
    en: 'Azure already has a server of this name. Delete the old one or choose another name.',
  },
  'tags-missing': {
    ja: '必要なタグの値が足りません。拠点の登録内容を確かめてください。',
    en: 'Required tags have no value. Please check the data of the site.',
  },
};
