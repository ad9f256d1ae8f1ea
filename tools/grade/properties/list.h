/* All properties and facts. */
#pragma once

#define PROPERTY_LIST(X) X(run_finished) X(no_dead_halt)

#define FACT_LIST(X) X(halts)
