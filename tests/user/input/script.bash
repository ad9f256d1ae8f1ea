# Read by bash-static from standard input; builtins only, for there is no other program.
fibonacci() {
    local n=$1
    (( n < 2 )) && { echo "$n"; return; }
    echo $(( $(fibonacci $((n - 1))) + $(fibonacci $((n - 2))) ))
}
fibonacci 6
declare -A colours=([sky]=blue [grass]=green)
echo "${colours[sky]} ${#colours[@]}"
[[ "quire-kernel" =~ -(.*) ]] && echo "${BASH_REMATCH[1]}"
printf '%s\n' one two three | while read -r word; do echo "<$word>"; done
echo lost >/dev/null
read -r nothing </dev/null || echo "end of file"
(exit 3) &
wait $! || echo "waited: $?"
for i in {1..3}; do (( i == 2 )) && continue; echo "$i"; done
cat_lines() { while read -r line; do echo "line: $line"; done; }
cat_lines <<END
here
document
END
kill -KILL $BASHPID
echo never
