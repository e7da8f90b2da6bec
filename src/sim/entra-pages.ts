/** The simulated sign-in page, around one of the parts below. */
export function pageOf(main: string): string {
  return `<!doctype html>
<html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>サインイン (模擬) / Sign in (simulated)</title>
<body style="font-family: sans-serif; max-width: 26em; margin: 3em auto; padding: 0 1em">
${main}
</body></html>
`;
}

export const PAGES = {
  form: `<h1>コードの入力<br><small>Enter code</small></h1>
<p>デモ用の模擬ページです。カードに書かれたアプリ名と同じか確認し、違うときはキャンセルしてください。<br>
The demo's simulated page. Check that the application is the one your card names; if not, cancel.</p>
<p>アプリ / Application: <strong>Azure Connected Machine Agent</strong></p>
<form method="post" action="/devicelogin">
<p><label>コード / Code <input name="code" autocomplete="off" maxlength="12" required></label></p>
<p><button name="answer" value="continue">続ける / Continue</button>
<button name="answer" value="cancel">キャンセル / Cancel</button></p>
</form>`,
  accepted: `<h1>サインインできました</h1><p>このページを閉じてください。</p>
<h1>You have signed in</h1><p>You may close this page.</p>`,
  cancelled: `<h1>サインインを取り消しました</h1><p>このページを閉じてください。</p>
<h1>Sign-in cancelled</h1><p>You may close this page.</p>`,
  wrongCode: `<h1>コードが正しくありません</h1><p>期限が切れているか、入力が違います。確認してやり直してください。</p>
<h1>That code did not work</h1><p>It has run out or was mistyped. Check it and try again.</p>`,
} as const;

export function refusedMain(refusal: string): string {
  return `<h1>組織のポリシーで許可されていません</h1><p>管理者に連絡してください。(${refusal})</p>
<h1>Your organisation does not allow this</h1><p>Ask your administrator. (${refusal})</p>`;
}
