#!/bin/sh
# An exec handler in another language: repeated words ("the the") and headings that skip a level.
#
# Input on stdin: the first line is the document's path, the rest is its text.
# Output: {"path":"...","findings":[{"line":3,"kind":"RepeatedWord","message":"..."}]}
# Fenced code and `code` in a line are not looked at. Needs nothing but sh and awk.
exec awk '
function text(s) {
  gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); gsub(/\t/, "\\t", s); gsub(/[\001-\037]/, " ", s)
  return "\"" s "\""
}
function finding(kind, message) {
  found = found (found == "" ? "" : ",") \
    "{\"line\":" line ",\"kind\":\"" kind "\",\"message\":" text(message) "}"
}
NR == 1 { path = $0; sub(/\r$/, "", path); next }
{
  line = NR - 1
  sub(/\r$/, "")
}
/^ ? ? ?(```|~~~)/ {
  mark = $0
  sub(/^ */, "", mark)
  mark = substr(mark, 1, 3)
  if (fence == "") fence = mark
  else if (mark == fence) fence = ""
  last = ""
  next
}
fence != "" { next }
/^ ? ? ?#+[ \t]/ {
  match($0, /#+/)
  level = RLENGTH
  if (before > 0 && level > before + 1)
    finding("HeadingOrder", "a heading of level " level " follows one of level " before)
  before = level
  last = ""
}
/^[ \t]*$/ { last = ""; next }
{
  prose = $0
  gsub(/`[^`]*`/, " ` ", prose)
  n = split(prose, words, /[ \t]+/)
  for (i = 1; i <= n; i++) {
    word = tolower(words[i])
    if (word == "") continue
    # A word with punctuation behind it ends the pair; "had had" and "that that" are English.
    if (word == last && word ~ /^[a-z][a-z]+$/ && word != "had" && word != "that")
      finding("RepeatedWord", "the word \"" word "\" stands here twice")
    last = word
  }
}
/^ ? ? ?#+[ \t]/ { last = "" }
END { print "{\"path\":" text(path) ",\"findings\":[" found "]}" }
'
