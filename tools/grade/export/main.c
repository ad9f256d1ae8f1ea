#include "export.h"

int main(int argc, char **argv)
{
    return export_main(argc, argv);
}
