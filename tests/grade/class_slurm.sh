#!/bin/bash
# A class on a real Slurm of one node, which this test starts and stops:
#
#     GRADE=quire-grade MAKE=cheat_make class_slurm.sh TREE
#
# Skipped (77) where Slurm or the right to start it is missing.
set -u
tree=$1
here=$(dirname -- "$(readlink -f -- "$0")")
PATH=$PATH:/usr/sbin:/sbin
for tool in munged slurmctld slurmd sbatch squeue; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool; ./quire setup class" && exit 77; }
done
[ "$(id -u)" = 0 ] || { echo 'skipped: only root can start a Slurm' && exit 77; }
work=$(mktemp -d)
chmod 755 "$work"
daemons=

stop() {
    scancel --user root 2>/dev/null
    for pid in $daemons; do kill "$pid" 2>/dev/null; done
    for pid in $daemons; do wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap stop EXIT

die() {
    printf 'FAILED: %s\n' "$*"
    tail -n 20 "$work"/*.log "$work/err" "$work/out" 2>/dev/null
    exit 1
}

# A key and a socket of its own: no other munge is touched.
mkdir "$work/munge" "$work/state" "$work/spool"
head -c 1024 /dev/urandom >"$work/munge/key"
chmod 600 "$work/munge/key"
chmod 711 "$work/munge"
munged --foreground --force --key-file "$work/munge/key" --socket "$work/munge/socket" \
    --pid-file "$work/munge/pid" --seed-file "$work/munge/seed" --log-file "$work/munge.log" \
    >"$work/munged.out.log" 2>&1 &
daemons=$!
host=$(hostname -s)
cat >"$work/slurm.conf" <<END
ClusterName=quiretest
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
SlurmUser=root
SlurmctldPort=27817
SlurmdPort=27818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,bf_interval=2,sched_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MaxArraySize=10001
ReturnToService=2
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 SocketsPerBoard=1 CoresPerSocket=2 ThreadsPerCore=1 RealMemory=500 State=UNKNOWN
PartitionName=grade Nodes=ALL Default=YES MaxTime=01:00:00 State=UP
END
export SLURM_CONF=$work/slurm.conf
slurmctld -D -i >"$work/slurmctld.out.log" 2>&1 &
daemons="$daemons $!"
slurmd -D >"$work/slurmd.out.log" 2>&1 &
daemons="$daemons $!"
for _ in $(seq 60); do
    ! sinfo -h -o %T 2>/dev/null | grep -q idle || break
    sleep 0.5
done
sinfo -h -o %T 2>/dev/null | grep -q idle || die 'the node does not come up'

cd "$work" || exit 1
export QUIRE_CLASS_GRADER=$here/class_grader.sh CLASS_LOG=$work/log CLASS_DELAY=0.1
: >log
mkdir class
mkdir -p root/labs/2-buddy root/src/pmm "it's a class"
echo 'int x;' >root/src/pmm/buddy.c
cat >root/labs/2-buddy/lab.toml <<'END'
number = 2
name = "2-buddy"
title = "The buddy allocator"
hours = "1"
files = ["src/pmm/buddy.c"]
END
for i in $(seq -w 24); do
    mkdir -p "it's a class/s$i/src/pmm"
    echo "points $((10#$i + 20))" >"it's a class/s$i/src/pmm/buddy.c"
done
echo hang >"it's a class/s07/src/pmm/buddy.c"
echo crash >"it's a class/s09/src/pmm/buddy.c"

grade() {
    timeout 200 "$GRADE" grade-class --root root --lab 2 -o "it's out" --cache cache \
        --engine slurm --wall 3 "it's a class" >out 2>err
    status=$?
}

grade
[ "$status" = 3 ] || die "status $status instead of 3"
grep -q '24 submissions: 0 with full points, 22 lost points, 2 could not be graded' out ||
    die 'the summary is wrong'
grep -q '^#SBATCH --array=0-5%2$' "it's out/class.sbatch" || die 'not six tasks of four'
jq -e '.points == 32 and .submission.name == "s12"' "it's out/s12/result.json" >/dev/null ||
    die 's12 has another result'
grep -q 'did not end within 3 s' "it's out/class.csv" || die 's07 is not told'
# Again: only what has no verdict is tried once more.
: >log
grade
[ "$status" = 3 ] || die "the second time: status $status"
[ "$(sort log | tr -d ' ' | tr '\n' ,)" = s07,s09, ] || die "graded again: $(cat log)"

echo 'with the real grader'
unset QUIRE_CLASS_GRADER
"$MAKE" "$tree" '' class/ann 2 >/dev/null
"$MAKE" "$tree" "$tree/labs/2-buddy/zoo/count-not-raised.c" class/cid 2 >/dev/null
echo 'no archive' >class/eve.zip
status=0
timeout 250 "$GRADE" grade-class --root "$tree" --lab 2 -o graded --cache real-cache --seed 17 \
    --engine slurm class >out 2>err || status=$?
[ "$status" = 3 ] || die "the real grader: status $status"
grep -q '^3 submissions: 0 with full points, 2 lost points, 1 could not be graded$' out ||
    die 'the real summary is wrong'
# Of 100 points 10 are for predictions, which nobody handed in.
jq -e '.points == 90 and .seed == 17' graded/ann/result.json >/dev/null || die "ann's points"
jq -e '.points > 40 and .points < 90' graded/cid/result.json >/dev/null || die "cid's points"
