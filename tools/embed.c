/* embed: writes files as a C table of names and bytes, so that nnc is one file that can be copied anywhere.
 * usage: embed FILE... > embedded.c   (see compiler/embedded.h) */
#include <stdio.h>
#include <stdlib.h>

static void write_bytes(const char *path, int number) {
    FILE *from = fopen(path, "rb");
    if (!from) {
        perror(path);
        exit(3);
    }
    printf("static const char text_%d[] = {", number);
    for (int c, n = 0; (c = getc(from)) != EOF; n++) printf("%s%d,", n % 24 ? "" : "\n", c > 127 ? c - 256 : c);
    printf("\n0};\n");
    fclose(from);
}

int main(int argc, char **argv) {
    printf("#include \"embedded.h\"\n");
    for (int k = 1; k < argc; k++) write_bytes(argv[k], k);
    printf("const Embedded embedded[] = {\n");
    for (int k = 1; k < argc; k++) printf("{\"%s\", text_%d, sizeof text_%d - 1},\n", argv[k], k, k);
    printf("{0, 0, 0}};\n");
    return 0;
}
