# Turns `nm -n` of the kernel into the C source of its symbol table; see symbols.h.
# All functions are of type t or T; what the linker script defines is left out.
BEGIN {
    print "/* Made by the build from the linked kernel. */"
    print "#include \"kern/symbols.h\"\n"
    print "const struct symbol symbol_table[] = {"
    count = 0
}
$2 ~ /^[tT]$/ && $3 !~ /^(kernel_|\.)/ {
    printf "    { 0x%s, \"%s\" },\n", $1, $3
    count++
}
END {
    print "    { 0, 0 },\n};"
    printf "const unsigned symbol_count = %d;\n", count
}
