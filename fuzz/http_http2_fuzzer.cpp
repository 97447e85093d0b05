// Frames of HTTP/2 after the preface: whatever comes in, the session answers or ends, and its output stays in bounds.

#include <cstdint>
#include <string>
#include <vector>

#include "http/http2_session.h"

namespace {

using armarium::http::Http2Events;
using armarium::http::Http2Session;

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr std::size_t kAbout = 64U << 10;

// Answers every head with a short body.
class Echo final : public Http2Events {
 public:
  void on_field(std::int32_t, std::string_view name, std::string_view value) override {
    bytes_ += name.size() + value.size();
  }
  void on_head(std::int32_t stream, bool) override { asked.push_back(stream); }
  void on_data(std::int32_t, std::string_view part) override { bytes_ += part.size(); }
  void on_end(std::int32_t) override {}
  void on_closed(std::int32_t, bool) override {}
  Piece on_wanted(std::int32_t, char* out, std::size_t most, std::size_t& count) override {
    count = most < 3 ? most : 3;
    for (std::size_t i = 0; i < count; ++i) out[i] = 'x';
    return Piece::last;
  }
  std::vector<std::int32_t> asked;

 private:
  std::size_t bytes_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Echo echo;
  Http2Session session(echo, {});
  std::string out;
  if (!session.receive(kPreface)) return 0;
  // In two parts, so that frames are cut anywhere.
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = size / 2;
  for (const std::string& part : {text.substr(0, cut), text.substr(cut)}) {
    const bool sound = session.receive(part);
    for (const std::int32_t stream : echo.asked) session.respond(stream, {{":status", "200"}}, true);
    echo.asked.clear();
    out.clear();
    if (!session.send(out, kAbout) || !sound || session.over()) return 0;
  }
  return 0;
}
