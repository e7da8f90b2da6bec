# shellcheck shell=bash disable=SC2034 # onboard.sh reads these
# The kit's half of the door: settings and texts as plain data, requests signed with openssl, answers believed
# only when the bot's key signed them, reports that wait for a way. Sourced by onboard.sh; docs/door.md of the
# bot says the same in words.

LOCALE=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
export LC_ALL=C # bytes, not characters: reports are raw bytes, and azcmagent speaks English
declare -A SETTING TEXT ANSWER
PROBES=()

# ------------------------------------------------------------------ settings and texts

# A settings file is data: it is never sourced or evaluated.
load_settings() {
  local line
  [[ -r $HERE/settings.conf ]] || { printf 'K-02 settings.conf\n'; exit 2; }
  while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    [[ $line =~ ^([a-z_0-9]+)=(.*)$ ]] || continue
    if [[ ${BASH_REMATCH[1]} == probe ]]; then
      PROBES+=("${BASH_REMATCH[2]}")
    else
      SETTING[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
    fi
  done <"$HERE/settings.conf"
}

setting() { # name, what if absent
  printf '%s' "${SETTING[$1]:-${2-}}"
}

load_texts() {
  local line language
  language=$(setting language)
  if [[ $language != ja && $language != en ]]; then
    language=en
    # The Linux text console (TERM=linux) has no Japanese characters.
    [[ $LOCALE == ja*[uU][tT][fF]* && ${TERM:-} != linux ]] && language=ja
  fi
  [[ -r $HERE/texts.$language.txt ]] || { printf 'K-02 texts.%s.txt\n' "$language"; exit 2; }
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^(K-[0-9]+)\ (.*)$ ]] && TEXT[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]%$'\r'}
  done <"$HERE/texts.$language.txt"
  LANGUAGE=$language
}

say() { # step code, values for {1} {2} {3}
  local code=$1 text=${TEXT[$1]:-} number=0 value
  shift
  for value in "$@"; do
    number=$((number + 1))
    text=${text//"{$number}"/"${value//[[:cntrl:]]/ }"}
  done
  printf '%s %s\n' "$code" "$text"
}

die() { # exit code, step code, values
  local code=$1
  shift
  say "$@"
  exit "$code"
}

# Each value that goes into a request, a command or a path has a form; one that has not stops the kit here.
check_settings() {
  local id='^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
  local url='^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?$' path='^[A-Za-z0-9_./ -]+$'
  local resource='^(/[A-Za-z0-9_.()-]+)+$' words='^[A-Za-z0-9][A-Za-z0-9.,/-]*$'
  form bot_url "$url" need
  form bot_key '^[A-Za-z0-9+/]{120,124}=*$' need
  form aud '^[A-Za-z0-9_.:-]{1,128}$' need
  form machine '^[A-Za-z0-9][A-Za-z0-9_.-]{0,53}$' need
  form serial '^[A-Za-z0-9]([A-Za-z0-9 _./-]{0,126}[A-Za-z0-9])?$' need
  form site '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' need
  form tenant_id "$id" need
  form subscription_id "$id" need
  form resource_group '^[A-Za-z0-9_.()-]{1,90}$' need
  form location '^[a-z0-9]{1,40}$' need
  form cloud '^[A-Za-z]{1,40}$'
  form private_link_scope "$resource"
  form gateway_id "$resource"
  form proxy_url "$url"
  form base_proxy_url "$url"
  form probe_proxy "$url"
  form proxy_bypass "$words"
  form extensions_allowlist "$words"
  form tags '^[A-Za-z][^[:cntrl:]"'\''\\<>%&?]*$'
  form agent_package '^[A-Za-z0-9_][A-Za-z0-9_.+~-]*[.](rpm|deb)$'
  form agent_package_size '^[0-9]{1,12}$'
  form agent_package_sha256 '^[0-9a-f]{64}$'
  form azcmagent "$path"
  form state_dir "$path"
  form root_dir "$path"
  form dmi_dir "$path"
  form ca_file "$path"
  form address '^[0-9a-fA-F.:]{2,45}$'
  form bot_via '^(proxy|direct)$'
  form ready_minutes '^[0-9]{1,3}$'
  form ready_every '^[0-9]{1,2}([.][0-9])?$'
  form watch_every '^[0-9]{1,2}$'
}

form() { # name, pattern, need
  local value=${SETTING[$1]:-}
  [[ -z $value && ${3-} != need ]] && return
  [[ $value =~ $2 ]] || die 2 K-03 "$1"
}

start() { # everything a verb needs before it begins
  load_settings
  load_texts
  check_settings
  STATE=$(setting state_dir /var/lib/arc-onboarding-kit)
  ROOT=$(setting root_dir)
  AZCMAGENT=$(setting azcmagent azcmagent)
  BOT_URL=$(setting bot_url)
  BOT_URL=${BOT_URL%/}
  LOOPBACK=no
  [[ $BOT_URL =~ ^https?://(127\.0\.0\.1|localhost)(:[0-9]+)?$ ]] && LOOPBACK=yes
  [[ $BOT_URL == https://* || $LOOPBACK == yes ]] || die 2 K-22 "$BOT_URL"
  local tool
  for tool in openssl curl flock sed tail head sync; do
    command -v "$tool" >/dev/null || die 3 K-05 "$tool"
  done
  [[ $EUID == 0 || -n $ROOT ]] || die 3 K-04
  mkdir -p "$STATE/run" "$STATE/spool" || die 3 K-02 "$STATE"
  chmod 700 "$STATE" "$STATE/run" "$STATE/spool" || die 3 K-02 "$STATE"
  RUN=$STATE/run KEYS=$STATE/key OFFSET=$(kept clock-offset 0) LAST_FAILURE=''
  # A promotion that was cut off between its two renames is finished here.
  [[ ! -d $KEYS && -f $STATE/key.next/promoted ]] && mv "$STATE/key.next" "$KEYS"
  keep_bot_key
}

lock() { # one step at a time, and with it one request at a time
  exec 9>"$STATE/lock"
  flock -n 9 || die 75 K-06
}

kept() { # name, what if absent: one small value of the state folder
  if [[ -f $STATE/$1 ]]; then head -c 4096 "$STATE/$1"; else printf '%s' "${2-}"; fi
}

keep() { # name, value: on disk before this returns, whole or not at all
  printf '%s\n' "$2" >"$STATE/$1.new" && sync "$STATE/$1.new" && mv "$STATE/$1.new" "$STATE/$1"
}

# Waits so that a signal is heard at once, not when the time is over.
pause() { # seconds
  sleep "$1" 9>&- &
  PAUSE=$!
  wait "$PAUSE" 2>/dev/null
}

# ------------------------------------------------------------------ the door: requests and signed answers

now() { printf '%s' "$(($(printf '%(%s)T' -1) + OFFSET))"; }
new_id() { openssl rand -hex 16; }

keep_bot_key() { # the key that signs answers: from the settings, later from a signed answer
  [[ -f $STATE/bot-key ]] || keep bot-key "$(setting bot_key)"
  BOT_KEY=$(kept bot-key)
}

# At the base the base's proxy leads out, after arrival the site's.
proxy_here() {
  if [[ $(kept place site) == base ]]; then setting base_proxy_url "$(setting proxy_url)"; else setting proxy_url; fi
}

# Follows no redirect, reads no .curlrc, and takes no proxy from the environment.
curl_through() { # proxy URL or nothing, arguments of curl
  local common=(-q --silent --max-redirs 0) proxy=$1 ca
  shift
  ca=$(setting ca_file)
  [[ -n $ca ]] && common+=(--cacert "$ca")
  if [[ -n $proxy ]]; then common+=(--proxy "$proxy" --noproxy ''); else common+=(--noproxy '*'); fi
  curl "${common[@]}" "$@"
}

proxy_to_bot() {
  [[ $(setting bot_via proxy) == direct || $LOOPBACK == yes ]] || proxy_here
}

# Posts what comes on standard input. Sets RC (curl's), HTTP, PROXY_SAID (of CONNECT) and KIND (content type).
post() { # path
  local line protocols='=https'
  [[ $LOOPBACK == yes ]] && protocols='=http,https'
  rm -f "$RUN/answer"
  RC=0
  line=$(curl_through "$(proxy_to_bot)" --max-time 15 --proto "$protocols" --max-filesize 65536 --output "$RUN/answer" \
    --header 'content-type: application/json' --header 'expect:' --data-binary @- \
    --write-out '%{http_code} %{http_connect} %{content_type}' "$BOT_URL$1") || RC=$?
  read -r HTTP PROXY_SAID KIND <<<"$line"
}

# Reads the answer to request id into ANSWER, only if it is signed by the bot's key. Nothing unsigned is read.
believe() { # id
  local last line name
  ANSWER=()
  [[ $RC == 0 && $HTTP =~ ^(200|202|401|403|409)$ && $KIND == text/plain* && -f $RUN/answer ]] || return 1
  last=$(tail -n 1 "$RUN/answer" | head -c 1024)
  [[ $last =~ ^sig=([A-Za-z0-9+/]+=*)$ ]] || return 1
  printf '%s' "${BASH_REMATCH[1]}" | openssl base64 -d -A >"$RUN/answer.sig" || return 1
  sed '$d' "$RUN/answer" >"$RUN/answer.signed"
  signed_by "$BOT_KEY" || signed_by "$(kept bot-key-before)" || return 1
  while IFS= read -r line; do
    name=${line%%=*}
    [[ $line == *=* && $name =~ ^[a-z_]+$ && -z ${ANSWER[$name]+set} ]] || return 1
    ANSWER[$name]=${line#*=}
  done <"$RUN/answer.signed"
  [[ ${ANSWER[v]:-} == a1 && ${ANSWER[id]:-} == "$1" && ${ANSWER[time]:-} =~ ^[1-9][0-9]{0,11}$ ]] || return 1
  [[ ${ANSWER[do]:-} =~ ^(go|wait|renew|stop|resign|ok)$ ]]
}

signed_by() { # SPKI in base64: does it verify the answer at hand?
  [[ -n $1 ]] || return 1
  printf '%s' "$1" | openssl base64 -d -A | openssl pkey -pubin -inform DER -out "$RUN/bot.pem" 2>/dev/null &&
    openssl dgst -sha256 -verify "$RUN/bot.pem" -signature "$RUN/answer.sig" "$RUN/answer.signed" >/dev/null 2>&1
}

# One message, with its payload and id, until the bot answered or an attempt failed. Sets DO.
exchange() { # payload id
  local attempt
  for attempt in 1 2 3; do
    send_once "$1" "$2"
    believe "$2" || { tell_failure; rm -f "$RUN"/answer*; return 1; }
    rm -f "$RUN"/answer*
    LAST_FAILURE='' DO=${ANSWER[do]}
    keep last-contact "$(now)"
    if [[ ${ANSWER[bot_key]:-} =~ ^[A-Za-z0-9+/]{120,124}=*$ && ${ANSWER[bot_key]} != "$BOT_KEY" ]]; then
      keep bot-key-before "$BOT_KEY"
      keep bot-key "${ANSWER[bot_key]}"
      BOT_KEY=${ANSWER[bot_key]}
      say K-23
    fi
    [[ $DO == resign ]] || return 0
    correct_clock
  done
  return 1
}

correct_clock() { # by time= of the answer at hand
  local theirs=${ANSWER[time]}
  OFFSET=$((theirs - $(printf '%(%s)T' -1)))
  keep clock-offset "$OFFSET"
  [[ ${ANSWER[code]:-} == CLOCK ]] && say K-19 "$OFFSET"
  return 0
}

send_once() { # payload id: signs anew, with the next number, which is on disk before the request leaves
  local ts seq kid payload sig
  ts=$(now)
  seq=$(($(head -c 20 "$KEYS/seq") + 1))
  keep "${KEYS##*/}/seq" "$seq" || die 1 K-02 "$KEYS/seq"
  kid=$(head -c 64 "$KEYS/kid")
  payload=$(printf '%s' "$1" | openssl base64 -A)
  sig=$(printf 'v1.%s.%s.%s.%s.%s' "$kid" "$2" "$ts" "$seq" "$payload" |
    openssl dgst -sha256 -sign "$KEYS/key.pem" | openssl base64 -A)
  post /api/v1/reports < <(printf '{"v":1,"kid":"%s","id":"%s","ts":%s,"seq":%s,"payload":"%s","sig":"%s"}' \
    "$kid" "$2" "$ts" "$seq" "$payload" "$sig")
}

payload() { # type, further members with their leading comma
  printf '{"aud":"%s","type":"%s","at":%s,"botKey":"%s"%s}' "$(setting aud)" "$1" "$(now)" "$BOT_KEY" "${2-}"
}

# Says, once per kind, whose answer it was when it was not the bot's signed one.
tell_failure() {
  local step
  case $RC:$HTTP in
    0:407) step='K-14' ;;
    0:429 | 0:5*) if [[ $KIND == application/json* ]]; then step="K-16 $HTTP"; else step="K-15 $HTTP"; fi ;;
    0:200 | 0:202 | 0:401 | 0:403 | 0:409)
      step='K-17'
      [[ $KIND == application/json* ]] && step="K-18 $HTTP"
      [[ $KIND == text/html* ]] && step="K-15 $HTTP"
      ;;
    0:*) if [[ $KIND == application/json* ]]; then step="K-18 $HTTP"; else step="K-15 $HTTP"; fi ;;
    5:* | 6:*) step="K-10 $BOT_URL" ;;
    28:*) step='K-12' ;;
    35:* | 51:* | 58:* | 60:* | 77:*) step="K-13 $BOT_URL" ;;
    *) step="K-11 $BOT_URL" ;;
  esac
  [[ $PROXY_SAID == 407 ]] && step='K-14'
  [[ $PROXY_SAID =~ ^[3-5][0-9][0-9]$ && $PROXY_SAID != 407 ]] && step="K-15 $PROXY_SAID"
  [[ $step == "$LAST_FAILURE" ]] && return
  LAST_FAILURE=$step
  # shellcheck disable=SC2086 # code and value
  say $step
}

bot_says() { # the bot's sentences for the console; the match number has its own line and no other
  local text=${ANSWER[$LANGUAGE]:-} sentence
  text=${text//照合番号/番号}
  text=${text//。/。$'\n'}
  while IFS= read -r sentence; do
    [[ -z $sentence ]] || say K-20 "$sentence"
  done <<<"${text//. /.$'\n'}"
}

# ------------------------------------------------------------------ reports that wait

# Kept as files in order of time. Only the newest check, every outcome, 1 MB. Never a code.
spool() { # type payload
  local name
  [[ $1 == network-check ]] && rm -f "$STATE"/spool/*-network-check-*
  name=$(printf '%012d-%s-%s' "$(now)" "$1" "$(new_id)")
  printf '%s' "$2" >"$STATE/spool/$name.new" && sync "$STATE/spool/$name.new" && mv "$STATE/spool/$name.new" "$STATE/spool/$name"
  local oldest
  while (($(cat "$STATE"/spool/* | wc -c) > 1048576)); do
    oldest=$(printf '%s\n' "$STATE"/spool/* | head -n 1)
    rm -f "$oldest"
  done
}

waiting() { find "$STATE/spool" -type f ! -name '*.new' | wc -l; }

# Sends what waits, oldest first. 0 all sent · 5 some still wait · 6 the bot said stop.
SENT=0
flush() {
  local file result=0
  SENT=0
  [[ -f $KEYS/kid ]] || return 5
  for file in "$STATE"/spool/*; do
    [[ -f $file && $file != *.new ]] || continue
    if ! exchange "$(head -c 60000 "$file")" "${file##*-}"; then
      result=5
      # With an answer, only this report is refused for now; without one, the others would wait as long.
      if [[ $RC == 0 ]]; then continue; else return 5; fi
    fi
    [[ $DO == ok ]] || { bot_says; return 6; }
    rm -f "$file"
    SENT=$((SENT + 1))
  done
  return "$result"
}

text_of() { tail -c 24576 | openssl base64 -A; } # raw bytes on standard input, the last 24 KB
