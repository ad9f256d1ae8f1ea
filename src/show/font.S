/*
 * The map's letters: glyphs from space to ~, one after the other, each row in
 * whole bytes, the leftmost dot in the highest bit. See font/make.sh, font/LICENSE.
 */
    .section .rodata
    .globl font_8x16, font_12x24, font_16x32
font_8x16:
    .incbin "show/font/spleen-8x16.bin"
font_12x24:
    .incbin "show/font/spleen-12x24.bin"
font_16x32:
    .incbin "show/font/spleen-16x32.bin"

    .section .note.GNU-stack, "", @progbits
