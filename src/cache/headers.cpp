// The module is templates: this file makes it a library and compiles each header by itself.

#include "cache/single_flight.h"

namespace armarium::cache {

template class SingleFlight<int>;

}  // namespace armarium::cache
