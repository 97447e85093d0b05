#include <brotli/encode.h>

#include "http/coder.h"

namespace armarium::http {
namespace {

struct Destroy {
  void operator()(BrotliEncoderState* state) const { BrotliEncoderDestroyInstance(state); }
};

class BrotliCoder final : public Coder {
 public:
  explicit BrotliCoder(int quality) : state_(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {
    if (!state_) return;
    BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_QUALITY, static_cast<std::uint32_t>(quality));
    BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_LGWIN, 20);
    BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_MODE, BROTLI_MODE_TEXT);
  }

  base::Result<> add(std::string_view plain, bool last, std::string& out) override {
    if (!state_) return base::fail(base::ErrorCode::internal, "The answer could not be compressed.", "brotli");
    std::size_t left = plain.size();
    const auto* next = reinterpret_cast<const std::uint8_t*>(plain.data());
    const BrotliEncoderOperation operation = last ? BROTLI_OPERATION_FINISH : BROTLI_OPERATION_PROCESS;
    for (;;) {
      std::size_t room = 0;
      std::uint8_t* nowhere = nullptr;
      if (BrotliEncoderCompressStream(state_.get(), operation, &left, &next, &room, &nowhere, nullptr) ==
          BROTLI_FALSE) {
        return base::fail(base::ErrorCode::internal, "The answer could not be compressed.", "brotli");
      }
      std::size_t size = 0;
      const std::uint8_t* made = BrotliEncoderTakeOutput(state_.get(), &size);
      out.append(reinterpret_cast<const char*>(made), size);
      if (left == 0 && BrotliEncoderHasMoreOutput(state_.get()) == BROTLI_FALSE &&
          (!last || BrotliEncoderIsFinished(state_.get()) == BROTLI_TRUE))
        return {};
    }
  }

 private:
  std::unique_ptr<BrotliEncoderState, Destroy> state_;
};

}  // namespace

std::unique_ptr<Coder> make_brotli_coder(int quality) { return std::make_unique<BrotliCoder>(quality); }

}  // namespace armarium::http
