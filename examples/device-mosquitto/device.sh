#!/bin/sh
# A device made of curl and mosquitto's tools: it synchronizes, and declines everything else. Beside `npm start`:
#   examples/device-mosquitto/device.sh workbench-01 .pushfleet/devices/workbench-01.secret
#   npx pushfleet push sync workbench-01
# For devices that can do no more than this. mosquitto_sub connects again by itself while its ticket is good, ten minutes;
# when it is not, this ends: let a service manager run it again.
set -eu
id=${1:-workbench-01}
secret_file=${2:-.pushfleet/devices/workbench-01.secret}
balancer=${3:-https://127.0.0.1:13000}
ca=${4:-.pushfleet/ca.crt}

# Where the device belongs, and a ticket for it. The secret comes from a file, so that no list of processes shows it.
assignment=$(printf '{"deviceId": "%s", "secret": "%s"}' "$id" "$(cat "$secret_file")" |
  curl -sS --fail-with-body --cacert "$ca" "$balancer/v1/assignment" --json @-)
value() { printf '%s' "$assignment" | sed "s/.*\"primary\":{[^}]*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/"; }
address=$(value address)
port=$(value port)
ticket=$(printf '%s' "$assignment" | sed 's/.*"ticket":"\([^"]*\)".*/\1/')

# Options of both tools. They read the ticket from their options only; on a machine of many users take a client that does not.
set -- -h "$address" -p "$port" --cafile "$ca" -V mqttv5 -u "$id" -P "$ticket" -q 1

# The subscriber writes each command into a pipe, and ends when this does.
directory=$(mktemp -d)
mkfifo "$directory/commands"
# With QoS 1 its PUBACK tells the push server that the device has the command.
mosquitto_sub "$@" -k 30 -D connect user-property pushfleet-operations force_sync \
  -t "pushfleet/devices/$id/commands/#" -F '%t %p' >"$directory/commands" &
subscriber=$!
trap 'kill $subscriber 2>/dev/null; rm -r "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

done_ids=' '
while read -r topic payload; do
  operation=${topic##*/}
  command=${topic%/*}
  command=${command##*/}
  case $operation in
    force_sync)
      # A command may come twice; it is run once and answered each time.
      case $done_ids in *" $command "*) ;; *) echo "synchronizes: $payload" ;; esac
      result='{"succeeded": {}}'
      ;;
    # It has ended before the next line is read: its result is on its way.
    cancel) continue ;;
    *) result="{\"rejected\": {\"reason\": \"unsupported: $operation\"}}" ;;
  esac
  # Remembers the last hundred or so.
  done_ids="$done_ids$command "
  while [ ${#done_ids} -gt 4000 ]; do done_ids=" ${done_ids#* * }"; done
  mosquitto_pub "$@" -t "pushfleet/devices/$id/results/$command" -m "$result"
done <"$directory/commands"
echo 'the link has ended'
