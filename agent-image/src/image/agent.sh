#!/bin/sh
# Starts the agent with the ahead-of-time cache of this very build: the file's name carries the hash
# of the jars. Jars in handlers/, and those that HANDLERS_PATH names (jars, or folders of jars, with
# colons between them), are added behind our own, so the cache stays in use. AGENT_JAVA_OPTIONS adds
# options of the JVM, such as -Xmx128m for a handler that needs it.
self=$0
[ -L "$self" ] && self=$(readlink -f "$self")
home=$(cd "${self%/*}/.." && pwd -P)
path=@CLASS_PATH@
for jar in "$home"/handlers/*.jar; do
  [ -e "$jar" ] && path=$path:$jar
done
if [ -n "$HANDLERS_PATH" ]; then
  IFS=:
  for place in $HANDLERS_PATH; do
    if [ -d "$place" ]; then
      for jar in "$place"/*.jar; do
        [ -e "$jar" ] && path=$path:$jar
      done
    elif [ -n "$place" ]; then
      path=$path:$place
    fi
  done
  unset IFS
fi
# shellcheck disable=SC2086 # the options are words
exec "$home/runtime/bin/java" @FLAGS@ -XX:AOTCache="$home/@CACHE@" -Dstrata.cache="$home/@CACHE@" \
  -Dstrata.build=@HASH@ -Dstrata.lib="$home/lib" $AGENT_JAVA_OPTIONS -cp "$path" \
  dev.strata.agent.AgentMain "$@"
