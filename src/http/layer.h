#pragma once
// An exchange that changes the answer on its way out: what the layers in front of a handler are made of. An exchange that is released unanswered is answered 500 by the layer, so that
// this answer too has everything that the layer adds. As thread-safe as the exchange it wraps.

#include <functional>

#include "http/exchange.h"

namespace armarium::http {

// Gets what the handler answered, on the thread that answered, and passes it on to `inner`; called once.
using Finish = std::function<void(const ExchangePtr& inner, Response response)>;

ExchangePtr with_finish(ExchangePtr inner, Finish finish);

}  // namespace armarium::http
