/*
 * The text of events that are about what a program or a function told: part
 * of event_text.h.
 */
#pragma once

#include "cli.h"

void print_out_value(FILE *out, const struct subject *subject, const struct trace_event *event);
void print_challenge(FILE *out, const struct subject *subject, const struct trace_event *event);
void print_witness(FILE *out, const struct subject *subject, const struct trace_event *event);
void print_user_state(FILE *out, const struct subject *subject, const struct trace_event *event);
