# reaper.sh RECORDS DOOMED: waits until the JVM that holds our standard input is gone, then ends what it left.
# Only shell built-ins in the loop: nothing to install, nothing to wait for.
records=$1 doomed=$2
trap '' HUP INT TERM
pauses="0 0.05 0.1 0.2 0.4"
while read -r line; do [ "$line" = orderly ] && pauses=0; done

started() { # field 22 of a stat line; the program's name may hold spaces and brackets
  rest=${1##*) }
  set -- $rest
  echo "${20}"
}

end_groups() {
  for file in "$records"/processes/*; do
    [ -f "$file" ] || continue
    pid=${file##*/}
    was=
    read -r was < "$file"
    if [ -z "$was" ]; then continue; fi # being written at this moment: the next round sees it
    if read -r now 2>/dev/null < "/proc/$pid/stat" && [ "$(started "$now")" != "$(started "$was")" ]; then
      rm -f "$file" # the number belongs to somebody else by now
      continue
    fi
    kill -9 "-$pid" 2>/dev/null || rm -f "$file"
  done
}

# Several rounds: a child that was being started when the JVM died records itself a moment later.
for pause in $pauses; do
  sleep "$pause"
  end_groups
done
for file in "$records"/routes/*; do
  [ -f "$file" ] || continue
  read -r network < "$file" || [ -n "$network" ] && ip route del local "$network" dev lo 2>/dev/null
done
rm -rf "$doomed"
