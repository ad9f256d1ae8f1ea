/*
 * The ROM of the direct path, in place of the BIOS: 64 KiB at 0xf0000, which
 * the CPU also sees below 4 GiB, where it starts. It goes to 32-bit protected
 * mode and enters the kernel as a Multiboot2 loader does (Multiboot2
 * Specification, "I386 machine state"). record_boot.c has left the addresses
 * at HANDOVER. Control bits that a loader does not define stay as after reset.
 */
#define HANDOVER         0x10000    /* entry, boot information, memory to touch: start, end */
#define BLOCK            0x20000    /* bytes of RAM that Bochs provides at once */
#define MULTIBOOT2_MAGIC 0x36d76289
#define CODE             0x08
#define DATA             0x10
#define PORT_A20         0x92
#define A20              2

    .text
    .code16
start:
    cli
    lgdtl %cs:(gdt_pointer - start)
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE, $protected

    .code32
protected:
    movw $DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    inb $PORT_A20, %al
    orb $A20, %al
    outb %al, $PORT_A20
    /* Bochs lets the blocks follow each other in its memory as they are touched. */
    movl HANDOVER + 8, %esi
touch:
    cmpl HANDOVER + 12, %esi
    jae boot
    movb (%esi), %al
    addl $BLOCK, %esi
    jmp touch
boot:
    movl HANDOVER, %ecx
    movl HANDOVER + 4, %ebx
    movl $MULTIBOOT2_MAGIC, %eax
    jmp *%ecx

    .balign 8
gdt:
    .quad 0
    .quad 0x00cf9b000000ffff    /* flat, code; accessed, so that nothing is written */
    .quad 0x00cf93000000ffff    /* flat, data */
gdt_pointer:
    .short gdt_pointer - gdt - 1
    .long gdt

    .org 0xfff0, 0xff           /* where the CPU starts */
    .code16
    ljmp $0xf000, $(start - start)
    .org 0x10000, 0xff
