#!/bin/sh
# Draw docs/demo.svg, the picture in docs/README.md, from a real run of the demo:
#
#     docs/make-picture.sh            # run the demo, draw what it prints
#     docs/make-picture.sh FILE       # draw the output of an earlier run
#
# The steps of the story named below are shown word for word, and what is left
# out is marked. Colours are added: frames that are shared, frames that one
# process has for itself, and those that are new in this step.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
story=${1-}
if [ -z "$story" ]; then
    story=$(mktemp)
    trap 'rm -f "$story"' EXIT
    "$here/../quire" run --timeout 120 </dev/null >"$story"
fi

# A run of text goes to its column with its exact width: any font lines up.
awk -v steps=' 2 3 ' '
    BEGIN {
        WIDTH = 8.4; HEIGHT = 18; LEFT = 20; TOP = 56
        PLAIN = "#c9d1d9"; DIM = "#8b949e"; PROMPT = "#7ee787"
        SHARED = "#79c0ff"; OWN = "#7ee787"; NEW = "#ffd33d"
        row = columns = 0
        emit_at(0, "$ ", PROMPT, 0)
        emit_at(2, "./quire run", "#ffffff", 1)
        row++
        shown = 1
    }

    function escape(text) {
        gsub(/&/, "\\&amp;", text)
        gsub(/</, "\\&lt;", text)
        gsub(/>/, "\\&gt;", text)
        return text
    }

    # Put text at a column of the current row. Wide spaces are place, not ink.
    function emit_at(column, text, colour, bold, gap) {
        while (substr(text, 1, 1) == " ") {
            text = substr(text, 2)
            column++
        }
        gap = index(text, "  ")
        if (gap) {
            emit_at(column + gap - 1, substr(text, gap), colour, bold)
            text = substr(text, 1, gap - 1)
        }
        sub(/ +$/, "", text)
        if (text == "")
            return
        out[++count] = sprintf("<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" fill=\"%s\"%s>%s</text>",
            LEFT + column * WIDTH, TOP + row * HEIGHT, length(text) * WIDTH, colour,
            bold ? " font-weight=\"bold\"" : "", escape(text))
        if (column + length(text) > columns)
            columns = column + length(text)
    }

    # A row of a table: each cell, "18 x4" or "*270 x1", in the colour of what it says.
    function emit_cells(line, at, cell, colour) {
        emit_at(0, substr(line, 1, 6), DIM, 0)
        for (at = 7; match(substr(line, at), /\*?[0-9a-f]+ x[0-9]+/); at += RSTART + RLENGTH - 1) {
            cell = substr(line, at + RSTART - 1, RLENGTH)
            colour = cell ~ / x1$/ ? OWN : SHARED
            emit_at(at + RSTART - 2, cell, cell ~ /^\*/ ? NEW : colour, cell ~ /^\*/)
        }
        if (line ~ / -$/)
            emit_at(length(line) - 1, "-", DIM, 0)
    }

    function emit(line) {
        if (line ~ /^     [A-Z] .* x[0-9]/)
            emit_cells(line)
        else if (line ~ /^ +page [0-9]/)
            emit_at(0, line, DIM, 0)
        else if (line ~ /^Free frames/)
            emit_at(0, line, OWN, 1)
        else if (line ~ /^[0-9]\. /) {
            emit_at(0, substr(line, 1, 2), "#ffffff", 1)
            emit_at(2, substr(line, 3), PLAIN, 0)
        } else
            emit_at(0, line, PLAIN, 0)
        row++
    }

    # The story goes step by step; its end belongs to no step.
    /^[0-9]+\. / {
        was = shown
        shown = index(steps, " " ($1 + 0) " ") > 0
        if (was && !shown) {
            emit_at(3, "...", DIM, 0)
            row += 2
        }
    }
    /^Free frames before/ { shown = 1 }
    { if (shown) emit($0) }

    END {
        width = LEFT * 2 + columns * WIDTH
        height = TOP + row * HEIGHT + 4
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"", width, height
        printf " viewBox=\"0 0 %d %d\" role=\"img\">\n", width, height
        print "<title>./quire run: fork and copy-on-write</title>"
        printf "<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"9\"", width - 1, height - 1
        print " fill=\"#0d1117\" stroke=\"#30363d\"/>"
        split("#ff5f56 #ffbd2e #27c93f", light, " ")
        for (i = 1; i <= 3; i++)
            printf "<circle cx=\"%d\" cy=\"19\" r=\"6\" fill=\"%s\"/>\n", 4 + i * 20, light[i]
        print "<g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, DejaVu Sans Mono, monospace\" font-size=\"14\">"
        for (i = 1; i <= count; i++)
            print out[i]
        print "</g>\n</svg>"
    }
' "$story" >"$here/demo.svg"
