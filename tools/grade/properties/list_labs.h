/* Properties that belong to what one lab is about. */
#pragma once

#define LAB_PROPERTY_LIST(X)                                                                       \
    X(int_refused)                                                                                 \
    X(int_allowed)                                                                                 \
    X(ram_mapped)                                                                                  \
    X(frames_held_once)                                                                            \
    X(frames_found_again)                                                                          \
    X(last_call_refused) X(frames_all_used) X(calls_return) X(freed_after_flush) X(split_at_once)
