// Any bytes as a content state: what is read comes back the same when it is written, plain, as an annotation and encoded.

#include <cstdlib>

#include "iiif/content_state.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  namespace state = armarium::iiif::content_state;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool has_zero = text.find('\0') != std::string_view::npos;
  if (size < state::kLongest / 4 && !has_zero && state::decode(state::encode(text)).value_or("") != text) std::abort();
  for (const auto& targets : {state::read_plain(text), state::read_parameter(text)}) {
    if (!targets) continue;
    if (*state::parse(state::write(*targets)) != *targets) std::abort();
    if (*state::parse(state::write_annotation(*targets, "https://host/s")) != *targets) std::abort();
    if (const auto again = state::read_parameter(state::write_parameter(*targets)); again && *again != *targets)
      std::abort();
  }
  return 0;
}
