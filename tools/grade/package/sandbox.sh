#!/bin/sh
# Within a platform's container there is often no right to make another box: the
# container is the box then. Prints the option that grade needs here.
bwrap --unshare-all --ro-bind / / --proc /proc --dev /dev true 2>/dev/null || echo --no-sandbox
