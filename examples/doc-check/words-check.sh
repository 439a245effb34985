#!/bin/sh
# An agent's handler in another language: one process a task. The first line of the input is the path, the rest is Markdown.
# Finds words written twice in a row, and headings that skip a level. Code blocks and code spans are not looked at.
awk '
function quote(text) { gsub(/\\/, "\\\\", text); gsub(/"/, "\\\"", text); gsub(/\t/, " ", text); return text }
function found(kind, message) {
  findings = findings (findings == "" ? "" : ",") "{\"line\":" line ",\"kind\":\"" kind "\",\"message\":\"" quote(message) "\"}"
}
NR == 1 { path = $0; next }
{ line = NR - 1 }
/^[ \t]*(```|~~~)/ { code = !code; last = ""; next }
code { next }
/^#+ / {
  match($0, /^#+/)
  if (level > 0 && RLENGTH > level + 1) found("heading", "level " RLENGTH " follows level " level)
  level = RLENGTH
  last = ""
}
/^[ \t]*(\||-|\*|[0-9]+\.)/ || NF == 0 { last = "" }
{
  text = $0
  gsub(/`[^`]*`/, " . ", text)
  count = split(text, words, /[ \t]+/)
  for (i = 1; i <= count; i++) {
    word = words[i]
    if (word == "") continue
    if (word == last && word ~ /^[a-z]+$/) found("word", "\"" word "\" is written twice")
    last = word
  }
}
END { printf "{\"path\":\"%s\",\"findings\":[%s]}\n", quote(path), findings }
'
