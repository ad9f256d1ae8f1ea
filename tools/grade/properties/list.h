/* All properties and facts. */
#pragma once

/* clang-format off */
#define PROPERTY_LIST(X)                                                                          \
    X(long_mode_order) X(long_mode_far_jump) X(control_bits) X(no_identity_map)                   \
    X(no_null_mapping) X(exception_returns) X(no_double_fault) X(wx_exclusive)                    \
    X(kernel_not_user) X(kernel_text_read_only) X(kernel_image_rights) X(kernel_half_shared)      \
    X(table_not_user) X(huge_pages_aligned) X(loaded_root_lives) X(fault_resolved)                \
    X(fault_progress) X(fault_once) X(lazy_backing) X(no_reserved_bits) X(no_kernel_fault)        \
    X(illegal_access_kills) X(only_offenders_die) X(page_is) X(pages_resident)                    \
    X(unmapped_is_gone) X(huge_pages_used) X(table_pages_at_most) X(shared_frames_read_only)      \
    X(private_frames_distinct) X(shared_memory_stays) X(cow_copies_once)                          \
    X(cow_last_owner_keeps) X(fork_shares_frames) X(no_stale_use) X(no_missing_flush)             \
    X(no_reuse_before_flush) X(flushes_at_most) X(cr3_loads_at_most) X(no_needless_flush)         \
    X(no_detour_by_kernel_space) X(no_needless_cr3_load) X(round_robin) X(fair_ticks)             \
    X(preempted_within) X(processes_ran) X(interleaved) X(idle_halts)                             \
    X(waits_without_spinning) X(kernel_stacks_distinct) X(user_state_kept) X(switch_loads_cr3)    \
    X(entry_points) X(call_count) X(call_result) X(calls_nested) X(call_cost)                     \
    X(syscall_result) X(alloc_results) X(alloc_disjoint) X(alloc_balanced) X(alloc_coalesces)     \
    X(alloc_fails_cleanly) X(witness) X(witness_absent) X(witness_order)                          \
    X(witness_per_process) X(challenges_genuine) X(ticks_between) X(run_finished)                 \
    X(no_dead_halt)

#define FACT_LIST(X)                                                                              \
    X(halts) X(invlpg) X(entries_written) X(system_calls) X(cr3_loads) X(exceptions)              \
    X(interrupts) X(faults) X(faults_before) X(first_cr3) X(first_ring3_tick) X(processes)        \
    X(root) X(context_switches) X(calls) X(witness_value) X(frame_of) X(page_bytes)               \
    X(paging_levels) X(resident) X(process_tables) X(tables_alive) X(frames_copied)               \
    X(frames_kept) X(largest_resident) X(turns) X(longest_turn)
/* clang-format on */
