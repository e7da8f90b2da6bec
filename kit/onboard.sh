#!/usr/bin/env bash
# Onboards this server to Azure Arc together with the Arc Onboarding Bot.
#
#   onboard.sh prepare | check | connect | arrive | status [--text] | report
#
# Reads settings.conf and texts.<language>.txt beside it, keeps its own files under state_dir, talks only to
# the bot (bot_url) and runs azcmagent. It believes nothing the bot says before the signature is checked, and
# acts on one word of a signed answer alone (do=). Sign-in codes pass through memory and one request; they
# stand in no file that has a name, no argument, no environment and not on the screen.
#
# Exit codes: 0 done · 1 unexpected · 2 usage or settings · 3 something is missing on this server · 4 not the
# server of this kit, or not a clean image · 5 the bot cannot be reached (reports wait) · 6 the bot said stop ·
# 7 the check found something · 8 no sign-in came about · 9 azcmagent failed · 75 another step is running
set -u -o pipefail
umask 077
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 2
SELF=${0##*/}

# shellcheck source-path=SCRIPTDIR disable=SC1091 # checked on its own
source "$HERE/door.sh" || exit 2

# ------------------------------------------------------------------ this server

identify() { # is this the server the kit was made for?
  local dmi
  dmi=$(setting dmi_dir /sys/class/dmi/id)
  SERIAL=$(head -c 128 "$dmi/product_serial" 2>/dev/null | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
  UUID=$(head -c 64 "$dmi/product_uuid" 2>/dev/null | tr -d '[:space:]')
  [[ ${SERIAL,,} == "$(setting serial | tr '[:upper:]' '[:lower:]')" ]] || die 4 K-08 "$(setting serial)" "$SERIAL"
  [[ $UUID =~ ^[A-Za-z0-9-]{8,64}$ ]] || die 4 K-08 "$(setting serial)" "product_uuid"
}

has_agent() { command -v "$AZCMAGENT" >/dev/null; }
need_agent() { has_agent || die 3 K-44 "$AZCMAGENT"; }
need_key() { [[ -f $KEYS/kid && -f $KEYS/key.pem ]] || die 4 K-29; }
shown() { "$AZCMAGENT" show 2>/dev/null 9>&- | sed -n "s/^ *$1 *: *//p" | head -n 1 | tr -d '\r'; }
is_connected() { has_agent && [[ -n $(shown 'Resource Id' | tr -d '[:space:]') ]]; }

agent_config() { # property, value or nothing: sets or clears it where it differs, and shows it
  local before action=(set "$1" "$2")
  before=$("$AZCMAGENT" config get "$1" 2>/dev/null 9>&- | tr -d '[]\r\n')
  [[ -n $2 || -n $before ]] || return 0
  [[ -n $2 ]] || action=(clear "$1")
  if [[ $before != "$2" ]]; then
    "$AZCMAGENT" config "${action[@]}" >"$RUN/config.log" 2>&1 9>&- || die 9 K-46 "$1"
  fi
  changed "$1" "$before" "${2:--}"
}

changed() { # what, before, after: one line for each value, so that a screen of 80 columns holds it
  local value
  if [[ $VERB == arrive && $2 == "$3" ]]; then
    say K-85 "$1"
    return
  fi
  [[ $VERB == arrive ]] && say K-84 "$1" "${2:--}"
  while IFS= read -r value; do say K-45 "$1" "$value"; done < <(tr ',' '\n' <<<"$3")
}

# The agent's proxy does not reach AMA and MDE: each gets its own.
set_proxies() { # proxy URL, or nothing
  local unit managed=$ROOT/etc/opt/microsoft/mdatp/managed/mdatp_managed.json
  agent_config proxy.url "$1"
  agent_config proxy.bypass "$(setting proxy_bypass)"
  agent_config extensions.allowlist "$(setting extensions_allowlist)"
  # AMA: the drop-ins its extension makes itself when it is given a proxy (azure-linux-extensions, agent.py).
  for unit in azuremonitor-coreagent metrics-extension; do
    put_file "$ROOT/etc/systemd/system/$unit.service.d/proxy.conf" "${1:+$(printf '[Service]\nEnvironment="http_proxy=%s"' "$1")}"
  done
  say K-47 AMA "${1:--}"
  # MDE: managed settings, https://learn.microsoft.com/defender-endpoint/linux-static-proxy-configuration
  if [[ -f $managed && ! -f $STATE/mde-proxy-ours ]]; then
    say K-48 "$managed"
  else
    keep mde-proxy-ours yes
    put_file "$managed" "${1:+$(printf '{"cloudService":{"proxy":"%s"}}' "$1")}"
    say K-47 MDE "${1:--}"
  fi
  [[ -z $ROOT && -d /run/systemd/system ]] && systemctl daemon-reload 9>&-
  return 0
}

put_file() { # path, content; without content the file goes
  [[ -n $2 ]] || { rm -f "$1"; return; }
  (umask 022 && mkdir -p "${1%/*}" && printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1") || die 1 K-02 "$1"
}

# ------------------------------------------------------------------ prepare

prepare() {
  identify
  clean_image
  [[ -f $KEYS/kid ]] && say K-40
  [[ -f $KEYS/kid ]] || { keep place "$([[ -n $(setting base_proxy_url) ]] && printf base || printf site)"; enrol; }
  install_agent
  set_proxies "$(proxy_here)"
  say K-49
}

clean_image() {
  local path
  if [[ -f $STATE/machine && $(kept machine) != "$(setting machine) $SERIAL $UUID" ]]; then
    die 4 K-33 "$(kept machine | tr -d '\n')"
  fi
  is_connected && die 4 K-30
  [[ -f $KEYS/kid ]] && return
  for path in /opt/microsoft/mdatp /etc/opt/microsoft/mdatp/mdatp_onboard.json; do
    [[ -e $ROOT$path ]] && die 4 K-31 "$ROOT$path"
  done
  for path in /opt/microsoft/azuremonitoragent /etc/opt/microsoft/azuremonitoragent; do
    [[ -e $ROOT$path ]] && die 4 K-32 "$ROOT$path"
  done
  return 0
}

new_key() { # folder: a P-256 key, on disk before anything is asked with it
  mkdir -p "$1"
  [[ -s $1/key.pem ]] && return
  printf '0\n' >"$1/seq"
  openssl ecparam -name prime256v1 -genkey -noout -out "$1/key.new" || die 1 K-02 "$1"
  sync "$1/key.new"
  mv "$1/key.new" "$1/key.pem" || die 1 K-02 "$1"
}

public_key() { openssl pkey -in "$1/key.pem" -pubout -outform DER | openssl base64 -A; }

enrol() {
  local token='' id ts data sig attempt
  if [[ -f $HERE/token ]]; then
    [[ $(stat -c %a "$HERE/token") == 600 ]] || die 2 K-03 'token (chmod 600)'
    token=$(head -c 64 "$HERE/token" | tr -d '[:space:]')
  else
    say K-34
    IFS= read -rs token || die 2 K-35
  fi
  [[ $token =~ ^[A-Za-z0-9_-]{22}$ ]] || die 2 K-35
  keep machine "$(setting machine) $SERIAL $UUID"
  new_key "$KEYS"
  say K-36
  id=$(new_id)
  data=$(printf '{"aud":"%s","token":"%s","name":"%s","serial":"%s","vmUuid":"%s","alg":"es256-der","publicKey":"%s","botKey":"%s"}' \
    "$(setting aud)" "$token" "$(setting machine)" "$(setting serial)" "$UUID" "$(public_key "$KEYS")" "$BOT_KEY" | openssl base64 -A)
  for attempt in 1 2 3; do
    ts=$(now)
    sig=$(printf 'v1e.%s.%s.%s' "$id" "$ts" "$data" | openssl dgst -sha256 -sign "$KEYS/key.pem" | openssl base64 -A)
    post /api/v1/enroll < <(printf '{"v":1,"id":"%s","ts":%s,"payload":"%s","sig":"%s"}' "$id" "$ts" "$data" "$sig")
    if believe "$id"; then
      case ${ANSWER[do]} in
        ok) break ;;
        resign) correct_clock; continue ;;
        *) bot_says; die 6 K-21 ;;
      esac
    fi
    [[ $RC == 0 && $HTTP == 403 && $KIND == application/json* ]] && die 6 K-38 "$HTTP"
    [[ $RC == 0 && $HTTP == 409 && $KIND == application/json* ]] && die 6 K-39 "$HTTP"
    tell_failure
    ((attempt == 3)) || pause "$(setting ready_every 5)"
  done
  [[ ${ANSWER[do]:-} == ok && ${ANSWER[kid]:-} =~ ^[A-Za-z0-9_-]{1,64}$ ]] || exit 5
  keep key/kid "${ANSWER[kid]}"
  rm -f "$HERE/token" "$RUN"/answer*
  say K-37
}

install_agent() {
  local package sum
  package=$HERE/$(setting agent_package)
  has_agent && return
  [[ -n $(setting agent_package) && -f $package ]] || die 3 K-44 "$AZCMAGENT"
  sum=$(sha256sum <"$package")
  [[ $(stat -c %s "$package") == "$(setting agent_package_size)" && ${sum%% *} == "$(setting agent_package_sha256)" ]] ||
    die 4 K-41 "$(setting agent_package)"
  say K-42 "$(setting agent_package)"
  case $package in
    *.rpm) rpm -i "$package" ;;
    *.deb) dpkg -i "$package" ;;
  esac >"$STATE/install.log" 2>&1 9>&- </dev/null || die 3 K-43 "$STATE/install.log"
  has_agent || die 3 K-44 "$AZCMAGENT"
}

# ------------------------------------------------------------------ check

check() {
  local flags text region rows reached url line rc=0 bad=0 via=direct
  need_agent
  say K-50
  [[ -n $(proxy_to_bot) ]] && via=proxy
  text=$(probe BOT "${BOT_URL#*://}" "$via" "$BOT_URL/livez" "$(proxy_to_bot)")$'\n'
  region=$(setting location)
  flags=(--location "$region")
  [[ -n $(setting private_link_scope) ]] && flags+=(--enable-pls-check)
  "$AZCMAGENT" check "${flags[@]}" >"$RUN/check.out" 2>&1 9>&- </dev/null || rc=$?
  rows=$(grep -cE '^https?://[^|]+\|' "$RUN/check.out") reached=$(grep -cE '^https?://[^|]+\| *true' "$RUN/check.out")
  if ((rows == 0)); then say K-56 "$rc"; else say K-51 'Arc' "$reached" "$rows"; fi
  ((rows > 0 && reached == rows)) || bad=1
  while IFS= read -r url; do say K-52 "$url"; done < <(sed -nE 's/^(https?:[^| ]+) *\| *false.*/\1/p' "$RUN/check.out")
  text+=$(tail -c 20000 "$RUN/check.out" | tr -d '\000')$'\n'
  rm -f "$RUN/check.out"
  text+=$(probe_extensions)
  for line in AMA MDE; do
    rows=$(grep -c "^PROBE name=$line " <<<"$text") reached=$(grep "^PROBE name=$line " <<<"$text" | grep -cv '=fail ')
    ((rows == 0)) || say K-51 "$line" "$reached" "$rows"
  done
  while read -r line url reached; do
    say K-53 "$url" "$line: $reached"
    bad=1
  done < <(sed -nE 's/^PROBE name=(AMA|MDE) host=([^ ]+) .*(dns|tcp|tls)=fail .*/\1 \2 \3/p' <<<"$text")
  ((bad == 0)) || EXIT=7
  report_check "$text"
}

report_check() { # text
  local address result
  keep last-check "$(now) $([[ ${EXIT:-0} == 7 ]] && printf 'not healthy' || printf 'all reached')"
  [[ -f $KEYS/kid ]] || return 0
  address=$(setting address "$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 -E '^[0-9]+(\.[0-9]+){3}$')")
  spool network-check "$(payload network-check ",\"text_b64\":\"$(printf '%s' "$1" | text_of)\"${address:+,\"address\":\"$address\"}")"
  flush
  result=$?
  if ((result == 0)); then
    say K-54 "${ANSWER[state]:-ok}"
    keep last-check "$(now) ${ANSWER[state]:-ok}"
    bot_says
  else
    say K-55
    [[ ${EXIT:-0} == 7 ]] || EXIT=$result
  fi
}

probe_extensions() {
  local entry name host port via proxy
  proxy=$(setting probe_proxy "$(proxy_here)")
  for entry in "${PROBES[@]+"${PROBES[@]}"}"; do
    [[ $entry =~ ^(AMA|MDE)\ ([A-Za-z0-9.-]+)\ ([0-9]{1,5})\ (proxy|direct)$ ]] || continue
    name=${BASH_REMATCH[1]} host=${BASH_REMATCH[2]} port=${BASH_REMATCH[3]} via=${BASH_REMATCH[4]}
    [[ $via == proxy && -z $proxy ]] && via=direct
    probe "$name" "$host:$port" "$via" "$([[ $port == 80 ]] && printf http || printf https)://$host:$port/" "$proxy"
  done
}

# One line for the bot: how far a connection gets. A TLS answer counts, whatever the page behind it says.
probe() { # name host[:port] via url proxy
  local proxy='' host=${2%%:*} port=443 line rc=0 dns=ok tcp=ok tls=ok said lookup connected secured status
  [[ $2 == *:* ]] && port=${2##*:}
  [[ $3 == proxy ]] && proxy=$5
  line=$(curl_through "$proxy" --max-time 8 --connect-timeout 5 --proto '=http,https' --output /dev/null \
    --write-out '%{http_connect} %{time_namelookup} %{time_connect} %{time_appconnect} %{http_code}' "$4" </dev/null) || rc=$?
  read -r said lookup connected secured status <<<"$line"
  [[ $3 == proxy ]] && dns=skip
  [[ $rc == 6 ]] && dns=fail tcp=skip tls=skip
  [[ $rc == 5 || ($dns != fail && $connected =~ ^0[.]0*$) ]] && tcp=fail tls=skip
  [[ $3 == proxy && $4 == https:* && $said != 200 ]] && tcp=fail tls=skip
  if [[ $4 == http:* ]]; then tls=skip; elif [[ $tls == ok ]]; then
    [[ $secured =~ ^0[.]0*$ || $rc == 35 || $rc == 51 || $rc == 60 ]] && tls=fail
  fi
  printf 'PROBE name=%s host=%s port=%s via=%s dns=%s tcp=%s tls=%s detail=curl %s, connect %s, http %s, lookup %s s\n' \
    "$1" "$host" "$port" "$3" "$dns" "$tcp" "$tls" "$rc" "$said" "$status" "$lookup"
}

# ------------------------------------------------------------------ connect

connect() {
  local deadline minutes told=no round
  need_agent
  need_key
  identify
  is_connected && die 0 K-70
  flush # what waits, before the new sign-in
  minutes=$(setting ready_minutes 10)
  deadline=$((SECONDS + minutes * 60))
  while ((SECONDS < deadline)); do
    if exchange "$(payload ready ',"mode":"connect"')" "$(new_id)"; then
      case $DO in
        go)
          round=${ANSWER[round]:-}
          [[ $round =~ ^[1-9][0-9]?$ ]] || die 1 K-17
          run_round "$round"
          told=no deadline=$((SECONDS + minutes * 60))
          continue
          ;;
        stop) bot_says; die 6 K-21 ;;
        *)
          [[ $told == yes ]] || say K-60 "$(setting machine)"
          # The bot's own way of saying the same needs no second line; another reason to wait does.
          [[ $told == yes || ${ANSWER[$LANGUAGE]:-} == *"$(setting machine)"* ]] || bot_says
          told=yes
          ;;
      esac
    fi
    pause "$(setting ready_every 5)"
  done
  die 8 K-61 "$minutes"
}

# azcmagent writes into a file that has no name any more: descriptor 7. It is read again and again as bytes,
# never by lines (its prompt may have no newline), and disappears with this process, however it ends.
start_agent() {
  local flags=(connect --use-device-code --tenant-id "$(setting tenant_id)" --subscription-id "$(setting subscription_id)"
    --resource-group "$(setting resource_group)" --location "$(setting location)" --resource-name "$(setting machine)"
    --cloud "$(setting cloud AzureCloud)")
  [[ -n $(setting private_link_scope) ]] && flags+=(--private-link-scope "$(setting private_link_scope)")
  [[ -n $(setting gateway_id) ]] && flags+=(--gateway-id "$(setting gateway_id)")
  [[ -n $(setting tags) ]] && flags+=(--tags "$(setting tags)")
  exec 7>"$RUN/agent.out"
  rm -f "$RUN/agent.out"
  "$AZCMAGENT" "${flags[@]}" </dev/null >&7 2>&1 7>&- 9>&- &
  AGENT=$!
  keep run/agent-pid "$AGENT"
}

# A kit that was killed could not stop its azcmagent, whose code nobody would hand over any more.
stop_leftover() {
  local pid
  pid=$(kept run/agent-pid | tr -cd '0-9')
  [[ -n $pid ]] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q 'connect --use-device-code' && kill "$pid"
}

output() { tail -c "+$((${1:-0} + 1))" /proc/self/fd/7 | tail -c 24576 | tr -d '\000'; } # from byte

stop_agent() { # sets AGENT_RC
  local patience=20
  kill -TERM "$AGENT" 2>/dev/null
  while kill -0 "$AGENT" 2>/dev/null && ((patience-- > 0)); do sleep 0.2; done
  kill -KILL "$AGENT" 2>/dev/null
  end_agent
}

end_agent() {
  AGENT_RC=0
  wait "$AGENT" 2>/dev/null || AGENT_RC=$?
  AGENT=''
  rm -f "$RUN/agent-pid"
}

# One run of azcmagent. Returns for another round; ends the step with its result otherwise.
run_round() { # round
  local read_until=0 sent_at='' percent='' next_watch=$SECONDS seen
  ROUND=$1
  say K-62 "$1"
  start_agent
  while kill -0 "$AGENT" 2>/dev/null; do
    if [[ -z $sent_at ]]; then
      seen=$(output)
      if has_prompt "$seen"; then
        read_until=$(stat -Lc %s /proc/self/fd/7)
        hand_over_code "$1" || return 0
        sent_at=$SECONDS
      fi
      seen=''
    else
      seen=$(output "$read_until" | tr '\r' '\n' | sed -nE 's/^ *([0-9]{1,3}%).*/\1/p' | tail -n 1)
      [[ -z $seen || $seen == "$percent" ]] || say K-65 "$seen"
      percent=$seen
    fi
    if ((SECONDS >= next_watch)); then
      next_watch=$((SECONDS + $(setting watch_every 3)))
      watch_round "$1" || return 0
    fi
    pause 0.5
  done
  end_agent
  finish "$1" "$read_until" "$([[ -n $sent_at ]] && ((SECONDS - sent_at >= 285)) && printf timeout || printf failed)"
}

has_prompt() { # an address for codes and, after it, a whole code
  [[ $1 =~ https?://[^[:space:]]*device[^[:space:]]*[[:space:]].*[^A-Za-z0-9-][A-Z0-9]{8,10}[^A-Za-z0-9-] ]]
}

# The code leaves at once or is given up with its round. What azcmagent printed goes as it is.
hand_over_code() { # round
  local data id attempt
  id=$(new_id)
  data=$(payload device-code ",\"round\":$1,\"text_b64\":\"$(output | text_of)\"")
  for attempt in 1 2; do
    if exchange "$data" "$id"; then
      [[ $DO == ok && ${ANSWER[number]:-} =~ ^[0-9]{4}$ ]] || { stop_agent; bot_says; die 6 K-21; }
      say K-63 "${ANSWER[number]}"
      say K-64
      return 0
    fi
    ((attempt == 1)) && pause 1
  done
  stop_agent
  say K-69
  return 1
}

watch_round() { # round; 1: this round is over, ask for the next
  exchange "$(payload watch ",\"round\":$1")" "$(new_id)" || return 0
  case $DO in
    renew) stop_agent; say K-68; return 1 ;;
    stop)
      stop_agent
      bot_says
      ((AGENT_RC == 0)) && finish "$1" 0 stopped
      report_outcome "$1" stopped ''
      die 6 K-21
      ;;
  esac
  return 0
}

finish() { # round, where the output after the prompt begins, result if it failed
  local text
  text=$(output "$2" | sed -E 's/(the code[: ]+)[A-Z0-9]{8,10}/\1[code removed]/g')
  if ((AGENT_RC == 0)); then
    say K-66
    report_outcome "$1" connected "$text"
    exit 0
  fi
  report_outcome "$1" "$3" "$text"
  [[ $text =~ AZCM[0-9]{4} ]] && die 9 K-67 "${BASH_REMATCH[0]}"
  die 9 K-67 "$AGENT_RC"
}

report_outcome() { # round result text
  spool outcome "$(payload outcome ",\"round\":$1,\"result\":\"$2\",\"exit_code\":$AGENT_RC${3:+,\"text_b64\":\"$(printf '%s' "$3" | text_of)\"}")"
  flush || say K-96 "$(waiting)"
}

# ------------------------------------------------------------------ arrive, status, report

arrive() {
  need_agent
  need_key
  identify
  keep place site
  renew_key
  set_proxies "$(setting proxy_url)"
  check
  say K-86
}

# The old key registers the new one, which is on disk before; a number at this console confirms it. Run again
# after an interruption it goes on with the new key: the old one may be dead by then.
renew_key() {
  local next=$STATE/key.next deadline
  say K-80
  [[ -f $next/kid ]] || register_successor "$next"
  say K-63 "$(kept key.next/number | tr -cd '0-9')"
  say K-64
  say K-81 30
  KEYS=$next deadline=$((SECONDS + 1800))
  while ((SECONDS < deadline)); do
    if exchange "$(payload watch ',"round":0')" "$(new_id)"; then
      case $DO in
        ok) promote "$next"; say K-82; return ;;
        stop) bot_says; break ;;
      esac
    fi
    pause "$(setting ready_every 5)"
  done
  rm -rf "$next"
  die 6 K-83
}

register_successor() { # folder of the new key
  new_key "$1"
  exchange "$(payload successor ",\"publicKey\":\"$(public_key "$1")\",\"alg\":\"es256-der\"")" "$(new_id)" || exit 5
  [[ $DO == ok && ${ANSWER[kid]:-} =~ ^[A-Za-z0-9_-]{1,64}$ && ${ANSWER[number]:-} =~ ^[0-9]{4}$ ]] || { bot_says; die 6 K-21; }
  keep key.next/number "${ANSWER[number]}"
  keep key.next/kid "${ANSWER[kid]}"
}

promote() { # folder of the new key; what is cut off between the two renames, start() finishes
  KEYS=$STATE/key
  keep key.next/promoted yes
  rm -rf "$STATE/key.old"
  mv "$KEYS" "$STATE/key.old" && mv "$1" "$KEYS" && rm -rf "$STATE/key.old" "$KEYS/promoted" "$KEYS/number"
}

status() {
  local key='-' agent='-' proxy last
  [[ -f $KEYS/kid ]] && key=enrolled
  [[ -f $STATE/key.next/kid ]] && key=successor-pending
  if has_agent; then
    agent="$(shown 'Agent Status') $(shown 'Agent Version')"
    proxy="$("$AZCMAGENT" config get proxy.url 2>/dev/null) bypass=$("$AZCMAGENT" config get proxy.bypass 2>/dev/null)"
  fi
  last=$(kept last-check)
  [[ $last =~ ^([0-9]+)\ (.*) ]] && last="$(printf '%(%F %H:%M)T' "${BASH_REMATCH[1]}") ${BASH_REMATCH[2]}"
  if [[ ${1-} == --text ]]; then
    printf '%s (%s)\nkey: %s\nagent: %s\nproxy: %s\nlast check: %s\nwaiting: %s\n' "$(setting machine)" \
      "$(setting site)" "$key" "$agent" "${proxy:--}" "${last:--}" "$(waiting)"
    return
  fi
  say K-90 "$key"
  say K-91 "$agent"
  say K-92 "${proxy:--}"
  say K-93 "${last:--}"
  say K-94 "$(waiting)"
}

service_state() { # unit
  case $(systemctl is-active "$1" 2>/dev/null) in
    active) printf running ;;
    inactive | failed) printf stopped ;;
    *) printf unknown ;;
  esac
}

report() {
  local result count mde ama text=''
  need_key
  flush
  result=$? count=$SENT
  if ((result == 0)); then
    mde=$(service_state mdatp) ama=$(service_state azuremonitoragent)
    has_agent && text=$("$AZCMAGENT" show 2>&1 9>&- | text_of)
    exchange "$(payload status ",\"mde\":\"$mde\",\"ama\":\"$ama\"${text:+,\"text_b64\":\"$text\"}")" "$(new_id)" || result=5
    [[ $result == 0 && $DO == stop ]] && { bot_says; result=6; }
  fi
  ((count == 0)) || say K-95 "$count"
  (($(waiting) == 0)) || say K-96 "$(waiting)"
  exit "$result"
}

# ------------------------------------------------------------------

interrupted() {
  trap '' INT TERM HUP
  [[ -z ${PAUSE:-} ]] || kill "$PAUSE" 2>/dev/null
  say K-09
  if [[ -n ${AGENT:-} ]]; then
    stop_agent
    ((AGENT_RC == 0)) || spool outcome "$(payload outcome ",\"round\":$ROUND,\"result\":\"stopped\",\"exit_code\":$AGENT_RC")"
    flush
  fi
  exit 130
}

VERB=${1-} EXIT=0 AGENT=''
start
case $VERB in
  prepare | check | connect | arrive | report)
    lock
    stop_leftover
    rm -f "$RUN"/*
    trap interrupted INT TERM HUP
    say K-01 "$(setting machine)" "$(setting site)" "$VERB"
    "$VERB"
    exit "$EXIT"
    ;;
  status) status "${2-}" ;;
  *) die 2 K-07 "$SELF" ;;
esac
