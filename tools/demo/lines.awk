# The lines that a recorded program wrote on standard output, each with the tick at which
# it began: of "trace show --kind out" the bytes on the parallel port, which are frames
# (docs/host-protocol.md): type, 0, length (two bytes, the low one first), payload.
BEGIN {
    for (i = 0; i < 16; i++)
        hex[substr("0123456789abcdef", i + 1, 1)] = i
}

function number(text, n, i) {
    for (i = 3; i <= length(text); i++)
        n = n * 16 + hex[substr(text, i, 1)]
    return n
}

function take_output(tick, byte) {
    if (line == "")
        began = tick
    if (byte != 10) {
        line = line sprintf("%c", byte)
        return
    }
    print began, line
    line = ""
}

match($0, /OUT LPT1 data = 0x[0-9a-f]+/) {
    byte = number(substr($0, RSTART + 16, RLENGTH - 16))
    if (place == 0)
        type = byte
    else if (place == 2)
        left = byte
    else if (place == 3)
        left += 256 * byte
    else if (place > 3) {
        if (type == 79)
            take_output($1, byte)
        left--
    }
    place++
    if (place > 3 && left == 0)
        place = 0
}
